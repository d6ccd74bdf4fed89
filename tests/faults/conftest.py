"""A partner with bad manners, a database of the tests' own, and the table at the end."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.faults.databases import postgresql, sqlite
from tests.faults.partner import FaultPartner
from tests.faults.tally import IS_LONG, SEED, TALLY
from tests.faults.world import World, hurried

# By day these files run on PostgreSQL, the database of an installation; at night on SQLite too. Tests that
# name their database run on it by day.
TWICE_AT_NIGHT = {
    "test_forgetting",
    "test_guard_by_guard",
    "test_kills",
    "test_random_ways",
    "test_stops_and_races",
}
# Seconds. The long form takes as long as it was asked to; what hangs ends all the same.
LONG_TIMEOUT = 6 * 3600


def pytest_itemcollected(item: pytest.Function) -> None:
    if IS_LONG:
        item.add_marker(pytest.mark.timeout(LONG_TIMEOUT))
    if item.path.stem in TWICE_AT_NIGHT and _place_of(item) is sqlite:
        item.add_marker(pytest.mark.nightly)


def _place_of(item: pytest.Function) -> Callable[..., object] | None:
    """Return the database that a test was given; None for one that has none or chose its own."""
    chose = any(mark.args[0] == "place" for mark in item.iter_markers("parametrize"))
    given: dict[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
    return None if chose else given.get("place")


@pytest.fixture(scope="package")
def partner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultPartner]:
    with FaultPartner(tmp_path_factory.mktemp("partner")) as running:
        yield running


@pytest.fixture(scope="package", params=[sqlite, postgresql], ids=["sqlite", "postgresql"])
def place(
    request: pytest.FixtureRequest,
    partner: FaultPartner,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: pytest.FixtureRequest,
) -> Iterator[World]:
    """A world on one of the two databases, with real commits."""
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())  # type: ignore[attr-defined]
        stack.enter_context(request.param(tmp_path_factory.mktemp("place")))
        stack.enter_context(hurried(partner))
        yield World(partner)


@pytest.fixture
def world(place: World) -> Iterator[World]:
    """The world with nothing in it yet that this test has done."""
    with place.fresh():
        yield place


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if TALLY.runs:
        terminalreporter.section("faults")
        terminalreporter.write_line(f"PORTAL_TEST_SEED={SEED} brings the same again")
        for line in TALLY.lines():
            terminalreporter.write_line(line)
