"""Leaving the builder in the middle of typing, in every way there is: the last edit is kept."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from tests.browser.conftest import LONGEST_WAIT, sign_in
from tests.running import RunningPortal

AUTOSAVE = "**/campaigns/autosave/"
TRIES = 100


@pytest.fixture
def begun(page: Page) -> Page:
    """A page on a new draft of Northgate's, come to from the list of campaigns, and saved."""
    page.goto("/campaigns/")
    page.goto("/campaigns/new/")
    page.get_by_label("Client", exact=True).select_option("Northgate Energy")
    expect(page.get_by_label("Call flow", exact=True)).to_contain_text("Meter reading")
    page.get_by_label("Campaign name").fill("Begun")
    expect(page.locator("#saved")).to_contain_text("Saved ")
    expect(page).not_to_have_url(re.compile("/new/$"))
    return page


def typed(page: Page, name: str) -> str:
    """Type another name, leave the field to nothing else, and return the draft's address."""
    field = page.get_by_label("Campaign name")
    field.fill("")
    field.press_sequentially(name)
    return page.url


def assert_kept(page: Page, address: str, name: str) -> None:
    """Load the draft until it has the name: what a page saves as it goes may take a moment."""
    for _ in range(TRIES):
        page.goto(address)
        if page.get_by_label("Campaign name").input_value() == name:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"“{name}” was not kept.")


def by_the_address_bar(page: Page) -> None:
    page.goto("/clients/")


def by_back(page: Page) -> None:
    page.go_back()


def by_closing(page: Page) -> None:
    page.close(run_before_unload=True)


@pytest.mark.parametrize(
    "leave",
    [
        by_closing,
        *(
            pytest.param(leave, marks=pytest.mark.nightly)
            for leave in (by_the_address_bar, by_back)
        ),
    ],
)
def test_what_was_typed_last_is_saved_as_the_page_goes(
    begun: Page, leave: Callable[[Page], None]
) -> None:
    page = begun.context.new_page()
    page.goto("/campaigns/")
    page.goto(begun.url)
    begun.goto("/clients/")
    address = typed(page, "Typed last")
    leave(page)
    assert_kept(begun, address, "Typed last")


def test_a_link_saves_before_it_leads_away(begun: Page) -> None:
    address = typed(begun, "Typed before a click")
    begun.get_by_role("link", name="Contact lists").click()
    expect(begun.get_by_role("heading", name="Contact lists")).to_be_visible()
    begun.goto(address)
    expect(begun.get_by_label("Campaign name")).to_have_value("Typed before a click")


def test_a_copy_is_of_what_is_on_the_page(begun: Page) -> None:
    typed(begun, "Typed and copied")
    begun.get_by_role("link", name="Copy campaign").click()
    expect(begun.get_by_label("Campaign name")).to_have_value("Copy of Typed and copied")


@pytest.mark.nightly
def test_a_template_is_of_what_is_on_the_page(begun: Page) -> None:
    typed(begun, "Typed and kept")
    begun.get_by_label("Start time").fill("10:25")
    begun.get_by_role("link", name="Save as template").click()
    begun.get_by_label("Template name").fill("Typed at 10:25")
    begun.get_by_role("button", name="Save template").last.click()
    expect(begun.get_by_role("heading", name="Typed at 10:25")).to_be_visible()
    expect(begun.get_by_role("main")).to_contain_text("10:25")


def test_signing_out_saves_first(begun: Page, portal: RunningPortal) -> None:
    address = typed(begun, "Typed and signed out")
    begun.get_by_role("button", name="Sign out").click()
    expect(begun.get_by_label("Username")).to_be_visible()
    sign_in(begun, portal, "manager")
    begun.goto(address)
    expect(begun.get_by_label("Campaign name")).to_have_value("Typed and signed out")


def test_the_bar_never_says_saved_of_what_is_not(begun: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    begun.route(AUTOSAVE, hold)
    begun.get_by_label("Campaign name").press_sequentially("x")
    expect(begun.locator("#saved")).to_have_text("Saving…", timeout=700)
    begun.wait_for_timeout(1_500)
    assert len(held) == 1
    begun.get_by_label("Campaign name").press_sequentially("y")
    with begun.expect_response(AUTOSAVE):
        held[0].continue_()
    expect(begun.locator("#saved")).to_have_text("Saving…")
    begun.unroute(AUTOSAVE)


@pytest.mark.nightly
def test_a_page_left_while_it_saves_keeps_what_was_typed_since(begun: Page) -> None:
    """The saving under way may reach the portal after the one made in leaving: it undoes nothing."""
    page = begun.context.new_page()
    page.goto(begun.url)
    begun.goto("/clients/")
    address = typed(page, "First")
    with page.expect_request(AUTOSAVE):
        page.get_by_label("Campaign name").blur()
    typed(page, "First, and then more")
    page.goto("/clients/")
    assert_kept(begun, address, "First, and then more")


def test_a_new_campaign_is_saved_as_the_page_goes(page: Page) -> None:
    page.goto("/campaigns/new/")
    page.get_by_label("Client", exact=True).select_option("Northgate Energy")
    expect(page.get_by_label("Call flow", exact=True)).to_contain_text("Meter reading")
    page.get_by_label("Campaign name").fill("Hardly begun")
    page.goto("/campaigns/?q=Hardly")
    for _ in range(TRIES):
        if page.get_by_role("link", name="Hardly begun").count():
            break
        page.wait_for_timeout(100)
        page.reload()
    expect(page.get_by_role("link", name="Hardly begun")).to_have_count(1)


def test_what_cannot_be_saved_is_not_left_without_a_question(unlucky: Page) -> None:
    begun = unlucky
    begun.route(AUTOSAVE, lambda route: route.abort())
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    begun.on("dialog", stay)
    typed(begun, "On a broken line")
    expect(begun.locator("#saved")).to_contain_text("We can’t reach the portal")
    begun.get_by_role("link", name="Contact lists").click()
    begun.wait_for_timeout(1_000)
    assert asked == ["beforeunload"]
    expect(begun.get_by_label("Campaign name")).to_have_value("On a broken line")
    begun.unroute(AUTOSAVE)
    expect(begun.locator("#saved")).to_contain_text("Saved ")


def cut_the_line(page: Page) -> None:
    page.route(AUTOSAVE, lambda route: route.abort())


def answer_nothing(page: Page) -> None:
    page.route(AUTOSAVE, lambda _: None)


def fail_to_save(page: Page) -> None:
    page.route(AUTOSAVE, lambda route: route.fulfill(status=507))


@pytest.mark.parametrize(
    "break_it",
    [
        cut_the_line,
        pytest.param(answer_nothing, marks=pytest.mark.nightly),
        pytest.param(fail_to_save, marks=pytest.mark.nightly),
    ],
)
def test_signing_out_asks_before_it_throws_away_what_could_not_be_saved(
    unlucky: Page, break_it: Callable[[Page], None]
) -> None:
    page = unlucky
    break_it(page)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.clock.install()
    name = page.get_by_label("Campaign name")
    name.press_sequentially("Typed and not saved")
    page.get_by_role("button", name="Sign out").click(no_wait_after=True)
    page.clock.run_for(LONGEST_WAIT)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(name).to_have_value(re.compile("Typed and not saved"))
    expect(page.locator("#saved")).to_contain_text("Not saved.")
