"""Rules about when people are called. [partner] marks what the partner is known to check too."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta

from campaigns.clients.models import Approval
from campaigns.drafts.campaign import bank_holidays, schedule
from campaigns.drafts.campaign.content import DraftContent, Hours
from campaigns.drafts.preflight.facts import Facts
from campaigns.drafts.preflight.problems import Problem, blocking, warning


@dataclass(frozen=True, slots=True)
class Places:
    """The form's fields for one day's hours, and the name of the day in a sentence (`called`)."""

    called: str
    day: str
    start: str
    finish: str


# A start further ahead is a typing mistake, most often in the year.
MOST_DAYS_AHEAD = 180
# Time for an approver to see the request, to read what will be sent, and to decide.
APPROVAL_TAKES = timedelta(minutes=30)

MAIN = Places("the campaign", "start_date", "start_time", "finish_time")


def _days(draft: DraftContent) -> Iterator[tuple[Hours, Places]]:
    """Yield each day's hours with the form's fields for them."""
    yield draft.hours, MAIN
    for row, hours in enumerate(draft.runover):
        fields = (f"runover-{row}-{part}" for part in ("day", "start", "finish"))
        yield hours, Places(f"run-over day {row + 1}", *fields)


@blocking("hours-missing")
def has_hours(facts: Facts) -> Iterator[Problem]:
    """[partner] Require a day, a start, and a finish after it, at times that the clock shows."""
    today = facts.now.astimezone(facts.draft.client.zone).date()
    for hours, places in _days(facts.draft):
        yield from _hours_problems(facts.draft, hours, places, today)


def _hours_problems(
    draft: DraftContent, hours: Hours, places: Places, today: date
) -> Iterator[Problem]:
    if hours.day is None:
        which = "start date" if places is MAIN else f"date of {places.called}"
        yield Problem(places.day, f"Choose the {which}.")
    elif hours.day - today > timedelta(days=MOST_DAYS_AHEAD):
        sentence = f"Check the year: this is more than {MOST_DAYS_AHEAD} days ahead."
        yield Problem(places.day, sentence)
    if hours.start is None:
        yield Problem(places.start, f"Enter the start time of {places.called}.")
    if hours.finish is None:
        yield Problem(places.finish, f"Enter the finish time of {places.called}.")
    if hours.start is None or hours.finish is None:
        return
    if hours.finish <= hours.start:
        yield Problem(
            places.finish, "The finish time must be after the start time, on the same day."
        )
        return
    # A day far off is reported anyway, and at the calendar's ends no time zone can be calculated.
    if hours.day and abs(hours.day - today) <= timedelta(days=MOST_DAYS_AHEAD):
        yield from _clock_problems(draft, hours, places)


def _clock_problems(draft: DraftContent, hours: Hours, places: Places) -> Iterator[Problem]:
    client = draft.client
    if hours.day is None or hours.start is None or hours.finish is None:
        return
    for place, clock in ((places.start, hours.start), (places.finish, hours.finish)):
        if not schedule.exists(hours.day, clock, client.zone):
            yield Problem(place, _skipped(clock))
    try:
        schedule.on_uk_clock(hours, client.zone)
    except schedule.NotOnUkClock as refused:
        yield Problem(places.finish, refused.sentence)


@blocking("outside-calling-hours")
def keeps_calling_hours(facts: Facts) -> Iterator[Problem]:
    """Block calls outside the client's calling hours, unless a person has given a reason."""
    if not facts.draft.override_reason.strip():
        for place, to_do in _outside_calling_hours(facts.draft):
            yield Problem(
                place, f"{_allowed(facts.draft)} To {to_do} anyway, enter a reason below."
            )


@blocking("bank-holiday")
def keeps_bank_holidays(facts: Facts) -> Iterator[Problem]:
    """Block calls on a bank holiday, unless a person has given a reason."""
    if not facts.draft.override_reason.strip():
        for place, name in _bank_holidays(facts.draft):
            sentence = (
                f"This is a bank holiday ({name}). To call on it anyway, enter a reason below."
            )
            yield Problem(place, sentence)


@warning("hours-overridden", "Calling hours or a bank holiday are overridden with a reason")
def calling_hours_overridden(facts: Facts) -> Iterator[Problem]:
    """Show the approver the reason for calls outside calling hours or on a bank holiday."""
    reason = facts.draft.override_reason.strip()
    if not reason:
        return
    if any(_outside_calling_hours(facts.draft)):
        sentence = (
            f"{_allowed(facts.draft)} This campaign calls outside these hours, because: “{reason}”"
        )
        yield Problem("override_reason", sentence)
    if names := {name for _, name in _bank_holidays(facts.draft)}:
        sentence = f"This campaign calls on a bank holiday ({', '.join(sorted(names))}), because: “{reason}”"
        yield Problem("override_reason", sentence)


def _bank_holidays(draft: DraftContent) -> Iterator[tuple[str, str]]:
    """Yield the form's field and the name of each bank holiday in the client's zone."""
    days = [(hours.day, places.day) for hours, places in _days(draft) if hours.day]
    names = bank_holidays.among((day for day, _ in days), draft.client.zone)
    yield from ((place, names[day]) for day, place in days if day in names)


def _outside_calling_hours(draft: DraftContent) -> Iterator[tuple[str, str]]:
    """Yield the form's field of each time outside the client's calling hours, and what the field asks for."""
    client = draft.client
    for hours, places in _days(draft):
        # `has_hours` reports these hours already.
        if hours.start and hours.finish and hours.finish <= hours.start:
            continue
        if hours.start and hours.start < client.calling_from:
            yield places.start, f"start at {hours.start:%H:%M}"
        if hours.finish and hours.finish > client.calling_until:
            yield places.finish, f"finish at {hours.finish:%H:%M}"


def _allowed(draft: DraftContent) -> str:
    client = draft.client
    hours = f"{client.calling_from:%H:%M} to {client.calling_until:%H:%M} ({client.time_zone})"
    return f"Calls for {client.name} are only allowed from {hours}."


@blocking("start-too-soon")
def starts_in_time(facts: Facts) -> Iterator[Problem]:
    """Require a start in the future [partner], far enough ahead to be sent in time.

    The time is `Client.notice`, which includes the time to undo.
    """
    hours, client, now = facts.draft.hours, facts.draft.client, facts.now
    if hours.day is None or hours.start is None:
        return
    start = schedule.starts_at(hours, client.zone)
    today = now.astimezone(client.zone).date()
    if start <= now:
        place = MAIN.day if hours.day < today else MAIN.start
        yield Problem(place, f"This is in the past ({client.time_zone} time).")
    elif start - now < client.notice:
        minutes = _minutes(client.notice)
        yield Problem(MAIN.start, f"Leave at least {minutes} minutes between now and the start.")


@warning("little-time-to-approve", "There is little time to approve it")
def leaves_time_to_approve(facts: Facts) -> Iterator[Problem]:
    """Warn if an approval will be needed and there is less time for it than it usually takes."""
    hours, client, now = facts.draft.hours, facts.draft.client, facts.now
    if client.approval == Approval.NEVER or hours.day is None or hours.start is None:
        return
    start = schedule.starts_at(hours, client.zone)
    spare = start - now - client.notice
    if timedelta() <= spare < APPROVAL_TAKES and client.wants_approval(facts.people.net):
        latest = schedule.named(start - client.notice, client.zone)
        sentence = f"If nobody approves this by {latest}, it will not be sent."
        yield Problem(MAIN.start, sentence)


@blocking("send-time-wrong")
def is_sent_in_time(facts: Facts) -> Iterator[Problem]:
    """Require a chosen time for sending to be in the future, and early enough before the start."""
    draft, now = facts.draft, facts.now
    day, clock, client = draft.send_at.day, draft.send_at.clock, draft.client
    if day is None and clock is None:
        return
    if day is None or clock is None:
        place = "send_date" if day is None else "send_time"
        yield Problem(
            place, "Choose both a date and a time, or leave both empty to send it straight away."
        )
        return
    today = now.astimezone(client.zone).date()
    if abs(day - today) > timedelta(days=MOST_DAYS_AHEAD):
        yield Problem("send_date", "Check the year of this date.")
    elif not schedule.exists(day, clock, client.zone):
        yield Problem("send_time", _skipped(clock))
    elif schedule.moment(day, clock, client.zone) <= now:
        place = "send_date" if day < today else "send_time"
        sentence = f"This is in the past ({client.time_zone} time). Leave it empty to send it straight away."
        yield Problem(place, sentence)
    else:
        yield from _lead_time_problems(draft, schedule.moment(day, clock, client.zone))


def _lead_time_problems(draft: DraftContent, send: datetime) -> Iterator[Problem]:
    """Yield a problem if the time for sending leaves too little time before the start.

    Compares in UTC, because Python takes the difference of two times in one zone by the wall clock.
    """
    hours, client = draft.hours, draft.client
    if hours.day is None or hours.start is None or hours.day.year in {MINYEAR, MAXYEAR}:
        return
    start = schedule.starts_at(hours, client.zone).astimezone(UTC)
    if start - send.astimezone(UTC) < client.hand_over_time:
        sentence = (
            f"Send it at least {_minutes(client.hand_over_time)} minutes before the campaign starts. "
            "Choose an earlier time to send it, or a later start."
        )
        yield Problem("send_time", sentence)


def _skipped(clock: time) -> str:
    return f"The clocks go forward that night, so {clock:%H:%M} does not exist."


def _minutes(length: timedelta) -> int:
    """Return a time in minutes, rounded up."""
    return -(-length // timedelta(minutes=1))


@blocking("runover-day-order")
def runover_days_follow(facts: Facts) -> Iterator[Problem]:
    """Require run-over days to come after the start date, and each only once."""
    draft = facts.draft
    days = [hours.day for hours in draft.runover]
    for row, day in enumerate(days):
        if day is None:
            continue
        if draft.hours.day and day <= draft.hours.day:
            yield Problem(f"runover-{row}-day", "A run-over day must be after the start date.")
        elif day in days[:row]:
            yield Problem(f"runover-{row}-day", "You have already added this day.")


@blocking("interval-missing")
def calls_have_intervals(facts: Facts) -> Iterator[Problem]:
    """[partner] Require the minutes between one call and the next. The last call needs none."""
    for row, minutes in enumerate(facts.draft.intervals[:-1]):
        if minutes is None:
            yield Problem(f"attempt-{row}-interval", "Enter how many minutes to wait.")
