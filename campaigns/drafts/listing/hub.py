"""The pages of one campaign, as tabs in the head of each: Plan, Sent, Results and History."""

from enum import Enum

from django.urls import reverse

from campaigns.drafts import hooks
from campaigns.drafts.models import Campaign
from campaigns.tabs import Tab


class Page(Enum):
    PLAN = "Plan"
    SENT = "Sent"
    RESULTS = "Results"
    HISTORY = "History"


def tabs(campaign: Campaign, current: Page | None, state: hooks.State | None) -> list[Tab]:
    """Return the tabs of a campaign.

    `state` is that of its newest submission, which *Sent* leads to. A campaign that was never submitted
    has no *Sent*, and one whose calls can't be read back has no *Results*. A page of it that is none of
    the tabs has no `current` one.
    """
    urls = {
        Page.PLAN: reverse("drafts:edit", args=[campaign.pk]),
        Page.SENT: state.url if state else "",
        Page.RESULTS: hooks.results_url(campaign) if state else "",
        Page.HISTORY: reverse("drafts:history", args=[campaign.pk]),
    }
    return [Tab(page.value, url, page is current) for page, url in urls.items() if url]
