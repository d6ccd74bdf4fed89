"""Facts of one sheet of an XLSX file (ECMA-376, SpreadsheetML), read from its XML in one go.

Nearly all programs write a sheet plainly, every cell beginning `<c r="B7"`, and for those a few
patterns over the bytes do, several times faster than a parser; any other sheet is parsed.
"""

import functools
import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

from campaigns.contacts.spreadsheets.archive import blocks, part
from campaigns.contacts.spreadsheets.facts import SheetFacts, column_index
from campaigns.contacts.spreadsheets.markup import local, parse
from campaigns.contacts.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.contacts.spreadsheets.reading import Limits

Value = TypeVar("Value")

_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"

_NOT_PLAIN: Final = re.compile(rb'<(?:[\w.-]+:c(?=[\s/>])|c(?=[\s/>])(?! r="[A-Z]+[0-9]+")|!)|\0')
_SECOND_PLACE: Final = re.compile(rb'<c r="[^>]*? r="')
_ROW_OF_CELL: Final = re.compile(rb'<c r="[A-Z]+([0-9]+)"')
_EMPTY_CELL: Final = re.compile(rb"<c [^>]*/>")
"""With a format and nothing else; calamine leaves them out, so they don't count."""
_WIDE_CELL: Final = re.compile(rb'<c r="([A-Z]{2,})[0-9]')
_HIDDEN_ROW: Final = re.compile(rb'<row\b[^>]*? hidden="(?:1|true)"')
_ERROR: Final = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"[^>]*? t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>'
)
_NO_RESULT: Final = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"([^>]*)>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)(</c>|<v ?/>|<v></v>)'
)
_REFERENCE: Final = re.compile(r"([A-Za-z]+)([0-9]+)")
_PIECES: Final = 100
"""Of an error value's text; expat hands text over in pieces."""
_LONGEST_CELL: Final = 1 << 22
"""Bytes. A sheet with a longer one is parsed, which takes it a piece at a time."""


def check_strings(archive: zipfile.ZipFile) -> None:
    """Raise FileProblem if the shared texts claim to be more than their part has room for.

    calamine sets memory aside by that claim, and aborts the process if there is not enough.
    """
    claims: list[str] = []

    def note(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "sst":
            claims.append(attributes.get("uniqueCount", "0"))

    for info in archive.infolist():
        if info.filename.lower().endswith("sharedstrings.xml"):
            parse(islice(blocks(archive, info), 1), note, whole=False)
            if any(not claim.isdecimal() or int(claim) > info.file_size for claim in claims):
                raise FileProblem(ProblemCode.DAMAGED)


def sheet_facts(archive: zipfile.ZipFile, sheet: str, limits: Limits) -> SheetFacts:
    """Return the facts of a sheet; raises FileProblem for what is too large or malformed."""
    found = _part_of(archive, sheet)
    try:
        return _searched(blocks(archive, found), limits)
    except _NotPlainError:
        return _parsed(blocks(archive, found), limits)


class _NotPlainError(Exception):
    """The sheet is to be parsed."""


def _searched(content: Iterable[bytes], limits: Limits) -> SheetFacts:
    facts = SheetFacts()
    for block in _whole_cells(content):
        found = _ROW_OF_CELL.findall(block)
        # What is quick to see says for nearly every block that there is no need to search it.
        looks_plain = (
            block.count(b"<c") == len(found)
            and block.count(b' r="') == len(found) + block.count(b'<row r="')
            and b":c" not in block
            and b"<!" not in block
        )
        if not looks_plain and (_NOT_PLAIN.search(block) or _SECOND_PLACE.search(block)):
            raise _NotPlainError
        if b"/>" in block:
            block = _EMPTY_CELL.sub(b"", block)  # noqa: PLW2901
            found = _ROW_OF_CELL.findall(block)
        rows = max(map(int, found), default=0)
        facts.reach(rows, _columns(block, facts.columns), limits)
        if b' hidden="' in block:
            facts.hidden_rows += len(_HIDDEN_ROW.findall(block))
        if b' t="e"' in block:
            for letters, row, text in _ERROR.findall(block):
                facts.mark(int(row) - 1, column_index(letters.decode()), text.decode())
        if b"<f" in block:
            for letters, row, attributes, value in _NO_RESULT.findall(block):
                # A value of text may be empty; any other was never calculated.
                if value == b"</c>" or b' t="str"' not in attributes:
                    facts.mark(int(row) - 1, column_index(letters.decode()))
    return facts


def _whole_cells(content: Iterable[bytes]) -> Iterator[bytes]:
    """Cut the content where a cell begins, or at least a tag."""
    rest = b""
    for block in content:
        block = rest + block  # noqa: PLW2901
        cut = block.rfind(b"<c ")
        if cut <= 0:
            cut = max(0, block.rfind(b"<"))
        rest = block[cut:]
        if len(rest) > _LONGEST_CELL:
            raise _NotPlainError
        yield block[:cut]
    yield rest


def _columns(block: bytes, known: int) -> int:
    """Return how many columns the cells need, if so far they needed `known`."""
    while known < 26:
        found = _beyond(known).search(block)
        if found is None:
            return known
        known = column_index(found[1].decode()) + 1
    wide = set(_WIDE_CELL.findall(block))
    return max((column_index(letters.decode()) + 1 for letters in wide), default=known)


@functools.cache
def _beyond(known: int) -> re.Pattern[bytes]:
    """Find a cell to the right of the first `known` columns, which are fewer than 26."""
    first = chr(ord("A") + known).encode()
    return re.compile(rb'<c r="([%b-Z]|[A-Z]{2,})[0-9]' % first)


class _Parser:
    """Collects the facts of a sheet written in any way XML allows."""

    def __init__(self, limits: Limits) -> None:
        self.facts = SheetFacts()
        self._limits = limits
        self._row = self._column = self._cell_row = -1
        self._kind = ""
        self._formula = self._value = False
        self._text: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match local(name):
            case "row":
                self._row = int(attributes.get("r", self._row + 2)) - 1
                self._column = -1
                self.facts.hidden_rows += attributes.get("hidden") in ("1", "true")
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
        if "r" in attributes:
            place = _REFERENCE.fullmatch(attributes["r"])
            if place is None:
                raise FileProblem(ProblemCode.DAMAGED)
            self._column, self._cell_row = column_index(place[1].upper()), int(place[2]) - 1
        self._kind = attributes.get("t", "")
        self._formula = self._value = False
        self._text = None

    def _reach(self) -> None:
        # A cell may be said to be in another row than it is in; what follows it is in this one.
        rows = max(self._row, self._cell_row) + 1
        self.facts.reach(rows, self._column + 1, self._limits)

    def text(self, text: str) -> None:
        if self._text is not None and len(self._text) < _PIECES:
            self._text.append(text)

    def end(self, name: str) -> None:
        if local(name) != "c":
            return
        text = "".join(self._text or ())
        if self._kind == "e":
            self.facts.mark(self._cell_row, self._column, text)
        elif self._formula and not (text or (self._value and self._kind == "str")):
            self.facts.mark(self._cell_row, self._column)
        self._text = None


def _parsed(content: Iterable[bytes], limits: Limits) -> SheetFacts:
    collector = _Parser(limits)
    parse(content, collector.start, collector.end, collector.text)
    return collector.facts


def _part_of(archive: zipfile.ZipFile, sheet: str) -> zipfile.ZipInfo:
    """Find the part that holds a sheet, by the workbook's list and its relations.

    What calamine might understand otherwise is refused: it must not read another part than this.
    """
    try:
        roots = _relations(archive, "_rels/.rels")
        if [path.lstrip("/") for kind, path in roots.values() if kind == "officeDocument"] != [
            _WORKBOOK
        ]:
            raise FileProblem(ProblemCode.DAMAGED)
        _, path = _relations(archive, _RELATIONS)[_sheets(archive)[sheet]]
        return part(archive, path[1:] if path.startswith("/") else f"xl/{path}")
    except (KeyError, ValueError):
        raise FileProblem(ProblemCode.DAMAGED) from None


def _relations(archive: zipfile.ZipFile, name: str) -> dict[str, tuple[str, str]]:
    """Return the relations of a part (ECMA-376 part 2, 8.3): id -> kind and target."""
    relations: dict[str, tuple[str, str]] = {}

    def note(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship":
            kind = attributes.get("Type", "").rpartition("/")[2]
            _add(relations, attributes["Id"], (kind, attributes["Target"]))

    parse(blocks(archive, part(archive, name)), note)
    return relations


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the workbook's sheets: name -> id of its relation."""
    sheets: dict[str, str] = {}

    def note(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "sheet":
            (relation,) = [value for key, value in attributes.items() if local(key) == "id"]
            _add(sheets, attributes["name"], relation)

    parse(blocks(archive, part(archive, _WORKBOOK)), note)
    return sheets


def _add(known: dict[str, Value], key: str, value: Value) -> None:
    if key in known:
        raise FileProblem(ProblemCode.DAMAGED)
    known[key] = value
