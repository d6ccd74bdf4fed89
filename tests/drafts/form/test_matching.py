"""Columns that are matched by name, which happens only where there is no doubt."""

import pytest

from campaigns.drafts.form.match_columns import heading_for


@pytest.mark.parametrize(
    ("label", "headings", "found"),
    [
        ("First name", ["Phone", "First name"], "First name"),
        ("First name", ["FIRST_NAME", "Name"], "FIRST_NAME"),
        ("Due date", ["due-date "], "due-date "),
        ("Café", ["CAFE"], "CAFE"),
        ("First name", ["Forename", "Surname"], "Forename"),
        ("Surname", ["Last name"], "Last name"),
        ("Date of birth", ["DOB"], "DOB"),
        ("Account number", ["Account No."], "Account No."),
        # The closest heading wins. Where several are equally close, none does.
        ("First name", ["Forename", "first name"], "first name"),
        ("First name", ["FIRST NAME", "first_name", "First name"], "First name"),
        ("First name", ["FIRST NAME", "first_name"], None),
        ("First name", ["FIRST NAME", "first_name", "Forename"], None),
        ("First name", ["Forename", "Given name"], None),
        # A heading that a list has twice is in doubt, whichever of the two got the number.
        ("Due date", ["Phone", "Due date", "Due date (2)"], None),
        ("Due date (2)", ["Phone", "Due date", "Due date (2)"], None),
        ("due date", ["Due date", "due date (2)", "due date (3)"], None),
        ("Payment due date", ["Due date", "Due date (2)"], None),
        ("Due date (2)", ["Phone", "Due date (2)"], "Due date (2)"),
        ("First name", ["First name", "Due date", "Due date (2)"], "First name"),
        # A column without a heading is named by its letter.
        ("Column B", ["Column A", "Column B"], None),
        ("column b", ["Phone", "Column B"], None),
        ("Column B", ["Column B", "Phone"], "Column B"),
        # A partial match is no match.
        ("First name", ["Name"], None),
        ("Name", ["First name", "Full name"], None),
        ("Due date", ["Date", "Due", "Due date 2"], None),
        ("Amount", ["Amount due"], None),
        ("Account number", ["Number", "Phone number"], None),
        ("Customer number", ["Contact number"], None),
        ("?", ["!", "", " "], None),
        # An amount in £ is not one in €.
        ("Amount (£)", ["Amount (€)"], None),
        ("Amount (£)", ["Amount (€)", "amount £"], "amount £"),
        ("Amount", ["Amount (£)"], "Amount (£)"),
        ("Amount", ["Amount (£)", "Amount (€)"], None),
        ("", ["", "First name"], None),
        ("First name", [], None),
    ],
)
def test_a_column_is_found_by_the_parameters_label(
    label: str, headings: list[str], found: str | None
) -> None:
    assert heading_for(label, headings) == found
