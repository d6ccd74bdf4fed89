"""The events about a campaign's submissions and test calls, for the campaign's history."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from campaigns.drafts.models import Campaign
from campaigns.submissions.models import Submission


def of_campaign(campaign: Campaign) -> Q:
    """Return the condition for the events about any submission of the campaign, or test call of it."""
    found = Submission.with_test_calls.filter(Q(campaign=campaign) | Q(test_of=campaign))
    submissions = found.order_by().values("pk")
    kind = ContentType.objects.get_for_model(Submission)
    return Q(thing_type=kind, thing_id__in=submissions)
