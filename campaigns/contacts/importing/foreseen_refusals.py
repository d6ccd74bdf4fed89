"""Why first rows of a file would be refused, said before it is imported, and as its import will say it."""

from campaigns.contacts.importing import versions
from campaigns.contacts.importing.duplicates import Known
from campaigns.contacts.importing.sort_rows import RowSorter, Sorted
from campaigns.contacts.models import ContactList
from campaigns.contacts.models.contact import RefusedRow
from campaigns.suppression import matching
from campaigns.uploads.columns import realigned
from campaigns.uploads.columns.rounded_numbers import Columns, Refusals, rounded_apart
from campaigns.uploads.numbers.checker import Reason
from campaigns.uploads.numbers.for_client import checker_for
from campaigns.uploads.spreadsheets import Batch, Inspection


def of_a_list(contact_list: ContactList, found: Inspection, columns: Columns) -> Refusals:
    """Judge the sample's rows by themselves, against each other, and against who must not be called."""
    number, name = columns
    rounded, rows = rounded_apart(found, number)
    client, base = contact_list.client, contact_list.based_on
    width = found.reading.columns
    if base:
        order = versions.fit(base, found).complete
        if order is None:
            return {}
        rows = realigned.aligned(rows, order, width)
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
    """Return the contacts of the list that is added to whose numbers stand in these rows too."""
    verdicts = checker_for(base.client).check_all([cells[number] for _, cells in rows])
    numbers = [verdict for verdict in verdicts if not isinstance(verdict, Reason)]
    contacts = base.contacts.filter(number__in=numbers)
    return Sorted(contacts=list(contacts.values_list("row_number", "number", "name", "values")))
