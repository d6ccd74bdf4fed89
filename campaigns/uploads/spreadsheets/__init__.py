"""A file that someone uploaded -> its rows, as text, with the sheet's own row numbers.

`inspect` guesses how a file is to be read and shows its first rows; a person confirms or corrects
the `Reading`; `rows` then reads the file by it. Both raise FileProblem, whose `sentence` is for the
person, and nothing else that the content of a file could bring about.
"""

from pathlib import Path

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
from campaigns.uploads.spreadsheets.workbook import NO_TIME, WorkbookRows

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
    path: Path, reading: Reading, limits: Limits, number_column: int | None = None
) -> RowSource:
    """Return the rows below the headings, in batches; opening and reading begin with iteration.

    In a workbook's `number_column`, a number that Excel has rounded is told by its text: it comes
    as 4.47722E+11, as it would from a CSV. A formula without a stored result is told there too, and so
    is a time that does not exist; in the other columns nobody is to hear of them, and they come empty.
    """
    if reading.kind == Kind.CSV:
        return DelimitedRows(path, reading, limits)
    return WorkbookRows(path, reading, limits, number_column)
