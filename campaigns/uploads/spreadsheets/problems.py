"""Problems that keep a file from being read, and the sentences that say so."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class ProblemCode(StrEnum):
    """Codes for why a file can't be read."""

    TOO_LARGE = "too_large"
    EMPTY = "empty"
    NOT_A_SPREADSHEET = "not_a_spreadsheet"
    PASSWORD_PROTECTED = "password_protected"  # noqa: S105  a code, not a password
    MACROS = "macros"
    ZIP_BOMB = "zip_bomb"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MANY_CELLS = "too_many_cells"
    TOO_MUCH_TEXT = "too_much_text"
    TOO_LONG_TO_PARSE = "too_long_to_parse"
    LINE_TOO_LONG = "line_too_long"
    CELL_TOO_LONG = "cell_too_long"
    UNCLOSED_QUOTE = "unclosed_quote"
    SWALLOWED_ROWS = "swallowed_rows"
    SEVERAL_NUMBERS = "several_numbers"
    NUL_BYTES = "nul_bytes"
    WRONG_ENCODING = "wrong_encoding"
    NO_SUCH_DELIMITER = "no_such_delimiter"
    NO_SUCH_SHEET = "no_such_sheet"
    UNUSUAL = "unusual"
    DAMAGED = "damaged"


SENTENCES: Mapping[ProblemCode, str] = MappingProxyType(
    {
        ProblemCode.TOO_LARGE: "The file has {bytes:,} bytes. The limit is {limit:,}. "
        "Split it, or leave out columns that are not needed.",
        ProblemCode.EMPTY: "There is nothing in this file. "
        "Check that the right file was saved, and upload it again.",
        ProblemCode.NOT_A_SPREADSHEET: "This file is not a spreadsheet: it seems to be {seems}. "
        "Save the list as CSV or as an Excel workbook (.xlsx).",
        ProblemCode.PASSWORD_PROTECTED: "This file is protected with a password. "
        "Save a copy without one and upload that.",
        ProblemCode.MACROS: "This workbook contains macros, which are never accepted. "
        "Save it as an Excel workbook (.xlsx) without macros and upload that.",
        ProblemCode.ZIP_BOMB: "When unpacked, this file is far larger than any list. "
        "Save the list as CSV and upload that.",
        ProblemCode.TOO_MANY_ROWS: "The file has more than {limit:,} rows, which is the limit. "
        "Split the file.",
        ProblemCode.TOO_MANY_COLUMNS: "The file has more than {limit:,} columns, which is the limit. "
        "Leave out those that are not needed.",
        ProblemCode.TOO_MANY_CELLS: "This workbook spans {cells:,} cells. The limit is {limit:,}. "
        "Leave out rows and columns that are not needed, or save it as CSV.",
        ProblemCode.TOO_MUCH_TEXT: "This workbook has more text than can be read. "
        "Leave out rows and columns that are not needed, or save it as CSV.",
        ProblemCode.TOO_LONG_TO_PARSE: "This workbook is too large to read in the form it was saved in. "
        "Open it in Excel, save it as an Excel workbook (.xlsx) or as CSV, and upload that.",
        ProblemCode.LINE_TOO_LONG: "The file has a line of more than {limit:,} bytes, "
        "which is too long for a list. Check how the file was saved.",
        ProblemCode.CELL_TOO_LONG: "Row {row:,} has a cell of more than {limit:,} characters. "
        "A closing quotation mark is probably missing there.",
        ProblemCode.UNCLOSED_QUOTE: "A quotation mark is opened but never closed, "
        "in row {row:,} or after it. Close or remove it.",
        ProblemCode.SWALLOWED_ROWS: "In row {row:,}, a cell in quotation marks has several lines, "
        "and one of them has another telephone number. Probably a quotation mark is missing, or there is one "
        "too many, so several rows became one. Correct it there. If the cell is right, save the list as an "
        "Excel workbook (.xlsx) and upload that.",
        ProblemCode.SEVERAL_NUMBERS: "Row {row:,} has more cells than there are headings, and another "
        "telephone number in them. Put each number in its own row.",
        ProblemCode.NUL_BYTES: "This file has NUL bytes, so it is damaged or is not "
        "a spreadsheet. Save it again as CSV or as an Excel workbook (.xlsx).",
        ProblemCode.WRONG_ENCODING: "This file can't be read as {encoding}. "
        "Choose another encoding.",
        ProblemCode.NO_SUCH_DELIMITER: "This can't separate cells. "
        "Choose one character that is not a letter, digit, space or quotation mark.",
        ProblemCode.NO_SUCH_SHEET: "The chosen sheet is not in this workbook. Choose another.",
        ProblemCode.UNUSUAL: "This workbook is written in an unusual way and can't be read. "
        "Open it in Excel, save it again and upload that.",
        ProblemCode.DAMAGED: "This file is damaged and can't be read. "
        "Open it in the program it came from, save it again and upload that.",
    }
)
"""Sentences with the problem and what to do, to be formatted with the details of the problem."""


class FileProblem(Exception):
    """The file can't be read. The exception's text is the code alone, never anything out of the file."""

    def __init__(self, code: ProblemCode, **details: str | int) -> None:
        """Make the problem. `details` are the portal's own facts: counts, limits, names of formats."""
        super().__init__(code.value)
        self.code = code
        self.details = details

    def __reduce__(self) -> tuple[object, ...]:
        """Allow the exception to be pickled, for passing it between processes."""
        return _rebuilt, (self.code.value, self.details)

    @property
    def sentence(self) -> str:
        """The problem and what to do, for the person who uploaded the file."""
        return SENTENCES[self.code].format(**self.details)


def _rebuilt(code: str, details: dict[str, str | int]) -> FileProblem:
    return FileProblem(ProblemCode(code), **details)
