"""Columns found again by their headings, and those that a person is asked about."""

import pytest

from campaigns.uploads.columns.heading_match import match, not_known_again


@pytest.mark.parametrize(
    ("wanted", "found", "column"),
    [
        ("Phone 2", ["Phone", "Phone (2)", "Phone 2"], 2),
        ("Phone (2)", ["Phone", "Phone 2", "Phone (2)"], 2),
        ("Mobile?", ["Mobile", "Mobile?"], 1),
        ("Mobile", ["Mobile?", "Mobile"], 1),
        ("Amount (€)", ["Amount (£)", "Amount (€)"], 1),
        ("HOME  phone", ["Ref", "Home Phone"], 1),
        ("Prénom", ["Pre\N{COMBINING ACUTE ACCENT}nom", "Nom"], 0),
        ("due_date", ["Due date"], 0),
    ],
)
def test_an_exact_heading_is_matched_first_and_a_folded_one_where_it_is_unique(
    wanted: str, found: list[str], column: int
) -> None:
    assert match([wanted], found).columns == (column,)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("mobile", ["Mobile", "Mobile?"]),
        ("phone2", ["Phone", "Phone (2)", "Phone 2"]),
        ("due_date", ["Due date", "Due-date"]),
    ],
)
def test_a_heading_that_fits_several_columns_is_unclear(wanted: str, found: list[str]) -> None:
    unclear = match([wanted], found)
    assert (unclear.columns, unclear.unclear, unclear.missing) == ((None,), (wanted,), ())


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("Amount (£)", ["Amount (€)"]),
        ("Discount %", ["Discount"]),
        ("£", ["€"]),
        ("?", ["!", "#"]),
        ("Phone", ["Name"]),
    ],
)
def test_a_heading_with_another_sign_or_none_is_another_column(
    wanted: str, found: list[str]
) -> None:
    assert match([wanted], found).missing == (wanted,)


def test_no_column_is_found_twice() -> None:
    fit = match(["Mobile", "Mobile?"], ["Mobile", "Name"])
    assert (fit.columns, fit.missing) == ((0, None), ("Mobile?",))


def test_two_headings_that_fold_alike_are_not_matched_to_one_column() -> None:
    fit = match(["Mobile?", "Mobile!"], ["mobile", "Name"])
    assert (fit.columns, fit.unclear) == ((None, None), ("Mobile?", "Mobile!"))


def test_a_heading_that_only_the_file_repeats_is_matched_to_no_column() -> None:
    found = ["Reason", "Phone", "reason (2)"]
    assert match(["Phone", "Reason"], found, repeated=[2]).unclear == ("Reason",)
    assert match(["reason (2)", "Reason"], found, repeated=[2]).complete == [2, 0]


@pytest.mark.parametrize(
    "wanted", ["Phone", "phone", "Phone 2", "phone2", "Phone (2)", "PHONE (2)"]
)
def test_no_column_that_shares_a_heading_is_matched_by_it_alone(wanted: str) -> None:
    assert match([wanted], ["Phone", "Name", "Phone (2)"], repeated=[2]).unclear == (wanted,)


@pytest.mark.parametrize(("wanted", "found"), [("Phone (2)", "Phone 2"), ("Phone 2", "Phone (2)")])
def test_a_number_in_brackets_makes_another_heading(wanted: str, found: str) -> None:
    """Only a file that itself has "Phone" twice gets "Phone (2)"; otherwise it is a heading of its own."""
    assert match([wanted], ["Phone", found]).columns == (None,)
    assert match([wanted], ["Phone", wanted.upper()]).columns == (1,)


def test_a_heading_that_ends_in_brackets_is_not_a_repeated_one() -> None:
    assert match(["Amount", "Amount (GBP)"], ["Amount (GBP)", "Amount"]).complete == [1, 0]


@pytest.mark.parametrize(
    ("found", "repeated", "doubtful"),
    [
        (["Phone", "Name", "Phone (2)"], [2], {0, 2}),
        (["Phone", "Name", "Phone (2)"], [], set()),
        (["Phone", "Name", "PHONE (2)"], None, {0, 2}),
        (["Phone", "Name", "Amount (2)"], None, set()),
        (["Amount", "Amount (GBP)"], None, set()),
        (["Column A", "Name", "Column C"], None, {0, 2}),
        (["Column C", "Column A", "Column density"], None, set()),
    ],
)
def test_columns_with_a_shared_heading_or_none_are_not_recognised_again(
    found: list[str], repeated: list[int] | None, doubtful: set[int]
) -> None:
    assert not_known_again(found, repeated) == doubtful
