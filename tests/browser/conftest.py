"""A running portal and a real Chromium, for the tests that see what a person sees."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.axe import violations
from tests.chromium import installed
from tests.running import ROOT, RunningPortal

SCREENSHOTS = ROOT / "var" / "screenshots"
KEEPS_SCREENSHOTS = "PORTAL_TEST_SCREENSHOTS" in os.environ
NOTEWORTHY = {"error", "warning"}
# Milliseconds that a busy machine is given to show what a test waits for.
PATIENCE = 60_000
# Milliseconds that a press waits for an answer that doesn't come: presses.js and autosave.js.
LONGEST_WAIT = 15_000
# A form that is refused, and what a page that is left was still asking for.
EXPECTED = re.compile(r".*status of 422|htmx:(afterRequest|sendAbort|sendError),")


@pytest.fixture(scope="package")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    # Sweeping each second, as other tests do, takes a sixth of a core for each portal.
    folder = tmp_path_factory.mktemp("portal")
    with RunningPortal(folder, PORTAL_SWEEP_EVERY="5") as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A Chromium, ended before other tests begin: Playwright runs an event loop in their thread."""
    path = installed()
    assert path, "No Chromium: `make test` installs one."
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        # As root, which continuous integration often is, Chromium has no sandbox of its own.
        yield playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])


@contextmanager
def opened(browser: Browser, portal: RunningPortal, **options: Any) -> Iterator[Page]:
    """Open a page of the portal in a window of its own, with the options of `Browser.new_context`."""
    context = browser.new_context(base_url=portal.url, **options)
    context.set_default_timeout(PATIENCE)
    try:
        yield context.new_page()
    finally:
        context.close()


@pytest.fixture
def page(browser: Browser, portal: RunningPortal) -> Iterator[Page]:
    """A page signed in as the manager.

    Fails at the end if the console had complaints, or axe has any of how the test leaves the page.
    """
    size = {"width": 1280, "height": 900}
    complaints: list[str] = []
    with opened(browser, portal, viewport=size, reduced_motion="reduce") as page:
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type in NOTEWORTHY else None,
        )
        page.on("pageerror", lambda error: complaints.append(error.message))
        begin_at_home(page, portal)
        yield page
        # A test may end while its last page is still coming.
        page.wait_for_load_state()
        found = violations(page)
    assert found == []
    assert [said for said in complaints if not EXPECTED.match(said)] == []


@pytest.fixture
def unlucky(browser: Browser, portal: RunningPortal) -> Iterator[Page]:
    """A page on a draft, signed in as the manager, whose console may complain."""
    with opened(browser, portal) as page:
        begin_at_home(page, portal)
        page.goto("/campaigns/2/")
        yield page


def begin_at_home(page: Page, portal: RunningPortal) -> None:
    """Be signed in as the manager: with the session of the test before, unless that has ended it."""
    context = page.context
    context.add_cookies(portal.session)
    page.goto("/")
    if page.get_by_label("Username").count():
        context.clear_cookies()
        sign_in(page, portal, "manager")
        portal.session = [{**cookie} for cookie in context.cookies()]


def sign_in(page: Page, portal: RunningPortal, username: str) -> None:
    page.goto("/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(portal.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()


def review(page: Page) -> None:
    """Go on to the review, tick what is to be read, and confirm that the demo's people are called again."""
    page.get_by_role("button", name="Review and submit").click()
    expect(page.get_by_role("heading", name="Who is called")).to_be_visible()
    for box in page.get_by_role("checkbox", name="I have read this").all():
        box.check()
    field = page.get_by_label("Type the reference")
    if field.count():
        said = page.locator("label[for=id_resend_confirm]").inner_text()
        field.fill(said.removeprefix("Type the reference ").partition(" ")[0])


@pytest.fixture
def shoot(page: Page) -> Callable[[str], None]:
    """Return a function that lets axe find nothing on the page as it is.

    `make test-nightly` also keeps it under var/screenshots/, in light, dark and narrow.
    """

    def take(name: str) -> None:
        # Playwright hides the caret by inline styles, which htmx copies when it redraws in between.
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True, caret="initial")

    def keep(name: str) -> None:
        assert violations(page) == []
        if not KEEPS_SCREENSHOTS:
            return
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        take(name)
        page.emulate_media(color_scheme="dark")
        take(f"{name}-dark")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 360, "height": 780})
        take(f"{name}-narrow")
        page.set_viewport_size({"width": 1280, "height": 900})

    return keep
