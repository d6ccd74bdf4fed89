"""Columns guessed to hold the number and the name."""

import pytest

from campaigns.uploads.headings import Guess, guess, key, remembered_by

ROWS = [["A-17", "07700 900001", "Ann Lee", "£4"], ["A-18", "01632 960002", "Bob Ray", "£5"]]


@pytest.mark.parametrize(
    "heading",
    [
        "Phone",
        "PHONE NO.",
        "Tel",
        "telephone_number",
        "Mobile",
        "Mobile Phone",
        "Contact Number",
        "Phone 1",
        "Home Tel",
        "Daytime phone",
        "MSISDN",
        "Cell",
        "Primary Phone Number",
    ],
)
def test_a_number_is_recognised_by_its_heading(heading: str) -> None:
    assert guess(["Ref", heading], []).number == 1


@pytest.mark.parametrize(
    ("headings", "name"),
    [
        (["Phone", "Full Name", "Name"], 1),
        (["Phone", "Surname", "First name"], 2),
        (["Phone", "Last name", "Customer Name"], 2),
        (["Phone", "Contact"], 1),
        (["Phone", "Surname"], 1),
        (["Phone", "Amount"], None),
        (["Phone", "Username"], None),
    ],
)
def test_a_name_is_recognised_by_its_heading(headings: list[str], name: int | None) -> None:
    assert guess(headings, []).name == name


def test_without_headings_the_columns_are_recognised_by_their_content() -> None:
    headings = ["Column A", "Column B", "Column C", "Column D"]

    assert guess(headings, ROWS) == Guess(number=1, name=2, candidates=(1,))


def test_a_heading_counts_for_more_than_a_reference_that_looks_like_a_number() -> None:
    sample = [["07700900009", "07700900001"], ["07700900008", "none"]]

    assert guess(["Account", "Mobile"], sample) == Guess(number=1, name=None, candidates=(1,))


def test_a_column_called_number_that_holds_none_is_no_candidate() -> None:
    sample = [["12", "07700900001"], ["14", "07700900002"]]

    assert guess(["Number", "Reach on"], sample).candidates == (1,)


def test_two_columns_of_numbers_are_both_offered() -> None:
    sample = [["", "07700900001"], ["", "07700900002"]]

    assert guess(["Mobile", "Landline"], sample) == Guess(number=1, name=None, candidates=(1, 0))


def test_a_column_of_numbers_that_excel_has_shortened_is_still_recognised() -> None:
    assert guess(["a", "b"], [["x", "4.47722E+11"]] * 3).number == 1


def test_a_column_of_bad_numbers_is_still_recognised_by_its_heading() -> None:
    assert guess(["Phone", "Name"], [["n/a", "Ann"], ["unknown", "Bob"]]).number == 0


def test_no_column_is_guessed_where_none_looks_like_numbers() -> None:
    found = guess(["Town", "Colour"], [["Anytown", "red"]])

    assert found == Guess(number=None, name=None, candidates=())


def test_short_rows_do_not_prevent_a_guess() -> None:
    assert guess(["Name", "Phone"], [["Ann"], [], ["Bob", "07700900001"]]).number == 1


def test_headings_are_compared_without_case_spaces_accents_and_points() -> None:
    assert key(" Téléphone  No. ") == key("TELEPHONE NO") == "telephoneno"


def test_a_mapping_is_remembered_by_the_set_of_headings() -> None:
    assert remembered_by(["Phone", "Name"]) == remembered_by(["name ", "PHONE"])
    assert remembered_by(["Phone", "Name"]) != remembered_by(["Phone", "Name", "Amount"])
