"""Files as clients send them: what is read of them, and what is said when they can't be read."""

import csv
import datetime
import json
import pickle
from pathlib import Path

import pytest
import xlsxwriter

from campaigns.contacts.numbers import FORMULA_MARKER
from campaigns.contacts.spreadsheets import (
    Batch,
    FileProblem,
    Inspection,
    Limits,
    Notice,
    ProblemCode,
    Reading,
    inspect,
    is_blank,
    rows,
)
from campaigns.contacts.spreadsheets.problems import SENTENCES
from tests.contacts.odd_files import FILES, ods, ods_cell, prefixed_xlsx, raw_ods, raw_xlsx, xlsx

LIMITS = Limits()

THE_LIST: list[list[str]] = [
    ["Phone", "Name", "Amount"],
    ["07700 900001", "Zoë Müller", "£12.50"],
    ["07700 900002", "O\N{RIGHT SINGLE QUOTATION MARK}Brien, Jo", "£7.00"],
    ["020 7946 0003", "Seán Ó Sé", "£3,000"],
    ["", "", ""],
    ["01632 960004", 'Ann "Annie" Lee', "£4"],
]


def read(path: Path, reading: Reading | None = None, limits: Limits = LIMITS) -> Batch:
    reading = reading or inspect(path, limits).reading
    return [row for batch in rows(path, reading, limits) for row in batch]


def cells(path: Path, **corrections: str) -> list[list[str]]:
    found = inspect(path, LIMITS, **corrections)  # type: ignore[arg-type]
    return [row for _, row in read(path, found.reading)]


def saved(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


EQUIVALENT = {
    "utf-8.csv": "UTF-8",
    "utf-8-with-mark.csv": "UTF-8",
    "windows-1252-semicolons.csv": "Windows-1252",
    "utf-16-tabs.txt": "UTF-16 (little-endian)",
    "utf-16-big-endian-no-mark.csv": "UTF-16 (big-endian)",
    "not-really-a.xls": "UTF-16 (little-endian)",
    "pipes.csv": "UTF-8",
    "sep-line.csv": "Windows-1252",
    "old-mac-line-ends.csv": "UTF-8",
    "excel-97.xls": "",
}


@pytest.mark.parametrize(("name", "encoding"), EQUIVALENT.items())
def test_the_same_list_comes_out_of_every_format(name: str, encoding: str) -> None:
    found = inspect(FILES / name, LIMITS)

    assert found.headings == tuple(THE_LIST[0])
    assert found.encoding_name == encoding
    assert read(FILES / name, found.reading) == list(enumerate(THE_LIST[1:], 2))


def test_the_same_list_comes_out_of_xlsx_and_ods(tmp_path: Path) -> None:
    as_xlsx = xlsx(tmp_path / "list.xlsx", [[*row] for row in THE_LIST])
    as_ods = ods(tmp_path / "list.ods", THE_LIST)

    assert read(as_xlsx) == read(as_ods) == list(enumerate(THE_LIST[1:], 2))


def test_a_name_says_nothing_about_a_file(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "list.csv", [["Phone"], ["07700900001"]])

    assert inspect(path, LIMITS).reading.kind == "xlsx"


class TestText:
    def test_bytes_that_windows_1252_leaves_undefined_are_kept(self, tmp_path: Path) -> None:
        path = saved(tmp_path / "a.csv", b"Phone,Name\n07700900001,A\x81\x8d\x8f\x90\x9d\xe9\n")

        assert cells(path) == [["07700900001", "A\x81\x8d\x8f\x90\x9d\xe9"]]

    def test_utf_8_that_fails_late_is_windows_1252(self, tmp_path: Path) -> None:
        content = b"Phone,Name\n" + b"07700900001,Ann\n" * 100_000 + b"07700900002,Zo\xeb\n"
        path = saved(tmp_path / "a.csv", content)

        assert cells(path)[-1] == ["07700900002", "Zoë"]

    def test_a_character_on_the_border_of_two_blocks_is_whole(self, tmp_path: Path) -> None:
        for shift in range(4):
            path = saved(tmp_path / "a.csv", "x" * shift + "Phone,Name\n" + "€,é\n" * 100_000)

            assert set(map(tuple, cells(path))) == {("€", "é")}

    def test_an_encoding_can_be_corrected(self) -> None:
        with pytest.raises(FileProblem) as problem:
            inspect(FILES / "windows-1252-semicolons.csv", LIMITS, encoding="utf-8")

        assert problem.value.code == ProblemCode.WRONG_ENCODING
        assert problem.value.__cause__ is None
        assert "UTF-8" in problem.value.sentence

    def test_a_delimiter_can_be_corrected(self, tmp_path: Path) -> None:
        path = saved(tmp_path / "a.csv", "Phone~Name\n07700900001~Ann\n")

        assert inspect(path, LIMITS, delimiter="~").headings == ("Phone", "Name")

    @pytest.mark.parametrize(
        ("content", "delimiter"),
        [
            ("Phone;Amount\n1;1,50\n2;2,50\n", ";"),
            ("Phone;Amount;Note\n1;1,50;a,b\n2;2,50;c\n", ";"),
            ('Phone,Address\n1,"1 High St; Anytown; AB1"\n2,"2 High St; Anytown; AB1"\n', ","),
            ("Phone\tName\n1\tLee, Ann\n2\tLee, Bob\n", "\t"),
            ("Phone|Name\n1|Ann\n", "|"),
            ("Spring campaign\n\nPhone,Name\n1,Ann\n2,Bob\n", ","),
            ("Phone\n1\n2\n", ","),
            ('"sep=|"\nPhone|Name;Title\n', "|"),
        ],
    )
    def test_the_delimiter_is_told(self, tmp_path: Path, content: str, delimiter: str) -> None:
        assert inspect(saved(tmp_path / "a", content), LIMITS).reading.delimiter == delimiter

    def test_a_row_with_line_breaks_counts_once(self) -> None:
        assert read(FILES / "line-breaks-in-cells.csv") == [
            (2, ["07700900001", "1 High Street\nAnytown\n", "Ann"]),
            (3, ["07700900002", '2 "The Elms"\r\nAnytown', "Bob"]),
        ]

    def test_ragged_and_blank_rows_are_kept(self) -> None:
        assert read(FILES / "ragged.csv") == [
            (2, ["07700900001", "", "", "", ""]),
            (3, ["07700900002", "Bob", "2", "extra", "more"]),
            (4, ["", "", "", "", ""]),
            (5, ["07700900003", "Cy", "3", "", ""]),
        ]

    def test_a_cell_beyond_all_columns_seen_at_first_is_kept(self, tmp_path: Path) -> None:
        content = "Phone,Name\n" + "07700900001,Ann\n" * 600 + "07700900002,Bob,late\n"

        assert read(saved(tmp_path / "a.csv", content))[-1] == (602, ["07700900002", "Bob", "late"])

    def test_row_numbers_go_on_from_batch_to_batch(self, tmp_path: Path) -> None:
        content = "Phone\n" + "".join(f"{n}\n" for n in range(2, 2003))
        path = saved(tmp_path / "a.csv", content)
        found = inspect(path, LIMITS, header_row=1)

        assert [(n, int(c)) for n, (c,) in read(path, found.reading)] == [
            (n, n) for n in range(2, 2003)
        ]

    @pytest.mark.parametrize("records", [499, 500, 501, 999, 1000, 1001])
    def test_no_row_is_lost_at_the_end_of_a_batch(self, tmp_path: Path, records: int) -> None:
        for end in ("\n", ""):
            content = "\n".join(f"0770090{n:04}" for n in range(records)) + end
            path = saved(tmp_path / "a.csv", content)

            assert len(read(path)) == records

    def test_progress_grows_to_one(self, tmp_path: Path) -> None:
        path = saved(tmp_path / "a.csv", "Phone,Name\n" + "07700900001,Ann\n" * 100_000)
        source = rows(path, inspect(path, LIMITS).reading, LIMITS)

        seen = [source.progress for _ in source]

        assert seen == sorted(seen)
        assert len(set(seen)) > 3
        assert source.progress == 1

    def test_reading_twice_gives_the_same(self) -> None:
        source = rows(FILES / "utf-8.csv", inspect(FILES / "utf-8.csv", LIMITS).reading, LIMITS)

        assert list(source) == list(source)


class TestHeadings:
    def test_a_title_above_the_headings_is_left_above(self) -> None:
        found = inspect(FILES / "title-above.csv", LIMITS)

        assert found.reading.header_row == 3
        assert found.headings == ("Phone", "Name", "Amount")
        assert found.above == [(1, ["Spring campaign", "", ""]), (2, ["", "", ""])]
        assert found.sample[0] == (4, ["07700900001", "Ann", "1"])

    @pytest.mark.parametrize("name", ["no-headings.csv", "plain-numbers.txt"])
    def test_a_file_may_have_no_headings(self, name: str) -> None:
        found = inspect(FILES / name, LIMITS)

        assert found.reading.header_row == 0
        assert found.headings[0] == "Column A"
        assert found.notices == (Notice.NO_HEADINGS,)
        assert read(FILES / name)[0][0] == 1

    def test_repeated_and_empty_headings_are_told_apart(self) -> None:
        found = inspect(FILES / "repeated-headings.csv", LIMITS)

        assert found.headings == ("Phone", "phone (2)", "Column C", "Name", "Phone (3)")
        assert set(found.notices) == {Notice.REPEATED_HEADINGS, Notice.EMPTY_HEADINGS}

    def test_the_row_can_be_corrected(self) -> None:
        found = inspect(FILES / "title-above.csv", LIMITS, header_row=4)

        assert found.headings == ("07700900001", "Ann", "1")
        assert [number for number, _ in read(FILES / "title-above.csv", found.reading)] == [5]

    def test_a_row_beyond_the_end_leaves_nothing(self) -> None:
        assert inspect(FILES / "utf-8.csv", LIMITS, header_row=10**9).sample == []

    def test_empty_columns_at_the_right_are_left_out(self, tmp_path: Path) -> None:
        path = saved(tmp_path / "a.csv", "Phone,Name,,,\n07700900001,Ann,,,\n")

        assert inspect(path, LIMITS).headings == ("Phone", "Name")


class TestWorkbooks:
    def test_cells_of_all_kinds_become_text(self, tmp_path: Path) -> None:
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

    @pytest.mark.parametrize("write", [raw_xlsx, prefixed_xlsx])
    def test_a_formula_never_calculated_is_marked(self, tmp_path: Path, write: object) -> None:
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

    def test_row_numbers_are_the_sheets_own(self, tmp_path: Path) -> None:
        blank: list[object] = []
        path = xlsx(tmp_path / "a.xlsx", [blank, blank, ["", "Phone"], blank, ["", 7700900001]])
        found = inspect(path, LIMITS)

        assert found.headings == ("Column A", "Phone")
        assert read(path, found.reading) == [(4, ["", ""]), (5, ["", "7700900001"])]

    def test_hidden_rows_are_read_and_counted(self, tmp_path: Path) -> None:
        with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
            sheet = workbook.add_worksheet()
            sheet.write_column(0, 0, ["Phone", 7700900001, 7700900002])
            sheet.set_row(1, options={"hidden": True})
        found = inspect(tmp_path / "a.xlsx", LIMITS)

        assert found.hidden_rows == 1
        assert Notice.HIDDEN_ROWS in found.notices
        assert len(found.sample) == 2

    def test_the_first_sheet_in_sight_is_read_and_the_others_can_be_chosen(
        self, tmp_path: Path
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

    def test_formats_far_out_do_not_make_a_sheet_large(self, tmp_path: Path) -> None:
        with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
            sheet = workbook.add_worksheet()
            sheet.write_column(0, 0, ["Phone", 7700900001])
            sheet.write_blank(1_000_000, 16_000, None, workbook.add_format({"bold": True}))

        assert cells(tmp_path / "a.xlsx") == [["7700900001"]]

    def test_an_old_workbook_tells_of_errors_and_hidden_rows(self) -> None:
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

    def test_an_ods_repeats_rows_and_cells(self, tmp_path: Path) -> None:
        path = raw_ods(
            tmp_path / "a.ods",
            '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
            f"<table:table-row>{ods_cell('Phone')}{ods_cell('Name')}</table:table-row>"
            '<table:table-row table:number-rows-repeated="2" table:visibility="filter">'
            '<table:table-cell office:value-type="float" office:value="7700900001"/>'
            f"{ods_cell('#N/A', 'calcext:value-type="error"')}</table:table-row>"
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

    def test_progress_of_a_workbook_grows_to_one(self, tmp_path: Path) -> None:
        path = xlsx(tmp_path / "a.xlsx", [["Phone"], *[[7700900001]] * 1500])
        source = rows(path, inspect(path, LIMITS).reading, LIMITS)

        seen = [source.progress for _ in source]

        assert len(seen) == 3
        assert seen == sorted(seen)
        assert source.progress == 1


def test_a_reading_survives_json() -> None:
    reading = inspect(FILES / "sep-line.csv", LIMITS).reading

    assert Reading.from_json(json.loads(json.dumps(reading.to_json()))) == reading


def test_a_problem_survives_a_journey_between_processes() -> None:
    problem = pickle.loads(pickle.dumps(FileProblem(ProblemCode.TOO_MANY_ROWS, limit=5)))

    assert problem.sentence == FileProblem(ProblemCode.TOO_MANY_ROWS, limit=5).sentence


@pytest.mark.parametrize("code", ProblemCode)
def test_every_problem_has_a_sentence_that_ends(code: ProblemCode) -> None:
    assert SENTENCES[code].endswith(".")


def test_blank_is_blank_whatever_the_spaces() -> None:
    assert is_blank(["", " ", "\N{NO-BREAK SPACE}\t"])
    assert not is_blank(["", "0"])


def test_what_csv_writes_is_read_back(tmp_path: Path) -> None:
    odd = [["Phone", "Note"], ["07700900001", 'a "b", c\r\nd'], ["07700900002", ";\t|'"]]
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(odd)
    found: Inspection = inspect(path, LIMITS)

    assert found.headings == ("Phone", "Note")
    assert cells(path) == odd[1:]
