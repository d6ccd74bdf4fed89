"""Columns found again by what they are called: exactly, or else by a folded heading that is unique.

Files hold columns such as "Mobile" and "Mobile?", or "Amount (£)" and "Amount (€)". A wrong column is
another number called, or another amount said, so whatever more than one column could be is unclear.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.contacts import headings


@dataclass(frozen=True, slots=True)
class HeadingMatch:
    """Where headings were found."""

    columns: tuple[int | None, ...]
    """For each heading wanted, the index of its column; None where it is missing or unclear."""
    missing: tuple[str, ...]
    unclear: tuple[str, ...]
    """Headings wanted that more than one column could be."""

    @property
    def complete(self) -> list[int] | None:
        """Return the columns if every heading was found, else None."""
        found = [column for column in self.columns if column is not None]
        return found if len(found) == len(self.columns) else None


def match(
    wanted: Sequence[str], found: Sequence[str], repeated: Sequence[int] = ()
) -> HeadingMatch:
    """Find columns by their headings, of which no two are the same.

    `repeated` are the columns found that got a number, as their heading is that of an earlier one:
    which of them is meant is unclear unless each is wanted.
    """
    own = list(map(_tidy, wanted))
    names = list(map(_tidy, found))
    folded, own_folded = list(map(fold, names)), Counter(map(fold, own))
    further = [names[index] for index in repeated if names[index] not in own]
    several = {name.rpartition(" (")[0].casefold() for name in further}
    columns: list[int | None] = []
    missing: list[str] = []
    unclear: list[str] = []
    for heading in own:
        key = fold(heading)
        alike = [index for index, other in enumerate(folded) if key and other == key]
        if heading in names and heading.casefold() not in several:
            columns.append(names.index(heading))
        elif heading not in names and len(alike) == 1 and own_folded[key] == 1:
            columns.append(alike[0])
        else:
            is_there = heading in names or any(names[index] not in own for index in alike)
            columns.append(None)
            (unclear if is_there else missing).append(heading)
    return HeadingMatch(tuple(columns), tuple(missing), tuple(unclear))


def fold(heading: str) -> str:
    """Return a heading to compare without case, spaces, accents and punctuation, but with its signs."""
    return headings.key(heading) + signs(heading)


def signs(heading: str) -> str:
    """Return the signs that make a heading another column's: of currencies, and for percent."""
    plain = unicodedata.normalize("NFKD", heading)
    return "".join(sign for sign in plain if sign == "%" or unicodedata.category(sign) == "Sc")


def _tidy(heading: str) -> str:
    """Return a heading with single spaces, as the headings of a file are read."""
    return " ".join(heading.split())
