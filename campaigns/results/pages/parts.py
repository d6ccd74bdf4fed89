"""The parts of a campaign whose results a person may see."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from campaigns.clients import access
from campaigns.clients.access import Person
from campaigns.drafts.models import Campaign
from campaigns.results.models import PartReading
from campaigns.results.reading import due_parts
from campaigns.submissions.models import Part, Submission


def of_campaign(campaign: Campaign, person: Person) -> QuerySet[Part]:
    """Return the accepted parts of the campaign, and those that were read and forgotten.

    A campaign may have moved here from another client. Parts sent for that client are left out unless the
    person may see it.
    """
    submissions = access.visible(person, Submission.objects.filter(campaign=campaign))
    read = PartReading.objects.filter(part=OuterRef("pk"), kept_counts__isnull=False)
    known = Part.objects.filter(due_parts.is_accepted() | Q(Exists(read)))
    parts = known.filter(submission__in=submissions.order_by()).order_by("submission", "position")
    return parts.select_related("reading", "partner_account")
