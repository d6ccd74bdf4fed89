"""What a person does on a page before its scripts have come, as on a slow line."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_builder import asked_for, hold_back, let_through

HTMX = "**/htmx*.js"


@contextmanager
def before_the_scripts(page: Page, address: str) -> Iterator[None]:
    """Open a page whose scripts come only when the block has ended."""
    held = hold_back(page, HTMX)
    page.goto(address, wait_until="commit")
    yield
    asked_for(page, held)
    let_through(page, HTMX, held)


def test_a_client_chosen_early_brings_its_call_flows(page: Page) -> None:
    with before_the_scripts(page, "/campaigns/new/"):
        page.get_by_label("Client", exact=True).select_option("Northgate Energy")
    expect(page.get_by_label("Call flow", exact=True)).to_contain_text("Meter reading reminder")


def test_what_is_typed_early_is_saved(page: Page) -> None:
    page.goto("/campaigns/new/")
    page.get_by_label("Client", exact=True).select_option("Northgate Energy")
    page.get_by_label("Campaign name").fill("Typed in time")
    expect(page.locator("#saved")).to_contain_text("Saved ")
    address = page.url
    with before_the_scripts(page, address):
        page.get_by_label("Campaign name").fill("Typed early")
    expect(page.get_by_role("heading", level=1)).to_have_text("Typed early")
    page.goto(address)
    expect(page.get_by_label("Campaign name")).to_have_value("Typed early")


@pytest.mark.nightly
def test_a_client_changed_early_is_asked_about(page: Page) -> None:
    with before_the_scripts(page, "/campaigns/2/"):
        page.get_by_label("Client", exact=True).select_option("Harbour Housing")
    page.get_by_role("dialog").get_by_role("button", name="Keep").click()
    expect(page.get_by_label("Client", exact=True)).to_have_value("1")
