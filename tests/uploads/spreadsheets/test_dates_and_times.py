"""Dates and times of workbooks: the text that a stored value and its format become."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from campaigns.uploads.spreadsheets import Limits, Notice, inspect, rows
from campaigns.uploads.spreadsheets.dates_and_times import Shows, shown_by
from tests.uploads.spreadsheets.odd_files import ods_cell, raw_ods, xls

LIMITS = Limits()

CLOCK, DAY, BOTH, ELAPSED = "hh:mm", "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "[h]:mm"
NONE = ""

SERIALS: list[tuple[str, float, str]] = [
    (CLOCK, 0.39583333333, "09:30:00"),
    (CLOCK, 0.3958333333333339, "09:30:00"),
    (CLOCK, 0.39583, "09:30:00"),
    (CLOCK, 0.7083333, "17:00:00"),
    (CLOCK, 0.5208449074, "12:30:01"),
    (CLOCK, 0.99999, "23:59:59"),
    (CLOCK, 0.999999999, "00:00:00"),
    (CLOCK, 0, "00:00:00"),
    (CLOCK, 1, "24:00:00"),
    (CLOCK, 1.5, "36:00:00"),
    (CLOCK, 100.25, "2406:00:00"),
    (CLOCK, -0.5, NONE),
    (CLOCK, 45992.75, "2025-12-01 18:00:00"),
    (CLOCK, 45992, "2025-12-01 00:00:00"),
    ("h:mm AM/PM", 0.75, "18:00:00"),
    ("mm:ss", 0.0123, "00:17:43"),
    (ELAPSED, 0.0625, "01:30:00"),
    (ELAPSED, 1, "24:00:00"),
    (ELAPSED, 25.5, "612:00:00"),
    (ELAPSED, 0.99999999, "24:00:00"),
    (ELAPSED, -0.5, NONE),
    ("[mm]", 0.0625, "01:30:00"),
    (DAY, 45992, "2025-12-01"),
    (DAY, 45991.9999999999, "2025-12-01"),
    (DAY, 45992.0000000001, "2025-12-01"),
    (DAY, 45992.75, "2025-12-01 18:00:00"),
    (DAY, 1, "1900-01-01"),
    (DAY, 59, "1900-02-28"),
    (DAY, 61, "1900-03-01"),
    (DAY, 0, NONE),
    (DAY, 60, NONE),
    (DAY, -1, NONE),
    (DAY, 2958465, "9999-12-31"),
    # Too large for a date, such as a telephone number formatted as one by mistake: the number itself.
    (DAY, 7700900101, "7700900101"),
    (BOTH, 45992, "2025-12-01 00:00:00"),
    (BOTH, 45991.9999999999, "2025-12-01 00:00:00"),
    (BOTH, 45992.0000000001, "2025-12-01 00:00:00"),
    (BOTH, 45992.39583333333, "2025-12-01 09:30:00"),
    (BOTH, 45992.70833, "2025-12-01 17:00:00"),
    (BOTH, 0, NONE),
    ("General", 45992, "45992"),
    ("General", 3.3000000000000003, "3.3"),
    ("0.00", 0.30000000000000004, "0.3"),
    ("General", 0.7999999999999999, "0.8"),
    ("General", 1234567890123456789, "1.23456789012346e+18"),
    ("General", 4477009001011234, "4477009001011234"),
    ('0" days"', 0, "0"),
    ('0" days"', -3, "-3"),
]


def written_xlsx(path: Path, cells: Sequence[tuple[str, float]]) -> Path:
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["Phone", "When"])
        for row, (code, value) in enumerate(cells, 1):
            sheet.write_string(row, 0, "07700900101")
            sheet.write_number(row, 1, value, workbook.add_format({"num_format": code}))
    return path


def written_xls(path: Path, cells: Sequence[tuple[str, float]]) -> Path:
    heading: list[tuple[int, int, int, str | float]] = [(0, 0, 0, "Phone"), (0, 1, 0, "When")]
    phones = [(row, 0, 0, "07700900101") for row in range(1, len(cells) + 1)]
    values = [(row, 1, row, value) for row, (_, value) in enumerate(cells, 1)]
    return xls(path, [*heading, *phones, *values], [code for code, _ in cells])


@pytest.mark.parametrize("write", [written_xlsx, written_xls])
def test_a_stored_time_arrives_to_the_second(
    tmp_path: Path, write: Callable[[Path, Sequence[tuple[str, float]]], Path]
) -> None:
    path = write(tmp_path / "times", [(code, value) for code, value, _ in SERIALS])
    found = inspect(path, LIMITS)
    arrived = [cells[1] for batch in rows(path, found.reading, LIMITS, 0) for _, cells in batch]
    assert list(zip(SERIALS, arrived, strict=True)) == [(case, case[2]) for case in SERIALS]
    nothing = sum(text == NONE for *_, text in SERIALS)
    assert (found.without_time, Notice.NO_SUCH_TIME in found.notices) == (((1, nothing),), True)


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        ('office:value-type="time" office:time-value="PT09H30M00S"', "09:30:00"),
        ('office:value-type="time" office:time-value="PT16H59M59.997S"', "17:00:00"),
        ('office:value-type="time" office:time-value="PT00H00M00S"', "00:00:00"),
        ('office:value-type="time" office:time-value="PT24H00M00S"', "24:00:00"),
        ('office:value-type="time" office:time-value="PT612H00M00.4S"', "612:00:00"),
        ('office:value-type="time" office:time-value="-PT12H00M00S"', NONE),
        ('office:value-type="date" office:date-value="2025-12-01"', "2025-12-01"),
        ('office:value-type="date" office:date-value="2025-12-01T09:30:00"', "2025-12-01 09:30:00"),
        (
            'office:value-type="date" office:date-value="2025-12-01T16:59:59.997"',
            "2025-12-01 17:00:00",
        ),
        (
            'office:value-type="date" office:date-value="2025-12-01T00:00:00"',
            "2025-12-01 00:00:00",
        ),
        (
            'office:value-type="date" office:date-value="2025-12-01" table:style-name="appointment"',
            "2025-12-01 00:00:00",
        ),
        (
            'office:value-type="date" office:date-value="2025-12-01" table:style-name="birthday"',
            "2025-12-01",
        ),
        ('office:value-type="date" office:date-value="1899-12-30"', NONE),
        ('office:value-type="date" office:date-value="1899-12-30T09:30:00"', "09:30:00"),
        ('office:value-type="date" office:date-value="1850-06-01"', "1850-06-01"),
        ('office:value-type="float" office:value="3.3000000000000003"', "3.3"),
    ],
)
def test_a_stored_time_of_an_ods_arrives_to_the_second(
    tmp_path: Path, attributes: str, text: str
) -> None:
    heading = f"<table:table-row>{ods_cell('Phone')}{ods_cell('When')}</table:table-row>"
    cell = f"<table:table-cell {attributes}><text:p>shown</text:p></table:table-cell>"
    row = f"<table:table-row>{ods_cell('07700900101')}{cell}</table:table-row>"
    path = raw_ods(tmp_path / "a.ods", heading + row, styles=STYLES)
    found = inspect(path, LIMITS)
    [[(_, cells)]] = rows(path, found.reading, LIMITS, 0)
    assert cells == ["07700900101", text]
    assert found.without_time == (((1, 1),) if text == NONE else ())


STYLES = """
    <number:date-style style:name="N1"><number:day/><number:hours/></number:date-style>
    <number:date-style style:name="N2"><number:day/></number:date-style>
    <style:style style:name="appointment" style:data-style-name="N1"/>
    <style:style style:name="birthday" style:data-style-name="N2"/>"""


def test_the_style_of_an_ods_column_may_show_a_time(tmp_path: Path) -> None:
    columns = (
        "<table:table-column/>"
        '<table:table-column table:number-columns-repeated="2"'
        ' table:default-cell-style-name="appointment"/>'
    )
    cell = '<table:table-cell office:value-type="date" office:date-value="2025-12-01"/>'
    path = raw_ods(
        tmp_path / "a.ods",
        f"{columns}<table:table-row>{ods_cell('Phone')}{ods_cell('A')}{ods_cell('B')}</table:table-row>"
        f"<table:table-row>{ods_cell('07700900101')}{cell}{cell}</table:table-row>",
        styles=STYLES,
    )
    [[(_, cells)]] = rows(path, inspect(path, LIMITS).reading, LIMITS, 0)
    assert cells[1:] == ["2025-12-01 00:00:00"] * 2


@pytest.mark.parametrize(
    ("code", "shows"),
    [
        ("General", None),
        ("0.00", None),
        ('0" days"', None),
        (r"0\d", None),
        ("[Red]0", None),
        ("[$-809]dd mmmm yyyy;@", Shows.DAY),
        ("mmm yyyy", Shows.DAY),
        ("hh:mm", Shows.CLOCK),
        ("mm:ss", Shows.CLOCK),
        ("h:mm AM/PM", Shows.CLOCK),
        ("yyyy-mm-dd hh:mm:ss", Shows.BOTH),
        ("d mmm h", Shows.BOTH),
        ("[h]:mm", Shows.ELAPSED),
        ("[SS].00", Shows.ELAPSED),
    ],
)
def test_a_format_shows_a_day_a_time_both_or_neither(code: str, shows: Shows | None) -> None:
    assert shown_by(code) == shows


@given(st.text(max_size=60))
def test_any_format_shows_something_or_nothing(code: str) -> None:
    assert shown_by(code) in {None, *Shows}
