"""A hint that another column of a file has numbers that the chosen one lacks."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from campaigns.uploads import headings
from campaigns.uploads.chosen_columns import Columns
from campaigns.uploads.columns.first_rows import COLUMNS
from campaigns.uploads.columns.rounded_numbers import as_imported
from campaigns.uploads.numbers.checker import NumberChecker, Reason
from campaigns.uploads.spreadsheets import Inspection, is_blank

# The least share of rows without a number at which there is anything to say, and the least share of rows
# that a second column must complete.
_LACKING = Fraction(1, 10)
# By how much of all rows the other column must have more numbers. References often look like telephone
# numbers, so a column that has hardly more of them is not named.
_CLEARLY = Fraction(1, 5)
_NEARLY_ALL = Fraction(9, 10)


@dataclass(frozen=True, slots=True)
class BetterColumn:
    """The other column, and the shares of the first rows that have a number in each."""

    index: int
    heading: str
    share: Fraction
    chosen_share: Fraction
    filled: Fraction
    """The share of the rows without a number in the chosen column that have one in the other."""
    chosen_heading: str
    replaces: bool
    """Whether the other column has clearly more numbers by itself."""
    fills: bool
    """Whether each column has numbers that the other lacks, so that the two are best used together."""

    @classmethod
    def than(
        cls, found: Inspection, chosen: Columns, checker: NumberChecker, *, may_fill: bool = False
    ) -> Self | None:
        """Return the column that fits best, or None if no column adds clearly to the chosen ones.

        Of such columns, one with a usual heading for numbers comes first. With `may_fill` it may also be
        one to use where the chosen column has no number. Such a column always has a usual heading: nobody
        would notice a reference that is called in some rows only.
        """
        count = sum(not is_blank(cells) for _, cells in found.sample)
        own = _with_number(found, chosen, checker)
        if not count or 1 - Fraction(len(own), count) < _LACKING:
            return None
        may_fill = may_fill and chosen.second is None
        chosen_heading, others = found.headings[chosen.number], []
        for index, heading in enumerate(found.headings[:COLUMNS]):
            theirs = _with_number(found, Columns(index), checker)
            added, is_usual = len(theirs - own), headings.names_numbers(heading)
            other = cls(
                index,
                heading,
                Fraction(len(theirs), count),
                Fraction(len(own), count),
                Fraction(added, count - len(own)),
                chosen_heading,
                replaces=len(theirs) - len(own) >= _CLEARLY * count,
                fills=may_fill and is_usual and bool(own - theirs) and added >= _LACKING * count,
            )
            if other.replaces or other.fills:
                others.append(other)
        return max(others, key=cls._rank, default=None)

    def _rank(self) -> tuple[bool, Fraction, int]:
        together = self.chosen_share + (1 - self.chosen_share) * self.filled
        share = together if self.fills else self.share
        return headings.names_numbers(self.heading), share, -self.index

    @property
    def lacking(self) -> str:
        """Return a sentence that says how much the chosen column lacks."""
        if not self.chosen_share:
            return "None of the first rows has a number here."
        return f"{_percent(1 - self.chosen_share)} of the first rows have no number here."

    @property
    def having(self) -> str:
        """Return the end of a sentence that says how many rows have a number in the other column."""
        if self.fills:
            return f"has one for {_part(self.filled)} of these"
        return "has one in all of them" if self.share == 1 else f"has one in {_part(self.share)}"


def _with_number(found: Inspection, columns: Columns, checker: NumberChecker) -> set[int]:
    """Return the rows, by their numbers, that have a telephone number in the first or second column."""
    with_number: set[int] = set()
    rows = as_imported(found, columns)
    for column in (columns.number, columns.second):
        if column is not None:
            known = [(row, cells[column]) for row, cells in rows if column < len(cells)]
            verdicts = checker.check_all([cell for _, cell in known])
            with_number |= {
                row
                for (row, _), verdict in zip(known, verdicts, strict=True)
                if not isinstance(verdict, Reason)
            }
    return with_number


def _part(share: Fraction) -> str:
    if share == 1:
        return "all"
    return "nearly all" if share >= _NEARLY_ALL else _percent(share)


def _percent(share: Fraction) -> str:
    """Return a share in whole per cent. A share that is neither all nor nothing is never said to be so."""
    return f"{min(max(round(share * 100), 1), 99)} %"
