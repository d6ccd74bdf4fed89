"""XML read in pieces, with nothing that lets a document make its reader do more than read."""

import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Final
from xml.parsers import expat

from campaigns.uploads.spreadsheets.archive import blocks
from campaigns.uploads.spreadsheets.problems import FileProblem, ProblemCode

_MOST_TAGS: Final = 5_000_000
_MOST_BYTES: Final = 150_000_000
"""A parser takes about three seconds for this much, and a refusal may take five."""


def limited(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content of a part for a parser. Raises FileProblem if parsing would take too long.

    This is known before the parser begins: unpacking and counting take a tenth of the parser's time.
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
    """Parse XML. A document type is refused, because in a workbook only attacks define entities."""
    parser = expat.ParserCreate()
    parser.buffer_text = True  # otherwise `text` is called for each line break
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
        # LookupError: an unknown encoding, or a handler that meets a cell outside of every sheet.
        raise FileProblem(ProblemCode.DAMAGED) from None


def _refuse_doctype(*_: object) -> None:
    raise FileProblem(ProblemCode.DAMAGED)


def local(name: str) -> str:
    """Return a name without its prefix, because programs choose prefixes freely."""
    return name.rpartition(":")[2]
