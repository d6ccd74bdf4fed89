"""The browser for the tests: a Chromium that is installed, or else one that is installed now."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# The headless shell draws the same pages with no window around them, for two thirds of the work.
NAMES = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable"),
)


def installed() -> str | None:
    """Return the path of a Chromium that is here already: the system's, or Playwright's own."""
    return os.environ.get("PORTAL_TEST_CHROMIUM") or _on_path() or _playwrights_own()


def _on_path() -> str | None:
    return next((found for found in map(shutil.which, NAMES) if found), None)


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def install() -> None:
    """Install Debian's Chromium with apt if allowed, else Playwright's own, and print which."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("No Chromium here: installing Debian's with apt.", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        for package in NAMES[:2]:
            if not _on_path():
                subprocess.run(["apt-get", "install", "-y", "-qq", package], check=False)
    if not _on_path():
        print("No Chromium here: installing Playwright's own.", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def main() -> int:
    if not installed():
        install()
    path = installed()
    print(f"Browser tests use {path}." if path else "No Chromium could be installed.")
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
