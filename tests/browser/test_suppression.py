"""Suppressing somebody, as an account manager does it, by hand and from a file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

REASON = "Asked not to be called."


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A plain file as registers give it: numbers, no heading, and one line that is none."""
    path = tmp_path / "register.txt"
    lines = [f"07700900{n}" for n in range(600, 650)]
    path.write_text("\n".join([*lines, "4.47722E+11", "07700900600"]))
    return path


@pytest.mark.nightly
def test_a_number_is_suppressed_looked_up_and_removed(
    page: Page, shoot: Callable[[str], None]
) -> None:
    page.get_by_role("link", name="Suppression").click()
    page.get_by_role("link", name="Add number").click()
    page.get_by_label("Client").select_option("Northgate Energy")
    page.get_by_label("Number").fill("4.47722E+11")
    page.get_by_label("Why").fill(REASON)
    page.get_by_role("button", name="Suppress number").click()
    expect(page.get_by_text("Excel has shortened this number")).to_be_visible()
    shoot("suppression-add")
    page.get_by_label("Number").fill("(07700) 900599")
    page.get_by_role("button", name="Suppress number").click()
    expect(page.get_by_text("The number is now suppressed.")).to_be_visible()
    shoot("suppression-number")

    page.get_by_role("link", name="Suppression").first.click()
    page.get_by_label("Is this number suppressed?").fill("+44 7700 900599")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_role("heading", name="This number must not be called")).to_be_visible()
    assert "900599" not in page.url
    shoot("suppression-found")
    page.get_by_role("link", name="Remove").click()
    page.get_by_label("Why may it be called again?").fill("Asked to be called again.")
    shoot("suppression-remove")
    page.get_by_role("button", name="Remove number").click()
    expect(page.get_by_text("Removed a number from suppression")).to_be_visible()


@pytest.mark.nightly
def test_a_file_of_numbers_is_suppressed(
    page: Page, register: Path, shoot: Callable[[str], None]
) -> None:
    page.goto("/suppression/upload/")
    page.get_by_label("Client").select_option("Harbour Housing")
    page.get_by_label("File").set_input_files(register)
    page.get_by_label("Why").fill("National register, November.")
    shoot("suppression-upload")
    page.get_by_role("button", name="Upload numbers").click()
    expect(page.get_by_text("Suppressed by this file")).to_be_visible()
    expect(page.get_by_role("cell", name="Excel has shortened this number")).to_be_visible()
    shoot("suppression-file")
    page.goto("/suppression/")
    shoot("suppression-list")


def test_a_file_with_columns_is_checked_first_and_removed_again(
    page: Page, tmp_path: Path, shoot: Callable[[str], None]
) -> None:
    path = tmp_path / "letters.csv"
    path.write_text("Account,Mobile,Home phone\n1,07700 900651,01632 960651\n")
    page.goto("/suppression/upload/")
    page.get_by_label("Client").select_option("Harbour Housing")
    page.get_by_label("File").set_input_files(path)
    page.get_by_label("Why").fill("Asked by letter.")
    page.get_by_role("button", name="Upload numbers").click()
    expect(page.get_by_text("Nothing from this file is suppressed until")).to_be_visible()
    page.get_by_label("Column with the telephone numbers").select_option("Home phone: 01632 960651")
    # Shown at once, without a button.
    expect(page.get_by_role("columnheader", name="Home phone Number")).to_be_visible()
    page.get_by_label("Column with the telephone numbers").select_option("Account: 1")
    expect(page.get_by_role("columnheader", name="Home phone Number")).to_have_count(0)
    expect(page.get_by_text("1 of this 1 row would be refused.")).to_be_visible()
    page.get_by_label("Column with the telephone numbers").select_option("Home phone: 01632 960651")
    expect(page.get_by_text("would be refused")).to_have_count(0)
    shoot("suppression-columns")
    page.get_by_role("button", name="Suppress these numbers").click()
    expect(page.get_by_text("Suppressed by this file")).to_be_visible()
    expect(page.get_by_role("link", name="Remove +441632960651")).to_be_visible()
    page.get_by_role("link", name="Remove these numbers").click()
    page.get_by_label("Why may they be called again?").fill("The wrong file.")
    shoot("suppression-remove-all")
    page.get_by_role("button", name="Remove 1 number").click()
    expect(page.get_by_text("The numbers from this file have been removed")).to_be_visible()
    shoot("suppression-removed")
