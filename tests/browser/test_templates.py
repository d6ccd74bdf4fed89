"""A campaign kept as a template, and another one that starts from it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import opened, review
from tests.running import RunningPortal


def test_a_campaign_starts_from_a_template_that_was_kept_of_another(
    page: Page, shoot: Callable[[str], None]
) -> None:
    page.goto("/campaigns/3/")
    flow = page.get_by_label("Call flow", exact=True).input_value()
    page.get_by_role("link", name="Save as template").click()
    shoot("template-keep")
    page.get_by_label("Template name").fill("Winter readings")
    page.get_by_label("Template name").press("Enter")
    expect(page.get_by_role("heading", name="Winter readings")).to_be_visible()
    shoot("template")

    page.get_by_role("link", name="Start a campaign from this template").click()
    expect(page.get_by_text("starts from the template “Winter readings”")).to_be_visible()
    expect(page.get_by_label("Call flow", exact=True)).to_have_value(flow)
    expect(page.get_by_label("Start date")).to_have_value("")
    expect(page.get_by_label("Campaign name")).to_have_value("")
    shoot("template-start")
    page.get_by_label("Start from").select_option("Empty")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_label("Call flow", exact=True)).to_have_value("")
    page.get_by_label("Start from").select_option("Northgate Energy: Winter readings")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_label("Call flow", exact=True)).to_have_value(flow)

    page.get_by_role("link", name="See all templates").click()
    shoot("templates")
    page.get_by_role("link", name="Winter readings").click()
    page.get_by_role("link", name="Delete…").click()
    page.get_by_role("button", name="Delete the template").click()
    expect(page.get_by_text("The template “Winter readings” is deleted.")).to_be_visible()
    expect(page.get_by_role("link", name="Winter readings")).to_have_count(0)


@pytest.mark.nightly
def test_a_template_is_replaced_only_by_the_button_that_says_so(
    page: Page, shoot: Callable[[str], None]
) -> None:
    page.goto("/campaigns/3/")
    page.get_by_role("link", name="Save as template").click()
    asked = page.get_by_role("alert")
    for _ in range(2):
        # Enter is no way to replace it, however often.
        page.get_by_label("Template name").fill("meter readings")
        page.get_by_label("Template name").press("Enter")
        expect(asked).to_contain_text("Northgate Energy has a template “Meter readings”")
    shoot("template-replace")
    page.get_by_role("button", name="Replace it").click()
    expect(page.get_by_role("heading", name="Meter readings")).to_be_visible()
    expect(page.get_by_text("Replaced what the template keeps.")).to_be_visible()


# From signing in to the submission, with a template and a list that are there.
MOST_CLICKS = 12


def test_few_clicks_lead_from_signing_in_to_a_submission(
    browser: Browser, portal: RunningPortal
) -> None:
    """Nothing but the name is typed, and what confirms that the demo's people are called again."""
    with opened(browser, portal) as page:
        page.goto("/")
        page.get_by_label("Username").fill("manager")
        page.get_by_label("Password").fill(portal.password)
        page.evaluate("localStorage.clicks = 0")
        page.add_init_script(
            "addEventListener('click', (event) => event.isTrusted && localStorage.clicks++, true)"
        )
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="New campaign").click()
        page.get_by_label("Start from").select_option("Northgate Energy: Meter readings")
        page.get_by_role("button", name="Start", exact=True).click()
        page.get_by_label("Campaign name").fill("In few clicks")
        page.get_by_role("checkbox", name="December readings").check()
        page.get_by_role("button", name="Start on the next working day").click()
        expect(page.get_by_label("Start date")).not_to_have_value("")
        review(page)
        page.get_by_role("button", name="Submit campaign").click()
        expect(page.get_by_role("heading", name="In few clicks")).to_be_visible()
        expect(page).to_have_url(re.compile(r"/submissions/\d+/$"))
        # The sign-in itself and the choice of the template are counted by hand.
        assert int(page.evaluate("localStorage.clicks")) + 2 <= MOST_CLICKS
