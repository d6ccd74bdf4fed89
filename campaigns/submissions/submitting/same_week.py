"""Find campaigns of the same week that call people of a draft, for its pre-flight."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight.facts import Elsewhere
from campaigns.submissions.models import Submission, queries
from campaigns.submissions.submitting.shared_people import SharedPeople


def campaigns(campaign: Campaign, around: datetime) -> Iterator[Elsewhere]:
    """Yield submissions that start within a week of `around` and share people with the draft."""
    counts = SharedPeople(campaign, queries.around(around, campaign)).each()
    submissions = Submission.objects.in_bulk(counts)
    for pk, shared in counts.items():
        submission = submissions[pk]
        url = reverse("submissions:detail", args=[pk])
        yield Elsewhere(submission.name, url, submission.starts_at, shared)
