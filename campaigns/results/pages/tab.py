"""The tab *Results* of a campaign."""

from django.urls import reverse

from campaigns.drafts.models import Campaign
from campaigns.results.reading import due_parts
from campaigns.submissions.models import Part


def url(campaign: Campaign) -> str:
    """Return the page's address, or "" unless the partner has some of it and its account is read back."""
    parts = Part.objects.filter(
        due_parts.is_accepted(),
        submission__campaign=campaign,
        partner_account__reads_back=True,
    )
    return reverse("results:detail", args=[campaign.pk]) if parts.exists() else ""
