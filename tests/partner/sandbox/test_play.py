"""How the sandbox plays a campaign: what holds for every number, schedule and instant."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.partner.codes import CampaignStatus, Outcome, SmsStatus, Stage
from campaigns.partner.sandbox.play.lives import LAST, Life, whole
from campaigns.partner.sandbox.play.plan import ZONE, Plan
from campaigns.partner.sandbox.play.progress import Progress, status_at
from tests.partner.sample import SAMPLE

# Both nights in which the clocks change are among the days.
DAYS = st.dates(date(2026, 3, 27), date(2026, 3, 30)) | st.dates(
    date(2026, 10, 23), date(2026, 10, 26)
)
QUARTERS = st.integers(0, 95)
NUMBERS = st.integers(0, 999).map(lambda n: f"07700900{n:03}")


def clock(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


@st.composite
def hours(draw: st.DrawFn, day_field: str) -> dict[str, str]:
    start, finish = sorted(draw(st.sets(QUARTERS, min_size=2, max_size=2)))
    return {
        day_field: draw(DAYS).isoformat(),
        "startTime": clock(start),
        "finishTime": clock(finish),
    }


@st.composite
def campaigns(draw: st.DrawFn) -> dict[str, Any]:
    waits = draw(st.lists(st.integers(0, 3_000), max_size=5))
    return {
        **draw(hours("startDate")),
        "runoverDays": draw(st.lists(hours("date"), max_size=4)),
        "attempts": [{"interval": wait, "attemptNumber": n + 1} for n, wait in enumerate(waits)],
        "answerMachineDetected": draw(st.integers(0, 2)),
        "smsOnBusy": draw(st.integers(0, 2)),
    }


POSITIONS = st.integers(0, 3) | st.integers(0, 100_000)
EXAMPLES = given(campaigns(), st.integers(1, 10_000), POSITIONS, NUMBERS)


def in_a_window(campaign: dict[str, Any], moment: float) -> bool:
    """Say it from the wall clock, as a person would, and not as the play does it."""
    wall = datetime.fromtimestamp(moment, ZONE)
    days = [(campaign["startDate"], campaign)]
    days += [(each["date"], each) for each in campaign["runoverDays"]]
    return any(
        wall.date().isoformat() == day
        and each["startTime"] <= wall.strftime("%H:%M") < each["finishTime"]
        for day, each in days
    )


@EXAMPLES
def test_calls_begin_only_in_the_windows(
    campaign: dict[str, Any], campaign_id: int, position: int, number: str
) -> None:
    for call in whole(Plan.read(campaign), campaign_id, position, number).calls:
        assert in_a_window(campaign, call.start)


@EXAMPLES
def test_nobody_is_called_again_after_being_reached_or_too_often_or_too_soon(
    campaign: dict[str, Any], campaign_id: int, position: int, number: str
) -> None:
    calls = whole(Plan.read(campaign), campaign_id, position, number).calls
    assert len(calls) <= max(1, len(campaign["attempts"]))
    assert [call.attempt for call in calls] == list(range(1, len(calls) + 1))
    assert not any(call.ended.outcome in LAST for call in calls[:-1])
    for earlier, later in pairwise(calls):
        wait = campaign["attempts"][earlier.attempt - 1]["interval"]
        assert later.start >= earlier.start + wait * 60
        assert later.start > earlier.end


@EXAMPLES
def test_whoever_is_not_reached_gets_every_call_that_the_windows_allow(
    campaign: dict[str, Any], campaign_id: int, position: int, number: str
) -> None:
    plan = Plan.read(campaign)
    calls = whole(plan, campaign_id, position, number).calls
    if calls and len(calls) < len(plan.waits) and calls[-1].ended.outcome not in LAST:
        due = calls[-1].start + plan.waits[len(calls) - 1] * 60
        assert max(due, calls[-1].end + 1) >= plan.windows.ends[-1]


@given(campaigns(), NUMBERS, st.lists(st.integers(0, 5 * 86_400), min_size=2, max_size=6))
def test_what_has_happened_does_not_change_as_the_clock_goes_on(
    campaign: dict[str, Any], number: str, seconds: list[int]
) -> None:
    plan = Plan.read(campaign)
    first = plan.windows.starts[0]
    seen = [(first + more, played(plan, number, first + more)) for more in sorted(seconds)]
    for (then, earlier), (now, later) in pairwise(seen):
        assert later.calls[: len(earlier.calls)] == earlier.calls
        assert later.smss[: len(earlier.smss)] == earlier.smss
        assert all(then < call.end <= now for call in later.calls[len(earlier.calls) :])
        for sms in earlier.smss:
            if sms.status_at(then) is not SmsStatus.SENT:
                assert sms.status_at(now) is sms.status_at(then)


def played(plan: Plan, number: str, now: float) -> Life:
    return whole(plan, 1, 0, number).until(now)


@given(campaigns(), st.integers(0, 60), st.integers(-3_600, 5 * 86_400))
def test_the_counts_of_a_campaign_are_those_of_its_people(
    campaign: dict[str, Any], people: int, seconds: int
) -> None:
    plan = Plan.read(campaign)
    numbers = [f"07700900{n:03}" for n in range(people)]
    now = plan.windows.starts[0] + seconds
    lives = [whole(plan, 1, position, number) for position, number in enumerate(numbers)]
    past = [life.until(now).calls for life in lives]
    count = Progress.of(plan, 1, numbers).at(now)
    assert count.people == people
    assert count.called == sum(map(bool, past))
    answered = [calls for calls in past if calls and calls[-1].ended.outcome is Outcome.ANSWERED]
    assert count.reached == len(answered)
    assert count.to_go == sum(
        len(calls) < len(life.calls) for calls, life in zip(past, lives, strict=True)
    )


def test_a_large_campaign_looks_like_one() -> None:
    plan = Plan.read(day() | {"smsOnBusy": 1, "attempts": SAMPLE["attempts"]})
    lives = [whole(plan, 1, n, f"07700900{n % 1000:03}/{n // 1000}") for n in range(5_000)]
    outcomes = Counter(call.ended.outcome for life in lives for call in life.calls)
    stages = Counter(call.ended.stage for life in lives for call in life.calls)
    statuses = Counter(sms.status for life in lives for sms in life.smss)
    assert 0.3 < outcomes[Outcome.ANSWERED] / outcomes.total() < 0.45
    assert len(outcomes) >= 10
    assert len(stages) >= 12
    assert {SmsStatus.DELIVERED, SmsStatus.UNDELIVERABLE} < set(statuses)
    for call in (call for life in lives for call in life.calls):
        talked = call.ended.outcome is Outcome.ANSWERED
        assert (call.ended.price > 0) >= talked
        assert talked or not (call.ended.digits or call.ended.is_transfer)
    # At the pace of the portal's own dial plan, and nobody twice before the interval is over.
    assert lives[3_000].calls[0].start - lives[0].calls[0].start == pytest.approx(4_000)


def day(**changes: Any) -> dict[str, Any]:
    return SAMPLE | {
        "startDate": "2026-10-01",
        "startTime": "08:00",
        "finishTime": "20:00",
        "runoverDays": [],
        **changes,
    }


@pytest.mark.parametrize(("occasion", "attempts"), [(0, set()), (1, {1}), (2, {3})])
def test_messages_and_sms_come_on_the_calls_that_were_asked_for(
    occasion: int, attempts: set[int]
) -> None:
    plan = Plan.read(day(answerMachineDetected=occasion, smsOnBusy=occasion))
    lives = [whole(plan, 1, n, f"07700900{n:03}") for n in range(1_000)]
    left = {
        call.attempt
        for life in lives
        for call in life.calls
        if call.ended.outcome is Outcome.ANSWERPHONE_MESSAGE
    }
    not_left = {
        call.attempt
        for life in lives
        for call in life.calls
        if call.ended.stage is Stage.ANSWERPHONE_NO_MESSAGE
    }
    assert (left, not_left) == (attempts, {1, 2, 3} - attempts)
    for life in lives:
        busy = [
            call.end
            for call in life.calls
            if call.ended.outcome is Outcome.BUSY and call.attempt in attempts
        ]
        assert [sms.sent_at for sms in life.smss] == busy


def test_the_status_follows_the_windows() -> None:
    plan = Plan.read(SAMPLE)
    start = datetime(2025, 10, 1, 8, tzinfo=UTC)
    for later, status in [
        (timedelta(seconds=-1), CampaignStatus.PENDING),
        (timedelta(), CampaignStatus.SENDING),
        # Between the two windows.
        (timedelta(hours=12), CampaignStatus.SENDING),
        (timedelta(hours=27), CampaignStatus.COMPLETED),
    ]:
        assert status_at(plan, (start + later).timestamp()) is status


def test_nobody_is_called_at_the_moment_when_a_window_closes() -> None:
    plan = Plan.read(day())
    last = 12 * 3_600 * 30 // 40
    number = "07700900000"
    assert whole(plan, 1, last - 1, number).calls
    assert not whole(plan, 1, last, number).calls
    campaign = day(runoverDays=[RUNOVER])
    [start, *_] = (call.start for call in whole(Plan.read(campaign), 1, last, number).calls)
    assert in_a_window(campaign, start)


def test_calls_that_were_due_at_night_are_spread_over_a_short_window() -> None:
    campaign = day(
        runoverDays=[RUNOVER], attempts=[{"interval": 720, "attemptNumber": n} for n in (1, 2)]
    )
    plan = Plan.read(campaign)
    lives = [whole(plan, 1, 10_000 + n, f"07700900{n:03}") for n in range(500)]
    second = [call.start for life in lives for call in life.calls[1:]]
    assert all(in_a_window(campaign, start) for start in second)
    assert max(second) - min(second) > 600


def test_whoever_the_windows_leave_no_time_for_is_not_called_and_not_to_go() -> None:
    plan = Plan.read(day(finishTime="08:15", attempts=[]))
    numbers = [f"07700900{n:03}" for n in range(1_000)]
    start, end = plan.windows.starts[0], plan.windows.ends[0]
    progress = Progress.of(plan, 1, numbers)
    assert progress.at(start - 1).to_go == 675
    assert (progress.at(end + 600).called, progress.at(end + 600).to_go) == (675, 0)


RUNOVER = {"date": "2026-10-02", "startTime": "08:00", "finishTime": "08:15"}


def test_two_campaigns_do_not_play_alike() -> None:
    plan = Plan.read(day())
    one, other = ([whole(plan, each, 0, f"07700900{n:03}") for n in range(20)] for each in (1, 2))
    assert one != other


def test_windows_that_overlap_are_one() -> None:
    hours = {"date": "2026-10-01", "startTime": "07:00", "finishTime": "09:00"}
    windows = Plan.read(day(runoverDays=[hours])).windows
    assert [end - start for start, end in zip(windows.starts, windows.ends, strict=True)] == [
        13 * 3_600
    ]
