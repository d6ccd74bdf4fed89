"""Check what is wrong or doubtful with a draft, before anyone is called.

A rule is a function `(facts) -> problems`, declared with `@blocking("id")` or `@warning("id", "label")`
and listed in `rules.py`, in the order of the form. A client's `blocking_warnings` holds the ids of warnings
that are blocking for it.

To add a rule, write it in the module of its subject and put it into `rules.py`. To rename or remove an id,
write a migration of the stored ids (`startup_checks.py` reports stored ids that don't exist).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from campaigns.drafts.campaign.content import DraftContent
from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight.facts import Facts
from campaigns.drafts.preflight.problems import Problem, Rule, Tier
from campaigns.drafts.preflight.rules import RULES

__all__ = ["RULES", "Problem", "Tier", "check", "of_tier", "warnings_by_id"]


def check(
    draft: DraftContent,
    now: datetime,
    campaign: Campaign | None = None,
    rules: Sequence[Rule] = RULES,
) -> list[Problem]:
    """Return every problem of the draft that the `rules` find, in their order: that of the form.

    `campaign` is the saved draft. Without it, deleted lists and people in other campaigns are not looked
    for.
    """
    facts = Facts(draft, now, campaign)
    return [
        replace(problem, rule=rule.id, tier=rule.tier_for(draft.client))
        for rule in rules
        for problem in rule.find(facts)
    ]


def of_tier(tier: Tier, problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.tier == tier]


def warnings_by_id() -> list[tuple[str, str]]:
    """Return the id and the label of each warning that a client's settings can make blocking."""
    return [(rule.id, rule.label) for rule in RULES if rule.tier == Tier.WARNING]
