"""Facts about one sheet of an XLSX file (ECMA-376, SpreadsheetML), read from its XML in one pass.

Nearly all programs write a sheet plainly. Such sheets are searched (`plain_cells`), which is several
times faster than parsing. Any other sheet is parsed.
"""

import re
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import Final

from campaigns.uploads.spreadsheets.archive import blocks, part, parts_by_name, plain_name
from campaigns.uploads.spreadsheets.dates_and_times import NO_FORMATS, Formats
from campaigns.uploads.spreadsheets.facts import BYTES_A_CELL, TEXT_BYTES, SheetFacts, column_index
from campaigns.uploads.spreadsheets.markup import limited, local, parse
from campaigns.uploads.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.uploads.spreadsheets.reading import Limits
from campaigns.uploads.spreadsheets.xlsx.plain_cells import NotPlainError, searched, whole_cells
from campaigns.uploads.spreadsheets.xlsx.relations import RELATIONS, ROOTS, WORKBOOK, add, relations
from campaigns.uploads.spreadsheets.xlsx.shared_texts import SharedTexts

_TRUE: Final = ("1", "true")
_TEXTS: Final = ("s", "str", "inlineStr")
_REFERENCE: Final = re.compile(r"([A-Za-z]+)([0-9]+)")
_PIECES: Final = 100
"""Most pieces kept of a value's text. expat passes text in pieces."""


def shared_texts(archive: zipfile.ZipFile, limits: Limits) -> SharedTexts:
    """Return the texts that the sheets share. Raises FileProblem if there are too many.

    calamine allocates memory for the number of texts that the file claims, and aborts the process if there
    is not enough.
    """
    texts = SharedTexts()
    claims: list[str] = []

    def note(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "sst":
            claims.append(attributes.get("uniqueCount", "0"))

    for info in archive.infolist():
        if info.filename.lower().endswith("sharedstrings.xml"):
            parse(islice(blocks(archive, info), 1), note, whole=False)
            if any(not claim.isdecimal() or int(claim) > info.file_size for claim in claims):
                raise FileProblem(ProblemCode.DAMAGED)
            for _ in texts.add(archive, info):
                _check_cells(max(len(texts), *map(int, claims), 0), limits.tall_cells)
    return texts


def _check_cells(cells: int, limit: int) -> None:
    if cells > limit:
        raise FileProblem(ProblemCode.TOO_MANY_CELLS, cells=cells, limit=limit)


def facts(
    archive: zipfile.ZipFile,
    found: zipfile.ZipInfo,
    limits: Limits,
    texts: SharedTexts,
    formats: Formats,
) -> SheetFacts:
    """Return the facts of a sheet. Raises FileProblem for a sheet that is too large or malformed.

    The number of rows is known only at the sheet's end, and so is the limit of cells that applies.
    """
    most = replace(limits, cells=limits.tall_cells - len(texts))
    is_plain = True
    try:
        known = searched(blocks(archive, found), most, found.file_size, formats)
    except NotPlainError:
        is_plain = False
        known = _parsed(limited(archive, found), most, texts, found.file_size, formats)
    limit = limits.tall_cells if known.rows >= limits.tall_rows else limits.cells
    _check_cells(known.rows * known.columns, limit - len(texts))
    _check_texts(archive, found, known, texts, limit, is_plain=is_plain)
    return known


def _check_texts(
    archive: zipfile.ZipFile,
    found: zipfile.ZipInfo,
    known: SheetFacts,
    texts: SharedTexts,
    limit: int,
    *,
    is_plain: bool,
) -> None:
    """Raise FileProblem if the texts in the cells take more memory than the cells leave of the limit."""
    left = (limit - len(texts) - known.rows * known.columns) * BYTES_A_CELL
    own = known.own_text_bytes
    shared = known.written * texts.longest if is_plain else known.shared_bytes
    if is_plain and own <= left < own + shared:
        shared = texts.used(whole_cells(blocks(archive, found)), left - own)
    if own + shared > left:
        raise FileProblem(ProblemCode.TOO_MUCH_TEXT)


class _Parser:
    """A parser for a sheet written in any way that XML allows."""

    def __init__(
        self,
        limits: Limits,
        texts: SharedTexts,
        unpacked_bytes: int = 0,
        formats: Formats = NO_FORMATS,
    ) -> None:
        self.facts = SheetFacts(unpacked_bytes=unpacked_bytes)
        self._formats = formats
        self._limits = limits
        self._texts = texts
        self._row = self._column = self._cell_row = -1
        self._kind = self._format = ""
        self._formula = self._value = False
        self._text: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match local(name):
            case "row":
                self._row = int(attributes.get("r", self._row + 2)) - 1
                self._column = -1
                self.facts.hidden_rows += attributes.get("hidden") in _TRUE
            case "col" if attributes.get("hidden") in _TRUE:
                self.facts.hide(int(attributes["min"]) - 1, int(attributes["max"]) - 1)
            case "c":
                self._start_cell(attributes)
            case "f":
                self._formula = True
                self._reach()
            case "is":
                self._reach()
            case "v":
                self._value = True
                self._text = []
                self._reach()

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._column += 1
        self._cell_row = self._row
        self.facts.written += 1
        if "r" in attributes:
            place = _REFERENCE.fullmatch(attributes["r"])
            if place is None:
                raise FileProblem(ProblemCode.DAMAGED)
            self._column, self._cell_row = column_index(place[1].upper()), int(place[2]) - 1
        self._kind = attributes.get("t", "n")
        self._format = attributes.get("s", "0")
        self.facts.text_bytes += TEXT_BYTES if self._kind in _TEXTS else 0
        self._formula = self._value = False
        self._text = None

    def _reach(self) -> None:
        # A cell's reference may name another row than the one it is in. The next cells are in this row.
        rows = max(self._row, self._cell_row) + 1
        self.facts.reach(rows, self._column + 1, self._limits)

    def text(self, text: str) -> None:
        if self._text is not None and len(self._text) < _PIECES:
            self._text.append(text)

    def end(self, name: str) -> None:
        if local(name) != "c":
            return
        text = "".join(self._text or ())
        if self._kind == "s":
            self.facts.shared_bytes += self._texts.length(text)
        if self._kind == "e" and self._value:
            self.facts.mark(self._cell_row, self._column, text)
        elif self._formula and not (text or (self._value and self._kind == "str")):
            self.facts.mark(self._cell_row, self._column)
        elif self._kind == "n" and text:
            mark = self._formats.mark(int(self._format), float(text))
            if mark:
                self.facts.mark(self._cell_row, self._column, mark)
        self._text = None


def _parsed(
    content: Iterable[bytes],
    limits: Limits,
    texts: SharedTexts,
    unpacked_bytes: int,
    formats: Formats,
) -> SheetFacts:
    collector = _Parser(limits, texts, unpacked_bytes, formats)
    parse(content, collector.start, collector.end, collector.text)
    return collector.facts


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the parts that hold the sheets, from the workbook's list and its relations.

    Anything that calamine might understand differently is refused, so that it can't read another part than
    the one checked here. Sheets that share a part are refused too, because it would be read once for each.
    """
    try:
        roots = relations(archive, ROOTS)
        if [path.lstrip("/") for kind, path in roots.values() if kind == "officeDocument"] != [
            WORKBOOK
        ]:
            raise FileProblem(ProblemCode.DAMAGED)
        by_id = relations(archive, RELATIONS)
        paths = {name: by_id[relation][1] for name, relation in _sheets(archive).items()}
    except (KeyError, ValueError):
        raise FileProblem(ProblemCode.DAMAGED) from None
    parts = parts_by_name(archive)
    found = {name: parts.get(plain_name(_absolute(path))) for name, path in paths.items()}
    present = {name: info for name, info in found.items() if info is not None}
    if len({info.filename for info in present.values()}) < len(present):
        raise FileProblem(ProblemCode.DAMAGED)
    return present


def _absolute(path: str) -> str:
    return path[1:] if path.startswith("/") else f"xl/{path}"


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the workbook's sheets: name -> id of the relation."""
    sheets: dict[str, str] = {}

    def note(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "sheet":
            (relation,) = [value for key, value in attributes.items() if local(key) == "id"]
            add(sheets, attributes["name"], relation)

    parse(blocks(archive, part(archive, WORKBOOK)), note)
    return sheets
