"""The builder with the keyboard alone, on a narrow screen, and begun from a campaign that there is."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from campaigns.submissions.demo.story import working_days
from tests.browser.conftest import sign_in
from tests.running import RunningPortal

START = working_days(10, 1)[0]
MOST_TABS = 120


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
    tab_to(page, page.get_by_role("button", name="Submit campaign"))
    page.keyboard.press("Enter")
    confirm = page.get_by_label("Type the reference")
    expect(confirm).to_be_visible()
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
    context = browser.new_context(
        base_url=portal.url, viewport={"width": 360, "height": 740}, has_touch=True
    )
    page = context.new_page()
    sign_in(page, portal, "manager")
    yield page
    context.close()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


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
    # What there is to mend stays in view, and leads to the list of it.
    expect(saved).to_be_in_viewport()
    saved.get_by_role("link", name="to mend").tap()
    expect(page.get_by_role("complementary", name="Summary")).to_be_in_viewport()
    page.get_by_text("Pre-flight:").tap()
    page.get_by_role("link", name="Choose the start date.").tap()
    expect(page.get_by_label("Start date")).to_be_focused()
    page.get_by_label("Start date").fill(START.isoformat())
    page.get_by_label("Start time").fill("09:00")
    page.get_by_label("Finish time").fill("12:00")
    expect(page.get_by_role("img", name="Dial plan")).to_be_visible()
    page.get_by_role("button", name="Check campaign").tap()
    expect(page.get_by_role("heading", name="to mend").first).to_be_visible()
    assert fits(page)


def test_a_copy_says_the_same_for_other_days(page: Page) -> None:
    page.goto("/campaigns/3/")
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
    expect(page.locator("#saved")).not_to_contain_text("to mend")
