"""A copy of an XLSX file whose parts have the names that calamine expects.

A workbook itself states the names of its parts (ECMA-376 part 2, 8.3), but calamine ignores that: with
other names it fails or leaves all texts out. So it reads a copy with the names that Excel uses.
"""

import posixpath
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from campaigns.uploads.spreadsheets.archive import blocks, parts_by_name, plain_name
from campaigns.uploads.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.uploads.spreadsheets.xlsx.relations import RELATIONS, ROOTS, WORKBOOK, relations

_FOLDER: Final = posixpath.dirname(WORKBOOK)
_USUAL: Final = {"sharedStrings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
_ROOTS: Final = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships'
    f'/officeDocument" Target="{WORKBOOK}"/></Relationships>'
)


def unusual_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the parts with unusual names: their plain name -> the usual name.

    Raises FileProblem if other names would not help.
    """
    workbooks = [path for kind, path in _found(archive, ROOTS) if kind == "officeDocument"]
    if len(workbooks) != 1:
        raise FileProblem(ProblemCode.DAMAGED)
    folder, name = posixpath.split(_absolute(workbooks[0], ""))
    if folder != _FOLDER:
        raise FileProblem(ProblemCode.UNUSUAL)
    of_workbook = f"{folder}/_rels/{name}.rels"
    wanted = {f"{folder}/{name}": WORKBOOK, of_workbook: RELATIONS}
    for kind, path in _found(archive, of_workbook):
        if kind in _USUAL:
            wanted[_absolute(path, folder)] = _USUAL[kind]
    parts = parts_by_name(archive).keys()
    names = {plain_name(found): usual for found, usual in wanted.items()}
    unusual = {
        found: usual
        for found, usual in names.items()
        if found in parts and found != plain_name(usual)
    }
    if any(plain_name(usual) in parts - unusual.keys() for usual in unusual.values()):
        raise FileProblem(ProblemCode.UNUSUAL)
    return unusual


def _found(archive: zipfile.ZipFile, name: str) -> list[tuple[str, str]]:
    try:
        return list(relations(archive, name).values())
    except (KeyError, ValueError):
        raise FileProblem(ProblemCode.DAMAGED) from None


def _absolute(path: str, folder: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")


@contextmanager
def renamed(archive: zipfile.ZipFile, names: Mapping[str, str]) -> Iterator[Path]:
    """Yield the path of a copy with these names, which exists as long as the context."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
            for info in archive.infolist():
                name = plain_name(info.filename)
                with copy.open(names.get(name, info.filename), "w", force_zip64=True) as part:
                    if name == ROOTS:
                        part.write(_ROOTS.encode())
                        continue
                    for block in blocks(archive, info):
                        part.write(block)
        file.flush()
        yield Path(file.name)
