"""Files that are broken, hostile or no spreadsheets: each is refused with a sentence, soon."""

import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.contacts.spreadsheets import FileProblem, Limits, ProblemCode, inspect, rows
from tests.contacts.odd_files import (
    FILES,
    ods,
    ods_cell,
    ole,
    raw_ods,
    raw_xlsx,
    understated,
    xlsx,
    zipped,
)

LIMITS = Limits()
MEBIBYTE = 1 << 20


def problem_with(path: Path, limits: Limits = LIMITS) -> FileProblem:
    """Return what is said of a file, wherever it comes up."""
    with pytest.raises(FileProblem) as raised:
        read(path, limits)
    assert str(raised.value) == raised.value.code.value
    assert raised.value.sentence.endswith(".")
    return raised.value


def read(path: Path, limits: Limits = LIMITS) -> int:
    return sum(map(len, rows(path, inspect(path, limits).reading, limits)))


def saved(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("document.csv", ProblemCode.NOT_A_SPREADSHEET),
        ("picture.csv", ProblemCode.NOT_A_SPREADSHEET),
        ("web-page.xls", ProblemCode.NOT_A_SPREADSHEET),
        ("unclosed-quote.csv", ProblemCode.UNCLOSED_QUOTE),
        ("nul-bytes.csv", ProblemCode.NUL_BYTES),
    ],
)
def test_stored_files(name: str, code: ProblemCode) -> None:
    assert problem_with(FILES / name).code == code


@pytest.mark.parametrize(
    ("content", "seems"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"\n <!DOCTYPE html><html><body>", "web page"),
        (b"\xff\xfe" + "<html><table>".encode("utf-16-le"), "web page"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "2003",
        ),
        (b'{"phone": "07700900001"}', "JSON"),
        (b"{\\rtf1 Phone}", "Rich Text"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "gzip"),
        (b"BEGIN:VCARD\r\nTEL:07700900001", "vCard"),
        (bytes(range(1, 32)) * 10, "other program"),
    ],
)
def test_what_a_file_seems_to_be_is_said(tmp_path: Path, content: bytes, seems: str) -> None:
    found = problem_with(saved(tmp_path / "list.csv", content))

    assert found.code == ProblemCode.NOT_A_SPREADSHEET
    assert seems in found.sentence


@pytest.mark.parametrize(
    ("parts", "seems"),
    [
        ({"word/document.xml": ""}, "Word"),
        ({"xl/workbook.bin": ""}, "xlsb"),
        ({"Index/Document.iwa": ""}, "Numbers"),
        ({"list.csv": "Phone"}, "ZIP"),
    ],
)
def test_archives_that_are_no_workbook(tmp_path: Path, parts: dict[str, str], seems: str) -> None:
    assert seems in problem_with(zipped(tmp_path / "a.xlsx", parts)).sentence


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b"\xef\xbb\xbf", b",,,\n,,,\n"])
def test_nothing_in_a_file(tmp_path: Path, content: bytes) -> None:
    assert problem_with(saved(tmp_path / "a.csv", content)).code == ProblemCode.EMPTY


def test_nothing_in_a_workbook(tmp_path: Path) -> None:
    assert problem_with(xlsx(tmp_path / "a.xlsx", [])).code == ProblemCode.EMPTY
    assert problem_with(ods(tmp_path / "a.ods", [])).code == ProblemCode.EMPTY


class TestProtection:
    def test_a_password_on_an_xlsx(self, tmp_path: Path) -> None:
        found = problem_with(ole(tmp_path / "a.xlsx", "EncryptedPackage"))

        assert found.code == ProblemCode.PASSWORD_PROTECTED

    def test_a_password_on_an_ods(self, tmp_path: Path) -> None:
        path = raw_ods(tmp_path / "a.ods", "", manifest="<manifest:encryption-data/>")

        assert problem_with(path).code == ProblemCode.PASSWORD_PROTECTED

    def test_a_password_on_an_xls(self, tmp_path: Path) -> None:
        content = bytearray((FILES / "excel-97.xls").read_bytes())
        # The record after the first, whatever it is, becomes FilePass (MS-XLS 2.4.117).
        start = content.index(b"\x09\x08\x10\x00")
        content[start + 20 : start + 22] = b"\x2f\x00"
        path = saved(tmp_path / "a.xls", bytes(content))

        assert problem_with(path).code == ProblemCode.PASSWORD_PROTECTED

    def test_macros(self, tmp_path: Path) -> None:
        with_macros = raw_xlsx(tmp_path / "a.xlsm", "", **{"xl/vbaProject.bin": "x"})

        assert problem_with(with_macros).code == ProblemCode.MACROS
        assert problem_with(ole(tmp_path / "a.xls", "_VBA_PROJECT")).code == ProblemCode.MACROS

    def test_an_external_link_is_not_followed(self, tmp_path: Path) -> None:
        link = '<Relationship TargetMode="External" Target="http://192.0.2.1/list.xlsx"/>'
        path = raw_xlsx(
            tmp_path / "a.xlsx",
            '<row r="1"><c r="A1" t="str"><v>Phone</v></c></row>'
            '<row r="2"><c r="A2"><f>[1]Sheet1!A1</f><v>7700900001</v></c></row>',
            **{"xl/externalLinks/_rels/externalLink1.xml.rels": link},
        )

        assert read(path) == 1


class TestLimits:
    def test_bytes(self, tmp_path: Path) -> None:
        path = saved(tmp_path / "a.csv", b"Phone\n07700900001\n")

        assert problem_with(path, Limits(bytes=10)).code == ProblemCode.TOO_LARGE

    def test_rows(self, tmp_path: Path) -> None:
        path = saved(tmp_path / "a.csv", b"Phone\n" + b"07700900001\n" * 1000)
        workbook = xlsx(tmp_path / "a.xlsx", [["Phone"], *[["07700900001"]] * 1000])

        for file in (path, workbook):
            assert problem_with(file, Limits(rows=999)).code == ProblemCode.TOO_MANY_ROWS
            assert read(file, Limits(rows=1000)) == 1000

    def test_columns(self, tmp_path: Path) -> None:
        path = saved(tmp_path / "a.csv", b"Phone,Name\n07700900001,Ann,,,\n")
        workbook = xlsx(tmp_path / "a.xlsx", [["a", "b", "c", "d", "e"]])

        for file in (path, workbook):
            assert problem_with(file, Limits(columns=4)).code == ProblemCode.TOO_MANY_COLUMNS
            inspect(file, Limits(columns=5))

    def test_characters_of_a_cell(self, tmp_path: Path) -> None:
        path = saved(tmp_path / "a.csv", b"Phone,Note\n07700900001," + b"x" * 40_000)

        found = problem_with(path)

        assert found.code == ProblemCode.CELL_TOO_LONG
        assert read(path, Limits(cell_characters=40_000)) == 1

    def test_cells_of_a_workbook(self, tmp_path: Path) -> None:
        path = xlsx(tmp_path / "a.xlsx", [["a", "b"]] * 100)

        assert problem_with(path, Limits(cells=199)).code == ProblemCode.TOO_MANY_CELLS
        assert read(path, Limits(cells=200)) == 99


def _bomb_by_size(path: Path) -> Path:
    with zipfile.ZipFile(xlsx(path, [["Phone"]]), "a", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/media/image1.png", "w") as part:
            for _ in range(900):
                part.write(bytes(MEBIBYTE))
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
    row = f'<table:table-row table:number-rows-repeated="1000000">{ods_cell("x")}'
    return raw_ods(
        path, f"{row}{ods_cell('y', 'table:number-columns-repeated="16000"')}</table:table-row>"
    )


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
    (_many_parts, ProblemCode.ZIP_BOMB),
]


@pytest.mark.parametrize(("make", "code"), HOSTILE)
def test_a_hostile_file_is_refused_soon_and_in_little_memory(
    tmp_path: Path, make: Callable[[Path], Path], code: ProblemCode
) -> None:
    path = make(tmp_path / "hostile")
    before = _peak_mebibytes()
    start = time.monotonic()

    found = problem_with(path)

    assert found.code == code
    assert time.monotonic() - start < 5
    assert _peak_mebibytes() - before < 512


def _peak_mebibytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    _read_or_refused(tmp_path_factory, content)


@given(
    st.sampled_from(["utf-8.csv", "utf-16-tabs.txt", "excel-97.xls", "a.xlsx", "a.ods"]),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=8)), min_size=1, max_size=4),
)
@settings(max_examples=400, deadline=None)
def test_a_damaged_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, changes: list[tuple[float, bytes]]
) -> None:
    content = bytearray(_whole(tmp_path_factory, name))
    for place, change in changes:
        at = int(place * len(content))
        content[at : at + len(change)] = change

    _read_or_refused(tmp_path_factory, bytes(content))


def _whole(tmp_path_factory: pytest.TempPathFactory, name: str) -> bytes:
    path = tmp_path_factory.getbasetemp() / name
    if name == "a.xlsx":
        xlsx(path, [["Phone", "Name"], ["07700900001", "Ann"]])
    elif name == "a.ods":
        ods(path, [["Phone", "Name"], ["07700900001", "Ann"]])
    else:
        path = FILES / name
    return path.read_bytes()


def _read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = saved(tmp_path_factory.getbasetemp() / "any", content)
    try:
        read(path)
    except FileProblem as problem:
        assert problem.sentence
