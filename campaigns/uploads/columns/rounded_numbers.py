"""Numbers that a spreadsheet has rounded, in the first rows of a file."""

from typing import Final

from campaigns.uploads.chosen_columns import Columns
from campaigns.uploads.spreadsheets import Batch, Inspection

# The reason against a number depends on how it is written, and not on its digits.
_SHORTENED: Final = "4.4E+11"


def as_imported(found: Inspection, columns: Columns) -> Batch:
    """Return the sample's rows, in which the rounded numbers are written as the import reads them."""
    numbers = {columns.number, columns.second}
    rounded = {cell for cell in found.rounded if cell[1] in numbers}
    if not rounded:
        return found.sample
    return [
        (
            row,
            [_SHORTENED if (row, column) in rounded else cell for column, cell in enumerate(cells)],
        )
        for row, cells in found.sample
    ]
