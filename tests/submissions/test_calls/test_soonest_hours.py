"""When a test call rings: as soon as possible, in the client's hours, on the partner's clock."""

from datetime import UTC, date, datetime, time

import pytest
from django.conf import settings

from campaigns.clients.models import Client
from campaigns.drafts.campaign.content import Hours
from campaigns.submissions.test_calls.soonest_hours import soonest


@pytest.fixture(autouse=True)
def _sweeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SWEEP_EVERY", 30)


def client(**more: object) -> Client:
    values: dict[str, object] = {"calling_from": time(8), "calling_until": time(20)}
    return Client(**(values | more))


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        # 10 minutes of lead time, 30 seconds for a sweep and two minutes for retries, rounded up to a
        # minute.
        (datetime(2026, 11, 30, 10, 0, 0, tzinfo=UTC), (time(10, 13), time(10, 28))),
        (datetime(2026, 11, 30, 10, 0, 30, tzinfo=UTC), (time(10, 13), time(10, 28))),
        (datetime(2026, 11, 30, 10, 0, 30, 1, tzinfo=UTC), (time(10, 14), time(10, 29))),
        # It begins when the hours do, or ends with them.
        (datetime(2026, 11, 30, 7, 47, 30, tzinfo=UTC), (time(8), time(8, 15))),
        (datetime(2026, 11, 30, 19, 38, tzinfo=UTC), (time(19, 51), time(20))),
        (datetime(2026, 11, 30, 19, 46, 30, tzinfo=UTC), (time(19, 59), time(20))),
    ],
)
def test_in_calling_hours(now: datetime, hours: tuple[time, time]) -> None:
    assert soonest(client(), now) == Hours(date(2026, 11, 30), *hours)


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 30, 7, 46, 30, tzinfo=UTC),
        datetime(2026, 11, 30, 19, 46, 31, tzinfo=UTC),
        datetime(2026, 11, 30, 23, 0, tzinfo=UTC),
    ],
)
def test_outside_calling_hours(now: datetime) -> None:
    assert soonest(client(), now) is None


def test_in_summer_the_clients_clock_counts() -> None:
    now = datetime(2026, 7, 1, 7, 0, tzinfo=UTC)
    assert soonest(client(), now) == Hours(date(2026, 7, 1), time(8, 13), time(8, 28))


def test_the_partners_day_ends_at_midnight_in_the_uk() -> None:
    there = client(time_zone="America/New_York")
    now = datetime(2026, 11, 30, 23, 38, tzinfo=UTC)
    assert soonest(there, now) == Hours(date(2026, 11, 30), time(18, 51), time(18, 59))
    assert soonest(there, datetime(2026, 11, 30, 23, 46, 30, tzinfo=UTC)) is None


def test_in_the_hour_that_comes_twice_nothing_is_called() -> None:
    """The partner could take it for the hour that has passed."""
    always = client(calling_from=time(0), calling_until=time(23, 59))
    assert soonest(always, datetime(2026, 10, 25, 1, 5, tzinfo=UTC)) is None
    assert soonest(always, datetime(2026, 10, 25, 1, 55, tzinfo=UTC)) is not None
