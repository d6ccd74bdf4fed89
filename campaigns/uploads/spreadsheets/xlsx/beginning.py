"""A copy of an XLSX file with only the beginning of each long sheet.

calamine reads a sheet whole or not at all, but a person is shown only the first rows.
"""

import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from campaigns.uploads.spreadsheets.archive import BLOCK, blocks

_LONGEST: Final = 16 * BLOCK
"""Unpacked bytes. More than the first thousand rows take, unless their cells hold long texts."""
_END_OF_ROW: Final = re.compile(rb"</((?:\w{1,20}:)?)row\s*>")
_READ: Final = (".xml", ".rels")
"""The parts that calamine reads. Pictures and the like are not copied."""


@contextmanager
def beginning_of(archive: zipfile.ZipFile) -> Iterator[Path]:
    """Yield the path of the copy, which exists as long as the context."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as copy:
            for info in archive.infolist():
                name = info.filename.replace("\\", "/")
                if name.lower().endswith(_READ):
                    _copy(archive, info, copy, name)
        file.flush()
        yield Path(file.name)


def _copy(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, copy: zipfile.ZipFile, name: str
) -> None:
    is_sheet = name.lower().startswith("xl/worksheets/")
    with copy.open(name, "w") as part:
        content = b""
        for block in blocks(archive, info):
            if not is_sheet:
                part.write(block)
                continue
            content += block
            if len(content) >= _LONGEST:
                content = _closed(content)
                break
        part.write(content)


def _closed(content: bytes) -> bytes:
    """Cut a sheet after its last whole row and close the tags that are still open."""
    last = None
    for last in _END_OF_ROW.finditer(content):  # noqa: B007
        pass
    if last is None:
        return content
    prefix = last[1]
    return content[: last.end()] + b"</%bsheetData></%bworksheet>" % (prefix, prefix)
