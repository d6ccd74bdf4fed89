"""On *Check the columns*, a heading chooses its column: by mouse and by keyboard, with the rows at once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

PHONES = [f"07700 9001{n:02}" for n in range(20)]


@pytest.fixture
def two_columns(tmp_path: Path) -> Path:
    """A file whose first column has a number in 12 of 20 rows, and whose last has one in all."""
    rows = [
        f"{number if n < 12 else 'none'},Person {n},{number}" for n, number in enumerate(PHONES)
    ]
    path = tmp_path / "two columns.csv"
    path.write_text("\n".join(["Home phone,Name,Mobile No.", *rows]))
    return path


def test_headings_choose_the_column_and_the_hint_leads_to_the_better_one(
    page: Page, two_columns: Path, shoot: Callable[[str], None]
) -> None:
    page.goto("/contact-lists/upload/")
    page.get_by_label("Client").select_option("Northgate Energy")
    page.get_by_label("File").set_input_files(two_columns)
    page.get_by_role("button", name="Upload contact list").click()
    field = page.get_by_label("Column with the telephone numbers")
    home = page.get_by_role("button", name="Home phone", exact=True)
    name = page.get_by_role("button", name="Name", exact=True)
    hint = page.get_by_text("40 % of the first rows have no number here.")
    expect(home).to_have_attribute("aria-pressed", "false")

    home.click()
    expect(home).to_have_attribute("aria-pressed", "true")
    expect(field).to_have_value("0")
    expect(hint).to_be_visible()
    shoot("better-column")

    name.focus()
    page.keyboard.press("Enter")
    expect(name).to_have_attribute("aria-pressed", "true")
    expect(name).to_be_focused()
    expect(field).to_have_value("1")
    expect(page.get_by_text("10 of these 10 rows would be refused")).to_be_visible()

    page.get_by_role("button", name="Use “Mobile No.”").click()
    expect(field).to_have_value("2")
    expect(page.get_by_text("would be refused")).to_have_count(0)
    page.get_by_role("button", name="Import contact list").click()
    expect(page.get_by_role("heading", name="20 contacts")).to_be_visible()
    expect(page.get_by_role("link", name="New campaign with this list")).to_be_visible()
    page.goto("/contact-lists/")
    shoot("contact-lists")
    page.get_by_role("link", name="two columns", exact=True).click()
    shoot("list-with-campaign")
    page.get_by_role("link", name="New campaign with this list").click()
    expect(page.get_by_label("two columns · two columns.csv")).to_be_checked()


def test_where_two_columns_complete_each_other_one_button_uses_both(
    page: Page, tmp_path: Path, shoot: Callable[[str], None]
) -> None:
    rows = [
        f"{number if n < 12 else 'none'},Person {n},{number if n >= 10 else ''}"
        for n, number in enumerate(PHONES)
    ]
    path = tmp_path / "completing.csv"
    path.write_text("\n".join(["Home phone,Name,Mobile phone", *rows]))
    page.goto("/contact-lists/upload/")
    page.get_by_label("Client").select_option("Northgate Energy")
    page.get_by_label("File").set_input_files(path)
    page.get_by_role("button", name="Upload contact list").click()
    page.get_by_label("Column with the telephone numbers").select_option("0")
    page.get_by_role("button", name="Use “Mobile phone” where “Home phone” has no number").click()
    second = page.get_by_label("If there is no usable number, use")
    expect(second).to_have_value("2")
    expect(page.get_by_text("would be refused")).to_have_count(0)
    shoot("second-column")
    second.select_option(label="No other column")
    expect(page.get_by_role("button", name="Use “Mobile phone” where")).to_be_visible()
    second.select_option("2")
    page.get_by_role("button", name="Import contact list").click()
    expect(page.get_by_role("heading", name="20 contacts")).to_be_visible()
    said = "8 numbers are from “Mobile phone”, because “Home phone” had none that can be called."
    expect(page.get_by_text(said)).to_be_visible()
