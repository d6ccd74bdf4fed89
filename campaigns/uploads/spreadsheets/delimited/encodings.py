"""The bytes of a text file as text, in any program's encoding, without losing a character."""

import codecs
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final, NoReturn

from campaigns.uploads.spreadsheets.delimited.code_pages import LOSSLESS, guess_code_page
from campaigns.uploads.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.uploads.spreadsheets.reading import Limits

ENCODINGS: Mapping[str, str] = MappingProxyType(
    {
        "utf-8": "UTF-8",
        "windows-1252": "Windows-1252",
        "windows-1250": "Windows-1250 (Central European)",
        "iso-8859-15": "ISO-8859-15 (Latin 9)",
        "cp850": "Code page 850 (DOS)",
        "mac-roman": "Mac Roman",
        "utf-16-le": "UTF-16 (little-endian)",
        "utf-16-be": "UTF-16 (big-endian)",
    }
)
"""The encodings that can be chosen, and their names for people."""

DELIMITERS: Final = (",", ";", "\t", "|")
"""The delimiters that are guessed, the most likely first."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_BLOCK: Final = 1 << 18
_LONGEST_LINE: Final = 1 << 17
"""Bytes. No list has a line this long, and it would be held in memory whole."""

_ENOUGH_WELL: Final = 100
"""Readable characters that UTF-16 must have for each character that can't be read."""
_FEWEST_NUL: Final = 0.1
_LATIN_TO_ARABIC: Final = 0x0600
_PARTS_OF_MARK: Final = (codecs.BOM_UTF8[:2], codecs.BOM_UTF8[:1])


def _as_latin_1(error: UnicodeError) -> tuple[str, int]:
    """Decode the bytes that Windows-1252 and -1250 leave undefined to C1 controls, as the WHATWG does.

    The Encoding Standard's indexes map each of these bytes to the character with the same number.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error(LOSSLESS, _as_latin_1)


class Watched(io.BufferedIOBase):
    """A file that counts the bytes read, and refuses blocks whose content can't be that of a list."""

    def __init__(self, raw: BinaryIO, encoding: str, limits: Limits, delimiter: str = "") -> None:
        """Read `raw` from its start. A byte-order mark is left out.

        With a delimiter, blocks whose lines have too many cells are refused: a batch of 500 such lines would
        take up much memory before any of it could be checked.
        """
        self._delimiter = delimiter.encode()
        self._raw = raw
        self._limits = limits
        self._is_utf_16 = encoding.startswith("utf-16")
        self._rest = b""
        self._since_line_break = 0
        self.bytes_read = 0

    def readable(self) -> bool:
        """Return True, as `TextIOWrapper` asks for it."""
        return True

    def read1(self, size: int = -1, /) -> bytes:
        """Return the next block, whatever `size` is; empty at the end. Raises FileProblem."""
        block = self._raw.read(_BLOCK)
        if not self._is_utf_16 and b"\0" in block:
            raise FileProblem(ProblemCode.NUL_BYTES)
        after_break = len(block) - 1 - max(block.rfind(b"\n"), block.rfind(b"\r"))
        if after_break == len(block):
            self._since_line_break += after_break
        else:
            self._since_line_break = after_break
        if self._since_line_break > _LONGEST_LINE:
            self._refuse_line(block)
        if self._delimiter:
            self._refuse_many_cells(block)
        if not self.bytes_read:
            block = _without_mark(block)
        self.bytes_read = self._raw.tell()
        return block if self._is_utf_16 else self._without_marks(block)

    def _without_marks(self, block: bytes) -> bytes:
        """Drop byte-order marks further down, which remain where files were joined."""
        is_end = not block
        block = self._rest + block
        if codecs.BOM_UTF8 in block:
            block = block.replace(codecs.BOM_UTF8, b"")
        self._rest = b""
        if block.endswith(_PARTS_OF_MARK) and not is_end:
            at = block.rindex(codecs.BOM_UTF8[:1])
            block, self._rest = block[:at], block[at:]
        return block if block or is_end else self.read1()

    def _refuse_many_cells(self, block: bytes) -> None:
        lines = block.count(b"\n") + block.count(b"\r") + 2
        if block.count(self._delimiter) > lines * self._limits.columns:
            raise FileProblem(ProblemCode.TOO_MANY_COLUMNS, limit=self._limits.columns)

    def _refuse_line(self, block: bytes) -> NoReturn:
        """Raise FileProblem for a long line: TOO_MANY_COLUMNS for too many cells, else LINE_TOO_LONG."""
        delimiters = max(block.count(delimiter.encode()) for delimiter in DELIMITERS)
        if delimiters > self._limits.columns:
            raise FileProblem(ProblemCode.TOO_MANY_COLUMNS, limit=self._limits.columns)
        raise FileProblem(ProblemCode.LINE_TOO_LONG, limit=_LONGEST_LINE)


def _without_mark(block: bytes) -> bytes:
    for mark, _ in _MARKS:
        if block.startswith(mark):
            return block.removeprefix(mark)
    return block


@contextmanager
def open_text(
    path: Path, encoding: str, limits: Limits, delimiter: str = ""
) -> Iterator[tuple[io.TextIOWrapper, Watched]]:
    """Open a file as text, with line ends untranslated, and with the object that counts the bytes read.

    Bytes that can't be read become U+FFFD (see `guess_encoding`). Raises FileProblem (NUL_BYTES,
    LINE_TOO_LONG, TOO_MANY_COLUMNS).
    """
    encoding = known_encoding(encoding)
    errors = "replace" if encoding.startswith("utf") else LOSSLESS
    with path.open("rb") as raw:
        watched = Watched(raw, encoding, limits, delimiter)
        yield io.TextIOWrapper(watched, encoding, errors, newline=""), watched  # type: ignore[arg-type]


def known_encoding(name: str) -> str:
    """Return the key in `ENCODINGS` of an encoding given by any name that Python knows ("cp1252", "UTF8").

    Raises FileProblem (WRONG_ENCODING) for an encoding that is not in `ENCODINGS`.
    """
    with suppress(LookupError):
        wanted = codecs.lookup(name).name
        for encoding in ENCODINGS:
            if codecs.lookup(encoding).name == wanted:
                return encoding
    raise FileProblem(ProblemCode.WRONG_ENCODING, encoding="the encoding chosen")


def guess_encoding(path: Path, limits: Limits) -> tuple[str, bool]:
    """Return the encoding, and whether the whole file can be read in it.

    The byte-order mark decides, then the pattern of NUL bytes, then whether the file is UTF-8. Otherwise
    the encoding is one of single bytes. Reads the whole file. Raises FileProblem (NUL_BYTES, LINE_TOO_LONG,
    WRONG_ENCODING).
    """
    with path.open("rb") as raw:
        head = raw.read(1 << 12)
    guess = utf_16(head) or "utf-8"
    damage = _damage(path, guess, limits)
    if damage.is_bearable:
        return guess, not damage.unreadable
    if guess == "utf-8":
        return guess_code_page(path), True
    raise FileProblem(ProblemCode.WRONG_ENCODING, encoding=ENCODINGS[guess])


def checked_encoding(path: Path, name: str, limits: Limits) -> tuple[str, bool]:
    """Return the chosen encoding, and whether the whole file can be read in it.

    Raises FileProblem (WRONG_ENCODING) if so much can't be read that the file must be in another encoding.
    """
    encoding = known_encoding(name)
    damage = _damage(path, encoding, limits) if encoding.startswith("utf") else _Damage()
    if not damage.is_bearable:
        raise FileProblem(ProblemCode.WRONG_ENCODING, encoding=ENCODINGS[encoding])
    return encoding, not damage.unreadable


def utf_16(head: bytes) -> str | None:
    """Return "utf-16-le" or "utf-16-be" if a file's first bytes are UTF-16, else None.

    The byte-order mark decides, else every other byte. Without a mark, digits, separators and Western
    letters have NUL as one of their two bytes, and hardly any letter of a European language has NUL as the
    other.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding if encoding != "utf-8" else None
    half = len(head) // 2
    first, second = head[::2].count(0), head[1::2].count(0)
    if max(first, second) < max(1, half * _FEWEST_NUL) or min(first, second) * 10 > max(
        first, second
    ):
        return None
    encoding = "utf-16-le" if second > first else "utf-16-be"
    text = head[: half * 2].decode(encoding, "replace")
    usual = sum(ord(character) < _LATIN_TO_ARABIC for character in text)
    return encoding if usual > len(text) * 0.9 else None


@dataclass(frozen=True, slots=True)
class _Damage:
    """The amount of a file that can't be read in a Unicode encoding."""

    unreadable: int = 0
    well: int = 0
    """Number of characters that support the encoding: in UTF-8, those of several bytes."""
    enough: int = 1
    """Number of these that are needed for each character that can't be read."""

    @property
    def is_bearable(self) -> bool:
        return not self.unreadable or self.well >= self.unreadable * self.enough


def _damage(path: Path, encoding: str, limits: Limits) -> _Damage:
    try:
        for _ in _decoded(path, encoding, limits, "strict"):
            pass
    except UnicodeDecodeError:
        pass
    else:
        return _Damage()
    unreadable = well = 0
    is_utf_8 = encoding == "utf-8"
    for text in _decoded(path, encoding, limits, "replace"):
        lost = text.count("\N{REPLACEMENT CHARACTER}")
        unreadable += lost
        well += (len(_NOT_ASCII.findall(text)) if is_utf_8 else len(text)) - lost
    return _Damage(unreadable, well, 1 if is_utf_8 else _ENOUGH_WELL)


def _decoded(path: Path, encoding: str, limits: Limits, errors: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    with path.open("rb") as raw:
        watched = Watched(raw, encoding, limits)
        while block := watched.read1():
            yield decoder.decode(block)
        yield decoder.decode(b"", final=True)
