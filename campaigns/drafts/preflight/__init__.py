"""What is wrong or doubtful with a draft, before anyone is called: one list, in the order of the form.

A rule is a function `(facts) -> problems`, declared `@blocking` or `@warning("…")` and listed in `RULES`
under its own name. A client's `blocking_warnings` names warnings that are blocking for it. To add a
rule, write it in the module of what it looks at, and put it into the list.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from campaigns.drafts.content import DraftContent
from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight import hours, lists, parameters, who
from campaigns.drafts.preflight.facts import Facts
from campaigns.drafts.preflight.problems import Problem, Rule, Tier

__all__ = ["RULES", "Problem", "Tier", "check", "of_tier", "warnings_by_name"]

RULES: tuple[Rule, ...] = (
    who.has_a_name,
    who.name_is_new_to_the_partner,
    who.name_is_unused,
    who.marketing_has_consent,
    who.has_lookups,
    who.lookups_are_confirmed,
    lists.has_people,
    lists.calls_nobody_fictional,
    lists.lists_are_recent,
    lists.calls_nobody_twice_in_a_week,
    parameters.has_parameters,
    parameters.says_nothing_unknown,
    parameters.nobody_lacks_a_value,
    parameters.values_fit,
    parameters.values_can_be_spoken,
    hours.has_hours,
    hours.keeps_calling_hours,
    hours.keeps_bank_holidays,
    hours.calling_hours_overridden,
    hours.windows_hold_everybody,
    hours.starts_in_time,
    hours.runover_days_follow,
    hours.calls_have_intervals,
    hours.is_sent_in_time,
)


def check(draft: DraftContent, now: datetime, campaign: Campaign | None = None) -> list[Problem]:
    """Return every problem with the draft, in the order of the form.

    `campaign` is the draft as it is saved; without it nothing is compared with other campaigns.
    """
    facts = Facts(draft, now, campaign)
    return [
        replace(problem, name=rule.name, tier=rule.tier_for(draft.client))
        for rule in RULES
        for problem in rule.find(facts)
    ]


def of_tier(tier: Tier, problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.tier == tier]


def warnings_by_name() -> list[tuple[str, str]]:
    """Return the warnings that a client's settings can make blocking, with what they say."""
    return [(rule.name, rule.label) for rule in RULES if rule.tier == Tier.WARNING]
