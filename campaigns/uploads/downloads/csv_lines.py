"""CSV for people who will open it in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from campaigns.uploads.spreadsheets.safe_cells import safe


class _Echo:
    """A file object whose `write` returns its argument, so that CSV can be streamed."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Yield CSV lines in which every cell is safe to open in a spreadsheet.

    The first line begins with a byte-order mark, so that Excel reads the file as UTF-8.
    """
    writer = csv.writer(_Echo())
    mark = "\ufeff"
    for row in rows:
        yield mark + writer.writerow([safe(cell) for cell in row])
        mark = ""
