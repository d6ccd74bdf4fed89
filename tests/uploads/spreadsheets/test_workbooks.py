"""Cells, rows and sheets of workbooks, and how they are read."""

import datetime
from pathlib import Path

import pytest
import xlsxwriter

from campaigns.uploads.numbers.checker import FORMULA_MARKER, NumberChecker, Reason
from campaigns.uploads.spreadsheets import (
    Batch,
    FileProblem,
    Limits,
    Notice,
    Reading,
    inspect,
    rows,
)
from tests.uploads.spreadsheets.odd_files import (
    FILES,
    ods_cell,
    prefixed_xlsx,
    raw_ods,
    raw_xlsx,
    xlsx,
)

LIMITS = Limits()


def read(path: Path, reading: Reading | None = None) -> Batch:
    reading = reading or inspect(path, LIMITS).reading
    return [row for batch in rows(path, reading, LIMITS) for row in batch]


def cells(path: Path, sheet: str | None = None) -> list[list[str]]:
    return [row for _, row in read(path, inspect(path, LIMITS, sheet=sheet).reading)]


def test_cells_of_all_kinds_become_text(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["Phone", "Value"])
        shown = workbook.add_format({"num_format": "0.00E+00"})
        sheet.write_number(1, 0, 447700900001, shown)
        sheet.write_string(2, 0, "4.47700E+11")
        sheet.write_number(3, 0, 12.5)
        sheet.write_number(4, 0, 1e20)
        sheet.write_boolean(5, 0, True)
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_datetime(6, 0, datetime.datetime(2024, 2, 29), day)  # noqa: DTZ001
        hour = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.write_datetime(7, 0, datetime.datetime(2024, 2, 29, 9, 30), hour)  # noqa: DTZ001
        sheet.write_formula(8, 0, "=1+1", value=2)
        sheet.write_formula(9, 0, "=1/0", value="#DIV/0!")
        sheet.write_formula(10, 0, '=""', value="")
        sheet.write_string(11, 0, "07700 900001")

    assert [cell for (cell, *_) in cells(tmp_path / "a.xlsx")] == [
        "447700900001",
        "4.47700E+11",
        "12.5",
        "1e+20",
        "TRUE",
        "2024-02-29",
        "2024-02-29 09:30:00",
        "2",
        "#DIV/0!",
        FORMULA_MARKER,
        "07700 900001",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (447722000000, "4.47722E+11"),
        (447700900000, "4.477009E+11"),
        (7722100000, "7.7221E+9"),
        (500000000000, "5E+11"),
        (447722120000, "447722120000"),
        (447700900001, "447700900001"),
        ("447722000000", "447722000000"),
        ("4.47722E+11", "4.47722E+11"),
        (True, "TRUE"),
        ("", ""),
    ],
)
def test_a_number_that_excel_has_rounded_is_read_as_rounded(
    tmp_path: Path, value: object, text: str
) -> None:
    path = xlsx(tmp_path / "a.xlsx", [["", "Id", "Phone"], ["", 12_000_000_000, value], ["", "x"]])
    reading = inspect(path, LIMITS).reading
    found = [row for batch in rows(path, reading, LIMITS, number_column=2) for row in batch]

    assert found == [(2, ["", "12000000000", text]), (3, ["", "x", ""])]


def test_a_number_that_excel_has_rounded_is_refused_in_every_kind_of_workbook(
    tmp_path: Path,
) -> None:
    number = '<table:table-cell office:value-type="float" office:value="447722000000"/>'
    heading = f"<table:table-row>{ods_cell('Phone')}</table:table-row>"
    path = raw_ods(tmp_path / "a.ods", f"{heading}<table:table-row>{number}</table:table-row>")
    [[(_, [cell])]] = rows(path, inspect(path, LIMITS).reading, LIMITS, number_column=0)

    assert NumberChecker(allow_fictional=False).check(cell) == Reason.SHORTENED


@pytest.mark.parametrize("write", [raw_xlsx, prefixed_xlsx])
def test_a_formula_never_calculated_is_marked(tmp_path: Path, write: object) -> None:
    x = "x:" if write is prefixed_xlsx else ""
    path = write(  # type: ignore[operator]
        tmp_path / "a.xlsx",
        f'<{x}row r="1"><{x}c r="A1" t="str"><{x}v>Phone</{x}v></{x}c></{x}row>'
        f'<{x}row r="2"><{x}c r="A2"><{x}f>B2</{x}f></{x}c></{x}row>'
        f'<{x}row r="3" hidden="1"><{x}c r="A3"><{x}f>B3</{x}f><{x}v/></{x}c></{x}row>'
        f'<{x}row r="4"><{x}c r="A4" t="str"><{x}f>B4</{x}f><{x}v></{x}v></{x}c></{x}row>'
        f'<{x}row r="5"><{x}c r="A5" t="e"><{x}v>#N/A</{x}v></{x}c></{x}row>'
        f'<{x}row r="6"><{x}c r="A6"><{x}f>B6</{x}f></{x}c></{x}row>',
    )

    assert cells(path) == [[FORMULA_MARKER], [FORMULA_MARKER], [""], ["#N/A"], [FORMULA_MARKER]]
    assert inspect(path, LIMITS).hidden_rows == 1


def test_row_numbers_are_the_sheets_own(tmp_path: Path) -> None:
    blank: list[object] = []
    path = xlsx(tmp_path / "a.xlsx", [blank, blank, ["", "Phone"], blank, ["", 7700900001]])
    found = inspect(path, LIMITS)

    assert found.headings == ("Column A", "Phone")
    assert read(path, found.reading) == [(4, ["", ""]), (5, ["", "7700900001"])]


def test_hidden_rows_are_read_and_counted(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_column(0, 0, ["Phone", 7700900001, 7700900002])
        sheet.set_row(1, options={"hidden": True})
    found = inspect(tmp_path / "a.xlsx", LIMITS)

    assert found.hidden_rows == 1
    assert Notice.HIDDEN_ROWS in found.notices
    assert len(found.sample) == 2


def test_the_first_visible_sheet_with_rows_is_read_and_the_others_can_be_chosen(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("Cover")
        hidden = workbook.add_worksheet("Old")
        hidden.write_column(0, 0, ["Phone", 7700900001])
        hidden.hide()
        workbook.add_worksheet("New").write_column(0, 0, ["Phone", 7700900002])
    found = inspect(path, LIMITS)

    assert [(sheet.name, sheet.hidden) for sheet in found.sheets] == [
        ("Cover", False),
        ("Old", True),
        ("New", False),
    ]
    assert found.reading.sheet == "New"
    assert Notice.OTHER_SHEETS in found.notices
    assert cells(path, sheet="Old") == [["7700900001"]]
    with pytest.raises(FileProblem, match="no_such_sheet"):
        inspect(path, LIMITS, sheet="Neither")


def test_formatted_cells_far_out_do_not_make_a_sheet_large(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_column(0, 0, ["Phone", 7700900001])
        sheet.write_blank(1_000_000, 16_000, None, workbook.add_format({"bold": True}))

    assert cells(tmp_path / "a.xlsx") == [["7700900001"]]


def test_errors_and_hidden_rows_of_an_old_workbook_are_recognised() -> None:
    path = FILES / "excel-97-odd-cells.xls"
    found = inspect(path, LIMITS)

    assert found.hidden_rows == 1
    assert [sheet.hidden for sheet in found.sheets] == [False, True]
    assert read(path, found.reading) == [
        (4, ["", "7700900001", ""]),
        (5, ["", "447700900002", ""]),
        (6, ["", "", ""]),
        (7, ["", "TRUE", "x"]),
    ]


def test_an_ods_repeats_rows_and_cells(tmp_path: Path) -> None:
    error = ods_cell("#N/A", "calcext:value-type='error'")
    path = raw_ods(
        tmp_path / "a.ods",
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        f"<table:table-row>{ods_cell('Phone')}{ods_cell('Name')}</table:table-row>"
        '<table:table-row table:number-rows-repeated="2" table:visibility="filter">'
        '<table:table-cell office:value-type="float" office:value="7700900001"/>'
        f"{error}</table:table-row>"
        '<table:table-row><table:table-cell table:formula="of:=[.B1]"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>',
    )
    found = inspect(path, LIMITS)

    assert found.hidden_rows == 2
    assert read(path, found.reading) == [
        (4, ["7700900001", "#N/A"]),
        (5, ["7700900001", "#N/A"]),
        (6, [FORMULA_MARKER, ""]),
    ]


def test_progress_of_a_workbook_grows_to_one(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [["Phone"], *[[7700900001]] * 1500])
    source = rows(path, inspect(path, LIMITS).reading, LIMITS)

    seen = [source.progress for _ in source]

    assert len(seen) == 3
    assert seen == sorted(seen)
    assert source.progress == 1
