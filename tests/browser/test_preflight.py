"""Pre-flight as hands use it: each problem leads to the place that mends it, and warnings stop nobody."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.axe import violations

TOMORROW = (date.today() + timedelta(days=1)).isoformat()  # noqa: DTZ011


def check(page: Page) -> None:
    page.get_by_role("button", name="Check campaign").click()


def test_calling_early_is_mended_by_a_reason_which_stays_as_a_warning(
    page: Page, shoot: Callable[[str], Path]
) -> None:
    page.goto("/campaigns/3/")
    page.get_by_label("Start time").fill("07:00")
    check(page)
    expect(page.get_by_role("heading", name="1 thing to mend")).to_be_visible()
    page.get_by_role("link", name="Northgate Energy may be called for from 08:00").click()
    expect(page.get_by_label("Start time")).to_be_focused()
    shoot("preflight")
    page.get_by_label("Reason to call at another time").fill("Agreed with the client")
    check(page)
    expect(page.get_by_role("heading", name="to mend")).to_have_count(0)
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
    expect(page.get_by_role("heading", name="3 things to mend")).to_be_visible()
    page.get_by_role("link", name="Say where these people agreed").press("Enter")
    expect(page.get_by_label("Consent source")).to_be_focused()
    page.keyboard.type("Contract, page 3")
    page.get_by_label("Consent date").fill(TOMORROW)
    page.get_by_label("Caller name").fill("Northgate Energy")
    check(page)
    expect(page.get_by_role("link", name="Nobody can have agreed on a date")).to_be_visible()
    page.get_by_label("Purpose").select_option("Service")
    expect(page.get_by_text("Consent counts for marketing only")).to_be_visible()
    expect(page.get_by_label("Consent source")).to_have_value("Contract, page 3")
    check(page)
    expect(page.get_by_role("heading", name="to mend")).to_have_count(0)


def test_a_saved_draft_lists_what_is_wrong_without_being_asked(page: Page) -> None:
    page.goto("/campaigns/2/")
    page.get_by_role("link", name="Choose a CLI.").click()
    expect(page.get_by_label("CLI", exact=True)).to_be_focused()


def test_axe_finds_nothing_where_both_tiers_are_shown(page: Page) -> None:
    page.goto("/campaigns/3/")
    page.get_by_label("Purpose").select_option("Marketing")
    page.get_by_label("Start time").fill("07:00")
    check(page)
    expect(page.get_by_role("heading", name="to mend")).to_be_visible()
    expect(page.get_by_role("heading", name="warning")).to_be_visible()
    assert violations(page) == []
