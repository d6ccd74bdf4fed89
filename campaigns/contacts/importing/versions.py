"""A new version of a list: the contacts of the earlier list, followed by a file with corrected rows.

The file's columns are found by their headings and put into the order of the earlier list's columns. What
the download of rejected rows adds is removed again: its first two columns, and the apostrophes that keep
a spreadsheet from running cells.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from campaigns.batches import in_batches
from campaigns.contacts.importing.sort_rows import Sorted
from campaigns.uploads.columns.heading_match import HeadingMatch, match
from campaigns.uploads.spreadsheets import Inspection
from campaigns.uploads.spreadsheets.safe_cells import unsafe

if TYPE_CHECKING:
    from campaigns.contacts.models import ContactList

BATCH = 500


def fit(base: "ContactList", found: Inspection) -> HeadingMatch:
    """Find the columns of the earlier list among those of a file.

    A column without a heading is found by its letter only if the file has as many columns as the list.
    """
    names = list(map(unsafe, found.headings))
    if len(names) != len(base.headings):
        # If "Row" and "Reason" are still the first columns, or another column is missing, the letters
        # belong to other columns. With the same number of columns letters may be used, because the
        # person sees the first rows in the list's columns and confirms them.
        nameless = found.unnamed if found.reading.header_row else range(len(names))
        names = ["" if index in nameless else name for index, name in enumerate(names)]
    return match(base.headings, names, found.repeated)


def order(base: "ContactList", found: Sequence[str]) -> list[int] | None:
    """Return, for each column of the earlier list, the index of its heading among those found.

    Return None if the headings are not those of a file that fits.
    """
    return match(base.headings, list(map(unsafe, found))).complete


def carried(base: "ContactList") -> Iterator[Sorted]:
    """Yield the earlier list's contacts in batches, in the order of that list."""
    contacts = base.contacts.order_by("pk")
    fields = contacts.values_list("row_number", "number", "name", "values", "from_second_column")
    for batch in in_batches(fields.iterator(BATCH), BATCH):
        yield Sorted(
            contacts=[contact[:-1] for contact in batch],
            from_second={contact[1] for contact in batch if contact[-1]},
        )
