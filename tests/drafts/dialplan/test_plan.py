"""Dial plans: when each attempt happens in a table of cases, and properties of every plan."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.drafts.dialplan.opentime import NO_TIME
from campaigns.drafts.dialplan.plan import DayHours, Plan, laid_out
from campaigns.drafts.dialplan.rounds import Pace

LONDON = ZoneInfo("Europe/London")
ZONES = (
    "Europe/London",
    "Europe/Dublin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
)
# Thursday to Monday, without a change of the clocks.
THU, FRI, MON = date(2026, 12, 3), date(2026, 12, 4), date(2026, 12, 7)


def day(on: date, start: str, finish: str) -> DayHours:
    return DayHours(on, time.fromisoformat(start), time.fromisoformat(finish))


def planned(
    *days: DayHours,
    intervals: tuple[int | None, ...] = (),
    people: int = 1,
    lines: int = 1,
    seconds: int = 60,
    zone: ZoneInfo = LONDON,
) -> Plan:
    pace = Pace(people, lines, seconds)
    return laid_out(days[0], days[1:], intervals, pace, zone=zone, holidays={})


def shown(plan: Plan) -> list[str]:
    """Return each attempt's first and last call on the client's clock, "-" where it will not happen."""
    calls = [call.at for attempt in plan.attempts for call in (attempt.first, attempt.last)]
    said = [f"{at.astimezone(plan.zone):%a %H:%M}" if at else "-" for at in calls]
    return [
        first if first == last else f"{first} {last}"
        for first, last in zip(said[::2], said[1::2], strict=True)
    ]


TABLE = {
    "no rows are one call": ((day(THU, "09:00", "12:00"),), (), 1, ["Thu 09:00"]),
    "one row too": ((day(THU, "09:00", "12:00"),), (60,), 1, ["Thu 09:00"]),
    "the interval is the wait before the next attempt": (
        (day(THU, "09:00", "13:00"),),
        (15, 60, 120),
        1,
        ["Thu 09:00", "Thu 09:15", "Thu 10:15"],
    ),
    "the sample of the partner's page": (
        (day(THU, "09:00", "12:00"), day(FRI, "09:00", "12:00")),
        (15, 60, 120),
        2,
        ["Thu 09:00 Thu 09:01", "Thu 09:15 Thu 09:16", "Thu 10:15 Thu 10:16"],
    ),
    "what falls after the window moves to the next": (
        (day(THU, "09:00", "20:00"), day(FRI, "09:00", "20:00")),
        (615, 60, 0),
        1,
        ["Thu 09:00", "Thu 19:15", "Fri 09:00"],
    ),
    "so does what falls on its very end": (
        (day(THU, "09:00", "10:00"), day(FRI, "09:00", "10:00")),
        (60, 0),
        1,
        ["Thu 09:00", "Fri 09:00"],
    ),
    "a minute before its end is in time": (
        (day(THU, "09:00", "10:00"), day(FRI, "09:00", "10:00")),
        (59, 0),
        1,
        ["Thu 09:00", "Thu 09:59"],
    ),
    "after the last window nothing happens": (
        (day(THU, "09:00", "10:00"),),
        (30, 30, 30, 0),
        1,
        ["Thu 09:00", "Thu 09:30", "-", "-"],
    ),
    "the wait goes on while the windows are closed": (
        (day(THU, "09:00", "10:00"), day(FRI, "09:00", "10:00")),
        (24 * 60 + 10, 0),
        1,
        ["Thu 09:00", "Fri 09:10"],
    ),
    "a round goes on in the next window": (
        (day(THU, "09:00", "10:00"), day(MON, "09:00", "10:00")),
        (),
        91,
        ["Thu 09:00 Mon 09:30"],
    ),
    "days are used in their order, whatever theirs in the form": (
        (day(THU, "09:00", "10:00"), day(MON, "09:00", "10:00"), day(FRI, "09:00", "10:00")),
        (),
        91,
        ["Thu 09:00 Fri 09:30"],
    ),
    "nobody is called twice before everybody was called once": (
        (day(THU, "09:00", "12:00"),),
        (15, 0),
        60,
        ["Thu 09:00 Thu 09:59", "Thu 10:00 Thu 10:59"],
    ),
    "a list that does not fit is not called again": (
        (day(THU, "09:00", "10:00"),),
        (15, 0),
        61,
        ["Thu 09:00 -", "-"],
    ),
    "the last numbers may have their next attempt on another day": (
        (day(THU, "09:00", "10:00"), day(FRI, "09:00", "10:00")),
        (40, 0),
        30,
        ["Thu 09:00 Thu 09:29", "Thu 09:40 Fri 09:09"],
    ),
    # The numbers first called on Friday are due again from 11:50, so only ten of them are called before
    # the window closes. Following just the first and the last number would give Monday 09:59.
    "who is in front of the last number holds him up": (
        (day(THU, "09:00", "10:00"), day(FRI, "09:00", "12:00"), day(MON, "09:00", "12:00")),
        (170, 0),
        150,
        ["Thu 09:00 Fri 10:29", "Fri 10:30 Mon 10:19"],
    ),
    "what overlaps counts once": (
        (day(THU, "09:00", "11:00"), day(THU, "10:00", "12:00")),
        (),
        180,
        ["Thu 09:00 Thu 11:59"],
    ),
    "an unknown wait ends the plan": (
        (day(THU, "09:00", "12:00"),),
        (15, None, 15, 0),
        1,
        ["Thu 09:00", "Thu 09:15"],
    ),
}


@pytest.mark.parametrize(
    ("days", "intervals", "people", "expected"), TABLE.values(), ids=TABLE.keys()
)
def test_each_attempt_is_placed_where_it_can_happen(
    days: tuple[DayHours, ...], intervals: tuple[int | None, ...], people: int, expected: list[str]
) -> None:
    assert shown(planned(*days, intervals=intervals, people=people)) == expected


@pytest.mark.parametrize(
    ("people", "lines", "seconds", "span"),
    [(1, 30, 40, 0), (30, 30, 40, 0), (31, 30, 40, 40), (50_000, 30, 40, 66_640)],
)
def test_lines_and_call_length_decide_how_long_a_round_takes(
    people: int, lines: int, seconds: int, span: int
) -> None:
    assert Pace(people, lines, seconds).span == timedelta(seconds=span)


def test_the_attempt_after_a_missing_wait_is_named() -> None:
    plan = planned(day(THU, "09:00", "12:00"), intervals=(15, None, 15, 0))
    assert plan.unplaced == 3


def test_a_plan_counts_the_numbers_called_in_each_attempt() -> None:
    plan = planned(day(THU, "09:00", "10:00"), people=1_000, lines=4, intervals=(0, 0))
    assert [attempt.called for attempt in plan.attempts] == [240, 0]


def test_a_plan_knows_the_attempts_in_each_window() -> None:
    days = [day(on, "09:00", "10:00") for on in (THU, FRI, MON)]
    plan = planned(*days, intervals=(90, 0))
    assert [plan.attempts_in(window) for window in plan.windows] == [[1], [2], []]


@pytest.mark.parametrize(
    ("on", "start", "finish", "hours", "jump"),
    [
        # The nights of the clock changes in the United Kingdom.
        (date(2026, 3, 29), "00:30", "03:00", 1.5, -1),
        (date(2026, 10, 25), "00:30", "03:00", 3.5, 1),
        (date(2026, 10, 24), "00:30", "03:00", 2.5, 0),
        # 01:30 does not exist that night: it counts as 02:30.
        (date(2026, 3, 29), "01:30", "03:00", 0.5, -1),
    ],
)
def test_the_length_of_a_window_allows_for_a_change_of_the_clocks(
    on: date, start: str, finish: str, hours: float, jump: int
) -> None:
    window = planned(day(on, start, finish)).windows[0]
    assert window.length == timedelta(hours=hours)
    assert window.clock_jump == timedelta(hours=jump)


def test_a_change_of_the_clocks_does_not_change_a_wait() -> None:
    saturday, sunday = date(2026, 3, 28), date(2026, 3, 29)
    days = (day(saturday, "18:00", "20:00"), day(sunday, "09:00", "20:00"))
    assert shown(planned(*days, intervals=(24 * 60, 0))) == ["Sat 18:00", "Sun 19:00"]


def test_hours_that_the_clocks_skip_are_left_out() -> None:
    skipped = day(date(2026, 3, 29), "01:00", "01:45")
    plan = planned(day(date(2026, 3, 28), "09:00", "10:00"), skipped)
    assert len(plan.windows) == 2, "of hours that are skipped the next ones are meant"
    vanished = day(date(2026, 3, 29), "01:30", "02:15")
    plan = planned(day(date(2026, 3, 28), "09:00", "10:00"), vanished)
    assert plan.unused == (vanished,)


def test_hours_before_the_campaign_starts_are_left_out() -> None:
    early = day(THU, "09:00", "10:00")
    assert planned(day(FRI, "09:00", "10:00"), early).unused == (early,)


def test_a_campaign_without_any_window_makes_no_calls() -> None:
    plan = planned(day(date(2026, 3, 29), "01:30", "02:15"), intervals=(5, 0))
    assert shown(plan) == ["-", "-"]


# Properties of every plan


@st.composite
def days(draw: st.DrawFn) -> list[DayHours]:
    """Draw a campaign's days around a change of the clocks, in whole minutes, some of them overlapping."""
    first = date(2026, 3, 26) if draw(st.booleans()) else date(2026, 10, 22)
    found = []
    for _ in range(draw(st.integers(1, 5))):
        begin = draw(st.integers(0, 1_430))
        end = draw(st.integers(begin + 1, min(1_439, begin + 300)))
        on = first + timedelta(days=draw(st.integers(0, 6)))
        found.append(DayHours(on, time(*divmod(begin, 60)), time(*divmod(end, 60))))
    return sorted(found, key=lambda hours: (hours.day, hours.start))


intervals = st.lists(st.integers(0, 2_000), max_size=6).map(tuple)
zones = st.sampled_from(ZONES).map(ZoneInfo)
people = st.integers(1, 400)


@given(days(), intervals, people, st.integers(1, 9), st.integers(1, 200), zones)
def test_no_call_is_made_outside_a_window(
    days: list[DayHours],
    intervals: tuple[int, ...],
    people: int,
    lines: int,
    seconds: int,
    zone: ZoneInfo,
) -> None:
    plan = planned(
        *days, intervals=intervals, people=people, lines=lines, seconds=seconds, zone=zone
    )
    for attempt in plan.attempts:
        for at in (attempt.first.at, attempt.last.at):
            assert at is None or any(w.opens <= at < w.closes for w in plan.windows)
        for begin, end in attempt.stretches:
            assert any(w.opens <= begin < w.closes for w in plan.windows)
            assert begin <= end
        assert sum((end - begin for begin, end in attempt.stretches), NO_TIME) <= plan.pace.span


@given(days(), intervals, people, zones)
def test_attempts_keep_their_order(
    days: list[DayHours], intervals: tuple[int, ...], people: int, zone: ZoneInfo
) -> None:
    plan = planned(*days, intervals=intervals, people=people, zone=zone)
    assert len(plan.attempts) == max(1, len(intervals))
    for attempt in plan.attempts:
        first, last = attempt.first.at, attempt.last.at
        assert last is None or (first is not None and first <= last)
        assert (first is None) == (attempt.called == 0)
        assert (last is None) == (attempt.called < people)
    for one, following, minutes in zip(plan.attempts, plan.attempts[1:], intervals, strict=False):
        for before, after in ((one.first, following.first), (one.last, following.last)):
            if after.at:
                assert before.at is not None
                assert after.at - before.at >= timedelta(minutes=minutes)
        if following.first.at:
            assert one.last.at is not None
            assert following.first.at > one.last.at


@given(days(), intervals, people, st.integers(1, 9), st.integers(1, 9), zones)
def test_with_more_lines_nobody_is_called_later(
    days: list[DayHours],
    intervals: tuple[int, ...],
    people: int,
    lines: int,
    more: int,
    zone: ZoneInfo,
) -> None:
    slow = planned(*days, intervals=intervals, people=people, lines=lines, zone=zone)
    fast = planned(*days, intervals=intervals, people=people, lines=lines + more, zone=zone)
    for late, early in zip(slow.attempts, fast.attempts, strict=True):
        assert early.called >= late.called
        for after, before in ((late.first, early.first), (late.last, early.last)):
            assert after.at is None or (before.at is not None and before.at <= after.at)


@given(days(), intervals, st.integers(0, 5), st.integers(0, 500), people)
def test_with_a_shorter_wait_no_attempt_is_later(
    days: list[DayHours], intervals: tuple[int, ...], row: int, less: int, people: int
) -> None:
    shorter = tuple(
        max(0, minutes - less) if row == at else minutes for at, minutes in enumerate(intervals)
    )
    slow = planned(*days, intervals=intervals, people=people)
    fast = planned(*days, intervals=shorter, people=people)
    for late, early in zip(slow.attempts, fast.attempts, strict=True):
        assert late.last.at is None or (early.last.at and early.last.at <= late.last.at)


@given(days(), intervals, people, zones)
def test_a_plan_agrees_with_a_simulation_of_every_call(
    days: list[DayHours], intervals: tuple[int, ...], people: int, zone: ZoneInfo
) -> None:
    """Simulate one line and calls of a minute, number by number and minute by minute."""
    plan = planned(*days, intervals=intervals, people=people, zone=zone)
    minutes = sorted(
        {
            window.opens + timedelta(minutes=minute)
            for window in plan.windows
            for minute in range(int(window.length.total_seconds()) // 60)
        }
    )
    free = iter(minutes)
    due = [datetime.min.replace(tzinfo=UTC)] * people
    for attempt, wait in zip(plan.attempts, (*intervals, 0), strict=False):
        made = [next((at for at in free if at >= begin), None) for begin in due]
        called = [at for at in made if at]
        assert attempt.called == len(called)
        assert attempt.first.at == made[0]
        assert attempt.last.at == made[-1]
        used = [w for w in plan.windows if any(w.opens <= at < w.closes for at in called)]
        drawn = [w for w in plan.windows if attempt.number in plan.attempts_in(w)]
        assert set(used) <= set(drawn)
        due = [at + timedelta(minutes=wait) for at in called]
        if len(called) < people:
            break
