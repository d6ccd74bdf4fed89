"""Files that are broken or not spreadsheets: each is refused with a sentence."""

from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from campaigns.uploads.spreadsheets import (
    FileProblem,
    Kind,
    Limits,
    ProblemCode,
    Reading,
    inspect,
    rows,
)
from campaigns.uploads.spreadsheets.kinds import _SIGNATURES
from tests.uploads.spreadsheets.odd_files import FILES, ods, ole, raw_ods, raw_xlsx, xlsx, zipped

LIMITS = Limits()


def problem_with(path: Path, limits: Limits = LIMITS) -> FileProblem:
    """Return the problem with a file, whether it is found on inspection or while reading."""
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


SWALLOWED = (
    b'07700900101,"Ann,x\n07700900102,Bob,y\n07700900103,"Cy",z\n07700900104,Di,w\n',
    b'07700900101,"Ann,x\n07700900102,Bob",y\n',
    b'07700900101,"Di,x"\n07700900102,Ed,"\r\n+44 (0)1632 960103,Flo,"\r\n07700900104,Gil,w\n',
    b'07700900101\t"Ann\tx\n07700900102\tBob"\ty\n',
    b'07700900101;"Ann;x\r07700900102;Bob";y\r',
)


@pytest.mark.parametrize("rows", SWALLOWED)
@pytest.mark.parametrize("above", [0, 1_200])
def test_rows_that_quotation_marks_have_joined_into_one_cell_are_not_lost_silently(
    tmp_path: Path, rows: bytes, above: int
) -> None:
    delimiter = next(mark for mark in (b"\t", b";", b",") if mark in rows)
    others = b"".join(b"0163296%04d%sEve%sv\n" % (n, delimiter, delimiter) for n in range(above))
    heading = delimiter.join((b"Phone", b"Name", b"Note\n"))
    found = problem_with(saved(tmp_path / "list.csv", heading + others + rows))
    assert found.code == ProblemCode.SWALLOWED_ROWS
    first = above + 2
    assert found.details["row"] in {first, first + 1}


def test_joined_rows_are_found_in_a_file_of_numbers_alone_too(tmp_path: Path) -> None:
    content = b'Phone\n"07700900101\n07700900102"\n07700900103\n'
    assert problem_with(saved(tmp_path / "a.csv", content)).code == ProblemCode.SWALLOWED_ROWS


@pytest.mark.parametrize(
    "cell",
    [
        "1 High St,\nLeeds, LS1 1AA",
        "Called on 2026-12-01,\n2026-12-02, 10:30",
        "Ask for Ann\n01632 960101",
        "Order 12345678,\n12345679, both late",
        "First line,\nthen 01632 960101 at work, please",
    ],
)
def test_a_cell_may_have_several_lines(tmp_path: Path, cell: str) -> None:
    content = f'Phone,Name,Note\n07700900101,Ann,"{cell}"\n07700900102,Bob,y\n'
    assert read(saved(tmp_path / "list.csv", content.encode())) == 2


def test_nul_characters_that_a_workbook_spells_out_are_refused(tmp_path: Path) -> None:
    cells = "".join(
        f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'
        for place, text in (("A1", "Phone"), ("B1", "Na_x0000_me"))
    )
    path = raw_xlsx(tmp_path / "a.xlsx", f'<row r="1">{cells}</row>')

    with pytest.raises(FileProblem, match=ProblemCode.NUL_BYTES):
        inspect(path, LIMITS)


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
def test_the_problem_names_what_the_file_seems_to_be(
    tmp_path: Path, content: bytes, seems: str
) -> None:
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
def test_an_archive_that_is_no_workbook_is_named(
    tmp_path: Path, parts: dict[str, str], seems: str
) -> None:
    assert seems in problem_with(zipped(tmp_path / "a.xlsx", parts)).sentence


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b"\xef\xbb\xbf", b",,,\n,,,\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    assert problem_with(saved(tmp_path / "a.csv", content)).code == ProblemCode.EMPTY


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
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
        # Turn the second record into FilePass, which marks encryption (MS-XLS 2.4.117).
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


@pytest.mark.parametrize("delimiter", ["a", " ", '"', ",,", "\n"])
def test_a_text_that_can_not_be_a_delimiter_is_refused(delimiter: str) -> None:
    with pytest.raises(FileProblem, match="no_such_delimiter"):
        inspect(FILES / "utf-8.csv", LIMITS, delimiter=delimiter)


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(FileProblem, match="wrong_encoding"):
        inspect(FILES / "utf-8.csv", LIMITS, encoding="klingon")


def test_a_duration_of_millions_of_years_is_refused(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_number(0, 0, 447700900001, workbook.add_format({"num_format": "[h]:mm"}))

    assert problem_with(tmp_path / "a.xlsx").code == ProblemCode.DAMAGED


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
        assert found.details["row"] == 2
        assert read(path, Limits(cell_characters=40_000)) == 1

    @pytest.mark.parametrize("row", [1, 2, 700, 1300])
    def test_the_row_of_a_cell_that_is_too_long(self, tmp_path: Path, row: int) -> None:
        lines = [b'07700900001,"a\nb"'] * (row - 1) + [b'07700900001,"' + b"x" * 40_000]
        path = saved(tmp_path / "a.csv", b"\n".join(lines))
        reading = Reading(Kind.CSV, header_row=0, columns=2, delimiter=",", encoding="utf-8")

        with pytest.raises(FileProblem) as raised:
            list(rows(path, reading, LIMITS))

        assert raised.value.details["row"] == row

    def test_cells_of_a_workbook(self, tmp_path: Path) -> None:
        path = xlsx(tmp_path / "a.xlsx", [[1, 2]] * 100)

        assert problem_with(path, Limits(cells=199)).code == ProblemCode.TOO_MANY_CELLS
        assert read(path, Limits(cells=200)) == 99

    def test_texts_of_a_workbook(self, tmp_path: Path) -> None:
        """Count a hundred rows of two cells, the two shared texts, and a copy of a text for each cell."""
        path = xlsx(tmp_path / "a.xlsx", [["a", "b"]] * 100)

        assert problem_with(path, Limits(cells=201)).code == ProblemCode.TOO_MANY_CELLS
        assert problem_with(path, Limits(cells=202)).code == ProblemCode.TOO_MUCH_TEXT
        assert read(path, Limits(cells=350)) == 99

    @pytest.mark.parametrize("cell", ['<c r="A{}" t="s">', "<c r='A{}' t=\"s\">", '<c t="s">'])
    def test_a_shared_text_counts_once_for_each_cell_that_names_it(
        self, tmp_path: Path, cell: str
    ) -> None:
        """Allow one cell with a long text and refuse a thousand such cells, however they are written."""
        strings = f"<sst><si><t>a</t></si><si><t>{'x' * 30_000}</t></si></sst>"

        def sheet(*texts: int) -> Path:
            cells = (f"{cell.format(n)}<v>{text}</v></c>" for n, text in enumerate(texts, 1))
            rows = "".join(f'<row r="{n}">{one}</row>' for n, one in enumerate(cells, 1))
            return raw_xlsx(tmp_path / "a.xlsx", rows, **{"xl/sharedStrings.xml": strings})

        limits = Limits(cells=10_000)
        assert read(sheet(*[0] * 1000, 1), limits) == 1000
        assert problem_with(sheet(*[1] * 1000), limits).code == ProblemCode.TOO_MUCH_TEXT

    def test_a_long_sheet_may_have_more_cells(self, tmp_path: Path) -> None:
        path = xlsx(tmp_path / "a.xlsx", [[1, 2]] * 100)
        limits = Limits(cells=10, tall_cells=200, tall_rows=100)

        assert read(path, limits) == 99
        assert problem_with(path, replace(limits, tall_rows=101)).code == ProblemCode.TOO_MANY_CELLS
        assert (
            problem_with(path, replace(limits, tall_cells=199)).code == ProblemCode.TOO_MANY_CELLS
        )


PLAIN_TEXT = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"]), max_size=200)


@given(st.one_of(st.binary(max_size=200), PLAIN_TEXT.map(str.encode)))
@example(b"Phone,Name\n07700900001,Ann\n")
@example(b"0")
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    problem = _read_or_refused(tmp_path_factory, content)
    assert problem is None or not _is_plainly_a_list(content), problem


def _is_plainly_a_list(content: bytes) -> bool:
    """Return whether a file can only be meant as lines of cells."""
    if content.startswith(tuple(beginning for beginning, _ in _SIGNATURES)):
        return False  # GIF8 and other signatures are letters too
    text = content.decode("ascii", "replace").replace("\n", "")
    has_rows = any(character.isalnum() for character in text)
    return has_rows and text.isprintable() and not set(text) & set('"\N{REPLACEMENT CHARACTER}<%{[')


DAMAGED = ["utf-8.csv", "utf-16-tabs.txt", "excel-97.xls", "a.xlsx", "a.ods"]


@given(
    st.sampled_from(DAMAGED),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=8)), min_size=1, max_size=4),
)
@settings(max_examples=400, deadline=None)
def test_a_damaged_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, changes: list[tuple[float, bytes]]
) -> None:
    whole = _whole(tmp_path_factory, name)
    content = bytearray(whole)
    for place, change in changes:
        at = int(place * len(content))
        content[at : at + len(change)] = change

    problem = _read_or_refused(tmp_path_factory, bytes(content))

    assert problem is None or content != whole


@pytest.mark.parametrize("name", DAMAGED)
def test_the_same_file_undamaged_is_read(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    assert _read_or_refused(tmp_path_factory, _whole(tmp_path_factory, name)) is None


def _whole(tmp_path_factory: pytest.TempPathFactory, name: str) -> bytes:
    path = tmp_path_factory.getbasetemp() / name
    if name == "a.xlsx":
        xlsx(path, [["Phone", "Name"], ["07700900001", "Ann"]])
    elif name == "a.ods":
        ods(path, [["Phone", "Name"], ["07700900001", "Ann"]])
    else:
        path = FILES / name
    return path.read_bytes()


def _read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> ProblemCode | None:
    """Read a file that may be anything, and return why it was refused if it was."""
    path = saved(tmp_path_factory.getbasetemp() / "any", content)
    try:
        read(path)
    except FileProblem as problem:
        return problem.code
    return None
