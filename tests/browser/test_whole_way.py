"""From a spreadsheet to a recorded campaign ID, as an account manager goes it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from campaigns.submissions.demo.story import working_days
from tests.browser.conftest import confirm_same_people
from tests.running import RunningPortal

START = working_days(10, 1)[0]


@pytest.fixture
def spreadsheet(tmp_path: Path) -> Path:
    """A client's real XLSX: three people, one number that Excel has spoilt, one twice."""
    path = tmp_path / "Readings for January.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(
            [
                ("  MOBILE Number ", "Name", "First name", "Due"),
                ("07700 900101", "Asha Patel", "Asha", "3 January"),
                (447700900102, "Bea Lund", "Bea", "4 January"),
                ("4.47722E+11", "Cal Voss", "Cal", "5 January"),
                ("(0161) 496", "Dee Ray", "Dee", "6 January"),
                ("+44 7700 900101", "Asha Patel", "Asha", "3 January"),
                ("020 7946 0101", "Eve Stone", "Eve", "7 January"),
            ]
        ):
            sheet.write_row(row, 0, cells)
    return path


def test_a_spreadsheet_becomes_a_campaign_with_the_partners_id(
    page: Page, portal: RunningPortal, spreadsheet: Path, shoot: Callable[[str], Path]
) -> None:
    shoot("home")
    upload(page, spreadsheet)
    expect(page.get_by_role("heading", name="Check the columns")).to_be_visible()
    shoot("columns")
    page.get_by_role("button", name="Import contact list").click()
    expect(page.get_by_role("heading", name="3 contacts")).to_be_visible()
    shortened = page.get_by_role("cell", name="Excel has shortened this number")
    expect(shortened).to_be_visible()
    expect(page.get_by_text("Duplicate of row 2")).to_be_visible()
    shoot("contact-list")

    build(page)
    shoot("builder")
    page.get_by_role("button", name="Check campaign").click()
    # The same people are in campaigns of the demo that start in the same week.
    expect(page.get_by_text("Nothing stops this campaign.")).to_be_visible()
    confirm_same_people(page)
    shoot("builder-resend")
    page.get_by_role("button", name="Submit campaign").click()

    expect(page.get_by_text("Submitted", exact=True).first).to_be_visible(timeout=60_000)
    shoot("submission")
    [row] = received(portal, "January readings")
    assert row["complete"]
    assert row["numbers"] == 3
    assert row["answer_status"] == 201
    expect(page.locator("output")).to_have_text(str(row["campaign_id"]))

    page.get_by_role("link", name="Submissions", exact=True).click()
    page.get_by_label("Search").fill(str(row["campaign_id"]))
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name="January readings")).to_be_visible()
    shoot("submissions")


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(
    page: Page, portal: RunningPortal, shoot: Callable[[str], Path]
) -> None:
    before = len(portal.ledger())
    page.get_by_role("link", name="Campaigns", exact=True).click()
    page.get_by_role("link", name="New campaign").click()
    page.get_by_label("Client", exact=True).select_option("Harbour Housing")
    page.get_by_label("Campaign name").fill("Half a campaign")
    page.get_by_label("Call flow", exact=True).select_option(label="Rent reminder (201)")
    page.get_by_role("button", name="Submit campaign").click()
    expect(page.get_by_role("alert")).to_contain_text("to mend")
    page.get_by_role("link", name="Choose a CLI.").click()
    expect(page.get_by_label("CLI", exact=True)).to_be_focused()
    expect(page.get_by_label("Campaign name")).to_have_value("Half a campaign")
    shoot("builder-problems")
    assert len(portal.ledger()) == before


def test_a_double_click_on_submit_and_the_back_button_submit_one_campaign(
    page: Page, portal: RunningPortal
) -> None:
    build(page, name="Pressed twice", lists="December readings", due="Due date")
    confirm_same_people(page)
    page.get_by_role("button", name="Submit campaign").dblclick(delay=30)
    expect(page.get_by_text("Submitted", exact=True).first).to_be_visible(timeout=60_000)
    page.go_back()
    if page.get_by_role("button", name="Submit campaign").is_visible():
        page.get_by_role("button", name="Submit campaign").click()
    page.goto("/submissions/?q=Pressed+twice")
    expect(page.get_by_role("link", name="Pressed twice")).to_have_count(1)
    assert len(received(portal, "Pressed twice")) == 1


def test_rows_are_added_and_removed_without_losing_what_was_typed(page: Page) -> None:
    page.goto("/campaigns/new/")
    page.get_by_label("Client", exact=True).select_option("Northgate Energy")
    page.get_by_label("Start date").fill(START.isoformat())
    minutes = page.get_by_label("Minutes before the next attempt")
    minutes.nth(0).fill("15")
    page.get_by_role("button", name="Add call attempt").click()
    minutes.nth(1).fill("60")
    page.get_by_role("button", name="Add call attempt").click()
    minutes.nth(2).fill("120")
    page.get_by_role("button", name="Remove call attempt 2").click()
    expect(minutes).to_have_count(2)
    assert [minutes.nth(row).input_value() for row in range(2)] == ["15", "120"]
    page.get_by_role("button", name="Add run-over day").click()
    expect(page.get_by_role("group", name="Run-over day 1")).to_be_visible()
    expect(page.get_by_label("Start date")).to_have_value(START.isoformat())


def received(portal: RunningPortal, name: str) -> list[dict[str, Any]]:
    """Return what the partner has received under this name: other tests' campaigns come meanwhile."""
    return [row for row in portal.ledger() if str(row["name"]).startswith(f"{name} [")]


def upload(page: Page, path: Path) -> None:
    page.get_by_role("link", name="Contact lists", exact=True).click()
    page.get_by_role("link", name="Upload contact list").click()
    page.get_by_label("Client").select_option("Northgate Energy")
    page.get_by_label("File").set_input_files(path)
    page.get_by_role("button", name="Upload contact list").click()


def build(
    page: Page,
    name: str = "January readings",
    lists: str = "Readings for January",
    due: str = "Due",
) -> None:
    page.get_by_role("link", name="Campaigns", exact=True).click()
    page.get_by_role("link", name="New campaign").click()
    page.get_by_label("Client", exact=True).select_option("Northgate Energy")
    page.get_by_label("Campaign name").fill(name)
    page.get_by_label("Call flow", exact=True).select_option(label="Meter reading reminder (101)")
    page.get_by_label("CLI", exact=True).select_option(label="020 7946 0100, Customer service (11)")
    page.get_by_label(lists).check()
    page.get_by_label("Parameter 1: First name").select_option("First name")
    page.get_by_label("Parameter 2: Due date").select_option(due)
    page.get_by_label("Start date").fill(START.isoformat())
    page.get_by_label("Start time").fill("09:00")
    page.get_by_label("Finish time").fill("12:00")
    page.get_by_label("Minutes before the next attempt").fill("15")
    page.get_by_label("SMS on busy").select_option("On the first call")
