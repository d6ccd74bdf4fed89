"""The types for rules, and for the problems that they find."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from campaigns.clients.models import Client
    from campaigns.drafts.preflight.facts import Facts


class Tier(StrEnum):
    """With a blocking problem a draft can't be submitted. A warning is shown to the approver."""

    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to fix or to check.

    `place` is the name of the form's field. `url` leads to the people or the object meant. `lists` are
    the ids of the contact lists meant, if only some are. `check` fills in `rule`, the rule's id, and
    `tier`. The sentence contains no data of a contact.
    """

    place: str
    sentence: str
    url: str = ""
    rule: str = ""
    lists: tuple[int, ...] = ()
    tier: Tier = Tier.BLOCKING


Find = Callable[["Facts"], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of pre-flight.

    `id` is stored in clients' settings and with submissions. It stays when the function is renamed, and
    changing it takes a migration. `label` says in a client's settings what a warning is about.
    """

    id: str
    tier: Tier
    label: str
    find: Find

    def tier_for(self, client: "Client") -> Tier:
        return Tier.BLOCKING if self.id in client.blocking_warnings else self.tier


def blocking(rule_id: str) -> Callable[[Find], Rule]:
    return lambda find: Rule(rule_id, Tier.BLOCKING, "", find)


def warning(rule_id: str, label: str) -> Callable[[Find], Rule]:
    return lambda find: Rule(rule_id, Tier.WARNING, label, find)
