"""Which campaigns of the same week call people of a draft, told to pre-flight in the room of drafts."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight.facts import Elsewhere
from campaigns.submissions.models import Submission
from campaigns.submissions.shared_people import SharedPeople, Submitted


def campaigns(campaign: Campaign, around: datetime) -> Iterator[Elsewhere]:
    """Yield submissions that start within a week of an instant and share people with the draft.

    Counted one by one, since each count is kept: a further submission needs one more count only.
    """
    for submission in Submission.objects.around(around, campaign):
        called = Submitted(submission.pk, submission.state, submission.contact_list_ids)
        shared = SharedPeople(campaign, [called]).each()[0]
        if shared:
            url = reverse("submissions:detail", args=[submission.pk])
            yield Elsewhere(submission.name, url, submission.starts_at, shared)
