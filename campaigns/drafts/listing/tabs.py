"""The tabs of the list of campaigns, each with its number of campaigns.

- *All*: every campaign.
- *Drafts*: those that can be changed. This includes drafts that are open again.
- *Needs you*, *Scheduled*, *Submitted*: see `hooks.Stage`. Submissions decide which these are
  (`campaigns/submissions/history/campaign_stages.py`).

A campaign can be in several tabs: one that the partner refused is a draft and needs you.
"""

from collections.abc import Callable
from functools import partial

from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.http import HttpRequest

from campaigns.clients import access
from campaigns.drafts import hooks
from campaigns.drafts.models import Campaign
from campaigns.drafts.models.campaign import CampaignQuerySet
from campaigns.filters import kept_parameters
from campaigns.tabs import Tab

PARAMETER = "tab"
ALL = ""


def _all(_person: User) -> Q:
    return Q()


def _drafts(_person: User) -> Q:
    return Q(status=Campaign.Status.DRAFT)


# The label and the campaigns of each tab, by its value in the URL.
TABS: dict[str, tuple[str, Callable[[User], Q]]] = {
    ALL: ("All", _all),
    "drafts": ("Drafts", _drafts),
    "needs-you": ("Needs you", partial(hooks.at_stage, hooks.Stage.NEEDS_YOU)),
    "scheduled": ("Scheduled", partial(hooks.at_stage, hooks.Stage.SCHEDULED)),
    "submitted": ("Submitted", partial(hooks.at_stage, hooks.Stage.SUBMITTED)),
}


def chosen(request: HttpRequest) -> str:
    """Return the tab's value in the URL, whether there is such a tab or not."""
    return request.GET.get(PARAMETER, ALL)


def in_tab(campaigns: CampaignQuerySet, request: HttpRequest) -> CampaignQuerySet:
    """Return those of the campaigns that are in the chosen tab; none if there is no such tab."""
    if chosen(request) not in TABS:
        return campaigns.none()
    _, condition = TABS[chosen(request)]
    return campaigns.filter(condition(access.person(request)))


def tabs(campaigns: CampaignQuerySet, request: HttpRequest) -> list[Tab]:
    """Return all tabs, with how many of the campaigns are in each. They are counted in one query."""
    counts = campaigns.order_by().aggregate(
        **{
            f"tab_{place}": Count("pk", filter=condition(access.person(request)))
            for place, (_, condition) in enumerate(TABS.values())
        }
    )
    return [
        Tab(
            label,
            kept_parameters(request, **{PARAMETER: value}),
            value == chosen(request),
            counts[f"tab_{place}"],
        )
        for place, (value, (label, _)) in enumerate(TABS.items())
    ]
