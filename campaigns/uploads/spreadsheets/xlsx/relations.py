"""The relations by which the parts of an XLSX file name each other (ECMA-376 part 2, 8.3)."""

import zipfile
from typing import Final, TypeVar

from campaigns.uploads.spreadsheets.archive import blocks, part
from campaigns.uploads.spreadsheets.markup import local, parse
from campaigns.uploads.spreadsheets.problems import FileProblem, ProblemCode

Value = TypeVar("Value")

ROOTS: Final = "_rels/.rels"
WORKBOOK: Final = "xl/workbook.xml"
RELATIONS: Final = "xl/_rels/workbook.xml.rels"


def relations(archive: zipfile.ZipFile, name: str) -> dict[str, tuple[str, str]]:
    """Return the relations of a part: id -> (kind, target). Raises FileProblem or KeyError."""
    found: dict[str, tuple[str, str]] = {}

    def note(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship":
            kind = attributes.get("Type", "").rpartition("/")[2]
            add(found, attributes["Id"], (kind, attributes["Target"]))

    parse(blocks(archive, part(archive, name)), note)
    return found


def add(known: dict[str, Value], key: str, value: Value) -> None:
    """Add an entry whose key must not be known yet. Raises FileProblem if it is."""
    if key in known:
        raise FileProblem(ProblemCode.DAMAGED)
    known[key] = value
