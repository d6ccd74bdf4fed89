"""The partner's words about what it refused, at the fields of the draft that they belong to.

Shown until the draft is changed or submitted again. The words are masked when they are read.
"""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from campaigns.drafts.later import Refusal
from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight import Problem
from campaigns.submissions.models import Delivery, Submission
from campaigns.submissions.places import place_of


def of_draft(campaign: Campaign) -> Refusal | None:
    """Return what the partner said of the campaign as it still stands."""
    newest = Submission.objects.filter(campaign=campaign).order_by("-pk").first()
    if newest is None or newest.state != Submission.State.REFUSED:
        return None
    if campaign.changed_at > newest.state_at:
        return None
    problems = list(dict.fromkeys(_problems(campaign, newest)))
    if not problems:
        return None
    return Refusal(_sentence(newest), reverse("submissions:detail", args=[newest.pk]), problems)


def _sentence(submission: Submission) -> str:
    at = timezone.localtime(submission.state_at)
    return (
        f"The partner refused this campaign on {at:%-d %b} at {at:%H:%M} UK time. "
        "What it said stands at the fields below, until the draft is changed."
    )


def _problems(campaign: Campaign, submission: Submission) -> Iterator[Problem]:
    refused = Delivery.objects.filter(
        part__submission=submission, state=Delivery.State.REFUSED
    ).order_by("part__position")
    runover, attempts = campaign.runover_days.count(), campaign.call_attempts.count()
    for errors in refused.values_list("answer_errors", flat=True):
        for name, texts in errors.items():
            place = place_of(name, runover_days=runover, call_attempts=attempts)
            about = f" of “{name}”" if name else ""
            for text in texts:
                yield Problem(place, f"The partner says{about}: “{text}”")
