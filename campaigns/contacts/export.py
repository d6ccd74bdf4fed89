"""CSV for people who will open it in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from campaigns.contacts.headings import key
from campaigns.contacts.models import ContactList
from campaigns.contacts.numbers import SENTENCES, Reason
from campaigns.contacts.runs import ImportRun
from campaigns.contacts.safe import safe

DUPLICATES = "The number stands in an earlier row too, and is called once."


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


def rejected_rows(run: ImportRun) -> Iterator[list[str]]:
    """Yield the refused rows under the file's own headings, with row number and reason."""
    width = len(run.headings)
    yield [*_own_headings(run, "Row", "Reason"), *run.headings]
    for row in run.refused_rows.order_by("row_number").iterator():
        cells = [str(cell) for cell in row.cells]
        yield [str(row.row_number), row.sentence, *cells, *[""] * (width - len(cells))]


def other_names(contact_list: ContactList) -> Iterator[list[str]]:
    """Yield the duplicates that name somebody else, each with the contact that is called."""
    width = len(contact_list.headings)
    yield [*_own_headings(contact_list, "Row", "Same number as row"), *contact_list.headings]
    rows = contact_list.refused_rows.filter(has_other_name=True)
    for row in rows.order_by("row_number").iterator():
        cells = [str(cell) for cell in row.cells]
        first = str(row.first_row or "in the list this one adds to")
        yield [str(row.row_number), first, *cells, *[""] * (width - len(cells))]


def _own_headings(run: ImportRun, *wanted: str) -> list[str]:
    """Return headings for the portal's own columns that can't be taken for one of the file's."""
    taken = {key(heading) for heading in run.headings}
    return [next(name for name in _names(wish) if key(name) not in taken) for wish in wanted]


def _names(wish: str) -> Iterator[str]:
    yield wish
    yield f"{wish} (portal)"
    yield from (f"{wish} (portal {number})" for number in count(2))


def reasons(run: ImportRun) -> list[tuple[str, int]]:
    """Return why rows were refused, in sentences, with how many rows each has, the most first.

    A suppressed row is kept apart: nothing is wrong with it.
    """
    refused = [one for one in run.refused_by_reason() if one[0] != Reason.SUPPRESSED]
    return [(_of_all(code), rows) for code, rows in refused]


def _of_all(code: str) -> str:
    return DUPLICATES if code == Reason.DUPLICATE else SENTENCES[Reason(code)]
