"""CSV for people who will open it in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from campaigns.contacts.models import ContactList, RefusedRow
from campaigns.contacts.numbers import SENTENCES, Reason

# A spreadsheet takes these for the beginning of a formula (OWASP, "CSV Injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file that hands back what is written, so that csv can be streamed."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Yield CSV lines, each cell safe to open; the first with a mark, so that Excel reads UTF-8."""
    writer = csv.writer(_Echo())
    mark = "\ufeff"
    for row in rows:
        yield mark + writer.writerow([safe(cell) for cell in row])
        mark = ""


def safe(cell: Any) -> str:
    """Return the cell as text that no spreadsheet runs. The apostrophe is dropped when read back."""
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def rejected_rows(contact_list: ContactList) -> Iterator[list[str]]:
    """Yield the refused rows under the file's own headings, with row number and reason."""
    width = len(contact_list.headings)
    yield ["Row", "Reason", *contact_list.headings]
    for row in contact_list.refused_rows.order_by("row_number").iterator():
        cells = [str(cell) for cell in row.cells]
        yield [str(row.row_number), sentence(row), *cells, *[""] * (width - len(cells))]


def sentence(row: RefusedRow) -> str:
    return SENTENCES[Reason(row.reason)].format(row=row.first_row)
