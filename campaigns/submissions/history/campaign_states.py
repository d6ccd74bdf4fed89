"""The states of submitted campaigns, for the pages of drafts, which know nothing of submissions."""

from collections.abc import Iterable

from django.db.models import Max, QuerySet, prefetch_related_objects
from django.urls import reverse

from campaigns.drafts.hooks import State
from campaigns.submissions.models import Submission


def states(ids: Iterable[int]) -> dict[int, State]:
    """Return the state of each campaign's newest submission, in a fixed number of queries."""
    found = list(newest(Submission.objects.filter(campaign__in=list(ids))))
    partly = [one for one in found if one.state == Submission.State.PARTLY_SUBMITTED]
    prefetch_related_objects(partly, "parts__deliveries")
    return {
        submission.campaign_id: State(
            "held" if submission.held_reason else submission.state,
            f"{submission.get_state_display()}{', held' if submission.held_reason else ''}",
            reverse("submissions:detail", args=[submission.pk]),
            submission.submitted_at,
        )
        for submission in found
        if submission.campaign_id
    }


def newest(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """Return the newest submission of each campaign that has any among these."""
    per_campaign = submissions.order_by().values("campaign")
    found = per_campaign.annotate(newest=Max("pk")).values("newest")
    return Submission.objects.filter(pk__in=found)
