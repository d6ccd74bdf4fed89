"""A new version of a list: its contacts taken over, and a file with fixed rows put behind them.

The file's columns are put in the order of the earlier list's, found by their headings. What the
download of rejected rows adds is left out again: its first two columns, and the apostrophes that
keep a spreadsheet from running cells.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from campaigns.contacts.importing.sort_rows import Sorted
from campaigns.uploads.columns.heading_match import HeadingMatch, match
from campaigns.uploads.spreadsheets import Inspection
from campaigns.uploads.spreadsheets.safe_cells import unsafe

if TYPE_CHECKING:
    from campaigns.contacts.models import ContactList

BATCH = 500


def fit(base: "ContactList", found: Inspection) -> HeadingMatch:
    """Find the columns of the earlier list among those of a file.

    A column without a heading is found by its letter only in a file of as many columns as the list.
    """
    names = list(map(unsafe, found.headings))
    if len(names) != len(base.headings):
        # With "Row" and "Reason" still before them, or another column left out, the letters are those
        # of other columns. Where there are as many, whoever adds the rows sees the first of them in
        # the list's columns, and confirms them.
        nameless = found.unnamed if found.reading.header_row else range(len(names))
        names = ["" if index in nameless else name for index, name in enumerate(names)]
    return match(base.headings, names, found.repeated)


def order(base: "ContactList", found: Sequence[str]) -> list[int] | None:
    """Return, for each column of the earlier list, its index among the headings found.

    None if the headings are not those of a file that fits.
    """
    return match(base.headings, list(map(unsafe, found))).complete


def carried(base: "ContactList") -> Iterator[Sorted]:
    """Yield the earlier list's contacts, in its order, some at a time."""
    fields = base.contacts.order_by("pk").values_list("row_number", "number", "name", "values")
    rows = fields.iterator(BATCH)
    while batch := list(islice(rows, BATCH)):
        yield Sorted(contacts=batch)
