"""Save a draft and run pre-flight on it, while another campaign of the same people is submitted."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import portal_side

if TYPE_CHECKING:
    from campaigns.drafts.models import Campaign

SAVES = 20


def prepare(path: str) -> Callable[[], None]:
    """Import the list twice, submit a campaign to one of the two, and draft the same campaign to both."""
    from benchmarks import importing

    run_import = importing.portal(path)

    def timed() -> None:
        from campaigns.drafts.models import Campaign

        run_import()
        submitted = portal_side.submit().own_campaign
        said = submitted.content()
        lists = [*said.contact_lists, portal_side.imported_again(Path(path))]
        Campaign.start(submitted.created_by, replace(said, contact_lists=lists))

    return timed


def first_save() -> Callable[[], None]:
    """Save while nothing is counted yet, as before the worker has done so."""
    campaign = _draft()
    from django.core.cache import cache

    from campaigns.contacts.models import ColumnCounts

    ColumnCounts.objects.all().delete()
    cache.clear()
    return lambda: _save(campaign, 0)


def every_save() -> Callable[[], int]:
    """Save repeatedly, using the counts made before."""
    campaign = _draft()
    _save(campaign, 0)

    def timed() -> int:
        for number in range(1, SAVES + 1):
            _save(campaign, number)
        return SAVES

    return timed


def _draft() -> "Campaign":
    portal_side.start()
    from campaigns.drafts.models import Campaign

    return Campaign.objects.drafts().get()


def _save(campaign: "Campaign", number: int) -> None:
    """Save as the builder does, under another name each time, and run pre-flight on what is saved."""
    from campaigns.drafts.models import Campaign
    from campaigns.drafts.views import saving

    changed = replace(campaign.content(), name=f"{campaign.name[:40]} {number}")
    campaign.revise(campaign.created_by, changed, campaign.version)
    found = saving.problems_of(Campaign.objects.get(pk=campaign.pk))
    rules = {problem.rule for problem in found}
    assert {"value-unspeakable", "people-called-same-week"} <= rules
