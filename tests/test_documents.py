"""What the documents say of the code is true: the picture, and every file that they name."""

import re
from pathlib import Path

import pytest

from tests.architecture import picture
from tests.running import ROOT

PAGES = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md"])
# Not var/, which holds what the portal makes, and nothing that begins with a slash: that is an address.
NAMED = re.compile(r"`((?!var/|/)[\w./]+(?:\.py|/))`")
CODE = ("campaigns", "portal", "tests")


def test_the_picture_is_that_of_the_imports() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    [drawn] = re.findall(r"```mermaid\n(.*?)\n```", text, re.DOTALL)
    assert drawn == picture(), "`python -m tests.architecture` prints the picture anew."


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_named_is_there(page: Path) -> None:
    """Accept a whole path, or the end of one where the paragraph is about its folder."""
    paths = [f"/{path.relative_to(ROOT)}" for top in CODE for path in (ROOT / top).rglob("*")]
    missing = [
        name
        for name in NAMED.findall(page.read_text())
        if not (ROOT / name).exists()
        and not any(path.endswith(f"/{name.rstrip('/')}") for path in paths)
    ]
    assert missing == []
