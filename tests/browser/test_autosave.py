"""A draft that saves itself, as a person meets it: what is typed is kept, whatever happens to the line."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.axe import violations
from tests.running import RunningPortal

AUTOSAVE = "**/campaigns/autosave/"


@pytest.fixture
def begun(page: Page) -> Page:
    """A new campaign of Northgate's on the page, saved by itself and by nothing else."""
    page.goto("/campaigns/new/")
    page.get_by_label("Client", exact=True).select_option("Northgate Energy")
    expect(page.get_by_label("Call flow", exact=True)).to_contain_text("Meter reading")
    page.get_by_label("Campaign name").fill("Saved by itself")
    page.get_by_label("Campaign name").blur()
    expect(page.locator("#saved")).to_contain_text("Saved ")
    return page


def test_what_is_typed_is_there_when_the_page_is_loaded_anew(begun: Page) -> None:
    page = begun
    expect(page).not_to_have_url("/campaigns/new/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Saved by itself")
    page.get_by_role("button", name="Add run-over day").click()
    expect(page.get_by_role("link", name="Choose the date of run-over day 1.")).to_be_visible()
    page.get_by_label("Start time").fill("09:30")
    page.get_by_label("Start time").blur()
    expect(page.get_by_role("link", name="Enter the start time of the campaign.")).to_have_count(0)
    page.reload()
    expect(page.get_by_label("Campaign name")).to_have_value("Saved by itself")
    expect(page.get_by_label("Start time")).to_have_value("09:30")
    expect(page.get_by_role("group", name="Run-over day 1")).to_be_visible()


def test_the_summary_follows_and_its_lines_lead_to_the_fields(begun: Page) -> None:
    page = begun
    summary = page.get_by_role("complementary", name="Summary")
    page.get_by_label("CLI", exact=True).select_option(label="020 7946 0100, Customer service (11)")
    expect(summary.get_by_role("link", name="Choose a CLI.")).to_have_count(0)
    expect(summary).to_contain_text("020 7946 0100")
    summary.get_by_role("link", name="Choose a call flow.").click()
    expect(page.get_by_label("Call flow", exact=True)).to_be_focused()


def test_changing_the_client_asks_before_it_clears_what_is_the_old_ones(begun: Page) -> None:
    page = begun
    client, flow = (
        page.get_by_label("Client", exact=True),
        page.get_by_label("Call flow", exact=True),
    )
    flow.select_option(label="Meter reading reminder (101)")
    expect(page.get_by_role("complementary")).to_contain_text("Meter reading reminder")
    client.select_option("Harbour Housing")
    ask = page.get_by_role("dialog", name="Change the client?")
    expect(ask).to_contain_text("you chose for Northgate Energy")
    page.keyboard.press("Escape")
    expect(ask).to_be_hidden()
    expect(client.locator("option:checked")).to_have_text("Northgate Energy")
    expect(flow.locator("option:checked")).to_have_text("Meter reading reminder (101)")

    client.select_option("Harbour Housing")
    ask.get_by_role("button", name="Change the client").click()
    expect(flow).to_have_value("")
    expect(flow).to_contain_text("Rent reminder")
    expect(page.get_by_role("complementary")).to_contain_text("Harbour Housing")


def test_a_line_that_breaks_is_told_and_tried_again(unlucky: Page) -> None:
    page = unlucky
    broken = {"is": True}

    def answer(route: Route) -> None:
        route.abort() if broken["is"] else route.continue_()

    page.route(AUTOSAVE, answer)
    name = page.get_by_label("Campaign name")
    name.fill("Typed on a broken line")
    name.blur()
    expect(page.locator("#saved")).to_contain_text("Not saved. We can’t reach the portal.")
    broken["is"] = False
    expect(page.locator("#saved")).to_contain_text("Saved ")
    page.reload()
    expect(name).to_have_value("Typed on a broken line")


@pytest.mark.nightly
def test_a_portal_that_can_not_save_says_so_and_is_not_asked_at_once_again(unlucky: Page) -> None:
    page = unlucky
    page.clock.install()
    page.reload()
    asked: list[Route] = []

    def full_disk(route: Route) -> None:
        asked.append(route)
        route.fulfill(status=507)

    page.route(AUTOSAVE, full_disk)
    name = page.get_by_label("Campaign name")
    name.fill("Typed on a full disk")
    name.blur()
    expect(page.locator("#saved")).to_contain_text("Not saved. The portal could not save this.")
    # A line that is cut is tried again after five seconds, this after half a minute.
    page.clock.run_for(20_000)
    # Long enough for a request that was made to come here.
    page.wait_for_timeout(500)
    assert len(asked) == 1
    page.unroute(AUTOSAVE)
    page.clock.run_for(15_000)
    expect(page.locator("#saved")).to_contain_text("Saved ")
    page.reload()
    expect(name).to_have_value("Typed on a full disk")


def test_a_session_that_ends_takes_nothing_with_it(unlucky: Page, portal: RunningPortal) -> None:
    page = unlucky
    page.context.clear_cookies(name="sessionid")
    name = page.get_by_label("Campaign name")
    name.fill("Typed while signed out")
    name.blur()
    expect(page.locator("#saved")).to_contain_text("Not saved. You are signed out.")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in on another page").click()
    other = opened.value
    other.get_by_label("Username").fill("manager")
    other.get_by_label("Password").fill(portal.password)
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("heading", name="Home")).to_be_visible()
    other.close()
    expect(name).to_have_value("Typed while signed out")
    page.get_by_label("Purpose").focus()
    name.fill("Typed while signed out, and after")
    name.blur()
    expect(page.locator("#saved")).to_contain_text("Saved ")


def test_what_a_check_has_marked_is_unmarked_once_it_is_mended(begun: Page) -> None:
    page = begun
    page.get_by_role("button", name="Check campaign").click()
    name, cli = page.get_by_label("Campaign name"), page.get_by_label("CLI", exact=True)
    expect(cli).to_have_attribute("aria-invalid", "true")
    cli.select_option(index=1)
    expect(page.get_by_role("link", name="Choose a CLI.")).to_have_count(0)
    expect(cli).not_to_have_attribute("aria-invalid", "true")
    name.fill("")
    name.blur()
    expect(page.get_by_role("link", name="Give the campaign a name.")).to_be_visible()
    expect(page.get_by_label("Start time")).to_have_attribute("aria-invalid", "true")


def test_axe_finds_nothing_while_the_page_asks_or_warns(page: Page) -> None:
    page.goto("/campaigns/2/")
    other = page.context.new_page()
    other.goto("/campaigns/2/")
    for each, typed in ((other, "One"), (page, "Two")):
        with each.expect_response(AUTOSAVE):
            each.get_by_label("Campaign name").fill(typed)
            each.get_by_label("Campaign name").blur()
    expect(page.get_by_role("heading", name="This draft has changed")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Client", exact=True).select_option("Harbour Housing")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []
