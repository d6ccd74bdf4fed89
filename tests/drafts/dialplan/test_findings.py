"""Findings about a dial plan, as sentences."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given

from campaigns.drafts.dialplan import examine, wording
from campaigns.drafts.dialplan.plan import DayHours, laid_out
from campaigns.drafts.dialplan.rounds import Pace
from tests.drafts.dialplan import test_plan as cases
from tests.drafts.dialplan.test_plan import FRI, LONDON, MON, THU, day

SPRING = date(2027, 3, 28)
AUTUMN = date(2027, 10, 31)


def sentences(
    *days: DayHours,
    intervals: tuple[int | None, ...] = (),
    people: int = 1,
    lines: int = 30,
    holidays: Mapping[date, str] | None = None,
) -> list[str]:
    pace = Pace(people, lines, 40)
    plan = laid_out(days[0], days[1:], intervals, pace, zone=LONDON, holidays=holidays or {})
    return [finding.sentence for finding in examine.findings(plan)]


def test_a_plan_that_works_as_intended_has_no_findings() -> None:
    assert sentences(day(THU, "09:00", "12:00"), intervals=(15, 60, 0), people=600) == []


@pytest.mark.parametrize(
    ("days", "intervals", "sentence"),
    [
        (
            (day(THU, "09:00", "20:00"), day(FRI, "09:00", "20:00")),
            (600, 75, 0),
            "Attempt 3 is due at 20:15 on Thu 3 Dec, after the window closes, so it moves to "
            "09:00 on Fri 4 Dec.",
        ),
        (
            (day(THU, "09:00", "10:00"), day(FRI, "09:00", "10:00")),
            (23 * 60, 0),
            "Attempt 2 is due at 08:00 on Fri 4 Dec, before the window opens, so it moves to "
            "09:00 on Fri 4 Dec.",
        ),
        (
            (day(FRI, "09:00", "10:00"), day(MON, "09:00", "10:00")),
            (24 * 60, 0),
            "Attempt 2 is due at 09:00 on Sat 5 Dec, a day without a window, so it moves to "
            "09:00 on Mon 7 Dec.",
        ),
        (
            (day(THU, "09:00", "10:00"), day(THU, "12:00", "13:00")),
            (90, 0),
            "Attempt 2 is due at 10:30 on Thu 3 Dec, between two windows, so it moves to 12:00 "
            "on Thu 3 Dec.",
        ),
        (
            (day(THU, "09:00", "10:00"),),
            (90, 0),
            "Attempt 2 will not happen: it is due at 10:30 on Thu 3 Dec, after the last window "
            "closes at 10:00 on Thu 3 Dec.",
        ),
        (
            (day(THU, "09:00", "10:00"),),
            (30, 30, 30, 0),
            "Attempts 3 and 4 will not happen: attempt 3 is due at 10:00 on Thu 3 Dec, after "
            "the last window closes at 10:00 on Thu 3 Dec.",
        ),
        (
            (day(THU, "09:00", "10:00"),),
            (30, None, 30, 0),
            "Enter the minutes after call 2 to see when attempt 3 happens.",
        ),
        (
            (day(THU, "09:00", "11:00"), day(THU, "10:00", "12:30")),
            (),
            "Two windows on Thu 3 Dec overlap: 09:00 to 11:00 and 10:00 to 12:30. The time they "
            "share counts once.",
        ),
        (
            (day(FRI, "09:00", "11:00"), day(THU, "10:00", "12:30")),
            (),
            "Nobody is called on Thu 3 Dec, 10:00 to 12:30: this is before the campaign starts, or "
            "in an hour that the clocks skip.",
        ),
        (
            (day(SPRING, "00:30", "03:00"),),
            (),
            "On Sun 28 Mar the clocks go forward: the window from 00:30 to 03:00 lasts only 1 h 30 "
            "min.",
        ),
        (
            (day(AUTUMN, "00:30", "03:00"),),
            (),
            "On Sun 31 Oct the clocks go back: the window from 00:30 to 03:00 lasts 3 h 30 min, "
            "because some of it happens twice.",
        ),
        (
            (day(AUTUMN, "00:30", "01:30"),),
            (),
            "On Sun 31 Oct the clocks change: the window from 00:30 to 01:30 starts or ends in an "
            "hour that happens twice or is skipped.",
        ),
    ],
)
def test_each_departure_from_the_intended_plan_has_a_sentence(
    days: tuple[DayHours, ...], intervals: tuple[int | None, ...], sentence: str
) -> None:
    assert sentences(*days, intervals=intervals) == [sentence]


def test_a_bank_holiday_is_reported_once() -> None:
    days = (day(THU, "09:00", "12:00"), day(FRI, "09:00", "12:00"), day(FRI, "13:00", "14:00"))
    assert sentences(*days, holidays={FRI: "St Nobody’s Day"}) == [
        "Fri 4 Dec is a bank holiday: St Nobody’s Day."
    ]


def test_a_list_too_long_for_its_windows_is_reported_with_figures() -> None:
    days = (day(THU, "09:00", "12:00"), day(FRI, "09:00", "12:00"))
    assert sentences(*days, people=50_000, intervals=(15, 0)) == [
        "The calling windows are too short for the list. They are open for 6 h in total, but calling "
        "50,000 numbers once takes about 18 h 31 min with 30 lines and 40 seconds a call. About "
        "16,200 will be called.",
        "Attempt 2 will not happen: the last window closes at 12:00 on Fri 4 Dec, before attempt 1 "
        "is finished.",
    ]


def test_an_attempt_that_reaches_only_some_is_reported() -> None:
    assert sentences(day(THU, "09:00", "10:00"), people=2_000, intervals=(0, 0)) == [
        "Attempt 2 calls about 690 of 2,000 numbers before the last window closes. The others "
        "are not called in this attempt.",
        "Attempt 2 is due at 09:00 on Thu 3 Dec, but attempt 1 still uses all lines then. Attempt 2 "
        "starts at 09:44 on Thu 3 Dec.",
    ]


def test_a_round_of_several_days_is_reported() -> None:
    days = (day(THU, "09:00", "10:00"), day(FRI, "09:00", "10:00"))
    assert sentences(*days, people=4_000) == [
        "Attempt 1 does not finish on Thu 3 Dec. Its last number is called at 09:28 on Fri 4 Dec."
    ]


def test_a_move_of_only_the_last_numbers_names_them() -> None:
    days = (day(THU, "09:00", "10:00"), day(FRI, "09:00", "10:00"))
    assert sentences(*days, people=30, lines=1, intervals=(50, 0)) == [
        "For the last numbers, attempt 2 is due at 10:09 on Thu 3 Dec, after the window closes, "
        "so it moves to 09:09 on Fri 4 Dec."
    ]


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [(2, 2, "Attempt 2"), (2, 3, "Attempts 2 and 3"), (2, 4, "Attempts 2 to 4")],
)
def test_attempts_are_named(first: int, last: int, name: str) -> None:
    assert wording.attempts(first, last) == name


@given(cases.days(), cases.intervals, cases.people)
def test_the_findings_of_any_plan_begin_with_the_warnings(
    days: list[DayHours], intervals: tuple[int, ...], people: int
) -> None:
    plan = cases.planned(*days, intervals=intervals, people=people)
    found = examine.findings(plan)
    assert all(one.is_warning >= other.is_warning for one, other in pairwise(found))
    kinds = [finding.kind for finding in found]
    never = [attempt for attempt in plan.attempts[1:] if attempt.first.at is None]
    assert ("will_not_happen" in kinds) == bool(never and plan.windows)
    assert ("too_short" in kinds) == (plan.attempts[0].called < people)
    for finding in found:
        assert finding.sentence.endswith(".")
