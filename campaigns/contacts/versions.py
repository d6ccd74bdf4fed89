"""A new version of a list: its contacts taken over, and a file with mended rows put behind them.

The file's columns are put in the order of the earlier list's, found by their headings. What the
download of rejected rows adds is left out again: its first two columns, and the apostrophes that
keep a spreadsheet from running cells.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from campaigns.contacts import headings
from campaigns.contacts.rows import Sorted
from campaigns.contacts.safe import FORMULA_STARTS
from campaigns.contacts.spreadsheets import Batch, RowSource

if TYPE_CHECKING:
    from campaigns.contacts.models import ContactList

BATCH = 500


def missing(base: "ContactList", found: Iterable[str]) -> list[str]:
    """Return the headings of the earlier list that are not among those found."""
    keys = set(map(headings.key, found))
    return [heading for heading in base.headings if headings.key(heading) not in keys]


def order(base: "ContactList", found: Sequence[str]) -> list[int]:
    """Return, for each column of the earlier list, its index among the headings found."""
    keys = [headings.key(heading) for heading in found]
    return [keys.index(headings.key(heading)) for heading in base.headings]


class Aligned(RowSource):
    """The rows of a source with their cells in another order."""

    def __init__(self, source: RowSource, order: Sequence[int]) -> None:
        self._source = source
        self._order = order

    @property
    def progress(self) -> float:
        return self._source.progress

    def __iter__(self) -> Iterator[Batch]:
        for batch in self._source:
            yield aligned(batch, self._order)


def aligned(batch: Batch, order: Sequence[int]) -> Batch:
    """Return rows with their cells in another order."""
    return [(number, _in_order(cells, order)) for number, cells in batch]


def _in_order(cells: list[str], order: Sequence[int]) -> list[str]:
    width = len(cells)
    return [_unescaped(cells[index]) if index < width else "" for index in order]


def _unescaped(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


def carried(base: "ContactList") -> Iterator[Sorted]:
    """Yield the earlier list's contacts, in its order, some at a time."""
    fields = base.contacts.order_by("pk").values_list("row_number", "number", "name", "values")
    rows = fields.iterator(BATCH)
    while batch := list(islice(rows, BATCH)):
        yield Sorted(contacts=batch)
