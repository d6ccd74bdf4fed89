"""axe finds nothing on any page, in light and in dark."""

from typing import Any, Literal

import pytest
from playwright.sync_api import Browser

from tests.browser.axe import ALL, OF_COLOURS, violations
from tests.browser.conftest import opened, sign_in
from tests.running import RunningPortal

PAGES = (
    "/",
    "/help/",
    "/campaigns/",
    "/campaigns/?q=nothing+has+this+name",
    "/campaigns/new/",
    "/campaigns/1/?check=1",
    "/campaigns/3/",
    "/campaigns/3/template/",
    "/campaigns/new/?template=1",
    "/campaigns/templates/",
    "/campaigns/templates/1/",
    "/campaigns/templates/1/delete/",
    "/clients/",
    "/clients/1/",
    "/contact-lists/",
    "/contact-lists/1/",
    "/contact-lists/upload/",
    "/suppression/",
    "/suppression/5/",
    "/suppression/5/remove/",
    "/suppression/upload/",
    "/submissions/review/3/",
    "/submissions/test-call/3/",
    "/your-number/",
    "/submissions/",
    *(f"/submissions/{pk}/" for pk in range(1, 7)),
    "/nothing-here/",
)


@pytest.mark.parametrize(
    ("scheme", "options"),
    [("light", ALL), pytest.param("dark", OF_COLOURS, marks=pytest.mark.nightly)],
)
def test_axe_finds_nothing(
    browser: Browser,
    portal: RunningPortal,
    scheme: Literal["light", "dark"],
    options: dict[str, Any],
) -> None:
    with opened(browser, portal, color_scheme=scheme) as page:
        page.goto("/sign-in/")
        found = {"/sign-in/": violations(page, options)}
        sign_in(page, portal, "manager")
        for url in PAGES:
            page.goto(url)
            # axe passes over what is folded away.
            page.evaluate(
                "for (const folded of document.querySelectorAll('details')) folded.open = true"
            )
            found[url] = violations(page, options)
            if page.locator("table:not(:has(> caption))").count():
                found[url].append("A table has no caption.")
    assert {url: said for url, said in found.items() if said} == {}
