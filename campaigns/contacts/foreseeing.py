"""Why first rows of a file would be refused, said before it is imported, and as its import will say it."""

from campaigns.contacts import suppression, versions
from campaigns.contacts.checking import checker_for
from campaigns.contacts.contact import RefusedRow
from campaigns.contacts.duplicates import Known
from campaigns.contacts.models import ContactList, Suppression
from campaigns.contacts.numbers import SENTENCES, Reason
from campaigns.contacts.rows import Row, RowSorter, Sorted, is_too_long
from campaigns.contacts.spreadsheets import Batch, Inspection, is_blank

Columns = tuple[int, int | None]
"""The indexes of the columns with numbers and with names."""

Refusals = dict[int, str]
"""Row number -> what is wrong with the row and what to do."""


def of_a_list(contact_list: ContactList, found: Inspection, columns: Columns) -> Refusals:
    """Judge the sample's rows by themselves, against each other, and against who must not be called."""
    number, name = columns
    rounded, rows = _rounded_apart(found, number)
    client, base = contact_list.client, contact_list.based_on
    width = found.reading.columns
    if base:
        order = versions.fit(base, found).complete
        if order is None:
            return {}
        rows = versions.aligned(rows, order, width)
        number, name, width = base.number_column or 0, base.name_column, len(base.headings)
    among = suppression.matcher(client).among
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


def of_numbers(one: Suppression, found: Inspection, columns: Columns) -> Refusals:
    """Judge the sample's rows by themselves: a number that is suppressed twice is none to refuse."""
    rounded, rows = _rounded_apart(found, columns[0])
    check = checker_for(one.client).check
    refused: Refusals = {}
    for row_number, cells in rows:
        verdict = check(cells[columns[0]]) if not is_blank(cells) else ""
        if isinstance(verdict, Reason):
            is_long = is_too_long(cells, found.reading.columns)
            refused[row_number] = SENTENCES[Reason.TOO_MANY_CELLS if is_long else verdict]
    return rounded | refused


def _rounded_apart(found: Inspection, number: int) -> tuple[Refusals, Batch]:
    """Return the rows whose numbers are rounded, refused; and the others."""
    rounded = {row for row, column in found.rounded if column == number}
    others: list[Row] = [row for row in found.sample if row[0] not in rounded]
    return dict.fromkeys(rounded, SENTENCES[Reason.SHORTENED]), others


def _repeated(base: ContactList, rows: Batch, number: int) -> Sorted:
    """Return the contacts of the list that is added to whose numbers stand in these rows too."""
    verdicts = checker_for(base.client).check_all([cells[number] for _, cells in rows])
    numbers = [verdict for verdict in verdicts if not isinstance(verdict, Reason)]
    contacts = base.contacts.filter(number__in=numbers)
    return Sorted(contacts=list(contacts.values_list("row_number", "number", "name", "values")))
