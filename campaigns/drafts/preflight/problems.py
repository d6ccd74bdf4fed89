"""What a rule is, and what it finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from campaigns.clients.models import Client
    from campaigns.drafts.preflight.facts import Facts


class Tier(StrEnum):
    """Blocking: it can't be submitted. Warning: it can, and whoever approves it sees it."""

    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to fix or to check.

    `place` is the name of the form's field, `url` leads to the people or the thing meant; `rule` is the
    rule's id, put in with the `tier` by `check`. `lists` are the ids of the contact lists meant, where
    only some are. The sentence holds nothing that a contact's row holds.
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

    `id` is kept in clients' settings and with submissions: it stays whatever the function is called, and
    changing one takes a migration. `label` says in a client's settings what a warning is about.
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
