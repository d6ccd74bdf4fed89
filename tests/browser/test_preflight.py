"""Pre-flight as hands use it: each problem leads to the place that mends it, and warnings stop nobody."""

from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from campaigns.drafts.campaign import bank_holidays
from campaigns.submissions.demo.story import working_days
from tests.browser.axe import violations

TODAY = date.today()  # noqa: DTZ011
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
START, NEXT = working_days(10, 2)
AHEAD = [TODAY + timedelta(days=days) for days in range(1, 180)]
BANK_HOLIDAY = min(bank_holidays.among(AHEAD, ZoneInfo("Europe/London")))


def check(page: Page) -> None:
    page.get_by_role("button", name="Check campaign").click()


def test_calling_early_is_mended_by_a_reason_which_stays_as_a_warning(
    page: Page, shoot: Callable[[str], None]
) -> None:
    page.goto("/campaigns/3/")
    page.get_by_label("Start time").fill("07:00")
    check(page)
    expect(page.get_by_role("heading", name="1 thing to fix")).to_be_visible()
    page.get_by_role("link", name="Calls for Northgate Energy are only allowed from 08:00").click()
    expect(page.get_by_label("Start time")).to_be_focused()
    shoot("preflight")
    page.get_by_label("Reason to call at another time").fill("Agreed with the client")
    check(page)
    expect(page.get_by_role("heading", name="to fix")).to_have_count(0)
    page.get_by_role("link", name="because: “Agreed with the client”").click()
    expect(page.get_by_label("Reason to call at another time")).to_be_focused()
    page.get_by_label("Start time").fill("09:00")
    page.get_by_label("Reason to call at another time").fill("")
    check(page)
    expect(page.get_by_text("because:")).to_have_count(0)


def test_marketing_asks_for_consent_by_keyboard_and_keeps_what_was_typed(page: Page) -> None:
    page.goto("/campaigns/3/")
    page.get_by_label("Campaign name").fill("Boiler offer")
    page.get_by_label("Purpose").focus()
    page.keyboard.press("M")
    expect(page.get_by_label("Consent source")).to_be_visible()
    expect(page.get_by_label("Campaign name")).to_have_value("Boiler offer")
    check(page)
    expect(page.get_by_role("heading", name="3 things to fix")).to_be_visible()
    page.get_by_role("link", name="Enter where these people agreed").press("Enter")
    expect(page.get_by_label("Consent source")).to_be_focused()
    page.keyboard.type("Contract, page 3")
    page.get_by_label("Consent date").fill(str(TOMORROW))
    page.get_by_label("Caller name").fill("Northgate Energy")
    check(page)
    expect(page.get_by_role("link", name="This date is in the future")).to_be_visible()
    page.get_by_label("Purpose").select_option("Service")
    expect(page.get_by_text("Consent is only needed for marketing")).to_be_visible()
    expect(page.get_by_label("Consent source")).to_have_value("Contract, page 3")
    check(page)
    expect(page.get_by_role("heading", name="to fix")).to_have_count(0)


def test_a_saved_draft_lists_what_is_wrong_without_being_asked(page: Page) -> None:
    page.goto("/campaigns/2/")
    page.get_by_role("link", name="Choose a CLI.").click()
    expect(page.get_by_label("CLI", exact=True)).to_be_focused()


def test_axe_finds_nothing_where_both_tiers_are_shown(page: Page) -> None:
    page.goto("/campaigns/3/")
    page.get_by_label("Purpose").select_option("Marketing")
    page.get_by_label("Start time").fill("07:00")
    check(page)
    expect(page.get_by_role("heading", name="to fix")).to_be_visible()
    expect(page.get_by_role("heading", name="warning")).to_be_visible()
    assert violations(page) == []


# The line's beginning, and what is typed or chosen at its field: the next line may be about that.
STEPS = (
    ("Give the campaign a name.", "Mended step by step"),
    ("Enter where these people agreed to marketing calls.", "Contract, page 3"),
    ("Enter the date when they agreed. If there are several", TOMORROW),
    ("This date is in the future. Enter the date when they agreed.", YESTERDAY),
    ("Enter the caller name that people will hear.", "Northgate Energy"),
    ("Choose a call flow.", "Meter reading reminder (101)"),
    ("Choose a CLI.", "020 7946 0100, Customer service (11)"),
    ("The call flow needs “First name”", "First name"),
    ("The call flow needs “Due date”", "Fixed text"),
    ("Enter the text, or choose a column.", "3 January"),
    ("Choose at least one contact list.", "December readings"),
    ("Choose the start date.", YESTERDAY),
    ("Enter the start time of the campaign.", "06:00"),
    ("Enter the finish time of the campaign.", "05:00"),
    ("The finish time must be after the start time, on the same day.", "12:00"),
    ("This is in the past", TODAY + timedelta(days=400)),
    ("Check the year", BANK_HOLIDAY),
    ("This is a bank holiday", START),
    ("Calls for Northgate Energy are only allowed from 08:00", "09:00"),
    ("Choose the date of run-over day 1.", START),
    ("A run-over day must be after the start date.", NEXT),
    ("Enter the start time of run-over day 1.", "09:00"),
    ("Enter the finish time of run-over day 1.", "12:00"),
    ("Enter how many minutes to wait.", "60"),
    ("Choose both a date and a time", "07:00"),
)


@pytest.fixture
def begun(page: Page) -> Page:
    """A campaign that says nearly nothing, and has a row of each kind."""
    page.goto("/campaigns/new/")
    page.get_by_label("Client", exact=True).select_option("Northgate Energy")
    expect(page.get_by_label("Call flow", exact=True)).to_contain_text("Meter reading")
    page.get_by_label("Purpose").select_option("Marketing")
    page.get_by_role("button", name="Add run-over day").click()
    page.get_by_role("button", name="Add call attempt").click()
    expect(page.get_by_role("group", name="Call attempt 2")).to_be_visible()
    page.get_by_label("Send on").fill(str(TOMORROW))
    return page


def mend(field: Locator, value: object) -> None:
    """Give a field its value, as its kind takes one."""
    kind = field.evaluate("field => field.type")
    if kind == "checkbox":
        # Other tests have uploaded lists that come first.
        field.page.get_by_role("checkbox", name=str(value)).check()
    elif kind.startswith("select"):
        field.select_option(label=str(value))
    else:
        field.fill(str(value))
        field.blur()


def test_each_problem_is_mended_where_its_line_leads_to(begun: Page) -> None:
    page = begun
    summary = page.get_by_role("complementary", name="Summary")
    for line, value in STEPS:
        link = summary.get_by_role("link", name=line)
        link.first.click()
        href = link.first.get_attribute("href")
        field = page.locator(str(href))
        expect(field).to_be_focused()
        mend(field, value)
        expect(summary.locator(f'a[href="{href}"]', has_text=line)).to_have_count(0)
    expect(summary).to_contain_text("Pre-flight: ")
    expect(summary).not_to_contain_text("to fix")
    page.get_by_role("button", name="Check campaign").click()
    expect(page.get_by_text("You can submit this campaign.")).to_be_visible()
