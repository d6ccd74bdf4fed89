"""The reason why a draft is open again: who returned it, or the partner's words at their fields."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from campaigns.drafts.hooks import Reopened
from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight import Problem
from campaigns.submissions.history import partner_refusal
from campaigns.submissions.history.refused_form_fields import place_of
from campaigns.submissions.models import Delivery, Submission
from campaigns.submissions.models.delivery.guards import DeliveryQuerySet

_State = Submission.State
_REFUSED = {_State.REFUSED, _State.PARTLY_SUBMITTED}


def why(campaign: Campaign) -> Reopened | None:
    """Return why the campaign's newest submission ended without all of it at the partner; None if it did not.

    The reason is shown until the campaign is submitted again. What belongs to a field is shown until the
    draft is changed.
    """
    newest = (
        Submission.objects.filter(campaign=campaign)
        .select_related("decided_by")
        .order_by("-pk")
        .first()
    )
    if newest is None or newest.state not in {*_REFUSED, _State.RETURNED, _State.EXPIRED}:
        return None
    is_unchanged = campaign.changed_at <= newest.state_at
    problems = list(dict.fromkeys(_problems(campaign, newest))) if is_unchanged else []
    sentence = _sentence(newest)
    if problems:
        sentence += " Its reasons are shown at the fields below, until the draft is changed."
    return Reopened(sentence, reverse("submissions:detail", args=[newest.pk]), problems)


def _sentence(submission: Submission) -> str:
    at = timezone.localtime(submission.state_at)
    when = f"on {at:%-d %b} at {at:%H:%M} UK time"
    decision = submission.decision
    if submission.state == _State.EXPIRED:
        return f"This campaign was not sent: it expired {when}. {decision} Choose a later start."
    if submission.state == _State.RETURNED:
        if who := submission.decided_by:
            return f"{who.get_full_name() or who.get_username()} returned this campaign {when}: “{decision}”"
        return f"This campaign was returned unsent {when}. {decision}"
    if _refused(submission).exists():
        what = "part of this campaign" if submission.accepted_numbers() else "this campaign"
        return f"The partner refused {what} {when}."
    return f"Part of this campaign was not sent. It ended {when}. {decision}"


def _refused(submission: Submission) -> DeliveryQuerySet:
    return Delivery.objects.filter(part__submission=submission, state=Delivery.State.REFUSED)


def _problems(campaign: Campaign, submission: Submission) -> Iterator[Problem]:
    runover, attempts = campaign.runover_days.count(), campaign.call_attempts.count()
    refused = _refused(submission).select_related("part__submission__campaign")
    for delivery in refused.order_by("part__position"):
        for said in partner_refusal.of(delivery):
            place = place_of(said.field, runover_days=runover, call_attempts=attempts)
            lists = (said.person.list_id,) if said.person and said.person.list_id else ()
            for text in said.texts:
                yield Problem(place, f"The partner says{said.about}: “{text}”", lists=lists)
