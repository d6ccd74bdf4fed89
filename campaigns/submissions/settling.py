"""A person settles what nobody could know: whether the partner created a campaign."""

from django.contrib.auth.models import User

from campaigns.submissions import dispatch
from campaigns.submissions.deliveries import Delivery, IdTaken, OtherTry, SamePerson, TooSoon
from campaigns.submissions.forms import CREATED, SettleForm
from campaigns.submissions.models import Part

NO_DOUBT = "Someone else has already settled this. See its current state below."
CHANGED = (
    "This campaign was sent again, or the partner answered, after you opened the page. Your answer "
    "was not recorded. Check the details below, ask the partner about this try, then answer again."
)
OTHER_TRY = (
    "This campaign was sent again, and we don’t know yet whether the partner received that. Wait for "
    "its result, or record the partner’s answer to it first."
)


def settle(form: SettleForm, part: Part, actor: User) -> bool:
    """Write the form's answer. False, with the reasons on the form, when it can't be taken.

    The answer is about the delivery that the page showed. Where the campaign was not created, its
    next delivery is queued at once.
    """
    is_whole = form.is_valid()
    in_doubt = {delivery.answer_key: delivery for delivery in part.deliveries.all().in_doubt()}
    delivery = in_doubt.get(form.delivery)
    if delivery is None:
        form.add_error(None, CHANGED if in_doubt else NO_DOUBT)
        return False
    if not is_whole:
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
    except OtherTry:
        form.add_error(None, OTHER_TRY)
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
