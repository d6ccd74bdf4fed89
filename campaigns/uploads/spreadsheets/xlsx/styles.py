"""The cell formats of an XLSX file that show dates or times (ECMA-376 part 1, 18.8)."""

import zipfile

from campaigns.uploads.spreadsheets.archive import blocks, part
from campaigns.uploads.spreadsheets.dates_and_times import (
    BUILT_IN,
    NO_FORMATS,
    Formats,
    Shows,
    shown_by,
)
from campaigns.uploads.spreadsheets.markup import local, parse
from campaigns.uploads.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.uploads.spreadsheets.xlsx.relations import WORKBOOK

_STYLES = "xl/styles.xml"


def formats_of(archive: zipfile.ZipFile) -> Formats:
    """Return the formats, none for a file without styles. Raises FileProblem if they make no sense."""
    try:
        styles = part(archive, _STYLES)
    except KeyError:
        return NO_FORMATS
    collector = _Collector()
    try:
        parse(blocks(archive, styles), collector.start, collector.end)
        parse(blocks(archive, part(archive, WORKBOOK)), collector.start_of_workbook)
    except (KeyError, ValueError):
        raise FileProblem(ProblemCode.DAMAGED) from None
    return Formats(collector.shows, collector.from_1904)


class _Collector:
    def __init__(self) -> None:
        self.shows: dict[int, Shows] = {}
        self.from_1904 = False
        self._codes: dict[int, Shows | None] = dict(BUILT_IN)
        self._is_of_cells = False
        self._cell_formats = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match local(name):
            case "numFmt":
                self._codes[int(attributes["numFmtId"])] = shown_by(attributes["formatCode"])
            case "cellXfs":
                self._is_of_cells = True
            case "xf" if self._is_of_cells:
                shows = self._codes.get(int(attributes.get("numFmtId", "0")))
                if shows:
                    self.shows[self._cell_formats] = shows
                self._cell_formats += 1

    def end(self, name: str) -> None:
        if local(name) == "cellXfs":
            self._is_of_cells = False

    def start_of_workbook(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")
