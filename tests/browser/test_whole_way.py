"""From a spreadsheet to a recorded campaign ID, as an account manager goes it.

And as others go it: with the keyboard alone, on a narrow screen, and from a campaign that there is.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import Browser, Locator, Page, expect

from campaigns.submissions.demo.story import working_days
from tests.browser.conftest import opened, review, sign_in
from tests.running import RunningPortal

START = working_days(10, 1)[0]
MOST_TABS = 120


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
    page: Page, portal: RunningPortal, spreadsheet: Path, shoot: Callable[[str], None]
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
    expect(page.get_by_text("You can submit this campaign.")).to_be_visible()
    review(page)
    shoot("review")
    page.get_by_role("button", name="Submit campaign").click()

    expect(page.get_by_text("Submitted", exact=True).first).to_be_visible()
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
    page: Page, portal: RunningPortal, shoot: Callable[[str], None]
) -> None:
    before = len(portal.ledger())
    page.get_by_role("link", name="Campaigns", exact=True).click()
    page.get_by_role("link", name="New campaign").click()
    page.get_by_label("Client", exact=True).select_option("Harbour Housing")
    page.get_by_label("Campaign name").fill("Half a campaign")
    page.get_by_label("Call flow", exact=True).select_option(label="Rent reminder (201)")
    page.get_by_role("button", name="Review and submit").click()
    expect(page.get_by_role("alert")).to_contain_text("to fix")
    page.get_by_role("link", name="Choose a CLI.").click()
    expect(page.get_by_label("CLI", exact=True)).to_be_focused()
    expect(page.get_by_label("Campaign name")).to_have_value("Half a campaign")
    shoot("builder-problems")
    assert len(portal.ledger()) == before


def test_a_double_click_on_submit_and_the_back_button_submit_one_campaign(
    page: Page, portal: RunningPortal
) -> None:
    build(page, name="Pressed twice", lists="December readings", due="Due date")
    review(page)
    page.get_by_role("button", name="Submit campaign").dblclick(delay=30)
    expect(page.get_by_text("Submitted", exact=True).first).to_be_visible()
    page.go_back()
    if page.get_by_role("button", name="Submit campaign").is_visible():
        page.get_by_role("button", name="Submit campaign").click()
    page.goto("/submissions/?q=Pressed+twice")
    expect(page.get_by_role("link", name="Pressed twice")).to_have_count(1)
    assert len(received(portal, "Pressed twice")) == 1


# At night also without waiting for what the client has: of some sixty such runs on a machine with too much
# to do, one never got its second row.
@pytest.mark.parametrize(
    "waits", [True, pytest.param(False, marks=pytest.mark.nightly)], ids=["waiting", "at once"]
)
def test_rows_are_added_and_removed_without_losing_what_was_typed(page: Page, waits: bool) -> None:
    page.goto("/campaigns/new/")
    page.get_by_label("Client", exact=True).select_option("Northgate Energy")
    if waits:
        expect(page.get_by_label("Call flow", exact=True)).to_contain_text("Meter reading")
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


def tab_to(page: Page, control: Locator, *, back: bool = False) -> None:
    """Press Tab until the control has the focus, which has to be seen on it."""
    expect(control).to_be_visible()
    for _ in range(MOST_TABS):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if control.evaluate("control => control === document.activeElement"):
            seen = control.evaluate(
                "c => getComputedStyle(c).outlineStyle !== 'none' || getComputedStyle(c).boxShadow !== 'none'"
            )
            assert seen, "The focus is not to be seen."
            return
    pytest.fail(f"No way by keyboard to {control}.")


def type_date(page: Page, day: date) -> None:
    # As Chromium's own date field takes it here.
    page.keyboard.type(f"{day:%m%d%Y}")


def test_a_campaign_is_built_submitted_and_undone_by_keyboard_alone(page: Page) -> None:
    page.goto("/campaigns/")
    tab_to(page, page.get_by_role("link", name="New campaign"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Client", exact=True))
    page.keyboard.type("North")
    flow = page.get_by_label("Call flow", exact=True)
    expect(flow).to_contain_text("Meter reading")
    tab_to(page, page.get_by_label("Campaign name"))
    page.keyboard.type("By keyboard alone")
    tab_to(page, flow)
    page.keyboard.type("Meter")
    tab_to(page, page.get_by_label("CLI", exact=True))
    page.keyboard.type("020")
    tab_to(page, page.get_by_role("checkbox").first)
    page.keyboard.press("Space")
    due = page.get_by_label("Parameter 2: Due date")
    tab_to(page, due)
    page.keyboard.type("Fixed")
    tab_to(page, page.get_by_label("Fixed text 2"))
    page.keyboard.type("3 January")
    tab_to(page, page.get_by_label("Parameter 1: First name"), back=True)
    page.keyboard.type("First")
    tab_to(page, page.get_by_label("Start date"))
    type_date(page, START)
    tab_to(page, page.get_by_label("Start time"))
    page.keyboard.type("0900AM")
    tab_to(page, page.get_by_label("Finish time"))
    page.keyboard.type("1200PM")
    tab_to(page, page.get_by_role("button", name="Review and submit"))
    page.keyboard.press("Enter")
    confirm = page.get_by_label("Type the reference")
    expect(confirm).to_be_visible()
    for box in page.get_by_role("checkbox", name="I have read this").all():
        tab_to(page, box)
        page.keyboard.press("Space")
    said = page.locator("label[for=id_resend_confirm]").inner_text()
    tab_to(page, confirm)
    page.keyboard.type(said.removeprefix("Type the reference ").partition(" ")[0])
    tab_to(page, page.get_by_role("button", name="Submit campaign"))
    page.keyboard.press("Enter")
    undo = page.get_by_role("button", name="Undo submission")
    tab_to(page, undo)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Undone", exact=True).first).to_be_visible()


@pytest.fixture
def narrow(browser: Browser, portal: RunningPortal) -> Iterator[Page]:
    size = {"width": 360, "height": 740}
    with opened(browser, portal, viewport=size, has_touch=True) as page:
        sign_in(page, portal, "manager")
        yield page


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.nightly
def test_a_partly_submitted_campaign_fits_a_narrow_screen(narrow: Page) -> None:
    for address in ("/submissions/", "/submissions/3/"):
        narrow.goto(address)
        label = narrow.get_by_text("Partly submitted (", exact=False).and_(narrow.locator(".state"))
        expect(label).to_contain_text("(1,500 of 2,500)")
        assert fits(narrow)
        box, around = label.bounding_box(), narrow.locator("main").bounding_box()
        assert box
        assert around
        assert box["x"] + box["width"] <= around["x"] + around["width"]


def test_a_campaign_is_built_on_a_narrow_screen(narrow: Page) -> None:
    page = narrow
    page.goto("/campaigns/new/")
    page.get_by_label("Client", exact=True).select_option("Northgate Energy")
    page.get_by_label("Campaign name").fill("On a narrow screen")
    page.get_by_label("Call flow", exact=True).select_option(label="Meter reading reminder (101)")
    page.get_by_role("checkbox").first.check()
    saved = page.locator("#saved")
    expect(saved).to_contain_text("Saved ")
    assert fits(page)
    page.get_by_role("button", name="Add run-over day").tap()
    page.get_by_role("button", name="Add call attempt").tap()
    expect(page.get_by_role("group", name="Call attempt 2")).to_be_visible()
    # What there is to fix stays in view, and leads to the list of it.
    expect(saved).to_be_in_viewport()
    saved.get_by_role("link", name="to fix").tap()
    expect(page.get_by_role("complementary", name="Summary")).to_be_in_viewport()
    page.get_by_text("Pre-flight:").tap()
    page.get_by_role("link", name="Choose the start date.").tap()
    expect(page.get_by_label("Start date")).to_be_focused()
    page.get_by_label("Start date").fill(START.isoformat())
    page.get_by_label("Start time").fill("09:00")
    page.get_by_label("Finish time").fill("12:00")
    expect(page.get_by_role("img", name="Dial plan")).to_be_visible()
    page.get_by_role("button", name="Check campaign").tap()
    expect(page.get_by_role("heading", name="to fix").first).to_be_visible()
    assert fits(page)


@pytest.mark.nightly
def test_a_copy_says_the_same_for_other_days(page: Page) -> None:
    # One that was submitted, and that no other test can change.
    page.goto("/campaigns/?q=december+meter")
    page.get_by_role("link", name="December meter readings").click()
    kept = ("Call flow", "CLI", "Start time", "Finish time")
    before = [page.get_by_label(label, exact=True).input_value() for label in kept]
    name = page.get_by_label("Campaign name").input_value()
    page.get_by_role("link", name="Copy campaign").click()
    expect(page.get_by_label("Campaign name")).to_have_value(f"Copy of {name}")
    assert [page.get_by_label(label, exact=True).input_value() for label in kept] == before
    expect(page.get_by_label("Start date")).to_have_value("")
    page.get_by_label("Start date").fill(START.isoformat())
    page.get_by_label("Start date").blur()
    expect(page.locator("#saved")).to_contain_text("Saved ")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Copy of {name}")
    expect(page.get_by_label("Start date")).to_have_value(START.isoformat())
    expect(page.locator("#saved")).not_to_contain_text("to fix")
