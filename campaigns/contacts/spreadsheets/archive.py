"""The ZIP archive that an XLSX or ODS file is: looked through before anything unpacks it."""

import copy
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from campaigns.contacts.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.contacts.spreadsheets.reading import Limits

BLOCK: Final = 1 << 20

_RATIO_COUNTS_FROM: Final = 50_000_000
"""Unpacked bytes; below, a high ratio does no harm and honest sheets have it."""

_LONGEST_DIRECTORY: Final = 1 << 20
_TAIL: Final = 1 << 17
_MALFORMED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


@contextmanager
def open_archive(path: Path, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """Open an archive whose parts are, truly, no larger together than they may be.

    Raises FileProblem: ZIP_BOMB by what the directory declares, DAMAGED if it lies or if anything
    read inside the context is malformed.
    """
    try:
        _check_directory_size(path)
        with zipfile.ZipFile(path) as archive:
            _check_sizes(archive, path.stat().st_size, limits)
            for info in archive.infolist():
                for _ in blocks(archive, info):
                    pass
            yield archive
    except _MALFORMED:
        raise FileProblem(ProblemCode.DAMAGED) from None


def blocks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content of a part; raises FileProblem if it is larger than declared.

    `zipfile` stops at the declared size, and other readers don't: asking for one byte more shows
    whether there is more.
    """
    asked = copy.copy(info)
    asked.file_size += 1
    unpacked = 0
    with archive.open(asked) as part:
        while block := part.read(BLOCK):
            unpacked += len(block)
            if unpacked > info.file_size:
                raise FileProblem(ProblemCode.DAMAGED)
            yield block


def _check_sizes(archive: zipfile.ZipFile, packed: int, limits: Limits) -> None:
    infos = archive.infolist()
    # Two parts of one name are never honest: which one counts would depend on who reads.
    if len({info.filename.lower() for info in infos}) < len(infos):
        raise FileProblem(ProblemCode.DAMAGED)
    unpacked = sum(info.file_size for info in infos)
    too_dense = unpacked > _RATIO_COUNTS_FROM and unpacked > packed * limits.ratio
    if unpacked > limits.unpacked_bytes or too_dense:
        raise FileProblem(ProblemCode.ZIP_BOMB)


def _check_directory_size(path: Path) -> None:
    """Refuse a directory of ten thousands of parts before it is read into objects.

    Its size is in the end record, and again in that of ZIP64 (APPNOTE.TXT 4.3.14 and 4.3.16).
    """
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read()
    for signature, offset, width in ((b"PK\5\6", 12, 4), (b"PK\6\6", 40, 8)):
        start = tail.rfind(signature)
        size = tail[start + offset : start + offset + width] if start >= 0 else b""
        unknown = width == 4 and size == b"\xff\xff\xff\xff"  # then ZIP64's counts
        if not unknown and int.from_bytes(size, "little") > _LONGEST_DIRECTORY:
            raise FileProblem(ProblemCode.ZIP_BOMB)
