"""axe over a page as it stands, under the portal's own policy."""

import json
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Everything WCAG 2.2 AA asks for that a program can see, and what axe itself finds good practice.
RUN = (
    "axe.run(document, OPTIONS)"
    ".then(({violations, passes}) => JSON.stringify([violations, passes.length]))"
)
ALL: dict[str, Any] = {}
# All that a colour scheme changes.
OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def violations(page: Page, options: dict[str, Any] = ALL) -> list[str]:
    """Return what axe finds on the page: the rule, what it asks, and the first place."""
    run = RUN.replace("OPTIONS", json.dumps(options))
    session = page.context.new_cdp_session(page)
    try:
        # By the debugger, since the portal's policy rightly stops scripts that are put into a page.
        session.send("Runtime.evaluate", {"expression": AXE_SCRIPT})
        found = session.send(
            "Runtime.evaluate", {"expression": run, "awaitPromise": True, "returnByValue": True}
        )
    finally:
        session.detach()
    rules: list[dict[str, Any]]
    rules, passes = json.loads(found["result"]["value"])
    assert passes, "axe looked at nothing"
    return [f"{rule['id']}: {rule['help']} {rule['nodes'][0]['target']}" for rule in rules]
