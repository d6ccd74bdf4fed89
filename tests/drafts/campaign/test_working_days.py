"""The run-over days that a button fills in."""

import re
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from campaigns.clients.models import Client
from campaigns.drafts.campaign import working_days
from campaigns.drafts.campaign.content import Hours
from campaigns.drafts.models import MOST_RUNOVER_DAYS, Campaign

LONDON = "Europe/London"
THURSDAY = date(2026, 12, 3)


@pytest.mark.parametrize(
    ("zone", "after", "days"),
    [
        (LONDON, THURSDAY, [date(2026, 12, 4), date(2026, 12, 7), date(2026, 12, 8)]),
        # From a weekend.
        (LONDON, date(2026, 12, 5), [date(2026, 12, 7), date(2026, 12, 8), date(2026, 12, 9)]),
        # Christmas is on a Friday, so the holiday for Boxing Day is on the Monday.
        (LONDON, date(2026, 12, 23), [date(2026, 12, 24), date(2026, 12, 29), date(2026, 12, 30)]),
        # The year's end.
        (LONDON, date(2026, 12, 31), [date(2027, 1, 4), date(2027, 1, 5), date(2027, 1, 6)]),
        # Good Friday and Easter Monday.
        (LONDON, date(2027, 3, 25), [date(2027, 3, 30), date(2027, 3, 31), date(2027, 4, 1)]),
        # Saint Patrick's Day is a bank holiday in Ireland, but not in England.
        ("Europe/Dublin", date(2027, 3, 16), [date(2027, 3, d) for d in (18, 19, 22)]),
        (LONDON, date(2027, 3, 16), [date(2027, 3, d) for d in (17, 18, 19)]),
        # Ireland works on Good Friday.
        ("Europe/Dublin", date(2027, 3, 25), [date(2027, 3, d) for d in (26, 30, 31)]),
        # A zone of no country leaves out weekends only.
        ("UTC", date(2026, 12, 24), [date(2026, 12, d) for d in (25, 28, 29)]),
        # The last days of the calendar, a Friday among them.
        ("UTC", date(9999, 12, 29), [date(9999, 12, 30), date(9999, 12, 31)]),
        ("UTC", date.max, []),
    ],
)
def test_working_days_leave_out_weekends_and_bank_holidays(
    zone: str, after: date, days: list[date]
) -> None:
    assert working_days.next_after(after, ZoneInfo(zone), 3) == days


def test_as_many_days_are_returned_as_are_asked_for() -> None:
    assert working_days.next_after(THURSDAY, ZoneInfo(LONDON), 0) == []
    assert len(working_days.next_after(THURSDAY, ZoneInfo(LONDON), MOST_RUNOVER_DAYS)) == 31


# The buttons


@pytest.fixture
def posted(northgate: Client) -> dict[str, Any]:
    return {
        "client": northgate.pk,
        "start_date": THURSDAY.isoformat(),
        "start_time": "09:00",
        "finish_time": "12:00",
        "runover-count": "0",
        "attempt-count": "1",
    }


def pressed(browser: Browser, posted: dict[str, Any], button: str) -> Any:
    page = browser.post(reverse("drafts:redraw"), posted | {"change": button})
    assert page.status_code == 200
    assert not Campaign.objects.exists()
    return page


def days_in(page: Any) -> list[Hours]:
    return [form.hours for form in page.context["builder"].runover]


def row(number: int, day: str, start: str = "", finish: str = "") -> dict[str, str]:
    prefix = f"runover-{number}"
    return {f"{prefix}-day": day, f"{prefix}-start": start, f"{prefix}-finish": finish}


def test_the_buttons_say_how_many_days_they_add(browser: Browser, posted: dict[str, Any]) -> None:
    page = pressed(browser, posted, "")
    assert "Add next working day</button>" in page.text
    assert "Add next 3 working days</button>" in page.text
    assert days_in(page) == []


def test_added_days_have_the_hours_of_the_first(browser: Browser, posted: dict[str, Any]) -> None:
    days = [date(2026, 12, 4), date(2026, 12, 7), date(2026, 12, 8)]
    found = days_in(pressed(browser, posted, "working-days-3"))
    assert found == [Hours(day, time(9), time(12)) for day in days]
    assert days_in(pressed(browser, posted, "working-days-1")) == found[:1]


def test_days_are_added_after_the_latest_whatever_the_order_of_the_rows(
    browser: Browser, posted: dict[str, Any]
) -> None:
    posted |= {"runover-count": "2"} | row(0, "2026-12-09", "10:00") | row(1, "2026-12-04")
    found = days_in(pressed(browser, posted, "working-days-1"))
    assert found[0] == Hours(date(2026, 12, 9), time(10))
    assert [hours.day for hours in found] == [
        date(2026, 12, 9),
        date(2026, 12, 4),
        date(2026, 12, 10),
    ]


def test_an_empty_row_is_filled_first(browser: Browser, posted: dict[str, Any]) -> None:
    posted |= {"runover-count": "2"} | row(0, "") | row(1, "", "10:00")
    found = days_in(pressed(browser, posted, "working-days-3"))
    assert [hours.day for hours in found] == [
        date(2026, 12, 4),
        None,
        date(2026, 12, 7),
        date(2026, 12, 8),
    ]
    assert found[1].start == time(10)


@pytest.mark.parametrize(
    ("start", "finish", "filled_in"),
    [
        ("07:00", "21:00", (time(8), time(20))),
        ("07:00", "12:00", (time(8), time(12))),
        # Hours of the first day that need a reason are not copied to further days.
        ("05:00", "07:00", (None, None)),
        ("", "12:00", (None, time(12))),
        ("", "", (None, None)),
        ("9ish", "12:00", (None, time(12))),
    ],
)
def test_hours_of_added_days_stay_within_the_clients_calling_hours(
    browser: Browser, posted: dict[str, Any], start: str, finish: str, filled_in: tuple[Any, Any]
) -> None:
    posted |= {"start_time": start, "finish_time": finish}
    (found,) = days_in(pressed(browser, posted, "working-days-1"))
    assert (found.start, found.finish) == filled_in


def test_bank_holidays_are_those_of_the_clients_zone(
    browser: Browser, posted: dict[str, Any], northgate: Client
) -> None:
    Client.objects.filter(pk=northgate.pk).update(time_zone="Europe/Dublin")
    posted |= {"start_date": "2027-03-16"}
    (found,) = days_in(pressed(browser, posted, "working-days-1"))
    assert found.day == date(2027, 3, 18)


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ({"start_date": ""}, "Choose the start date first"),
        ({"start_date": "soon"}, "Choose the start date first"),
        ({"client": ""}, "Choose the client first"),
    ],
)
def test_a_missing_value_is_reported_next_to_the_buttons(
    browser: Browser, posted: dict[str, Any], lacking: dict[str, str], sentence: str
) -> None:
    page = pressed(browser, posted | lacking, "working-days-3")
    assert f'role="alert">{sentence}' in page.text
    assert days_in(page) == []


def test_there_are_no_more_rows_than_a_draft_may_have(
    browser: Browser, posted: dict[str, Any]
) -> None:
    taken = MOST_RUNOVER_DAYS - 2
    posted |= {"runover-count": str(taken)} | row(0, "2026-12-04")
    for number in range(1, taken):
        posted |= row(number, "", "09:00")
    page = pressed(browser, posted, "working-days-3")
    assert [hours.day for hours in days_in(page)[taken:]] == [date(2026, 12, 7), date(2026, 12, 8)]
    assert "You can have up to 31 run-over days." in page.text


def test_another_clients_calendar_is_not_revealed(
    browser: Browser, posted: dict[str, Any], harbour: Client
) -> None:
    page = pressed(browser, posted | {"client": harbour.pk}, "working-days-3")
    assert "Choose the client first" in page.text


@pytest.mark.parametrize("button", ["working-days-", "working-days-2", "working-days-" + "9" * 99])
def test_no_other_number_of_days_can_be_asked_for(
    browser: Browser, posted: dict[str, Any], button: str
) -> None:
    assert days_in(pressed(browser, posted, button)) == []


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 12, 3), "2026-12-04"),
        (date(2026, 12, 4), "2026-12-07"),
        (date(2026, 12, 24), "2026-12-29"),
    ],
)
def test_the_campaign_starts_on_the_next_working_day(
    browser: Browser,
    posted: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    today: date,
    day: str,
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_, **__: today)
    page = pressed(browser, posted | {"start_date": ""}, "start-next-working-day")
    assert re.search(rf'name="start_date"\s+value="{day}"', page.text)


def test_without_a_client_the_start_is_not_filled_in(
    browser: Browser, posted: dict[str, Any]
) -> None:
    page = pressed(browser, posted | {"start_date": "", "client": ""}, "start-next-working-day")
    assert page.text.count("Choose the client first") == 1
