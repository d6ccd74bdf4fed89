"""What the partner has, or may have, of a campaign by an earlier submission of it: never sent again.

A submission of which one part was accepted and another refused opens its draft for mending, and is
submitted anew for the rest.
"""

from django.db.models import QuerySet

from campaigns.drafts.models import Campaign
from campaigns.submissions import payloads
from campaigns.submissions.models import Delivery, Part, Submission
from campaigns.submissions.recipients import as_integer


def parts_sent(campaign: Campaign) -> QuerySet[Part]:
    """Return the parts of the campaign, of any submission, that the partner has or may have."""
    return Part.objects.filter(
        submission__campaign=campaign, deliveries__state__in=Delivery.MAY_BE_AT_THE_PARTNERS
    )


def numbers_sent(campaign: Campaign) -> set[int]:
    """Return every number of those parts, as integers. Raises one of payloads.DAMAGED."""
    return {
        as_integer(number)
        for part in parts_sent(campaign)
        for number in payloads.numbers(part.payload_file)
    }


def campaign_ids_before(submission: Submission) -> list[int]:
    """Return the partner's IDs of what earlier submissions of the same campaign have handed over."""
    return [
        delivery.campaign_id
        for delivery in Delivery.objects.filter(
            part__submission__campaign=submission.campaign_id,
            part__submission__lt=submission.pk,
            campaign_id__isnull=False,
        )
        if delivery.campaign_id
    ]
