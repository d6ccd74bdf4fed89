"""XML, a piece at a time and without anything that a document could ask of its reader."""

import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Final
from xml.parsers import expat

from campaigns.uploads.spreadsheets.archive import blocks
from campaigns.uploads.spreadsheets.problems import FileProblem, ProblemCode

_MOST_TAGS: Final = 5_000_000
_MOST_BYTES: Final = 150_000_000
"""A parser takes some three seconds for as much, and a refusal may take five."""


def limited(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content of a part that a parser is to read; raises FileProblem if it takes too long.

    That is known before the parser begins: unpacking and counting take a tenth of its time.
    """
    if info.file_size > _MOST_BYTES:
        raise FileProblem(ProblemCode.TOO_LONG_TO_PARSE)
    tags = 0
    for block in blocks(archive, info):
        tags += block.count(b"<")
        if tags > _MOST_TAGS:
            raise FileProblem(ProblemCode.TOO_LONG_TO_PARSE)
    yield from blocks(archive, info)


def parse(
    content: Iterable[bytes],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
    *,
    whole: bool = True,
) -> None:
    """Parse XML; a document type is refused, since only attacks define entities in a workbook."""
    parser = expat.ParserCreate()
    parser.buffer_text = True  # else a call for each line break
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for block in content:
            parser.Parse(block)
        if whole:
            parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError):
        # An unknown encoding is a LookupError, and so is a cell outside of every sheet.
        raise FileProblem(ProblemCode.DAMAGED) from None


def _refuse_doctype(*_: object) -> None:
    raise FileProblem(ProblemCode.DAMAGED)


def local(name: str) -> str:
    """Return a name without its prefix: programs choose prefixes freely."""
    return name.rpartition(":")[2]
