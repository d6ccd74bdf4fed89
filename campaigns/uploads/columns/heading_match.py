"""Columns found by their headings: by the exact heading, or else by a folded heading if it is unique.

Files hold columns such as "Mobile" and "Mobile?", or "Amount (£)" and "Amount (€)". With a wrong column
another number is called, or another amount said. So a heading that fits several columns is unclear.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.uploads import headings
from campaigns.uploads.spreadsheets import column_name

# The number in brackets that a second column called "Phone" gets. Files that the portal wrote contain it.
_NUMBERED = re.compile(r" \(\d+\)$")


@dataclass(frozen=True, slots=True)
class HeadingMatch:
    """The columns in which headings were found."""

    columns: tuple[int | None, ...]
    """The index of the column of each heading wanted, None if it is missing or unclear."""
    missing: tuple[str, ...]
    unclear: tuple[str, ...]
    """Headings wanted that fit more than one column."""

    @property
    def complete(self) -> list[int] | None:
        """Return the columns if every heading was found, else None."""
        found = [column for column in self.columns if column is not None]
        return found if len(found) == len(self.columns) else None


def match(
    wanted: Sequence[str], found: Sequence[str], repeated: Sequence[int] = ()
) -> HeadingMatch:
    """Find columns by their headings. The headings wanted are all different.

    `repeated` are the columns found that got a number, because an earlier column has the same heading. Such
    a heading is unclear unless every column that shares it is wanted, each by the heading that it got.
    """
    own = list(map(_tidy, wanted))
    names = list(map(_tidy, found))
    folded, own_folded = list(map(fold, names)), Counter(map(fold, own))
    doubtful = sharing(names, repeated, own)
    columns: list[int | None] = []
    missing: list[str] = []
    unclear: list[str] = []
    for heading in own:
        key = fold(heading)
        alike = [index for index, other in enumerate(folded) if key and other == key]
        column: int | None = None
        if heading in names:
            column = names.index(heading)
        elif len(alike) == 1 and own_folded[key] == 1:
            column = alike[0] if _number(heading) == _number(names[alike[0]]) else None
        columns.append(None if column in doubtful else column)
        if columns[-1] is None:
            is_there = heading in names or any(names[index] not in own for index in alike)
            (unclear if is_there else missing).append(heading)
    return HeadingMatch(tuple(columns), tuple(missing), tuple(unclear))


def sharing(
    found: Sequence[str], repeated: Sequence[int], wanted: Sequence[str] = ()
) -> frozenset[int]:
    """Return the columns that share a heading in the file, unless all columns that share it are wanted.

    Only their order tells such columns apart, and columns are not recognised by order.
    """
    groups: dict[str, list[int]] = {}
    for index in repeated:
        groups.setdefault(found[index].rpartition(" (")[0].casefold(), []).append(index)
    for index, heading in enumerate(found):
        if heading.casefold() in groups:
            groups[heading.casefold()].append(index)
    known = set(wanted)
    return frozenset(
        index
        for group in groups.values()
        if not known.issuperset(found[each] for each in group)
        for index in group
    )


def placed(found: Sequence[str]) -> frozenset[int]:
    """Return the columns named by the letter of their position, which says nothing of their content."""
    return frozenset(index for index, heading in enumerate(found) if heading == column_name(index))


def not_known_again(found: Sequence[str], repeated: Sequence[int] | None = None) -> frozenset[int]:
    """Return the columns that no heading tells from the others, in this file or the next.

    Pass `repeated` as None if it is not known which headings were numbered. Then every "Phone (2)" beside a
    "Phone" is taken for a second "Phone".
    """
    if repeated is None:
        bare = set(map(str.casefold, found))
        repeated = [
            index
            for index, heading in enumerate(found)
            if _number(heading) and heading.rpartition(" (")[0].casefold() in bare
        ]
    return sharing(found, repeated) | placed(found)


def _number(heading: str) -> str:
    """Return the number in brackets at the end, if any: "Phone (2)" is a second "Phone", "Phone 2" is not."""
    ending = _NUMBERED.search(heading)
    return ending.group() if ending else ""


def fold(heading: str) -> str:
    """Return a heading for comparison: without case, spaces, accents and punctuation, but with signs."""
    return headings.key(heading) + signs(heading)


def signs(heading: str) -> str:
    """Return a heading's currency and percent signs. Headings with other signs name other columns."""
    plain = unicodedata.normalize("NFKD", heading)
    return "".join(sign for sign in plain if sign == "%" or unicodedata.category(sign) == "Sc")


def _tidy(heading: str) -> str:
    """Return a heading with single spaces, as the headings of a file are stored."""
    return " ".join(heading.split())
