"""The row of headings: rows above it are reported, and the first person of a list is never lost."""

from pathlib import Path

import pytest

from campaigns.uploads.spreadsheets import Limits, Notice, inspect
from campaigns.uploads.spreadsheets.header_row import guess_header_row

PEOPLE = [["Anna", "07700900101", "Leeds"], ["Bob", "07700900102", "York"], ["Cat", "", "Hull"]]


@pytest.mark.parametrize(
    "headings",
    [
        ["Name", "Phone", "01/12/2025"],
        ["Name", "Phone", "2025-12-01 00:00:00"],
        ["Name", "Phone", "2025"],
        ["Name", "Phone", "2024/2025"],
        ["Name", "Phone", "202512"],
        ["Person", "Reach on", "Town"],
        ["Person", "Reach on", "01/12/2025"],
        ["Tenant", "Mobile (07...)", "Town"],
        ["Name", "Mobile", ""],
    ],
)
def test_a_row_of_headings_is_recognised(headings: list[str]) -> None:
    assert guess_header_row(list(enumerate([headings, *PEOPLE], 1))) == 1


@pytest.mark.parametrize(
    "title",
    [
        ["Call list 27 Nov", "helpline", "020 7946 0123"],
        ["Call list", "", ""],
        ["Questions? Call 020 7946 0123", "", ""],
        ["Made by", "Ann Lee", "ann@example.org"],
    ],
)
def test_a_title_above_the_headings_is_no_contact(title: list[str]) -> None:
    rows = [title, ["Name", "Phone", "Town"], *PEOPLE]
    assert guess_header_row(list(enumerate(rows, 1))) == 2


@pytest.mark.parametrize(
    "first",
    [
        ["Dee", "07700900104", "Bath"],
        ["Dee", "07700 900104 (home)", "Bath"],
        ["Dee", "Tel: 020 7946 0104", "Bath"],
        ["Dee", "4.47722E+11", "Bath"],
        ["Dee", "unknown", "Bath"],
        ["Dee", "n/a", "Bath"],
        ["Dee", "-", "Bath"],
        ["Dee", "07700 9OO1O4", "Bath"],
        ["Dee", "", "York"],
        ["Dee", "no number", "Bath"],
    ],
)
def test_a_list_without_headings_keeps_its_first_person(first: list[str]) -> None:
    assert guess_header_row(list(enumerate([first, *PEOPLE], 1))) == 0


@pytest.mark.parametrize(
    ("first", "below"),
    [
        (["Dee", "£12.50", "x"], ["Bob", "£3", "y"]),
        (["Dee", "dee@example.org", "x"], ["Bob", "bob@example.org", "y"]),
        (["Dee", "14/03/2026", "x"], ["Bob", "15/03/2026", "y"]),
        (["Dee", "AB1 2CD", "x"], ["Bob", "EF3 4GH", "y"]),
        (["Dee", "7", "x"], ["Bob", "9", "y"]),
    ],
)
def test_a_first_row_like_those_below_is_no_row_of_headings(
    first: list[str], below: list[str]
) -> None:
    rows = [[*first, ""], [*below, "07700900101"], [*below, "07700900102"]]
    assert guess_header_row(list(enumerate(rows, 1))) == 0


def test_a_kind_of_telephone_is_no_heading() -> None:
    rows = [
        ["Anna", "Mobile", ""],
        ["Bob", "Mobile", "07700900101"],
        ["Cat", "Home", "01632960101"],
    ]
    assert guess_header_row(list(enumerate(rows, 1))) == 0


def test_headings_that_are_repeated_below_are_still_headings() -> None:
    headings = ["Name", "Phone", "Town"]
    assert guess_header_row(list(enumerate([headings, *PEOPLE, headings, *PEOPLE], 1))) == 1


def test_headings_below_many_people_are_not_those_of_the_file() -> None:
    rows = [[f"Person {n}", f"0770090010{n}", "Leeds"] for n in range(4)]
    assert guess_header_row(list(enumerate([*rows, ["Name", "Phone", "Town"], *rows], 1))) == 0


def test_rows_above_the_headings_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Call list,helpline,020 7946 0123\nName,Town,Phone\nAnna,Leeds,07700900101\n")
    found = inspect(path, Limits())
    assert found.headings == ("Name", "Town", "Phone")
    assert Notice.ROWS_ABOVE in found.notices
    assert Notice.ROWS_ABOVE not in inspect(path, Limits(), header_row=1).notices
