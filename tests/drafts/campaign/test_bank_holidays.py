"""Bank holidays of the country in which a client's time zone is."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from campaigns.drafts.campaign import bank_holidays


@pytest.mark.parametrize(
    ("zone", "day", "name"),
    [
        ("Europe/London", date(2026, 12, 25), "Christmas Day"),
        ("Europe/London", date(2026, 8, 31), "Late Summer Bank Holiday"),
        # The substitute for Boxing Day, which is a Saturday in 2026.
        ("Europe/London", date(2026, 12, 28), "Boxing Day (observed)"),
        ("Europe/Dublin", date(2027, 3, 17), "Saint Patrick's Day"),
        ("Europe/Paris", date(2026, 7, 14), "National Day"),
    ],
)
def test_a_bank_holiday_has_its_name(zone: str, day: date, name: str) -> None:
    assert bank_holidays.among([day], ZoneInfo(zone)) == {day: name}


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/London", date(2026, 12, 3)),
        # Bank holidays of Scotland, Northern Ireland or Ireland only.
        ("Europe/London", date(2026, 11, 30)),
        ("Europe/London", date(2027, 3, 17)),
        # A zone of no country.
        ("UTC", date(2026, 12, 25)),
        # Years for which no list is known.
        ("Europe/London", date(1, 12, 25)),
        ("Europe/London", date(9999, 12, 25)),
    ],
)
def test_other_days_are_not_bank_holidays(zone: str, day: date) -> None:
    assert bank_holidays.among([day], ZoneInfo(zone)) == {}


def test_every_zone_can_be_looked_up() -> None:
    days = [date(2026, 12, 25), date(2027, 1, 1)]
    for zone in bank_holidays._countries():
        bank_holidays.among(days, ZoneInfo(zone))
