"""Where the focus is, and that it is seen: on all controls, in contrast themes, when what had it is gone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import opened, review, sign_in
from tests.browser.test_whole_way import build
from tests.running import RunningPortal

RING = """control => {
    const { outlineStyle, outlineWidth, outlineOffset, boxShadow } = getComputedStyle(control);
    return [outlineStyle, outlineWidth, outlineOffset, boxShadow].join(" ");
}"""
SEEN = "solid 3px 2px none"
# What has the focus, unless the bar at the foot of the page covers some of it.
COVERED = """() => {
    const bar = document.querySelector(".actions");
    const { activeElement } = document;
    const isNone = activeElement === document.body || bar.contains(activeElement);
    if (isNone || getComputedStyle(bar).position === "static") return "";
    const { top, bottom } = activeElement.getBoundingClientRect();
    const over = bar.getBoundingClientRect();
    const isCovered = bottom > over.top + 1 && top < over.bottom - 1;
    return isCovered ? activeElement.id || activeElement.textContent : "";
}"""
MOST_TABS = 60


@pytest.fixture
def contrast(browser: Browser, portal: RunningPortal) -> Iterator[Page]:
    """A page in a contrast theme, as Windows has them."""
    with opened(browser, portal, forced_colors="active") as page:
        sign_in(page, portal, "manager")
        yield page


def rings(page: Page) -> set[str]:
    page.goto("/campaigns/1/")
    # Whoever came by keyboard has a ring on buttons too.
    page.keyboard.press("Tab")
    seen = set()
    for control in (
        page.get_by_label("Campaign name"),
        page.get_by_label("Client", exact=True),
        page.get_by_role("checkbox").first,
        page.get_by_role("button", name="Save draft").last,
        page.get_by_role("button", name="Review and submit"),
        page.get_by_role("link", name="Copy campaign"),
    ):
        control.focus()
        # A transition of Bootstrap's ends in what is to be seen.
        control.evaluate("c => Promise.all(c.getAnimations().map(one => one.finished))")
        seen.add(control.evaluate(RING))
    return seen


def test_every_control_has_the_same_ring(page: Page) -> None:
    assert rings(page) == {SEEN}


def test_a_contrast_theme_shows_the_ring_and_what_is_ticked(contrast: Page) -> None:
    assert rings(contrast) == {SEEN}
    box = contrast.get_by_role("checkbox").first
    box.uncheck()
    box.blur()
    empty = box.screenshot()
    box.check()
    box.blur()
    assert box.screenshot() != empty


@pytest.mark.parametrize("size", [(1280, 720), (360, 740), (320, 180)])
def test_the_bar_covers_nothing_that_has_the_focus(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto("/campaigns/1/")
    page.get_by_label("Campaign name").focus()
    covered = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        covered.append(page.evaluate(COVERED))
    assert [control for control in covered if control] == []


def test_removing_the_last_row_leaves_the_focus_beside_it(page: Page) -> None:
    page.goto("/campaigns/1/")
    page.get_by_role("button", name="Add call attempt").click()
    last = page.get_by_role("button", name="Remove call attempt 2")
    last.focus()
    page.keyboard.press("Enter")
    expect(last).to_have_count(0)
    expect(page.get_by_role("button", name="Add call attempt")).to_be_focused()


def test_a_refused_form_leads_to_what_is_wrong(page: Page) -> None:
    page.goto("/suppression/add/")
    page.get_by_label("Client").select_option("Northgate Energy")
    page.get_by_label("Number").fill("none")
    page.get_by_label("Why").fill("Asked not to be called.")
    page.get_by_role("button", name="Suppress number").click()
    expect(page.get_by_label("Number")).to_be_focused()
    page.goto("/campaigns/1/?check=1")
    expect(page.locator(".mends[role=alert]")).to_be_focused()


def test_a_page_that_follows_a_submission_keeps_the_button_and_says_the_state(page: Page) -> None:
    build(page, name="Followed", lists="December readings", due="Due date")
    review(page)
    page.get_by_role("button", name="Submit campaign").click()
    undo = page.get_by_role("button", name="Undo submission")
    undo.focus()
    countdown = page.get_by_text("Until then it can be undone.")
    expect(countdown).to_be_visible()
    page.evaluate(
        """() => {
            window.button = document.activeElement;
            window.region = document.querySelector("#state [role=status]");
            window.before = document.querySelector("#state").innerText;
        }"""
    )
    page.wait_for_function("() => document.querySelector('#state').innerText !== window.before")
    assert page.evaluate("window.button === document.activeElement")
    # What a screen reader listens to is there still, and says what became of it.
    expect(page.locator("#state [role=status]")).to_have_text("Submitted")
    assert page.evaluate("window.region.isConnected && window.region.innerText === 'Submitted'")
    expect(undo).to_have_count(0)
    expect(page.locator("#poll")).to_have_count(0)
    expect(page.locator("#state")).to_be_focused()


def test_a_page_on_paper_has_nothing_to_press(page: Page) -> None:
    page.goto("/submissions/2/")
    # Whoever has dark pages has white paper too.
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    expect(page.get_by_role("navigation")).to_be_hidden()
    assert not [button for button in page.locator(".btn").all() if button.is_visible()]
    cell = page.get_by_role("cell", name="1,500")
    assert cell.evaluate("cell => getComputedStyle(cell).color") == "rgb(0, 0, 0)"
    page.emulate_media(media="screen", color_scheme="light")
