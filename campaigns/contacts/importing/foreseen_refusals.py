"""Reasons for which the import would refuse first rows of a file, found before the file is imported."""

from campaigns.contacts.importing import versions
from campaigns.contacts.importing.duplicates import Known
from campaigns.contacts.importing.sort_rows import RowSorter, Sorted
from campaigns.contacts.models import ContactList
from campaigns.contacts.models.contact import RefusedRow
from campaigns.suppression import matching
from campaigns.uploads.columns import reordered_rows
from campaigns.uploads.columns.rounded_numbers import Columns, Refusals, rounded_apart
from campaigns.uploads.numbers.checker import Reason
from campaigns.uploads.numbers.for_client import checker_for
from campaigns.uploads.spreadsheets import Batch, Inspection


def of_a_list(contact_list: ContactList, found: Inspection, columns: Columns) -> Refusals:
    """Return the refusals of the sample's rows, as the import will say them.

    Each row is checked by itself, against the other rows, and against the numbers not to be called.
    """
    number, name = columns
    rounded, rows = rounded_apart(found, number)
    client, base = contact_list.client, contact_list.based_on
    width = found.reading.columns
    if base:
        order = versions.fit(base, found).complete
        if order is None:
            return {}
        rows = reordered_rows.aligned(rows, order, width)
        number, name, width = base.number_column or 0, base.name_column, len(base.headings)
    among = matching.matcher(client).among
    sorter = RowSorter(checker_for(client), number, name, among, columns=width)
    if base:
        sorter.carry_over(_repeated(base, rows, number))
    judged = sorter.sort(rows)
    known = Known({contact[1]: (contact[0], contact[2]) for contact in judged.contacts})
    refused = {
        row.row_number: RefusedRow(reason=row.reason, first_row=known.first_row(row)).sentence
        for row in judged.refused
    }
    return rounded | refused


def _repeated(base: ContactList, rows: Batch, number: int) -> Sorted:
    """Return those contacts of the earlier list whose numbers are in these rows too."""
    verdicts = checker_for(base.client).check_all([cells[number] for _, cells in rows])
    numbers = [verdict for verdict in verdicts if not isinstance(verdict, Reason)]
    contacts = base.contacts.filter(number__in=numbers)
    return Sorted(contacts=list(contacts.values_list("row_number", "number", "name", "values")))
