"""XML, a piece at a time and without anything that a document could ask of its reader."""

from collections.abc import Callable, Iterable
from xml.parsers import expat

from campaigns.contacts.spreadsheets.problems import FileProblem, ProblemCode


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
