"""A person settles what nobody could know: whether the partner created a campaign."""

from django.contrib.auth.models import User

from campaigns.submissions import dispatch
from campaigns.submissions.deliveries import Delivery, IdTaken, SamePerson, TooSoon
from campaigns.submissions.forms import CREATED, SettleForm
from campaigns.submissions.models import Part

NO_DOUBT = "This has been settled meanwhile. Look at what happened below."


def settle(form: SettleForm, part: Part, actor: User) -> bool:
    """Write a valid form's answer. False, with the reason on the form, when it can't be taken.

    Where the campaign was not created, its next delivery is queued at once.
    """
    delivery = part.latest
    if delivery is None:
        form.add_error(None, NO_DOUBT)
        return False
    try:
        if not _answer(form, delivery, actor):
            form.add_error(None, NO_DOUBT)
            return False
    except TooSoon:
        form.add_error(None, "It is too early: the partner itself may still answer.")
    except IdTaken:
        form.add_error(
            "campaign_id", "Another campaign has this ID already. Ask the partner again."
        )
    except SamePerson:
        form.add_error(None, "You have given this answer. Another person has to confirm it.")
    else:
        part.submission.refresh_from_db()
        dispatch.queue_due(part.submission)
        return True
    return False


def _answer(form: SettleForm, delivery: Delivery, actor: User) -> bool:
    note: str = form.cleaned_data["note"]
    if form.answer == CREATED:
        return delivery.was_created(actor, form.cleaned_data["campaign_id"], note)
    return delivery.was_not_created(actor, note)
