"""The age of a lookup's confirmation, in words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from campaigns.clients.models import Cli

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "said"),
    [
        ({}, "confirmed today."),
        ({"hours": 11}, "confirmed today."),
        ({"hours": 13}, "confirmed yesterday."),
        ({"days": 12}, "confirmed 12 days ago."),
        ({"days": 90}, "confirmed 90 days ago."),
        ({"days": 90, "hours": 11}, "confirmed 90 days ago."),
        ({"days": 90, "hours": 13}, "not confirmed for 91 days. Ask an administrator to check it "
         "with the partner."),
        ({"days": 200}, "not confirmed for 200 days. Ask an administrator to check it "
         "with the partner."),
    ],
)  # fmt: skip
def test_a_lookup_says_when_it_was_last_confirmed(age: dict[str, float], said: str) -> None:
    cli = Cli(partner_id=11, confirmed_at=NOON - timedelta(**age))
    assert cli.confirmation(NOON) == f"Partner’s ID 11, {said}"


def test_days_are_counted_in_the_given_zone() -> None:
    cli = Cli(partner_id=11, confirmed_at=NOON - timedelta(hours=11))
    there = NOON.astimezone(ZoneInfo("America/New_York"))
    assert cli.confirmation(there).endswith("confirmed yesterday.")
