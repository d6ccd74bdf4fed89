"""The rows of an uploaded file, as text, with the sheet's own row numbers.

`inspect` guesses how a file is to be read and returns its first rows. A person confirms or corrects
the `Reading`. `rows` then reads the file by it. Whatever the file contains, both raise nothing but
FileProblem, whose `sentence` is for the person.
"""

from pathlib import Path

from campaigns.uploads.spreadsheets.cell_text import NO_TIME
from campaigns.uploads.spreadsheets.delimited.encodings import DELIMITERS, ENCODINGS
from campaigns.uploads.spreadsheets.delimited.lines import DelimitedRows
from campaigns.uploads.spreadsheets.inspecting import inspect
from campaigns.uploads.spreadsheets.kinds import kind_of
from campaigns.uploads.spreadsheets.problems import SENTENCES, FileProblem, ProblemCode
from campaigns.uploads.spreadsheets.reading import (
    LAST_HEADER_ROW,
    Batch,
    Inspection,
    Kind,
    Limits,
    Notice,
    Reading,
    Row,
    RowSource,
    Sheet,
)
from campaigns.uploads.spreadsheets.table import column_name, is_blank, is_too_long
from campaigns.uploads.spreadsheets.workbook import WorkbookRows

__all__ = [
    "DELIMITERS",
    "ENCODINGS",
    "LAST_HEADER_ROW",
    "NO_TIME",
    "SENTENCES",
    "Batch",
    "FileProblem",
    "Inspection",
    "Kind",
    "Limits",
    "Notice",
    "ProblemCode",
    "Reading",
    "Row",
    "RowSource",
    "Sheet",
    "column_name",
    "inspect",
    "is_blank",
    "is_too_long",
    "kind_of",
    "rows",
]


def rows(
    path: Path,
    reading: Reading,
    limits: Limits,
    number_column: int | None = None,
    second_number_column: int | None = None,
) -> RowSource:
    """Return the rows below the headings, in batches. The file is opened and read when iteration begins.

    In a workbook's columns of numbers, special cells have a text that shows what is wrong: a number that
    Excel has rounded comes as 4.47722E+11, as it would from a CSV, and a formula without a stored result
    and a time that does not exist have a text of their own. In all other columns such formulas and times
    are empty, so that they are never spoken.
    """
    if reading.kind == Kind.CSV:
        return DelimitedRows(path, reading, limits)
    of_numbers = (number_column, second_number_column)
    return WorkbookRows(path, reading, limits, tuple(n for n in of_numbers if n is not None))
