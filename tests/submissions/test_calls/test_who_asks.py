"""Which modules find test calls: what guards, counts or remembers a campaign is not among them."""

import ast
from collections.abc import Iterator
from pathlib import Path

# The modules that ask for test calls too: what delivers, lists, shows or settles them. What guards, counts
# or remembers a campaign must not be among them.
SEE_TEST_CALLS = {
    "delivering/queueing.py",
    "history/campaign_events.py",
    "history/filters.py",
    "home/panels.py",
    "models/delivery/row.py",
    "models/endings.py",
    "models/submission.py",
    "operating/banners.py",
    "operating/resume_sending.py",
    "operating/waiting_too_long.py",
    "tasks.py",
    "test_calls/make.py",
    "test_calls/obstacles.py",
    "views/submission_list.py",
    "views/submission_page.py",
}
FOLDER = Path(__file__).parents[3] / "campaigns"


def asking() -> Iterator[str]:
    """Yield the modules that name a manager or a relation through which test calls are found."""
    names = {"with_test_calls", "_default_manager", "_base_manager", "test_calls"}
    for path in FOLDER.rglob("*.py"):
        if "migrations" in path.parts or FOLDER / "submissions" not in path.parents:
            continue
        tree = ast.walk(ast.parse(path.read_text()))
        if any(isinstance(node, ast.Attribute) and node.attr in names for node in tree):
            yield str(path.relative_to(FOLDER / "submissions"))


def test_only_these_modules_ask_for_test_calls() -> None:
    assert set(asking()) == SEE_TEST_CALLS


def test_no_module_takes_the_submissions_of_a_client_or_campaign_through_its_relation() -> None:
    """Such a relation has test calls of a client too, as every relation has all rows."""
    found = [
        (path.name, node.lineno)
        for path in FOLDER.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr == "submissions"
        and not (isinstance(node.value, ast.Name) and node.value.id == "campaigns")
    ]
    assert found == []
