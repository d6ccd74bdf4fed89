"""Times as people say them, in UK time, with the full time on hover."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.template import engines

from campaigns.relative_time import full, relative

NOW = datetime(2026, 11, 28, 22, 5)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-28T21:49", "21:49 today"),
        ("2026-11-28T00:00", "00:00 today"),
        ("2026-11-27T23:59", "yesterday 23:59"),
        ("2026-11-27T00:00", "yesterday 00:00"),
        ("2026-11-26T23:59", "26 Nov"),
        ("2026-01-01T00:00", "1 Jan"),
        ("2025-12-31T23:59", "31 Dec 2025"),
        ("2026-11-29T09:30", "tomorrow 09:30"),
        ("2026-11-30T09:30", "30 Nov"),
        ("2027-01-05T09:30", "5 Jan 2027"),
    ],
)
def test_a_time_is_said_by_its_distance(at: str, said: str) -> None:
    assert relative(datetime.fromisoformat(at), NOW) == said


def test_yesterday_may_be_in_another_year() -> None:
    new_year = datetime(2027, 1, 1, 0, 10)  # noqa: DTZ001
    assert relative(datetime.fromisoformat("2026-12-31T23:50"), new_year) == "yesterday 23:50"


def test_the_full_time_has_its_day_and_zone() -> None:
    assert full(NOW) == "28 Nov 2026 22:05 UK time"


def shown(at: datetime | None) -> str:
    return engines["django"].from_string("{{ at|relative_time }}").render({"at": at})


@time_machine.travel(datetime(2026, 7, 14, 23, 10, tzinfo=UTC), tick=False)
def test_pages_count_days_as_the_uk_does() -> None:
    """In summer, 23:10 UTC is ten past midnight in the UK."""
    assert shown(datetime(2026, 7, 14, 23, 5, tzinfo=UTC)) == (
        '<time datetime="2026-07-15T00:05:00+01:00" title="15 Jul 2026 00:05 UK time">00:05 today</time>'
    )
    assert ">yesterday 23:55<" in shown(datetime(2026, 7, 14, 22, 55, tzinfo=UTC))


def test_no_time_is_nothing() -> None:
    assert shown(None) == ""
