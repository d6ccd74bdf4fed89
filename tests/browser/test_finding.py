"""A long choice is narrowed by typing: call flows, CLIs, contact lists, clients."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import opened, sign_in
from tests.browser.many import MANY, NAME
from tests.running import ROOT, RunningPortal

CAFES = MANY // 4
DATABASE = "portal.sqlite3"


@pytest.fixture(scope="module")
def portal(
    portal: RunningPortal, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningPortal]:
    """The pages over a copy of the other tests' portal, with a client that has much to choose from."""
    folder = tmp_path_factory.mktemp("many")
    copy_data(portal.folder, folder)
    with RunningPortal(folder, is_web_only=True) as running:
        command = "from tests.browser.many import make; make()"
        subprocess.run(
            [sys.executable, "manage.py", "shell", "-c", command],
            cwd=ROOT,
            env=running.environment(),
            check=True,
        )
        yield running


def copy_data(folder: Path, to: Path) -> None:
    """Copy what a portal's pages need, while it runs."""
    shutil.copytree(folder / "static", to / "static")
    for key in folder.glob("*_key"):
        shutil.copy(key, to)
    with (
        closing(sqlite3.connect(folder / DATABASE)) as database,
        closing(sqlite3.connect(to / DATABASE)) as copy,
    ):
        database.backup(copy)


@pytest.fixture
def builder(page: Page) -> Page:
    choose_client(page)
    return page


def choose_client(page: Page) -> None:
    page.goto("/campaigns/new/")
    page.get_by_label("Client", exact=True).select_option(NAME)
    expect(find(page, "call flow")).to_be_visible()


def find(page: Page, noun: str) -> Locator:
    return page.get_by_role("searchbox", name=f"Find a {noun}", exact=True)


def offered(page: Page, label: str) -> list[str]:
    return page.get_by_label(label, exact=True).locator("option").all_inner_texts()


def test_a_call_flow_is_found_and_chosen_with_the_keyboard(builder: Page) -> None:
    find(builder, "call flow").focus()
    builder.keyboard.type("cafe")
    expect(builder.get_by_text(f"{CAFES} of {MANY} call flows.")).to_be_visible()
    assert len(offered(builder, "Call flow")) == CAFES + 1
    builder.keyboard.type(" 339")
    expect(builder.get_by_text(f"1 of {MANY} call flows: Café opening 39 (339).")).to_be_visible()
    # Neither did anything but narrow: Enter saves nothing.
    expect(builder.get_by_role("heading", name="New campaign")).to_be_visible()
    expect(builder.get_by_label("Call flow", exact=True)).to_have_value("")
    builder.keyboard.press("Enter")
    call_flow = builder.get_by_label("Call flow", exact=True)
    expect(call_flow).to_be_focused()
    expect(call_flow.locator("option:checked")).to_have_text("Café opening 39 (339)")
    expect(builder.get_by_text("Partner’s ID 339, confirmed today.")).to_be_visible()
    expect(builder.get_by_text("The draft is saved.")).to_have_count(0)


@pytest.mark.nightly
def test_what_is_chosen_stays_and_all_comes_back(builder: Page) -> None:
    cli, finder = builder.get_by_label("CLI", exact=True), find(builder, "CLI")
    cli.select_option(label="020 7946 0520, Meter reading (720)")
    expect(builder.get_by_text("Partner’s ID 720, not confirmed for 120 days")).to_be_visible()
    # Typed without the spaces that it is written with.
    finder.fill("02079460531")
    assert offered(builder, "CLI") == [
        "Choose a CLI",
        "020 7946 0520, Meter reading (720)",
        "020 7946 0531, Café opening (731)",
    ]
    finder.fill("nothing like it")
    expect(builder.get_by_text("No CLI matches.")).to_be_visible()
    assert len(offered(builder, "CLI")) == 2
    expect(cli.locator("option:checked")).to_have_text("020 7946 0520, Meter reading (720)")
    finder.press("Enter")
    expect(finder).to_be_focused()
    finder.fill("")
    expect(builder.get_by_text("No CLI matches.")).to_have_count(0)
    assert len(offered(builder, "CLI")) == MANY + 1
    expect(cli.locator("option:checked")).to_have_text("020 7946 0520, Meter reading (720)")
    finder.fill("repair")
    finder.press("ArrowDown")
    expect(cli).to_be_focused()


def test_lists_are_found_and_counted_and_those_chosen_stay_shown(builder: Page) -> None:
    boxes = builder.get_by_role("checkbox")
    expect(boxes).to_have_count(MANY)
    finder = find(builder, "contact list")
    finder.fill("list 07")
    expect(builder.get_by_text(f"1 of {MANY} contact lists: Café opening list 07")).to_be_visible()
    expect(boxes).to_have_count(1)
    finder.press("Enter")
    expect(boxes.first).to_be_focused()
    builder.keyboard.press("Space")
    expect(builder.get_by_text("2 contacts will be called.")).to_be_visible()
    finder.fill("list 08")
    expect(boxes).to_have_count(2)
    builder.get_by_role("checkbox", name="list 08").check()
    said = "4 contacts on 2 lists: 1 on both (called once). 3 will be called."
    expect(builder.get_by_text(said)).to_be_visible()
    finder.fill("")
    expect(boxes).to_have_count(MANY)
    expect(builder.get_by_role("checkbox", checked=True)).to_have_count(2)


def test_what_was_narrowed_is_saved_as_chosen(builder: Page) -> None:
    find(builder, "call flow").fill("repair 2 (302)")
    find(builder, "call flow").press("Enter")
    find(builder, "contact list").fill("list 07")
    builder.get_by_role("checkbox").check()
    find(builder, "contact list").fill("list 09")
    builder.get_by_label("Campaign name").fill("Found")
    builder.get_by_role("button", name="Save draft", exact=True).last.click()
    expect(builder.get_by_text("The draft is saved.")).to_be_visible()
    expect(builder.get_by_label("Call flow", exact=True).locator("option:checked")).to_have_text(
        "Repair 2 (302)"
    )
    expect(builder.get_by_role("checkbox", checked=True)).to_have_count(1)
    assert "find" not in builder.url


@pytest.mark.nightly
def test_a_client_is_found_and_what_it_has_is_drawn(page: Page) -> None:
    page.goto("/campaigns/new/")
    find(page, "client").fill("westm")
    find(page, "client").press("Enter")
    expect(page.get_by_label("Client", exact=True).locator("option:checked")).to_have_text(NAME)
    expect(find(page, "call flow")).to_be_visible()
    expect(find(page, "client")).to_have_value("westm")


def test_a_short_choice_has_no_field_to_find_in(page: Page) -> None:
    page.goto("/campaigns/new/")
    page.get_by_label("Client", exact=True).select_option("Northgate Energy")
    expect(page.get_by_role("checkbox").first).to_be_visible()
    for noun in ("call flow", "CLI", "contact list"):
        expect(find(page, noun)).to_have_count(0)


def test_without_javascript_the_plain_choices_are_there(
    browser: Browser, portal: RunningPortal
) -> None:
    with opened(browser, portal, java_script_enabled=False) as page:
        sign_in(page, portal, "manager")
        page.goto("/campaigns/new/")
        page.get_by_label("Client", exact=True).select_option(NAME)
        page.get_by_role("button", name="Show this client’s options").click()
        assert len(offered(page, "Call flow")) == MANY + 1
        expect(page.get_by_role("searchbox")).to_have_count(0)


def test_axe_finds_nothing_while_choices_are_narrowed(builder: Page) -> None:
    page = builder
    for noun in ("client", "call flow", "CLI", "contact list"):
        find(page, noun).fill("e")
    page.get_by_role("checkbox").first.check()
    expect(page.get_by_text("2 contacts will be called.")).to_be_visible()
    assert violations(page) == []


@pytest.mark.nightly
def test_it_fits_a_narrow_screen(builder: Page, shoot: Callable[[str], None]) -> None:
    find(builder, "call flow").fill("repair")
    find(builder, "contact list").fill("café")
    builder.get_by_role("checkbox").first.check()
    expect(builder.get_by_text("2 contacts will be called.")).to_be_visible()
    shoot("builder-long-choices")
    builder.set_viewport_size({"width": 360, "height": 780})
    width = builder.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
