"""What moves by itself while a worker is busy."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.test_whole_way import upload

# So many that no machine is through before it was seen to move; then it is cancelled.
ROWS = 600_000


def test_the_progress_of_an_import_moves_while_it_is_watched(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "Long list.csv"
    lines = [f"07700 {900_000 + n % 1000},Person {n}" for n in range(ROWS)]
    path.write_text("\n".join(["Phone,Name", *lines]))
    page.set_default_timeout(3 * PATIENCE)
    upload(page, path)
    page.get_by_role("button", name="Import contact list").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.wait_for_function(
        """() => {
            const bar = document.querySelector("progress");
            window.seen = (window.seen || new Set()).add(bar ? bar.value : "none");
            return window.seen.size >= 3 || !bar;
        }"""
    )
    seen = page.evaluate("[...window.seen]")
    assert len(seen) >= 3, seen
    page.get_by_role("button", name="Cancel the import").click()
    expect(page.get_by_text("The import was cancelled")).to_be_visible()


def test_a_submission_that_needs_checking_comes_up_by_itself_with_what_to_ask(page: Page) -> None:
    page.goto("/submissions/")
    page.get_by_role("table").get_by_role("link", name="Rent reminder, south blocks").click()
    expect(
        page.get_by_text("We can’t tell whether the partner received this campaign")
    ).to_be_visible()
    expect(page.locator("code", has_text="Rent reminder, south blocks [")).to_be_visible()
