"""The states of submitted campaigns, for the pages of drafts, which know nothing of submissions."""

from collections.abc import Iterable

from django.db.models import Max, QuerySet, prefetch_related_objects
from django.urls import reverse

from campaigns.drafts.hooks import State
from campaigns.submissions.models import Submission


def states(ids: Iterable[int]) -> dict[int, State]:
    """Return the state of each campaign's newest submission, in a fixed number of queries."""
    newest = list(_newest(Submission.objects.filter(campaign__in=list(ids))))
    partly = [one for one in newest if one.state == Submission.State.PARTLY_SUBMITTED]
    prefetch_related_objects(partly, "parts__deliveries")
    return {
        submission.campaign_id: State(
            submission.state,
            submission.get_state_display(),
            reverse("submissions:detail", args=[submission.pk]),
            submission.submitted_at,
        )
        for submission in newest
    }


def state_choices() -> Iterable[tuple[str, str]]:
    return Submission.State.choices


def in_state(kind: str) -> QuerySet[Submission, int]:
    """Return the ids of the campaigns whose newest submission is in the state."""
    newest = _newest(Submission.objects.all())
    return newest.filter(state=kind).values_list("campaign", flat=True)


def _newest(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """Return the newest submission of each campaign that has any among these."""
    per_campaign = submissions.order_by().values("campaign")
    newest = per_campaign.annotate(newest=Max("pk")).values("newest")
    return Submission.objects.filter(pk__in=newest)
