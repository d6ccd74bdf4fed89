"""The tab *Results* of a campaign."""

from django.urls import reverse

from campaigns.drafts.models import Campaign
from campaigns.results.reading import due_parts


def url(campaign: Campaign) -> str:
    """Return the page's address, or "" unless the partner has some of it and its account is read back."""
    parts = due_parts.accepted_parts().filter(
        submission__campaign=campaign, partner_account__reads_back=True
    )
    return reverse("results:detail", args=[campaign.pk]) if parts.exists() else ""
