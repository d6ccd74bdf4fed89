"""Downloads of a contact list, as rows of CSV."""

from collections.abc import Iterator

from campaigns.contacts.models import ContactList
from campaigns.uploads.downloads.rejected_rows import own_headings


def other_names(contact_list: ContactList) -> Iterator[list[str]]:
    """Yield the duplicates with another name, each with the row of the contact that has the same number."""
    width = len(contact_list.headings)
    yield [*own_headings(contact_list, "Row", "Same number as row"), *contact_list.headings]
    rows = contact_list.refused_rows.filter(has_other_name=True)
    for row in rows.order_by("row_number").iterator():
        cells = [str(cell) for cell in row.cells]
        first = str(row.first_row or "in the list this one adds to")
        yield [str(row.row_number), first, *cells, *[""] * (width - len(cells))]
