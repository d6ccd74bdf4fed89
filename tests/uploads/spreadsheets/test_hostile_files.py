"""Files made to do harm: each is refused with a sentence, soon and in little memory."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest

from campaigns.uploads.spreadsheets import ProblemCode
from tests.uploads.spreadsheets.odd_files import (
    FILES,
    XLSX_PARTS,
    ods_cell,
    padded,
    raw_ods,
    raw_xlsx,
    streamed_xlsx,
    understated,
    xlsx,
    zipped,
)

MEBIBYTE = 1 << 20
SECONDS = 60
"""The processor time within which any machine refuses a file; reading one in full would take far longer.

docs/performance.md gives the times of one machine.
"""
SECONDS_TO_READ = 5
"""The processor time for a file of a few kilobytes, which takes a hundredth of it."""
MEGABYTES = 512
"""The most that a worker may ever hold, with all that it has loaded."""


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
    """Write a cell without a place, and one whose place is outside its row."""
    return raw_xlsx(path, "<row><c><v>1</v></c>" + '<c r="Z1048576"><v>1</v></c></row>')


def _repeated(path: Path) -> Path:
    wide = ods_cell("x", "table:number-columns-repeated='16000'")
    start = "<table:table-row table:number-rows-repeated='1000000'>"
    return raw_ods(path, f"{start}{wide}</table:table-row>")


def _claimed_strings(path: Path) -> Path:
    """Claim more shared texts than memory could hold."""
    strings = '<sst uniqueCount="99999999999"><si><t>Phone</t></si></sst>'
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    return raw_xlsx(path, row, **{"xl/sharedStrings.xml": strings})


def _lower_case_place(path: Path) -> Path:
    return raw_xlsx(path, '<row r="1"><c r="a1"><v>1</v></c><c r="xfd1048576"><v>1</v></c></row>')


def _two_places(path: Path) -> Path:
    return raw_xlsx(path, '<row r="1"><c r="A1" r="XFD1048576"><v>1</v></c></row>')


def _claimed_dimensions(path: Path) -> Path:
    """Write an old workbook whose record of its size (MS-XLS 2.4.90) claims four thousand million rows."""
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


def _sheet_of(path: Path, unit: str, size: int = 560 * MEBIBYTE) -> Path:
    """Write a sheet that repeats one piece of XML up to just under the limit on unpacked bytes."""
    block = (unit * (MEBIBYTE // len(unit))).encode()
    return padded(streamed_xlsx(path, (block for _ in range(size // len(block)))))


def _tags_without_end(path: Path) -> Path:
    return _sheet_of(path, "<a/>")


def _one_cell_again_and_again(path: Path) -> Path:
    return _sheet_of(path, '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>7</v></c></row>')


def _formats_without_end(path: Path) -> Path:
    return _sheet_of(path, '<row r="1"><c r="A1"><v>1</v></c></row>' + '<c r="C1" s="1"/>' * 90)


def _written_in_an_odd_way(path: Path) -> Path:
    return _sheet_of(path, '<row r="1"><c s="1" r="A1"><v>1</v></c></row>')


def _nothing_but_a_text(path: Path) -> Path:
    return _sheet_of(path, "x" * 1000 + "\n")


def _nothing_but_line_breaks(path: Path) -> Path:
    return streamed_xlsx(path, [b"<!---->", b"\n" * 140 * MEBIBYTE, b"<"])


def _strings_without_end(path: Path) -> Path:
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    strings = f"<sst>{'<si/>' * 38_000_000}</sst>"
    return padded(raw_xlsx(path, row, **{"xl/sharedStrings.xml": strings}))


def _many_sheets_of_one_part(path: Path) -> Path:
    sheets = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="r1"/>' for n in range(1, 20_000))
    workbook = XLSX_PARTS["xl/workbook.xml"].replace("</sheets>", f"{sheets}</sheets>")
    return raw_xlsx(path, " " * MEBIBYTE, **{"xl/workbook.xml": workbook})


def _far_corner_at_the_end(path: Path) -> Path:
    cell = '<row r="{0}"><c r="A{0}"><v>1</v></c><c r="E{0}"><v>1</v></c></row>'
    rows = (cell.format(n).encode() for n in range(1, 300_000))
    last = b'<row r="300000"><c r="XFD300000"><v>1</v></c></row>'
    return streamed_xlsx(path, chain(rows, [last]))


def _one_text_again_and_again(path: Path) -> Path:
    cells = '<c r="A{0}"><v>1</v></c><c r="B{0}" t="s"><v>0</v></c>'
    rows = "".join(f'<row r="{n}">{cells.format(n)}</row>' for n in range(1, 300_001))
    strings = f"<sst><si><t>{'x' * 30_000}</t></si></sst>"
    return padded(raw_xlsx(path, rows, **{"xl/sharedStrings.xml": strings}))


def _one_text_in_single_quotes(path: Path) -> Path:
    cells = '<c r="A{0}"><v>1</v></c><c r="B{0}" t=\'s\'><v>0</v></c>'
    rows = "".join(f'<row r="{n}">{cells.format(n)}</row>' for n in range(1, 300_001))
    strings = f"<x:sst><x:si><x:t>{'x' * 30_000}</x:t></x:si></x:sst>"
    return padded(raw_xlsx(path, rows, **{"xl/sharedStrings.xml": strings}))


def _cells_full_of_text(path: Path) -> Path:
    cell = f'<c r="{{}}{{}}" t="inlineStr"><is><t>{"x" * 250}</t></is></c>'
    rows = (
        f'<row r="{n}">{"".join(cell.format(letter, n) for letter in "ABCD")}</row>'.encode()
        for n in range(1, 400_001)
    )
    return padded(streamed_xlsx(path, rows))


def _ods_of(path: Path, unit: str, size: int) -> Path:
    return padded(raw_ods(path, unit * (size // len(unit))))


def _ods_of_tags(path: Path) -> Path:
    return _ods_of(path, "<table:table-row/>", 149_000_000)


def _ods_of_short_tags(path: Path) -> Path:
    return _ods_of(path, "<a/>", 149_000_000)


def _ods_of_one_text(path: Path) -> Path:
    cell = ods_cell("x" * 30_000, 'table:number-columns-repeated="5"')
    repeated = '<table:table-row table:number-rows-repeated="60000">'
    return raw_ods(path, f"{repeated}{cell}</table:table-row>")


def _ods_of_spaces(path: Path) -> Path:
    cell = ods_cell('<text:s text:c="2000000000"/>')
    return raw_ods(path, f"<table:table-row>{cell}</table:table-row>")


def _ods_that_ends_badly(path: Path) -> Path:
    row = f"<table:table-row>{ods_cell('x') * 5}</table:table-row>"
    return padded(raw_ods(path, row * 200_000 + "<"))


Hostile = tuple[Callable[[Path], Path], ProblemCode]
HOSTILE: list[Hostile] = [
    (_bomb_that_lies, ProblemCode.DAMAGED),
    (_one_line, ProblemCode.LINE_TOO_LONG),
    (_unclosed, ProblemCode.CELL_TOO_LONG),
    (_far_corner, ProblemCode.TOO_MANY_COLUMNS),
    (_entities, ProblemCode.DAMAGED),
    (_many_parts, ProblemCode.ZIP_BOMB),
    (_ods_of_tags, ProblemCode.TOO_LONG_TO_PARSE),
    (_ods_of_one_text, ProblemCode.TOO_MUCH_TEXT),
]
# Further attacks that are refused for the same reasons, run nightly only.
AT_NIGHT: list[Hostile] = [
    (_bomb_by_size, ProblemCode.ZIP_BOMB),
    (_commas, ProblemCode.TOO_MANY_COLUMNS),
    (_million_columns, ProblemCode.TOO_MANY_COLUMNS),
    (_repeated, ProblemCode.TOO_MANY_COLUMNS),
    (_lower_case_place, ProblemCode.TOO_MANY_COLUMNS),
    (_claimed_strings, ProblemCode.DAMAGED),
    (_directory_in_a_circle, ProblemCode.DAMAGED),
    (_tags_without_end, ProblemCode.ZIP_BOMB),
    (_written_in_an_odd_way, ProblemCode.TOO_LONG_TO_PARSE),
    (_many_sheets_of_one_part, ProblemCode.DAMAGED),
    (_one_text_again_and_again, ProblemCode.TOO_MUCH_TEXT),
    (_cells_full_of_text, ProblemCode.TOO_MUCH_TEXT),
    (_far_corner_at_the_end, ProblemCode.TOO_MANY_COLUMNS),
    (_far_corner_unseen, ProblemCode.TOO_MANY_CELLS),
    (_two_places, ProblemCode.DAMAGED),
    (_claimed_dimensions, ProblemCode.DAMAGED),
    (_one_cell_again_and_again, ProblemCode.TOO_MANY_CELLS),
    (_formats_without_end, ProblemCode.TOO_MANY_CELLS),
    (_nothing_but_a_text, ProblemCode.TOO_LONG_TO_PARSE),
    (_nothing_but_line_breaks, ProblemCode.DAMAGED),
    (_strings_without_end, ProblemCode.TOO_MANY_CELLS),
    (_one_text_in_single_quotes, ProblemCode.TOO_MUCH_TEXT),
    (_ods_of_short_tags, ProblemCode.TOO_LONG_TO_PARSE),
    (_ods_of_spaces, ProblemCode.TOO_MUCH_TEXT),
    (_ods_that_ends_badly, ProblemCode.DAMAGED),
]


@pytest.mark.parametrize(
    ("make", "code"),
    [*HOSTILE, *(pytest.param(*each, marks=pytest.mark.nightly) for each in AT_NIGHT)],
)
def test_a_hostile_file_is_refused_soon_and_in_little_memory(
    tmp_path: Path, make: Callable[[Path], Path], code: ProblemCode
) -> None:
    found, seconds, megabytes = _refused_in_a_process(make(tmp_path / "hostile"))

    assert found == code
    assert seconds < SECONDS
    assert megabytes < MEGABYTES


@pytest.mark.parametrize(
    "blank",
    ["\u3000", *(pytest.param(each, marks=pytest.mark.nightly) for each in (" ", "\t", "' "))],
    ids=ascii,
)
def test_a_cell_of_nothing_but_blanks_is_read_soon_and_in_little_memory(
    tmp_path: Path, blank: str
) -> None:
    """They are on a line of their own in the cell, where a row that it has swallowed would be."""
    note = f'"First line\n{blank * (32_000 // len(blank))},and more"'
    path = saved(tmp_path / "blanks.csv", f"Phone,Note\n07700 900001,{note}\n".encode())

    found, seconds, megabytes = _refused_in_a_process(path)

    assert found == ""
    assert seconds < SECONDS_TO_READ
    assert megabytes < MEGABYTES


def _refused_in_a_process(path: Path) -> tuple[str, float, int]:
    """Return the code of the problem, and the processor time and memory that finding it took."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.uploads.spreadsheets.refusing", str(path)],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    code, seconds, megabytes = done.stdout.split(" ")
    return code, float(seconds), int(megabytes)
