"""What a person should know of how a file was read, and the sentences that say so."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from campaigns.contacts.spreadsheets import Inspection, Notice

Stored = list[str | int]
"""A code and its detail, as they are kept with a list."""

ENCODING = "encoding"
SHEET = "sheet"

_USUAL = "utf-8"
_MOST_NAMED = 5

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        ENCODING: "The file is read as {}, because it is not UTF-8. "
        "Check that names with accents look right.",
        SHEET: "Only this sheet is read: {}.",
        Notice.OTHER_SHEETS: "The workbook has other sheets, which are not read: {}.",
        Notice.HIDDEN_ROWS: "Hidden rows are read too: {} on this sheet.",
        Notice.REPEATED_HEADINGS: "Some headings stand twice, so the later ones got a number: {}.",
        Notice.EMPTY_HEADINGS: "Some columns have no heading and go by their letter: {}.",
        Notice.NO_HEADINGS: "The file has no row of headings, so the columns go by their letters "
        "and every row is read: {} columns.",
    }
)


def found(inspection: Inspection) -> list[Stored]:
    """Return what is to be kept with the list."""
    notices: list[Stored] = [[code.value, _detail(code, inspection)] for code in inspection.notices]
    if inspection.reading.encoding not in {"", _USUAL}:
        notices.append([ENCODING, inspection.encoding_name])
    if Notice.OTHER_SHEETS in inspection.notices:
        notices.insert(0, [SHEET, f"“{inspection.reading.sheet}”"])
    return notices


def sentences(stored: Iterable[Stored]) -> list[str]:
    return [SENTENCES[str(code)].format(detail) for code, detail in stored]


def _detail(code: Notice, inspection: Inspection) -> str | int:
    if code == Notice.HIDDEN_ROWS:
        return inspection.hidden_rows
    if code == Notice.OTHER_SHEETS:
        others = (sheet for sheet in inspection.sheets if sheet.name != inspection.reading.sheet)
        return _named(f"“{s.name}” (hidden)" if s.hidden else f"“{s.name}”" for s in others)
    if code == Notice.REPEATED_HEADINGS:
        return _named(f"“{h}”" for h in inspection.headings if h.endswith(")") and " (" in h)
    if code == Notice.EMPTY_HEADINGS:
        return _named(f"“{h}”" for h in inspection.headings if h.startswith("Column "))
    return len(inspection.headings)


def _named(names: Iterable[str]) -> str:
    """Return the first names, and how many more there are."""
    every = list(names)
    more = len(every) - _MOST_NAMED
    return ", ".join(every[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
