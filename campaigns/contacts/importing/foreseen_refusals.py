"""Reasons for which the import would refuse first rows of a file, found before the file is imported."""

from campaigns.contacts.importing import versions
from campaigns.contacts.importing.duplicates import Known
from campaigns.contacts.importing.sort_rows import RowSorter, Sorted
from campaigns.contacts.models import ContactList
from campaigns.contacts.models.contact import RefusedRow
from campaigns.suppression import matching
from campaigns.uploads.chosen_columns import Columns
from campaigns.uploads.columns import reordered_rows
from campaigns.uploads.columns.foreseen import NOTHING, Foreseen
from campaigns.uploads.columns.rounded_numbers import as_imported
from campaigns.uploads.numbers.checker import Reason
from campaigns.uploads.numbers.for_client import checker_for
from campaigns.uploads.spreadsheets import Batch, Inspection


def of_a_list(contact_list: ContactList, found: Inspection, columns: Columns) -> Foreseen:
    """Return what the import will say of the sample's rows.

    Each row is checked by itself, against the other rows, and against the numbers not to be called.
    """
    rows = as_imported(found, columns)
    client, base = contact_list.client, contact_list.based_on
    width = found.reading.columns
    if base:
        order = versions.fit(base, found).complete
        if order is None:
            return NOTHING
        rows = reordered_rows.aligned(rows, order, width)
        columns = Columns(base.number_column or 0, base.name_column, base.second_number_column)
        width = len(base.headings)
    among = matching.matcher(client).among
    sorter = RowSorter(
        checker_for(client),
        columns.number,
        columns.name,
        among,
        columns=width,
        second_column=columns.second,
    )
    if base:
        sorter.carry_over(_repeated(base, rows, columns))
    return _told(sorter.sort(rows))


def _told(judged: Sorted) -> Foreseen:
    known = Known({contact[1]: (contact[0], contact[2]) for contact in judged.contacts})
    refused = {
        row.row_number: RefusedRow(reason=row.reason, first_row=known.first_row(row)).sentence
        for row in judged.refused
    }
    second = {row.row_number for row in judged.refused if row.from_second}
    second |= {row for row, number, _, _ in judged.contacts if number in judged.from_second}
    return Foreseen(refused, frozenset(second))


def _repeated(base: ContactList, rows: Batch, columns: Columns) -> Sorted:
    """Return those contacts of the earlier list whose numbers are in these rows too."""
    of_numbers = [column for column in (columns.number, columns.second) if column is not None]
    cells = [cells[column] for _, cells in rows for column in of_numbers]
    verdicts = checker_for(base.client).check_all(cells)
    numbers = [verdict for verdict in verdicts if not isinstance(verdict, Reason)]
    contacts = base.contacts.filter(number__in=numbers)
    return Sorted(contacts=list(contacts.values_list("row_number", "number", "name", "values")))
