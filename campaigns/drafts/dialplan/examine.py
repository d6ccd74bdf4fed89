"""Examine a plan, and return the findings about it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations

from campaigns.drafts.dialplan import findings as found
from campaigns.drafts.dialplan.findings import Closed, Finding
from campaigns.drafts.dialplan.plan import Attempt, Plan

# A shorter wait for a free line is not reported.
A_MOMENT = timedelta(minutes=1)


def findings(plan: Plan) -> list[Finding]:
    """Return all findings: warnings first, then the others, each in the order of the days."""
    said = [*_of_the_windows(plan), *_of_the_attempts(plan)]
    return sorted(said, key=lambda finding: not finding.is_warning)


def _of_the_windows(plan: Plan) -> Iterator[Finding]:
    holidays = {window.hours.day: window.holiday for window in plan.windows if window.holiday}
    for day, name in holidays.items():
        yield found.OnBankHoliday(day, name)
    for window in plan.windows:
        if window.clock_jump or window.is_unsure:
            yield found.ClocksChange(window.hours, window.length, window.clock_jump)
    for one, other in combinations(plan.windows, 2):
        if other.opens < one.closes:
            yield found.Overlap(one.hours, other.hours)
    yield from map(found.Unused, plan.unused)


def _of_the_attempts(plan: Plan) -> Iterator[Finding]:
    time, pace = plan.open_time, plan.pace
    for attempt in plan.attempts:
        yield from _falls(plan, attempt)
        if attempt.number == 1 and attempt.called < pace.people:
            yield found.TooShort(
                time.total, pace.round, attempt.called, pace.people, pace.lines, pace.seconds
            )
        elif 0 < attempt.called < pace.people:
            yield found.ReachesSome(attempt.number, attempt.called, pace.people)
    never = [attempt for attempt in plan.attempts[1:] if attempt.first.at is None]
    if never and plan.windows:
        due, closes = never[0].first.due, max(window.closes for window in plan.windows)
        yield found.WillNotHappen(
            never[0].number,
            never[-1].number,
            due.astimezone(plan.zone) if due and due >= closes else None,
            closes.astimezone(plan.zone),
        )
    if plan.unplaced:
        yield found.WaitIsMissing(plan.unplaced)


def _falls(plan: Plan, attempt: Attempt) -> Iterator[Finding]:
    """Yield why an attempt's calls are made later than their intervals say, if it happens at all."""
    first, last = attempt.first, attempt.last
    if first.due is None or first.at is None:
        return
    opens = plan.open_time.next_open(first.due)
    if opens and first.at - opens >= A_MOMENT:
        due, at = first.due.astimezone(plan.zone), first.at.astimezone(plan.zone)
        yield found.WaitsForRound(attempt.number, due, at)
    elif opens != first.due:
        yield _moves(plan, attempt.number, first.due, first.at)
    if last.due is None or last.at is None:
        return
    begins, ends = (at.astimezone(plan.zone) for at in (first.at, last.at))
    if begins.date() == ends.date():
        return
    if plan.open_time.next_open(last.due) == last.due:
        yield found.GoesOn(attempt.number, begins, ends)
    else:
        yield _moves(plan, attempt.number, last.due, last.at, of_the_last=True)


def _moves(
    plan: Plan, number: int, due: datetime, at: datetime, *, of_the_last: bool = False
) -> found.Moves:
    there = due.astimezone(plan.zone)
    return found.Moves(number, of_the_last, there, _closed(plan, there), at.astimezone(plan.zone))


def _closed(plan: Plan, due: datetime) -> Closed:
    windows = [window for window in plan.windows if window.hours.day == due.date()]
    if not windows:
        return Closed.NO_WINDOW
    if all(due < window.opens for window in windows):
        return Closed.BEFORE
    if all(due >= window.closes for window in windows):
        return Closed.AFTER
    return Closed.BETWEEN
