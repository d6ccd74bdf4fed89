"""Hours on a client's clock, converted to the UK clock for the partner."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from campaigns.drafts.campaign import schedule
from campaigns.drafts.campaign.content import Hours

LONDON, PARIS, SYDNEY = (
    ZoneInfo(f"{name}") for name in ("Europe/London", "Europe/Paris", "Australia/Sydney")
)


@pytest.mark.parametrize(
    ("zone", "hours", "uk"),
    [
        (LONDON, Hours(date(2026, 7, 1), time(9), time(12)), (date(2026, 7, 1), time(9), time(12))),
        (PARIS, Hours(date(2026, 7, 1), time(9), time(12)), (date(2026, 7, 1), time(8), time(11))),
        (
            SYDNEY,
            Hours(date(2026, 1, 15), time(18), time(20)),
            (date(2026, 1, 15), time(7), time(9)),
        ),
        # The countries change their clocks on different days, so the difference is another one in between.
        (
            SYDNEY,
            Hours(date(2026, 4, 3), time(18), time(20)),
            (date(2026, 4, 3), time(8), time(10)),
        ),
    ],
)
def test_hours_are_converted_to_uk_wall_clock(
    zone: ZoneInfo, hours: Hours, uk: tuple[date, time, time]
) -> None:
    converted = schedule.on_uk_clock(hours, zone)
    assert (converted.day, converted.start, converted.finish) == uk


def test_a_morning_in_sydney_is_the_evening_before_in_the_uk() -> None:
    converted = schedule.on_uk_clock(Hours(date(2026, 1, 15), time(8), time(10)), SYDNEY)
    assert converted.day == date(2026, 1, 14)


def test_hours_over_the_uks_midnight_are_refused() -> None:
    with pytest.raises(schedule.HoursCrossMidnight):
        schedule.on_uk_clock(Hours(date(2026, 1, 15), time(10), time(12)), SYDNEY)


def test_incomplete_hours_raise_an_error() -> None:
    with pytest.raises(ValueError, match="incomplete"):
        schedule.on_uk_clock(Hours(date(2026, 1, 15)), LONDON)


@pytest.mark.parametrize(
    ("day", "clock", "exists"),
    [
        (date(2026, 3, 29), time(0, 59), True),
        (date(2026, 3, 29), time(1, 0), False),
        (date(2026, 3, 29), time(1, 59), False),
        (date(2026, 3, 29), time(2, 0), True),
        (date(2026, 10, 25), time(1, 30), True),
    ],
)
def test_the_hour_that_the_clocks_skip_does_not_exist(day: date, clock: time, exists: bool) -> None:
    assert schedule.exists(day, clock, LONDON) is exists
