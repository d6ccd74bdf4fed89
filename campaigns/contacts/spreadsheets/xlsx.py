"""Facts of one sheet of an XLSX file (ECMA-376, SpreadsheetML), read from its XML in one go.

Nearly all programs write a sheet plainly, every cell beginning `<c r="B7"`, and for those a few
patterns over the bytes do, several times faster than a parser; any other sheet is parsed.
"""

import functools
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Final

from campaigns.contacts.spreadsheets.archive import blocks
from campaigns.contacts.spreadsheets.facts import SheetFacts, column_index
from campaigns.contacts.spreadsheets.markup import local, parse
from campaigns.contacts.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.contacts.spreadsheets.reading import Limits

_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"

_NOT_PLAIN: Final = re.compile(rb'<(?:[\w.-]+:c(?=[\s/>])|c(?=[\s/>])(?! r="[A-Z]+[0-9]+")|!)|\0')
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
_REFERENCE: Final = re.compile(r"([A-Z]+)([0-9]+)")
_PIECES: Final = 100
"""Of an error value's text; expat hands text over in pieces."""
_LONGEST_CELL: Final = 1 << 22
"""Bytes. A sheet with a longer one is parsed, which takes it a piece at a time."""


def sheet_facts(archive: zipfile.ZipFile, sheet: str, limits: Limits) -> SheetFacts:
    """Return the facts of a sheet; raises FileProblem for what is too large or malformed."""
    part = _part_of(archive, sheet)
    try:
        return _searched(blocks(archive, part), limits)
    except _NotPlainError:
        return _parsed(blocks(archive, part), limits)


class _NotPlainError(Exception):
    """The sheet is to be parsed."""


def _searched(content: Iterable[bytes], limits: Limits) -> SheetFacts:
    facts = SheetFacts()
    for block in _whole_cells(content):
        found = _ROW_OF_CELL.findall(block)
        # What is quick to see says for nearly every block that there is no need to search it.
        looks_plain = block.count(b"<c") == len(found) and b":c" not in block and b"<!" not in block
        if not looks_plain and _NOT_PLAIN.search(block):
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
        self._row = self._column = -1
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
        place = _REFERENCE.fullmatch(attributes.get("r", ""))
        if place:
            self._column, self._row = column_index(place[1]), int(place[2]) - 1
        self._kind = attributes.get("t", "")
        self._formula = self._value = False
        self._text = None

    def _reach(self) -> None:
        self.facts.reach(self._row + 1, self._column + 1, self._limits)

    def text(self, text: str) -> None:
        if self._text is not None and len(self._text) < _PIECES:
            self._text.append(text)

    def end(self, name: str) -> None:
        if local(name) != "c":
            return
        text = "".join(self._text or ())
        if self._kind == "e":
            self.facts.mark(self._row, self._column, text)
        elif self._formula and not (text or (self._value and self._kind == "str")):
            self.facts.mark(self._row, self._column)
        self._text = None


def _parsed(content: Iterable[bytes], limits: Limits) -> SheetFacts:
    collector = _Parser(limits)
    parse(content, collector.start, collector.end, collector.text)
    return collector.facts


def _part_of(archive: zipfile.ZipFile, sheet: str) -> zipfile.ZipInfo:
    """Find the part that holds a sheet, by the workbook's list and its relations."""
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship":
            targets[attributes["Id"]] = attributes["Target"]

    def listed(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "sheet":
            relations = [v for k, v in attributes.items() if local(k) == "id"]
            sheets[attributes["name"]] = relations[0]

    try:
        parse(blocks(archive, archive.getinfo(_RELATIONS)), relation)
        parse(blocks(archive, archive.getinfo(_WORKBOOK)), listed)
        target = targets[sheets[sheet]]
        path = target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
        return archive.getinfo(posixpath.normpath(path))
    except (KeyError, IndexError):
        raise FileProblem(ProblemCode.DAMAGED) from None
