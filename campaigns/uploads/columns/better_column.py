"""A hint that another column of a file has clearly more telephone numbers than the chosen one."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from campaigns.uploads import headings
from campaigns.uploads.columns.first_rows import COLUMNS
from campaigns.uploads.numbers.checker import NumberChecker, Reason
from campaigns.uploads.spreadsheets import Inspection, is_blank

# The least share of rows without a number at which there is anything to say.
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

    @classmethod
    def than(cls, found: Inspection, chosen: int, checker: NumberChecker) -> Self | None:
        """Return the column that fits best, or None if none is clearly better than the chosen one.

        Of columns that are clearly better, one with a usual heading for numbers comes first.
        """
        own = _share(found, chosen, checker)
        if own is None or 1 - own < _LACKING:
            return None
        best: tuple[bool, Fraction, int] | None = None
        for index, heading in enumerate(found.headings[:COLUMNS]):
            share = _share(found, index, checker) or Fraction(0)
            if share - own < _CLEARLY:
                continue
            rank = (headings.names_numbers(heading), share, -index)
            best = rank if best is None else max(best, rank)
        if best is None:
            return None
        return cls(-best[2], found.headings[-best[2]], best[1], own)

    @property
    def lacking(self) -> str:
        """Return a sentence that says how much the chosen column lacks."""
        if not self.chosen_share:
            return "None of the first rows has a number here."
        return f"{_percent(1 - self.chosen_share)} of the first rows have no number here."

    @property
    def having(self) -> str:
        """Return the end of a sentence that says how many rows have a number in the other column."""
        if self.share == 1:
            return "has one in all of them"
        if self.share >= _NEARLY_ALL:
            return "has one in nearly all"
        return f"has one in {_percent(self.share)}"


def _share(found: Inspection, column: int, checker: NumberChecker) -> Fraction | None:
    """Return the share of the sample's rows with a number in the column; None if there are no rows."""
    rounded = {row for row, of in found.rounded if of == column}
    rows = [(row, cells) for row, cells in found.sample if not is_blank(cells)]
    if not rows:
        return None
    texts = [cells[column] for row, cells in rows if row not in rounded and column < len(cells)]
    verdicts = checker.check_all(texts)
    numbers = sum(not isinstance(verdict, Reason) for verdict in verdicts)
    return Fraction(numbers, len(rows))


def _percent(share: Fraction) -> str:
    """Return a share in whole per cent. A share that is neither all nor nothing is never said to be so."""
    return f"{min(max(round(share * 100), 1), 99)} %"
