"""Bytes of a text file -> text, whatever program wrote it, and nothing dropped on the way."""

import codecs
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final, NoReturn

from campaigns.contacts.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.contacts.spreadsheets.reading import Limits

ENCODINGS: Mapping[str, str] = MappingProxyType(
    {
        "utf-8": "UTF-8",
        "windows-1252": "Windows-1252",
        "utf-16-le": "UTF-16 (little-endian)",
        "utf-16-be": "UTF-16 (big-endian)",
    }
)
"""The encodings that can be chosen, and their names for people."""

DELIMITERS: Final = (",", ";", "\t", "|")
"""Those looked for, the likelier first."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BLOCK: Final = 1 << 18
_LONGEST_LINE: Final = 1 << 17
"""Bytes. Nothing of a line this long is a list, and it would be held in memory whole."""

_LOSSLESS: Final = "portal.windows-1252"


def _as_latin_1(error: UnicodeError) -> tuple[str, int]:
    """Decode the five bytes that Windows-1252 leaves undefined as the WHATWG does: to C1 controls.

    The Encoding Standard's index for windows-1252 maps each byte to the character of its number.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error(_LOSSLESS, _as_latin_1)


class Watched(io.BufferedIOBase):
    """A file that counts what is read and refuses what no list has, looking at blocks only."""

    def __init__(self, raw: BinaryIO, encoding: str, limits: Limits, delimiter: str = "") -> None:
        """Read `raw` from its start; a byte-order mark is left out.

        With a delimiter, blocks in which lines have too many cells are refused: half a thousand
        such lines make a batch that takes up much memory before anything is seen of it.
        """
        self._delimiter = delimiter.encode()
        self._raw = raw
        self._limits = limits
        self._has_nul_bytes = encoding.startswith("utf-16")
        self._since_line_break = 0
        self.bytes_read = 0

    def readable(self) -> bool:
        """Tell `TextIOWrapper` that this can be read."""
        return True

    def read1(self, size: int = -1, /) -> bytes:
        """Return the next block, of a size of its own choice; empty at the end."""
        block = self._raw.read(_BLOCK)
        if not self._has_nul_bytes and b"\0" in block:
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
        return block

    def _refuse_many_cells(self, block: bytes) -> None:
        lines = block.count(b"\n") + block.count(b"\r") + 2
        if block.count(self._delimiter) > lines * self._limits.columns:
            raise FileProblem(ProblemCode.TOO_MANY_COLUMNS, limit=self._limits.columns)

    def _refuse_line(self, block: bytes) -> NoReturn:
        """Say whether a line is too long for its columns or only for its length."""
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
    """Open a file as text, line ends untranslated, with the watch that tells how far it is read.

    Reading it raises FileProblem (WRONG_ENCODING, NUL_BYTES, LINE_TOO_LONG).
    """
    encoding = known_encoding(encoding)
    errors = _LOSSLESS if encoding == "windows-1252" else "strict"
    with path.open("rb") as raw:
        watched = Watched(raw, encoding, limits, delimiter)
        try:
            yield io.TextIOWrapper(watched, encoding, errors, newline=""), watched  # type: ignore[arg-type]
        except UnicodeDecodeError:
            # Without its cause, whose text quotes the file.
            wrong = FileProblem(ProblemCode.WRONG_ENCODING, encoding=ENCODINGS[encoding])
            raise wrong from None


def known_encoding(name: str) -> str:
    """Return the name here of an encoding called anything Python knows ("cp1252", "UTF8").

    Raises FileProblem (WRONG_ENCODING) for one that is not among `ENCODINGS`.
    """
    with suppress(LookupError):
        wanted = codecs.lookup(name).name
        for encoding in ENCODINGS:
            if codecs.lookup(encoding).name == wanted:
                return encoding
    raise FileProblem(ProblemCode.WRONG_ENCODING, encoding="the encoding chosen")


def guess_encoding(path: Path, limits: Limits) -> str:
    """Return the encoding: by its mark, by the pattern of NUL bytes, else by trying UTF-8.

    Windows-1252 is what is left: all bytes are something in it. Reads the whole file once; raises
    FileProblem (NUL_BYTES, LINE_TOO_LONG, WRONG_ENCODING).
    """
    with path.open("rb") as raw:
        head = raw.read(1 << 12)
    guess = _by_mark(head) or _by_nul_bytes(head) or "utf-8"
    if guess == "utf-8":
        return guess if _decodes(path, guess, limits) else "windows-1252"
    if not _decodes(path, guess, limits):
        raise FileProblem(ProblemCode.WRONG_ENCODING, encoding=ENCODINGS[guess])
    return guess


def _by_mark(head: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)


def _by_nul_bytes(head: bytes) -> str | None:
    """Tell UTF-16 without a mark: of Western text every other byte is NUL."""
    half = len(head) // 2
    first, second = head[::2].count(0), head[1::2].count(0)
    if half and second > half * 0.4 and first < half * 0.1:
        return "utf-16-le"
    if half and first > half * 0.4 and second < half * 0.1:
        return "utf-16-be"
    return None


def _decodes(path: Path, encoding: str, limits: Limits) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as raw:
        watched = Watched(raw, encoding, limits)
        try:
            while block := watched.read1():
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
