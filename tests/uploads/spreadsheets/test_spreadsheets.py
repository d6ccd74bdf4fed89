"""Files as clients send them: what is read from them, and why some can't be read."""

import csv
import json
import pickle
from pathlib import Path

import pytest

from campaigns.uploads.spreadsheets import (
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
from campaigns.uploads.spreadsheets.problems import SENTENCES
from tests.uploads.spreadsheets.odd_files import FILES, ods, xls, xlsx

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


def test_a_files_kind_does_not_depend_on_its_name(tmp_path: Path) -> None:
    content: list[list[str]] = [["Phone"], ["07700900001"]]
    xls_cells = [(row, 0, 0, cells[0]) for row, cells in enumerate(content)]
    for ending in ("csv", "xls", "xlsx", "ods", ""):
        path = tmp_path / f"list.{ending}"
        assert cells(xlsx(path, content)) == content[1:]
        assert cells(ods(path, content)) == content[1:]
        assert cells(xls(path, xls_cells)) == content[1:]


class TestText:
    def test_bytes_that_windows_1252_leaves_undefined_are_kept(self, tmp_path: Path) -> None:
        path = saved(tmp_path / "a.csv", b"Phone,Name\n07700900001,A\x81\x8d\x8f\x90\x9d\xe9\n")

        assert cells(path, encoding="windows-1252") == [
            ["07700900001", "A\x81\x8d\x8f\x90\x9d\xe9"]
        ]

    def test_a_file_that_is_not_utf_8_only_near_its_end_is_windows_1252(
        self, tmp_path: Path
    ) -> None:
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
    def test_the_delimiter_is_recognised(
        self, tmp_path: Path, content: str, delimiter: str
    ) -> None:
        assert inspect(saved(tmp_path / "a", content), LIMITS).reading.delimiter == delimiter

    def test_a_row_with_line_breaks_counts_once(self) -> None:
        assert read(FILES / "line-breaks-in-cells.csv") == [
            (2, ["07700900001", "1 High Street\nAnytown\n", "Ann"]),
            (3, ["07700900002", '2 "The Elms"\r\nAnytown', "Bob"]),
        ]

    def test_ragged_and_blank_rows_are_kept(self) -> None:
        assert read(FILES / "ragged.csv") == [
            (2, ["07700900001", "", ""]),
            (3, ["07700900002", "Bob", "2", "extra", "more"]),
            (4, ["", "", ""]),
            (5, ["07700900003", "Cy", "3"]),
        ]

    def test_a_cell_beyond_the_columns_of_the_first_rows_is_kept(self, tmp_path: Path) -> None:
        content = "Phone,Name\n" + "07700900001,Ann\n" * 600 + "07700900002,Bob,late\n"

        assert read(saved(tmp_path / "a.csv", content))[-1] == (602, ["07700900002", "Bob", "late"])

    def test_row_numbers_continue_from_batch_to_batch(self, tmp_path: Path) -> None:
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
    def test_a_title_above_the_headings_is_not_a_row(self) -> None:
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

    def test_repeated_and_empty_headings_are_made_distinct(self) -> None:
        found = inspect(FILES / "repeated-headings.csv", LIMITS)

        assert found.headings == ("Phone", "phone (2)", "Column C", "Name", "Phone (3)")
        assert set(found.notices) == {Notice.REPEATED_HEADINGS, Notice.EMPTY_HEADINGS}

    def test_the_row_of_headings_can_be_corrected(self) -> None:
        found = inspect(FILES / "title-above.csv", LIMITS, header_row=4)

        assert found.headings == ("07700900001", "Ann", "1")
        assert [number for number, _ in read(FILES / "title-above.csv", found.reading)] == [5]

    def test_a_row_of_headings_beyond_the_end_leaves_no_rows(self) -> None:
        assert inspect(FILES / "utf-8.csv", LIMITS, header_row=10**9).sample == []

    def test_empty_columns_at_the_right_are_left_out(self, tmp_path: Path) -> None:
        path = saved(tmp_path / "a.csv", "Phone,Name,,,\n07700900001,Ann,,,\n")

        assert inspect(path, LIMITS).headings == ("Phone", "Name")


def test_a_reading_survives_json() -> None:
    reading = inspect(FILES / "sep-line.csv", LIMITS).reading

    assert Reading.from_json(json.loads(json.dumps(reading.to_json()))) == reading


def test_a_problem_can_be_passed_between_processes() -> None:
    problem = pickle.loads(pickle.dumps(FileProblem(ProblemCode.TOO_MANY_ROWS, limit=5)))

    assert problem.sentence == FileProblem(ProblemCode.TOO_MANY_ROWS, limit=5).sentence


@pytest.mark.parametrize("code", ProblemCode)
def test_every_problem_has_a_whole_sentence(code: ProblemCode) -> None:
    assert SENTENCES[code].endswith(".")


def test_a_row_of_any_spaces_is_blank() -> None:
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
