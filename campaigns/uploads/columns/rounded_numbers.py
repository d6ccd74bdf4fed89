"""Numbers that a spreadsheet has rounded, found in the first rows by their own cells."""

from campaigns.uploads.numbers.checker import SENTENCES, Reason
from campaigns.uploads.spreadsheets import Batch, Inspection, Row

Columns = tuple[int, int | None]
"""The indexes of the columns with numbers and with names."""

Refusals = dict[int, str]
"""Row number -> what is wrong with the row and what to do."""


def rounded_apart(found: Inspection, number: int) -> tuple[Refusals, Batch]:
    """Return the refusals of the rows whose numbers are rounded, and the other rows."""
    rounded = {row for row, column in found.rounded if column == number}
    others: list[Row] = [row for row in found.sample if row[0] not in rounded]
    return dict.fromkeys(rounded, SENTENCES[Reason.SHORTENED]), others
