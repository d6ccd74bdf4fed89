"""Single values are read as the partner writes them, and a wrong one is None and never an exception."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.partner.codes import CampaignStatus, Outcome, SmsStatus, Stage
from campaigns.partner.reading.values import Fields, clock, day, integer, moment, price, text

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2022-02-12T12:16:15.637", "2022-02-12T12:16:15.637"),
        ("2022-07-12T12:16:15.637", "2022-07-12T11:16:15.637"),
        ("2022-07-12T12:16:15", "2022-07-12T11:16:15"),
        ("2022-07-12T12:16:15Z", "2022-07-12T12:16:15"),
        ("2022-07-12T12:16:15.6371234Z", "2022-07-12T12:16:15.637123"),
        ("2022-07-12T12:16:15+02:00", "2022-07-12T10:16:15"),
        # Clocks go back: 01:30 comes twice, and the first one is meant.
        ("2026-10-25T00:59:59", "2026-10-24T23:59:59"),
        ("2026-10-25T01:30:00", "2026-10-25T00:30:00"),
        ("2026-10-25T02:00:00", "2026-10-25T02:00:00"),
        # Clocks go forward: 01:30 never comes.
        ("2026-03-29T00:59:59", "2026-03-29T00:59:59"),
        ("2026-03-29T01:30:00", "2026-03-29T01:30:00"),
        ("2026-03-29T02:00:00", "2026-03-29T01:00:00"),
    ],
)
def test_a_time_without_a_zone_is_uk_wall_clock(written: str, utc: str) -> None:
    assert moment(written) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "never",
        "2022-02-12",
        "2022-13-12T12:00:00",
        "0001-01-01T00:00:00",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "2022-02-12T25:00:00",
        None,
        5,
        5.0,
        True,
        [],
        {},
    ],
)
def test_a_wrong_time_is_none(written: object) -> None:
    assert moment(written) is None


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        (0.06, "0.06"),
        (0, "0"),
        ("0.0345", "0.0345"),
        (1e-05, "0.00001"),
        (-0.5, "-0.5"),
        ("", None),
        ("£1", None),
        ("NaN", None),
        ("Infinity", None),
        (1e300, None),
        ("1e999999999", None),
        ("1e-999999999", None),
        ("9" * 50, None),
        (True, None),
        (None, None),
        ([], None),
    ],
)
def test_a_price_is_exact_or_none(written: object, amount: str | None) -> None:
    assert price(written) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (27, 27),
        ("27", 27),
        (" -3 ", -3),
        (27.0, 27),
        (0, 0),
        (27.5, None),
        ("2.7", None),
        ("", None),
        ("x", None),
        ("²", None),
        (True, None),
        (None, None),
        (2**70, None),
        ([1], None),
    ],
)
def test_a_whole_number_is_read_or_none(written: object, number: int | None) -> None:
    assert integer(written) == number


def test_days_and_times_of_day() -> None:
    assert day("2026-01-31") == day("2026-01-31T00:00:00") == date(2026, 1, 31)
    assert clock("09:00") == clock("09:00:00") == clock("1900-01-01T09:00:00") == time(9)
    assert (day("31/01/2026"), day(None), clock("9"), clock("25:00"), clock(9)) == (None,) * 5


def test_names_are_found_in_any_case() -> None:
    row = Fields({"CALLFLOW_ID": 1, "cli_id": 2})
    assert (row.integer("callFlow_Id"), row.integer("Cli_Id"), row.get("other")) == (1, 2, None)


def test_codes_have_words_and_unknown_ones_are_shown_as_codes() -> None:
    assert CampaignStatus.words_for(3) == "paused"
    assert Outcome.words_for(5) == "answerphone, message left"
    assert Stage.words_for(0) == "none"
    assert SmsStatus.words_for(1000) == "failed: no credit"
    assert [table.words_for(27) for table in (CampaignStatus, Outcome, Stage, SmsStatus)] == [
        "code 27"
    ] * 4
    assert Outcome.words_for(None) == ""


@given(ANYTHING)
def test_nothing_makes_them_raise(value: object) -> None:
    for read in (moment, price, integer, text, day, clock):
        read(value)
