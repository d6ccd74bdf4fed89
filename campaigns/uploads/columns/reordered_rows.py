"""Rows whose cells are put into the order of other columns."""

from collections.abc import Iterator, Sequence

from campaigns.uploads.spreadsheets import Batch, RowSource, is_too_long
from campaigns.uploads.spreadsheets.safe_cells import unsafe


class Aligned(RowSource):
    """The rows of a source with their cells in another order.

    A row may have more cells than the file has `columns`. The extra cells come last, so that they show.
    """

    def __init__(self, source: RowSource, order: Sequence[int], columns: int) -> None:
        self._source = source
        self._order = order
        self._columns = columns

    @property
    def progress(self) -> float:
        return self._source.progress

    def __iter__(self) -> Iterator[Batch]:
        for batch in self._source:
            self.short_rows = self._source.short_rows
            yield aligned(batch, self._order, self._columns)


def aligned(batch: Batch, order: Sequence[int], columns: int) -> Batch:
    """Return rows with their cells in another order, followed by any cells beyond the file's columns."""
    return [(number, _in_order(cells, order, columns)) for number, cells in batch]


def _in_order(cells: list[str], order: Sequence[int], columns: int) -> list[str]:
    width = len(cells)
    ours = [unsafe(cells[index]) if index < width else "" for index in order]
    return ours + list(map(unsafe, cells[columns:])) if is_too_long(cells, columns) else ours
