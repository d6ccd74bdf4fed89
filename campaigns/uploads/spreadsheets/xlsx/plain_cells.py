"""Facts about a plainly written sheet of an XLSX file, found by patterns over its bytes.

Nearly all programs write plainly: every cell begins `<c r="B7"`, or `<x:c r="B7"` with one prefix
throughout. No pattern may match across the end of a tag, because a hostile tag could then make the
search take forever.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Final

from campaigns.uploads.spreadsheets.dates_and_times import NO_FORMATS, Formats, Shows
from campaigns.uploads.spreadsheets.facts import TEXT_BYTES, SheetFacts, column_index
from campaigns.uploads.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.uploads.spreadsheets.reading import Limits
from campaigns.uploads.spreadsheets.table import column_letters

_PREFIX: Final = re.compile(rb"<(\w{1,20}:)worksheet[\s>]")
_PLACE: Final = re.compile(rb'<c r="([A-Z]{1,9})([0-9]{1,9})"')
_EMPTY: Final = rb"""[^<>"']*(?:"[^<>"]*"[^<>"']*){0,20}/>"""
"""The rest of a cell that has only a format. calamine leaves such a cell out, so it doesn't count."""
_FILLED: Final = re.compile(rb'<c r="([A-Z]{1,9})([0-9]{1,9})"(?!%b)' % _EMPTY)
_NOT_PLAIN: Final = re.compile(rb'<c(?=[\s/>])(?! r="[A-Z]{1,9}[0-9]{1,9}")')
_SECOND_PLACE: Final = re.compile(rb'<c r="[^<>]{0,300}?\sr="')
_HIDDEN_ROW: Final = re.compile(rb'<row\b[^<>]{0,500}? hidden="(?:1|true)"')
_ERROR: Final = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"[^<>]{0,200}? t="e"[^<>]{0,200}>'
    rb"(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?<v>([^<]{0,200})</v>"
)
_NO_RESULT: Final = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"([^<>]*)>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)(</c>|<v ?/>|<v></v>)'
)
_HIDDEN_COLUMNS: Final = re.compile(rb'<col\b[^<>]{0,500}? hidden="(?:1|true)"[^<>]{0,500}>')
_FIRST_AND_LAST: Final = (re.compile(rb' min="([0-9]{1,9})"'), re.compile(rb' max="([0-9]{1,9})"'))
_SERIALS: Final = {
    # Patterns for the numbers that `Formats.mark` may mark, and few others.
    Shows.DAY: rb"-[^<]{1,40}|(?:0|60)(?:\.[0-9]{0,40})?",
    Shows.ELAPSED: rb"-[^<]{1,40}",
    Shows.BOTH: rb"-[^<]{1,40}|[0-9]{1,40}(?:\.(?:[09]{5}[0-9]{0,40}|0{0,4}))?|60\.[0-9]{1,40}",
    Shows.CLOCK: rb"(?!0\.[0-9]{1,40}<)[^<]{1,40}",
}
_MOMENT: Final = (
    rb'<c r="([A-Z]+)([0-9]+)"%b s="(%b)"%b>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?<v>(%b)</v>'
)
_ANOTHER_ORDER: Final = re.compile(
    rb'<c r="[A-Z]+[0-9]+"(?! s="[0-9]+"(?: t="[A-Za-z]+")?/?>)(?! t="[A-Za-z]+"/?>)(?!/?>)'
)
"""A cell with more attributes than a format and a kind, or with these two in the other order."""
_NUMBER_IN_ANY_ORDER: Final = rb'(?![^<>]{0,400} t="[^n])[^<>]{0,200}?'
_LONGEST_CELL: Final = 1 << 22
"""Bytes. A sheet with a longer cell is parsed, because the parser takes a cell in pieces."""
_TAGS: Final = 12
"""Tags allowed for each of `limits.cells`. A cell has eight tags at most, and its row two more."""


class NotPlainError(Exception):
    """The sheet is not written plainly and has to be parsed."""


def searched(
    content: Iterable[bytes],
    limits: Limits,
    unpacked_bytes: int = 0,
    formats: Formats = NO_FORMATS,
) -> SheetFacts:
    """Return the facts of a sheet. Raises FileProblem, and NotPlainError if the sheet is not plain.

    If `unpacked_bytes` is given, a sheet with too much text is refused as soon as that is certain.
    """
    facts = SheetFacts(unpacked_bytes=unpacked_bytes)
    moments = _Moments(formats)
    tags = 0
    for block in whole_cells(content):
        cells = block.count(b'<c r="')
        tags += block.count(b"<")
        facts.written += cells
        _check_counts(tags, facts.written, limits)
        facts.text_bytes += TEXT_BYTES * (block.count(b't="s') + block.count(b"<is"))
        # Searching for one byte is ten times as fast as for two, and most sheets have neither byte.
        if (b":" in block and b":c" in block) or (b"!" in block and b"<!" in block):
            raise NotPlainError
        if b"\0" in block:
            raise NotPlainError
        if not cells and b"<c" not in block:
            _note_hidden(block, facts)
            continue
        _reach(block, facts, limits)
        is_single = block.count(b' r="') == cells + block.count(b'<row r="')
        if not is_single and _SECOND_PLACE.search(block):
            raise NotPlainError
        _note_hidden(block, facts)
        _mark(block, facts)
        moments.mark(block, facts)
    return facts


def _check_counts(tags: int, written: int, limits: Limits) -> None:
    """Refuse too many tags or cells: each takes time and memory, however small the sheet's rectangle is."""
    if tags > limits.cells * _TAGS:
        raise FileProblem(ProblemCode.ZIP_BOMB)
    if written > limits.cells:
        raise FileProblem(ProblemCode.TOO_MANY_CELLS, cells=written, limit=limits.cells)


def whole_cells(content: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the content of a sheet in blocks that end before a cell, or at least before a tag.

    The prefix of tags is removed. Raises NotPlainError for a cell that is too long.
    """
    rest = prefix = b""
    for number, block in enumerate(content):
        if not number:
            found = _PREFIX.search(block)
            prefix = found[1] if found else b""
        block = rest + block  # noqa: PLW2901
        cut = block.rfind(b"<%bc " % prefix)
        if cut < 0:
            cut = max(0, block.rfind(b"<"))
        rest = block[cut:]
        if len(rest) > _LONGEST_CELL:
            raise NotPlainError
        yield _without(prefix, block[:cut])
    yield _without(prefix, rest)


def _without(prefix: bytes, block: bytes) -> bytes:
    if not prefix:
        return block
    return block.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</")


def _reach(block: bytes, facts: SheetFacts, limits: Limits) -> None:
    """Note how far the filled cells of a block reach.

    Most rows are as wide as the rows before, and the last row is the farthest down. So one search for a cell
    outside these bounds usually makes it unnecessary to look at each cell.
    """
    last = _PLACE.match(block, max(0, block.rfind(b"<c ", 0, max(0, block.rfind(b"</c>")))))
    rows = max(facts.rows, int(last[2]) if last else 0)
    if facts.columns and rows and _outside(facts.columns, rows).search(block) is None:
        facts.reach(rows, facts.columns, limits)
        return
    if _NOT_PLAIN.search(block):
        raise NotPlainError
    places = _FILLED.findall(block)
    letters = {letters for letters, _ in places}
    facts.reach(
        max((int(row) for row in {row for _, row in places}), default=0),
        max((column_index(letter.decode()) + 1 for letter in letters), default=0),
        limits,
    )


def _outside(columns: int, rows: int) -> re.Pattern[bytes]:
    """Return a pattern for a filled cell that is not plainly within the first columns and rows."""
    inside = rb'(?! r="%b%b")' % (_columns_up_to(columns), _up_to(b"%d" % rows, b"09"))
    return re.compile(rb"<c(?=[\s/>])" + inside + rb"(?!%b)" % _EMPTY)


@functools.cache
def _columns_up_to(columns: int) -> bytes:
    return _up_to(column_letters(columns - 1).encode(), b"AZ")


def _up_to(last: bytes, alphabet: bytes) -> bytes:
    """Return a pattern for all texts up to `last`, where shorter texts come first."""
    first, every = alphabet[:1], b"[%b-%b]" % (alphabet[:1], alphabet[1:])
    options = [
        last[:at] + b"[%b-%c]%b{%d}" % (first, last[at] - 1, every, len(last) - at - 1)
        for at in range(len(last))
        if last[at] > first[0]
    ]
    shorter = [b"%b{1,%d}" % (every, len(last) - 1)] if len(last) > 1 else []
    return b"(?:%b)" % b"|".join([*options, last, *shorter])


def _note_hidden(block: bytes, facts: SheetFacts) -> None:
    if b' hidden="' in block:
        facts.hidden_rows += len(_HIDDEN_ROW.findall(block))
        if b"<col " in block:
            for tag in _HIDDEN_COLUMNS.findall(block):
                first, last = (pattern.search(tag) for pattern in _FIRST_AND_LAST)
                if first and last:
                    facts.hide(int(first[1]) - 1, int(last[1]) - 1)


def _mark(block: bytes, facts: SheetFacts) -> None:
    if b' t="e"' in block:
        for letters, row, text in _ERROR.findall(block):
            facts.mark(int(row) - 1, column_index(letters.decode()), text.decode(errors="replace"))
    if b"<f" in block:
        for letters, row, attributes, value in _NO_RESULT.findall(block):
            # The result of a formula may be an empty text. Any other empty value was never calculated.
            if value == b"</c>" or b' t="str"' not in attributes:
                facts.mark(int(row) - 1, column_index(letters.decode()))


class _Moments:
    """Patterns for the cells whose dates or times calamine does not return correctly."""

    def __init__(self, formats: Formats) -> None:
        self._formats = formats
        self._plain: list[re.Pattern[bytes]] = []
        self._in_any_order: list[re.Pattern[bytes]] = []
        for shows, serials in _SERIALS.items():
            among = [b"%d" % index for index, found in formats.shows.items() if found is shows]
            if among:
                styles = b"|".join(among)
                self._plain.append(re.compile(_MOMENT % (b"", styles, b'(?: t="n")?', serials)))
                any_order = (_NUMBER_IN_ANY_ORDER, styles, b"[^<>]{0,200}", serials)
                self._in_any_order.append(re.compile(_MOMENT % any_order))

    def mark(self, block: bytes, facts: SheetFacts) -> None:
        """Mark the cells of a block. Raises NotPlainError."""
        if not self._plain:
            return
        is_plain = _ANOTHER_ORDER.search(block) is None
        for pattern in self._plain if is_plain else self._in_any_order:
            _mark_moments(pattern.findall(block), self._formats, facts)


def _mark_moments(
    cells: list[tuple[bytes, bytes, bytes, bytes]], formats: Formats, facts: SheetFacts
) -> None:
    for letters, row, cell_format, serial in cells:
        try:
            mark = formats.mark(int(cell_format), float(serial))
        except ValueError:
            raise NotPlainError from None
        if mark:
            facts.mark(int(row) - 1, column_index(letters.decode()), mark)
