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
    """Something to mend or to look at.

    `place` is the name of the form's field, `url` leads to the people or the thing meant; rule's `name`
    and `tier` are put in by `check`. The sentence holds nothing that a contact's row holds.
    """

    place: str
    sentence: str
    url: str = ""
    name: str = ""
    tier: Tier = Tier.BLOCKING


Find = Callable[["Facts"], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`label` says in a client's settings what a warning is about."""

    name: str
    tier: Tier
    label: str
    find: Find

    def tier_for(self, client: "Client") -> Tier:
        return Tier.BLOCKING if self.name in client.blocking_warnings else self.tier


def blocking(find: Find) -> Rule:
    return Rule(find.__name__, Tier.BLOCKING, "", find)


def warning(label: str) -> Callable[[Find], Rule]:
    def declare(find: Find) -> Rule:
        return Rule(find.__name__, Tier.WARNING, label, find)

    return declare
