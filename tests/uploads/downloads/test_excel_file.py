"""Excel files to download: texts stay texts, and what spreadsheets sort stays a number or a time."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime

import pytest
from python_calamine import CalamineWorkbook

from campaigns.uploads.downloads import excel_file as module
from campaigns.uploads.downloads.excel_file import excel_file

AT = datetime(2026, 11, 28, 21, 49)  # noqa: DTZ001


def content(*rows: list[module.Cell]) -> bytes:
    answer = excel_file(["Name", "Count", "At"], rows, "found.xlsx")
    found = b"".join(answer)
    assert answer.headers["Content-Length"] == str(len(found))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="found.xlsx"'
    return found


def part(workbook: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        return parts.read(name).decode()


def test_cells_keep_their_kinds() -> None:
    read = CalamineWorkbook.from_filelike(io.BytesIO(content(["Rent", 2500, AT], ["", 0, None])))
    rows = read.get_sheet_by_index(0).to_python()
    assert rows == [["Name", "Count", "At"], ["Rent", 2500.0, AT], ["", 0.0, ""]]


@pytest.mark.parametrize(
    "text", ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "{=1}", "http://x.example"]
)
def test_a_text_is_never_a_formula_a_number_or_a_link(text: str) -> None:
    workbook = content([text, 1, AT])
    sheet = part(workbook, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    read = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()
    assert read[1][0] == text
    # It also stays a text after somebody has edited its cell.
    styles = part(workbook, "xl/styles.xml")
    [style] = [n for n, xf in enumerate(_formats(styles)) if 'quotePrefix="1"' in xf]
    assert f'<c r="A2" s="{style}" t="inlineStr">' in sheet


def _formats(styles: str) -> list[str]:
    used = styles[styles.index("<cellXfs") : styles.index("</cellXfs>")]
    return used.split("<xf ")[1:]


def test_the_same_rows_give_the_same_bytes() -> None:
    assert content(["Rent", 1, AT]) == content(["Rent", 1, AT])


def test_rows_are_read_one_by_one_and_the_file_is_closed_when_they_fail() -> None:
    def rows() -> Iterator[list[str | int | datetime | None]]:
        yield ["Rent", 1, AT]
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011
        excel_file(["Name", "Count", "At"], rows(), "found.xlsx")
