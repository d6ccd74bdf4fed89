"""A session, or its cookies, that are gone while somebody types: nothing typed is lost."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import opened, sign_in
from tests.running import RunningPortal

BACK = "window.dispatchEvent(new Event('focus'))"


def sign_in_here(page: Page, portal: RunningPortal) -> None:
    page.get_by_label("Username").fill("manager")
    page.get_by_label("Password").fill(portal.password)
    page.get_by_role("button", name="Sign in").click()


def sign_in_beside(page: Page, portal: RunningPortal) -> None:
    """Sign in by the link that the page offers, close that page, and come back."""
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in on another page").click()
    sign_in_here(opened.value, portal)
    expect(opened.value.get_by_role("heading", name="Home")).to_be_visible()
    opened.value.close()
    page.evaluate(BACK)


@pytest.mark.parametrize(
    "cookies",
    [pytest.param(["sessionid"], marks=pytest.mark.nightly), ["sessionid", "csrftoken"]],
)
def test_what_is_typed_is_saved_after_signing_in_again(
    unlucky: Page, portal: RunningPortal, cookies: list[str]
) -> None:
    page = unlucky
    for cookie in cookies:
        page.context.clear_cookies(name=cookie)
    name = page.get_by_label("Campaign name")
    name.fill(f"Typed without {len(cookies)}")
    expect(page.locator("#saved")).to_contain_text("Not saved. You are signed out.")
    sign_in_beside(page, portal)
    expect(page.locator("#saved")).to_contain_text("Saved ")
    page.reload()
    expect(name).to_have_value(f"Typed without {len(cookies)}")


def test_a_lost_cookie_is_replaced_without_a_word(unlucky: Page) -> None:
    unlucky.context.clear_cookies(name="csrftoken")
    name = unlucky.get_by_label("Campaign name")
    name.fill("Typed without a token")
    expect(unlucky.locator("#saved")).to_contain_text("Saved ")
    unlucky.reload()
    expect(name).to_have_value("Typed without a token")


def test_a_part_that_cannot_be_drawn_is_drawn_after_signing_in(
    unlucky: Page, portal: RunningPortal
) -> None:
    page = unlucky
    page.get_by_label("Campaign name").fill("Typed before the session ended")
    expect(page.locator("#saved")).to_have_text("Saving…")
    page.context.clear_cookies(name="sessionid")
    days = page.get_by_label("Date", exact=True)
    before = days.count()
    page.get_by_role("button", name="Add run-over day").click()
    expect(page.locator("#saved")).to_contain_text("Not saved. You are signed out.")
    expect(page.get_by_label("Campaign name")).to_have_value("Typed before the session ended")
    sign_in_beside(page, portal)
    expect(days).to_have_count(before + 1)
    expect(page.locator("#saved")).to_contain_text("Saved ")


@pytest.fixture(
    params=[
        pytest.param(True, id="with JavaScript"),
        pytest.param(False, id="without JavaScript", marks=pytest.mark.nightly),
    ]
)
def either(
    request: pytest.FixtureRequest, browser: Browser, portal: RunningPortal
) -> Iterator[Page]:
    """A page signed in as the manager, in a browser with JavaScript or without."""
    with opened(browser, portal, java_script_enabled=request.param) as page:
        sign_in(page, portal, "manager")
        yield page


@pytest.mark.parametrize(
    "cookies",
    [
        pytest.param(["sessionid"], marks=pytest.mark.nightly),
        ["sessionid", "csrftoken"],
        pytest.param(["csrftoken"], marks=pytest.mark.nightly),
    ],
)
def test_a_button_pressed_without_a_session_loses_nothing(
    either: Page, portal: RunningPortal, cookies: list[str]
) -> None:
    either.goto("/campaigns/2/")
    name = f"Pressed without {'-'.join(cookies)}"
    for cookie in cookies:
        either.context.clear_cookies(name=cookie)
    either.get_by_label("Campaign name").fill(name)
    either.get_by_role("button", name="Check campaign").click()
    if "sessionid" in cookies:
        expect(either.get_by_role("status")).to_contain_text("What you typed is kept.")
        sign_in_here(either, portal)
    expect(either.get_by_role("heading", name="Your form was not sent")).to_be_visible()
    either.get_by_role("button", name="Send it again").click()
    expect(either.get_by_text("The draft is saved.")).to_be_visible()
    expect(either.get_by_label("Campaign name")).to_have_value(name)


def test_what_is_typed_into_another_form_is_not_lost_either(
    either: Page, portal: RunningPortal
) -> None:
    either.goto("/suppression/add/")
    either.get_by_label("Client").select_option("Northgate Energy")
    either.get_by_label("Number").fill("07700 900987")
    either.get_by_label("Why").fill("Asked by letter.")
    either.context.clear_cookies(name="sessionid")
    either.get_by_role("button", name="Suppress number").click()
    sign_in_here(either, portal)
    expect(either.get_by_role("main")).to_contain_text("Asked by letter.")
    either.get_by_role("button", name="Send it again").click()
    expect(either.get_by_role("main")).to_contain_text("+447700900987")
    expect(either.get_by_role("main")).to_contain_text("Asked by letter.")
