"""Problems of a draft, each reported at the field where it can be fixed."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from campaigns.clients.models import Client, PartnerAccount
from campaigns.drafts import preflight
from campaigns.drafts.campaign.content import DraftContent, Hours, Source
from campaigns.uploads.runs.import_run import Status
from tests.drafts.conftest import MONDAY, NOW


def places(said: DraftContent, now: datetime = NOW) -> list[str]:
    return [problem.place for problem in preflight.check(said, now)]


def test_a_complete_draft_has_no_problems(complete: DraftContent) -> None:
    assert preflight.check(complete, NOW) == []


def test_an_empty_draft_gets_a_problem_for_everything_it_lacks(northgate: Client) -> None:
    assert places(DraftContent.blank(northgate)) == [
        "name", "call_flow", "cli", "contact_lists", "start_date", "start_time", "finish_time",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"name": "   "}, "name"),
        ({"call_flow": None}, "call_flow"),
        ({"cli": None}, "cli"),
        ({"contact_lists": []}, "contact_lists"),
        ({"hours": Hours(None, time(9), time(12))}, "start_date"),
        ({"hours": Hours(MONDAY, None, time(12))}, "start_time"),
        ({"hours": Hours(MONDAY, time(9), None)}, "finish_time"),
        ({"hours": Hours(MONDAY, time(12), time(12))}, "finish_time"),
        ({"hours": Hours(MONDAY, time(7, 59), time(12))}, "start_time"),
        ({"hours": Hours(MONDAY, time(9), time(20, 1))}, "finish_time"),
        ({"hours": Hours(date(2026, 3, 1), time(9), time(12))}, "start_date"),
        ({"hours": Hours(date(2026, 3, 2), time(9, 59), time(12))}, "start_time"),
        ({"hours": Hours(date(2026, 3, 2), time(10, 5), time(12))}, "start_time"),
        ({"runover": [Hours(None, time(9), time(12))]}, "runover-0-day"),
        ({"runover": [Hours(MONDAY, time(9), time(12))]}, "runover-0-day"),
        ({"runover": [Hours(date(2026, 3, 10), time(9), time(22))]}, "runover-0-finish"),
        ({"runover": [Hours(date(2026, 3, 10), time(9), time(12))] * 2}, "runover-1-day"),
        ({"intervals": [15, None, 60]}, "attempt-1-interval"),
        ({"parameters": {1: Source("column", "First name")}}, "parameter-2-source"),
        (
            {"parameters": {1: Source("column", "Nowhere"), 2: Source("text", "soon")}},
            "parameter-1-source",
        ),
        (
            {"parameters": {1: Source("text", "  "), 2: Source("text", "soon")}},
            "parameter-1-text",
        ),
    ],
)
def test_one_problem_is_reported_once_and_at_its_place(
    complete: DraftContent, change: dict[str, Any], place: str
) -> None:
    assert places(replace(complete, **change)) == [place]


def test_the_last_call_needs_no_interval(complete: DraftContent) -> None:
    assert places(replace(complete, intervals=[15, None])) == []


def test_a_list_that_is_being_deleted_is_refused(complete: DraftContent) -> None:
    for contact_list in complete.contact_lists:
        contact_list.status = Status.DELETING
    assert places(complete) == ["contact_lists"]


def test_a_list_of_the_sandbox_is_refused_for_a_live_account(complete: DraftContent) -> None:
    complete.client.partner_account.kind = PartnerAccount.Kind.LIVE
    assert places(complete) == ["contact_lists"]


def test_another_clients_lookups_are_refused(complete: DraftContent, harbour: Client) -> None:
    foreign = replace(
        complete, call_flow=harbour.callflows.get(), cli=harbour.clis.get(), parameters={}
    )
    assert places(foreign)[:2] == ["call_flow", "cli"]


def test_a_withdrawn_lookup_is_refused(complete: DraftContent) -> None:
    assert complete.cli
    complete.cli.is_active = False
    assert places(complete) == ["cli"]


def test_the_hour_that_spring_skips_is_refused(complete: DraftContent) -> None:
    complete.client.calling_from = time(0)
    skipped = Hours(date(2026, 3, 29), time(1, 30), time(12))
    assert places(replace(complete, hours=skipped)) == ["start_time"]


def test_another_zones_evening_that_is_past_midnight_in_the_uk_is_refused(
    complete: DraftContent,
) -> None:
    complete.client.time_zone = "America/New_York"
    late = Hours(MONDAY, time(15), time(20))
    assert places(replace(complete, hours=late)) == ["finish_time"]


@pytest.mark.parametrize(
    ("days", "problem"), [(180, []), (181, ["start_date"]), (180 * 365, ["start_date"])]
)
def test_a_start_is_at_most_180_days_ahead(
    complete: DraftContent, days: int, problem: list[str]
) -> None:
    late = NOW.date() + timedelta(days=days)
    assert places(replace(complete, hours=Hours(late, time(9), time(12)))) == problem


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_first_and_last_days_of_the_calendar_are_refused_without_an_error(
    complete: DraftContent, day: date, zone: str
) -> None:
    complete.client.time_zone = zone
    far = Hours(day, time(8), time(20))
    said = replace(complete, hours=far, runover=[far])
    assert places(said)[0] == "start_date"
    assert "runover-0-day" in places(said)


@pytest.mark.parametrize(
    ("start", "problem"), [(time(10, 10), ["start_time"]), (time(10, 11), []), (time(10, 12), [])]
)
def test_the_notice_is_counted_to_the_second(
    complete: DraftContent, start: time, problem: list[str]
) -> None:
    """Ten minutes of lead time, the half minute between two sweeps, and the time to undo."""
    assert timedelta(minutes=10) < complete.client.notice <= timedelta(minutes=11)
    today = replace(complete, hours=Hours(date(2026, 3, 2), start, time(12)))
    assert places(today) == problem


def test_a_past_start_is_found_by_the_clients_clock(complete: DraftContent) -> None:
    """10:00 UTC is 19:00 in Tokyo, so 18:30 is past there, although it is not yet 18:30 in the UK."""
    complete.client.time_zone = "Asia/Tokyo"
    hours = Hours(date(2026, 3, 2), time(18, 30), time(19, 30))
    past = replace(complete, hours=hours, intervals=[])
    assert places(past) == ["start_time"]
