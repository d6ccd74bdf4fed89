"""Reasons for which first rows of a file of numbers would be refused, found before it is loaded."""

from campaigns.suppression.models import Suppression
from campaigns.uploads.chosen_columns import Columns
from campaigns.uploads.columns.foreseen import Foreseen
from campaigns.uploads.columns.rounded_numbers import as_imported
from campaigns.uploads.numbers.checker import SENTENCES, Reason
from campaigns.uploads.numbers.for_client import checker_for
from campaigns.uploads.spreadsheets import Inspection, is_blank, is_too_long


def of_numbers(one: Suppression, found: Inspection, columns: Columns) -> Foreseen:
    """Return the refusals of the sample's rows, each checked by itself.

    A number that occurs twice is not refused.
    """
    check = checker_for(one.client).check
    refused: dict[int, str] = {}
    for row_number, cells in as_imported(found, columns):
        verdict = check(cells[columns.number]) if not is_blank(cells) else ""
        if isinstance(verdict, Reason):
            is_long = is_too_long(cells, found.reading.columns)
            refused[row_number] = SENTENCES[Reason.TOO_MANY_CELLS if is_long else verdict]
    return Foreseen(refused)
