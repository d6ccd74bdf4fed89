"""Let a person settle a doubt: whether the partner created a campaign."""

from django.contrib.auth.models import User

from campaigns.submissions.delivering import queueing
from campaigns.submissions.doubts import campaign_ids
from campaigns.submissions.doubts.settle_form import CORRECTED, CREATED, NOT_CREATED, SettleForm
from campaigns.submissions.models import Delivery, Part
from campaigns.submissions.models.delivery.decisions import IdTaken, OtherTry, SamePerson, TooSoon

NO_DOUBT = "Someone else has already settled this. See its current state below."
CHANGED = (
    "This campaign was sent again, or the partner answered, after you opened the page. Your answer "
    "was not recorded. Check the details below, ask the partner about this try, then answer again."
)
OTHER_TRY = (
    "This campaign was sent again, and we don’t know yet whether the partner received that. Wait for "
    "its result, or record the partner’s answer to it first."
)
TAKEN = "Another campaign had this ID a moment ago. Try again."
CONFIRM_SAME = "You gave this answer. Another person has to confirm it."
CORRECT_SAME = "You recorded this ID. Another person has to correct it."


def settle(form: SettleForm, part: Part, actor: User) -> bool:
    """Record the form's answer. Return False, with the reasons on the form, if it is not accepted.

    The answer is about the delivery that the page showed. If the campaign was not created, its next
    delivery is queued at once.
    """
    is_whole = form.is_valid()
    delivery = _shown(form, part)
    if delivery is None or not is_whole or _asks(form, delivery):
        return False
    try:
        if not _answer(form, delivery, actor):
            form.add_error(None, NO_DOUBT)
            return False
    except TooSoon:
        form.add_error(None, "It is too early. The partner may still reply.")
    except IdTaken:
        form.add_error("campaign_id", campaign_ids.holder(delivery, _id(form), actor) or TAKEN)
    except OtherTry:
        form.add_error(None, OTHER_TRY)
    except SamePerson:
        form.add_error(None, CORRECT_SAME if form.answer == CORRECTED else CONFIRM_SAME)
    else:
        part.submission.refresh_from_db()
        queueing.queue_due(part.submission)
        return True
    return False


def _shown(form: SettleForm, part: Part) -> Delivery | None:
    """Return the delivery that the page showed, if it is unchanged and can still be answered for.

    Otherwise add the reason to the form and return None.
    """
    deliveries = list(part.deliveries.all())
    in_doubt = [each for each in deliveries if each.is_in_doubt]
    correctable = [each for each in deliveries if each.may_be_corrected]
    for delivery in correctable if form.answer == CORRECTED else in_doubt:
        if delivery.answer_key == form.delivery:
            return delivery
    form.add_error(None, CHANGED if in_doubt else NO_DOUBT)
    return None


def _asks(form: SettleForm, delivery: Delivery) -> bool:
    """Ask, once, about an ID that is far from those of its time. Return whether the form asks now.

    An ID that the person has confirmed is not asked about again.
    """
    if form.answer == NOT_CREATED or form.campaign_id_is_confirmed:
        return False
    question = campaign_ids.doubtful(delivery, _id(form))
    if question:
        form.unlikely_id = _id(form)
        form.add_error("campaign_id", question)
    return bool(question)


def _answer(form: SettleForm, delivery: Delivery, actor: User) -> bool:
    note: str = form.cleaned_data["note"]
    if form.answer == CREATED:
        return delivery.was_created(actor, _id(form), note, form.delivery)
    if form.answer == CORRECTED:
        return delivery.correct_id(actor, form.delivery, _id(form), note)
    return delivery.was_not_created(actor, note, form.delivery)


def _id(form: SettleForm) -> int:
    campaign_id: int = form.cleaned_data["campaign_id"]
    return campaign_id
