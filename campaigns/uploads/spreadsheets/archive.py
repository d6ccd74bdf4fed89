"""Checks of the ZIP archive that an XLSX or ODS file is, before anything unpacks it."""

import copy
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from campaigns.uploads.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.uploads.spreadsheets.reading import Limits

BLOCK: Final = 1 << 20

_RATIO_COUNTS_FROM: Final = 50_000_000
"""Unpacked bytes. In smaller files a high ratio is harmless, and honest sheets have it."""

_READ_IN_PIECES: Final = ("xl/worksheets/", "content.xml")
_STRINGS: Final = "xl/sharedstrings.xml"
_LONGEST_STRINGS: Final = 200_000_000
_LONGEST_OTHER: Final = 20_000_000
_LONGEST_LIST: Final = 5_000_000
"""Unpacked bytes of XML parts that are read whole: shared texts, other parts, and lists of sheets."""
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The methods with which programs pack workbooks. Others take ten times as long to unpack."""
_LONGEST_DIRECTORY: Final = 1 << 20
_TAIL: Final = 1 << 17
MALFORMED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""The exceptions that `zipfile` raises for a malformed archive."""


@contextmanager
def open_archive(path: Path, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """Open an archive whose parts, by its directory, are within the limits.

    The parts with the cells are not unpacked here. Whether they are as large as declared is checked when
    `blocks` reads them, which has to happen before calamine reads them. Raises FileProblem: ZIP_BOMB if the
    directory declares too much, DAMAGED if the directory is wrong or anything read inside the context is
    malformed.
    """
    packed = path.stat().st_size
    try:
        check_directory(path)
        with zipfile.ZipFile(path) as archive:
            _check_names(archive)
            _check_sizes(archive, packed, limits)
            for info in archive.infolist():
                if plain_name(info.filename).startswith((*_READ_IN_PIECES, _STRINGS)):
                    continue
                for _ in blocks(archive, info):
                    pass
            yield archive
    except MALFORMED:
        raise FileProblem(ProblemCode.DAMAGED) from None


def blocks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content of a part. Raises FileProblem if it is larger than declared.

    `zipfile` stops at the declared size, but other readers don't. Asking for one byte more shows whether
    there is more.
    """
    asked = copy.copy(info)
    asked.file_size += 1
    unpacked = 0
    with archive.open(asked) as file:
        while block := file.read(BLOCK):
            unpacked += len(block)
            if unpacked > info.file_size:
                raise FileProblem(ProblemCode.DAMAGED)
            yield block


def part(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """Return a part, found as calamine finds it: without regard to case. Raises KeyError."""
    return parts_by_name(archive)[plain_name(name)]


def parts_by_name(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the parts by their `plain_name`."""
    return {plain_name(info.filename): info for info in archive.infolist()}


def plain_name(name: str) -> str:
    """Return a part's name in the form in which names are compared."""
    return name.replace("\\", "/").lower()


def _check_names(archive: zipfile.ZipFile) -> None:
    """Refuse names that different readers could take for different parts."""
    names = [plain_name(name) for name in archive.namelist()]
    if len(set(names)) < len(names) or any("&" in name for name in names):
        raise FileProblem(ProblemCode.DAMAGED)


def _check_sizes(archive: zipfile.ZipFile, packed: int, limits: Limits) -> None:
    infos = archive.infolist()
    unpacked = sum(info.file_size for info in infos)
    too_dense = unpacked > _RATIO_COUNTS_FROM and unpacked > packed * limits.ratio
    too_long = any(info.file_size > _longest(plain_name(info.filename), limits) for info in infos)
    if unpacked > limits.unpacked_bytes or too_dense or too_long:
        raise FileProblem(ProblemCode.ZIP_BOMB)
    if any(info.compress_type not in _METHODS for info in infos):
        raise FileProblem(ProblemCode.DAMAGED)


def _longest(name: str, limits: Limits) -> int:
    """Return the most bytes that a part may have, unpacked. Pictures may be larger: they are never read."""
    if name.startswith(_READ_IN_PIECES) or not name.endswith((".xml", ".rels")):
        return limits.unpacked_bytes
    if name.endswith((".rels", "workbook.xml")):
        return _LONGEST_LIST
    return _LONGEST_STRINGS if name == _STRINGS else _LONGEST_OTHER


def check_directory(path: Path) -> None:
    """Refuse a directory of tens of thousands of parts before it is read into objects.

    The directory's size is in the end record, and again in that of ZIP64 (APPNOTE.TXT 4.3.14 and 4.3.16).
    """
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read()
    for signature, offset, width in ((b"PK\5\6", 12, 4), (b"PK\6\6", 40, 8)):
        start = tail.rfind(signature)
        size = tail[start + offset : start + offset + width] if start >= 0 else b""
        unknown = width == 4 and size == b"\xff\xff\xff\xff"  # the size is in the ZIP64 record
        if not unknown and int.from_bytes(size, "little") > _LONGEST_DIRECTORY:
            raise FileProblem(ProblemCode.ZIP_BOMB)
