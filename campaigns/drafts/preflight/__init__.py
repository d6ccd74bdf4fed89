"""Check what is wrong or doubtful with a draft, before anyone is called.

A rule is a function `(facts) -> problems`, declared with `@blocking("id")` or `@warning("id", "label")`
and listed in `RULES`, in the order of the form. A client's `blocking_warnings` holds the ids of warnings
that are blocking for it.

To add a rule, write it in the module of its subject and put it into `RULES`. To rename or remove an id,
write a migration of the stored ids (`startup_checks.py` reports stored ids that don't exist).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from campaigns.drafts.campaign.content import DraftContent
from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight import attempts, hours, lists, parameters, who
from campaigns.drafts.preflight.facts import Facts
from campaigns.drafts.preflight.problems import Problem, Rule, Tier

__all__ = ["RULES", "Problem", "Tier", "check", "of_tier", "warnings_by_id"]

RULES: tuple[Rule, ...] = (
    who.has_a_name,
    who.name_is_new_to_the_partner,
    who.name_is_unused,
    who.name_can_be_read,
    who.marketing_has_consent,
    who.has_lookups,
    who.lookups_are_confirmed,
    parameters.script_can_be_read,
    lists.has_people,
    lists.has_lost_no_list,
    lists.calls_nobody_fictional,
    lists.lists_are_recent,
    lists.lists_are_in_use,
    lists.lists_agree,
    lists.calls_nobody_twice_in_a_week,
    parameters.has_parameters,
    parameters.says_what_is_chosen,
    parameters.says_everything,
    parameters.nobody_lacks_a_value,
    parameters.values_fit,
    parameters.values_can_be_spoken,
    hours.has_hours,
    hours.keeps_calling_hours,
    hours.keeps_bank_holidays,
    hours.calling_hours_overridden,
    attempts.windows_hold_everybody,
    attempts.windows_are_sure,
    hours.starts_in_time,
    hours.leaves_time_to_approve,
    hours.runover_days_follow,
    hours.calls_have_intervals,
    attempts.calls_leave_time,
    attempts.attempts_happen,
    attempts.busy_lines_get_a_text,
    hours.is_sent_in_time,
)


def check(draft: DraftContent, now: datetime, campaign: Campaign | None = None) -> list[Problem]:
    """Return every problem of the draft, in the order of the form.

    `campaign` is the saved draft. Without it, deleted lists and people in other campaigns are not looked
    for.
    """
    facts = Facts(draft, now, campaign)
    return [
        replace(problem, rule=rule.id, tier=rule.tier_for(draft.client))
        for rule in RULES
        for problem in rule.find(facts)
    ]


def of_tier(tier: Tier, problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.tier == tier]


def warnings_by_id() -> list[tuple[str, str]]:
    """Return the id and the label of each warning that a client's settings can make blocking."""
    return [(rule.id, rule.label) for rule in RULES if rule.tier == Tier.WARNING]
