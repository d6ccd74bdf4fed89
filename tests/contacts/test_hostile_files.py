"""Files made to do harm: each is refused with a sentence, soon and in little memory."""

import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from campaigns.contacts.spreadsheets import FileProblem, Limits, ProblemCode, inspect, rows
from tests.contacts.odd_files import (
    FILES,
    ods_cell,
    raw_ods,
    raw_xlsx,
    understated,
    xlsx,
    zipped,
)

LIMITS = Limits()
MEBIBYTE = 1 << 20


def saved(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _bomb_by_size(path: Path) -> Path:
    xlsx(path, [["Phone"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", bytes(900 * MEBIBYTE))
    return path


def _bomb_that_lies(path: Path) -> Path:
    raw_xlsx(path, '<row r="1"><c r="A1"><v>1</v></c></row>' + " " * 200 * MEBIBYTE)
    return understated(path, "xl/worksheets/sheet1.xml", 1000)


def _million_columns(path: Path) -> Path:
    return saved(path, b",".join([b"Phone"] * 1_000_000))


def _commas(path: Path) -> Path:
    return saved(path, (b"," * 130_000 + b"\n") * 500)


def _one_line(path: Path) -> Path:
    return saved(path, b"x" * 100 * MEBIBYTE)


def _unclosed(path: Path) -> Path:
    return saved(path, b'Phone,Name\n07700900001,"' + b"07700900002,Ann\n" * 6_000_000)


def _far_corner(path: Path) -> Path:
    cell = '<row r="{0}"><c r="{1}{0}"><v>1</v></c></row>'
    return raw_xlsx(path, cell.format(1, "A") + cell.format(1048576, "XFD"))


def _far_corner_unseen(path: Path) -> Path:
    """Cells without places, and one that says it is elsewhere than its row."""
    return raw_xlsx(path, "<row><c><v>1</v></c>" + '<c r="Z1048576"><v>1</v></c></row>')


def _repeated(path: Path) -> Path:
    wide = ods_cell("x", "table:number-columns-repeated='16000'")
    start = "<table:table-row table:number-rows-repeated='1000000'>"
    return raw_ods(path, f"{start}{wide}</table:table-row>")


def _claimed_strings(path: Path) -> Path:
    """Shared texts that claim to be so many that room for them can't be had."""
    strings = '<sst uniqueCount="99999999999"><si><t>Phone</t></si></sst>'
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    return raw_xlsx(path, row, **{"xl/sharedStrings.xml": strings})


def _lower_case_place(path: Path) -> Path:
    return raw_xlsx(path, '<row r="1"><c r="a1"><v>1</v></c><c r="xfd1048576"><v>1</v></c></row>')


def _two_places(path: Path) -> Path:
    return raw_xlsx(path, '<row r="1"><c r="A1" r="XFD1048576"><v>1</v></c></row>')


def _claimed_dimensions(path: Path) -> Path:
    """An old workbook whose record of its size (MS-XLS 2.4.90) claims four thousand million rows."""
    content = bytearray((FILES / "excel-97.xls").read_bytes())
    record = content.index(b"\x00\x02\x0e\x00")
    content[record + 8 : record + 12] = b"\xff\xff\xff\xff"
    return saved(path, bytes(content))


def _directory_in_a_circle(path: Path) -> Path:
    content = bytearray((FILES / "excel-97.xls").read_bytes())
    table, directory = (int.from_bytes(content[at : at + 4], "little") for at in (76, 48))
    entry = (table + 1) * 512 + directory * 4
    content[entry : entry + 4] = directory.to_bytes(4, "little")
    return saved(path, bytes(content))


def _entities(path: Path) -> Path:
    levels = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(10))
    return raw_xlsx(
        path,
        '<row r="1"><c r="A1" t="str"><v>&e10;</v></c></row>',
        before=f'<!DOCTYPE x [<!ENTITY e0 "ha">{levels}]>',
    )


def _many_parts(path: Path) -> Path:
    return zipped(path, {f"xl/{n}" + "x" * 100: "" for n in range(20_000)})


HOSTILE: list[tuple[Callable[[Path], Path], ProblemCode]] = [
    (_bomb_by_size, ProblemCode.ZIP_BOMB),
    (_bomb_that_lies, ProblemCode.DAMAGED),
    (_million_columns, ProblemCode.TOO_MANY_COLUMNS),
    (_commas, ProblemCode.TOO_MANY_COLUMNS),
    (_one_line, ProblemCode.LINE_TOO_LONG),
    (_unclosed, ProblemCode.CELL_TOO_LONG),
    (_far_corner, ProblemCode.TOO_MANY_COLUMNS),
    (_far_corner_unseen, ProblemCode.TOO_MANY_CELLS),
    (_repeated, ProblemCode.TOO_MANY_COLUMNS),
    (_entities, ProblemCode.DAMAGED),
    (_claimed_strings, ProblemCode.DAMAGED),
    (_lower_case_place, ProblemCode.TOO_MANY_COLUMNS),
    (_two_places, ProblemCode.DAMAGED),
    (_claimed_dimensions, ProblemCode.DAMAGED),
    (_directory_in_a_circle, ProblemCode.DAMAGED),
    (_many_parts, ProblemCode.ZIP_BOMB),
]


@pytest.mark.parametrize(("make", "code"), HOSTILE)
def test_a_hostile_file_is_refused_soon_and_in_little_memory(
    tmp_path: Path, make: Callable[[Path], Path], code: ProblemCode
) -> None:
    path = make(tmp_path / "hostile")
    before = _peak_mebibytes()
    start = time.monotonic()

    with pytest.raises(FileProblem) as raised:
        list(rows(path, inspect(path, LIMITS).reading, LIMITS))

    assert raised.value.code == code
    assert time.monotonic() - start < 5
    assert _peak_mebibytes() - before < 512


def _peak_mebibytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
