"""Notices about how a file was read, for the person who uploaded it, and their sentences."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from campaigns.uploads.spreadsheets import Inspection, Notice, column_name, is_blank

Stored = list[str | int]
"""A code and its detail, as they are kept with a list."""

ENCODING = "encoding"
SHEET = "sheet"
SHORT_ROWS = "short_rows"
LONG_ROWS = "long_rows"

_USUAL = "utf-8"
_MOST_NAMED = 5
# Excel's own limit; other programs have none.
_LONGEST_SHEET = 31

OPT_OUTS = "must_not_be_called"
PLACEHOLDERS = "made_up_numbers"

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        ENCODING: "The file is read as {}, because it is not UTF-8. "
        "Check that names with accents look right. If they don’t, choose another encoding.",
        Notice.UNREADABLE: "Some characters can’t be read and are shown as \N{REPLACEMENT CHARACTER}: {}. "
        "Correct them in the file, or choose another encoding.",
        SHEET: "Only this sheet is read: {}.",
        OPT_OUTS: "A column says that these people must not be called, but they are contacts: {}. "
        "Remove their rows, or add their numbers to Suppression.",
        PLACEHOLDERS: "Some numbers look made up, such as 01234567890, but may belong to someone: {}. "
        "Check them, or remove their rows.",
        SHORT_ROWS: "Rows with fewer cells than there are headings: {:,}. The missing cells are empty.",
        LONG_ROWS: "Rows with more cells than there are headings: {:,}. "
        "Check that the right number was read.",
        Notice.OTHER_SHEETS: "The workbook has other sheets, which are not read: {}.",
        Notice.ROWS_ABOVE: "Rows above the headings are not read: {}.",
        Notice.NO_VALUE: "Some cells are formulas without a saved result. "
        "They are left empty: {}. Open the file in Excel, save it and upload it again.",
        Notice.NO_SUCH_TIME: "Some dates or times do not exist, such as a time below zero. "
        "They are left empty: {}.",
        Notice.HIDDEN_COLUMNS: "Hidden columns are read too: {}.",
        Notice.HIDDEN_ROWS: "Hidden rows are read too: {} on this sheet.",
        Notice.REPEATED_HEADINGS: "Some headings are repeated, so the later ones got a number: {}.",
        Notice.EMPTY_HEADINGS: "Some columns have no heading and are named by their letter: {}.",
        Notice.NO_HEADINGS: "The file has no headings. Columns are named by letter "
        "and every row is read. Number of columns: {}.",
    }
)


def found(inspection: Inspection) -> list[Stored]:
    """Return the notices of an inspection that are kept with the list."""
    notices: list[Stored] = [[code.value, _detail(code, inspection)] for code in inspection.notices]
    if inspection.reading.encoding not in {"", _USUAL}:
        notices.append([ENCODING, inspection.encoding_name])
    if Notice.OTHER_SHEETS in inspection.notices:
        notices.insert(0, [SHEET, f"“{inspection.reading.sheet}”"])
    return notices


def of_rows(short: int, long: int = 0) -> list[Stored]:
    """Return the notices about rows that have fewer or more cells than there are headings."""
    counts: list[Stored] = [[SHORT_ROWS, short], [LONG_ROWS, long]]
    return [notice for notice in counts if notice[1]]


def of_contacts(opt_outs: Iterable[tuple[str, int]], made_up: Iterable[int]) -> list[Stored]:
    """Return the notices about contacts that perhaps nobody meant to call.

    `opt_outs` are headings of opt-out columns, each with the number of contacts it marks. `made_up` are the
    rows with numbers that look made up.
    """
    told: list[Stored] = [
        [OPT_OUTS, _named(f"{count:,} in “{heading}”" for heading, count in opt_outs)],
        [PLACEHOLDERS, _named(f"row {row:,}" for row in made_up)],
    ]
    return [notice for notice in told if notice[1]]


def sentences(stored: Iterable[Stored]) -> list[str]:
    return [SENTENCES[str(code)].format(detail) for code, detail in stored]


def of_sheets(inspection: Inspection) -> str:
    """Return a sentence with the sheet inspected and the other sheets, or "" if there is only one."""
    if Notice.OTHER_SHEETS not in inspection.notices:
        return ""
    looked_at = f"“{inspection.reading.sheet[:_LONGEST_SHEET]}”"
    return f"Only the sheet {looked_at} was checked. The workbook has others: {_other_sheets(inspection)}."


def _other_sheets(inspection: Inspection) -> str:
    others = (sheet for sheet in inspection.sheets if sheet.name != inspection.reading.sheet)
    named = ((f"“{sheet.name[:_LONGEST_SHEET]}”", sheet.hidden) for sheet in others)
    return _named(f"{name} (hidden)" if hidden else name for name, hidden in named)


def _detail(code: Notice, inspection: Inspection) -> str | int:
    if code == Notice.HIDDEN_ROWS:
        return inspection.hidden_rows
    if code == Notice.HIDDEN_COLUMNS:
        return _columns(inspection, inspection.hidden_columns)
    if code == Notice.ROWS_ABOVE:
        return _named(f"row {row}" for row, cells in inspection.above if not is_blank(cells))
    if code == Notice.UNREADABLE:
        return _named(f"row {row:,}" for row in inspection.unreadable)
    if code == Notice.NO_VALUE:
        return _counted(inspection, inspection.without_value)
    if code == Notice.NO_SUCH_TIME:
        return _counted(inspection, inspection.without_time)
    if code == Notice.OTHER_SHEETS:
        return _other_sheets(inspection)
    if code == Notice.REPEATED_HEADINGS:
        return _columns(inspection, inspection.repeated)
    if code == Notice.EMPTY_HEADINGS:
        return _columns(inspection, inspection.unnamed)
    return len(inspection.headings)


def _columns(inspection: Inspection, indexes: Iterable[int]) -> str:
    return _named(f"“{_called(inspection, index)}”" for index in indexes)


def _counted(inspection: Inspection, columns: Iterable[tuple[int, int]]) -> str:
    """Return the columns, each with its number of cells."""
    return _named(f"{cells:,} in “{_called(inspection, column)}”" for column, cells in columns)


def _called(inspection: Inspection, column: int) -> str:
    """Return a column's heading. A column that only rows far below reach into is named by its letter."""
    known = inspection.headings
    return known[column] if column < len(known) else column_name(column)


def _named(names: Iterable[str]) -> str:
    """Return the first names and how many more there are."""
    every = list(names)
    more = len(every) - _MOST_NAMED
    return ", ".join(every[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
