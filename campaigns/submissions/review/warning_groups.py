"""The warnings of a draft as groups, of which a person ticks each one as read before submitting."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from campaigns.drafts.preflight import Problem, warnings_by_id

# The ids of the rules that are about people called too often or wrongly. All others follow, in the form's
# order.
GRAVEST_FIRST = (
    "people-called-same-week",
    "hours-overridden",
    "lists-differ",
    "value-empty",
    "value-not-converted",
    "value-unspeakable",
    "list-archived",
)


@dataclass(frozen=True, slots=True)
class WarningGroup:
    """All warnings of one rule. `key` is the value of its box, and changes with what they say."""

    key: str
    label: str
    problems: Sequence[Problem]
    is_read: bool
    is_missed: bool

    @property
    def field_id(self) -> str:
        return f"id_read-{self.key}"


def groups(
    warnings: Iterable[Problem], ticked: Collection[str] = (), *, is_posted: bool = False
) -> list[WarningGroup]:
    """Return the warnings as groups, the gravest first.

    `ticked` has the keys of the boxes that were ticked. Where the form `is_posted`, a box that is not
    ticked is missed.
    """
    by_rule: dict[str, list[Problem]] = {}
    for found in warnings:
        by_rule.setdefault(found.rule, []).append(found)
    labels = dict(warnings_by_id())
    made = []
    for rule in sorted(by_rule, key=_gravity):
        key = _key(rule, by_rule[rule])
        is_read = key in ticked
        missed = is_posted and not is_read
        made.append(WarningGroup(key, labels.get(rule, rule), by_rule[rule], is_read, missed))
    return made


def _gravity(rule: str) -> int:
    return GRAVEST_FIRST.index(rule) if rule in GRAVEST_FIRST else len(GRAVEST_FIRST)


def _key(rule: str, problems: Sequence[Problem]) -> str:
    """Return a key that is another one once any of the warnings says anything else."""
    said = "\n".join(sorted(found.sentence for found in problems))
    return f"{rule}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"
