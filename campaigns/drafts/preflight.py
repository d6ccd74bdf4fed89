"""What is wrong with a draft, before anyone is called: every problem, each with the place to mend it.

A rule is a function that yields problems; `RULES` is the list of them. A place is the name of the
form's field. Rules marked [partner] repeat what the partner is known to check.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta

from campaigns.contacts.models import Contact
from campaigns.drafts import schedule
from campaigns.drafts.content import DraftContent, Hours
from campaigns.drafts.models import ParameterSource


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that must be mended before the campaign can be submitted."""

    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Places:
    """The fields of one day's hours."""

    day: str
    start: str
    finish: str


# A start further ahead than this is a slip of the keyboard, most often in the year.
MOST_DAYS_AHEAD = 180

MAIN = Places("start_date", "start_time", "finish_time")

Rule = Callable[[DraftContent, datetime], Iterator[Problem]]


def check(draft: DraftContent, now: datetime) -> list[Problem]:
    """Return every problem with the draft, in the order of the form."""
    return [problem for rule in RULES for problem in rule(draft, now)]


def has_a_name(draft: DraftContent, _now: datetime) -> Iterator[Problem]:
    """[partner] A name is required."""
    if not draft.name.strip():
        yield Problem("name", "Give the campaign a name.")


def has_lookups(draft: DraftContent, _now: datetime) -> Iterator[Problem]:
    """[partner] Call flow and CLI are required and must belong to the client."""
    for place, label, chosen in (
        ("call_flow", "call flow", draft.call_flow),
        ("cli", "CLI", draft.cli),
    ):
        if chosen is None:
            yield Problem(place, f"Choose a {label}.")
        elif chosen.client_id != draft.client.pk or not chosen.is_active:
            yield Problem(place, f"This {label} is not offered to this client any more.")


def has_people(draft: DraftContent, _now: datetime) -> Iterator[Problem]:
    """[partner] One or more numbers."""
    gone = [found.name for found in draft.contact_lists if not found.is_ready]
    if not draft.contact_lists:
        yield Problem("contact_lists", "Choose at least one contact list.")
    elif gone:
        yield Problem("contact_lists", f"This list can't be used any more: {', '.join(gone)}.")
    elif not any(chosen.contact_count for chosen in draft.contact_lists):
        yield Problem("contact_lists", "There is nobody to call on these lists.")


def calls_nobody_fictional(draft: DraftContent, _now: datetime) -> Iterator[Problem]:
    """A list that was read for the sandbox is not for a live account."""
    if not draft.client.partner_account.is_live:
        return
    for found in draft.contact_lists:
        if Contact.objects.filter(contact_list=found).fictional().exists():
            sentence = f"{found.name} was read for the sandbox and holds fictional numbers: upload it anew."
            yield Problem("contact_lists", sentence)


def has_parameters(draft: DraftContent, _now: datetime) -> Iterator[Problem]:
    """Everything the call flow says must come from somewhere, and every column must be there."""
    for number, source in draft.parameters.items():
        if source.kind == ParameterSource.Kind.TEXT:
            if not source.value.strip():
                yield Problem(f"parameter-{number}-text", "Type the text, or choose a column.")
            continue
        lacking = [
            found.name for found in draft.contact_lists if source.value not in found.headings
        ]
        if lacking:
            sentence = f"There is no column “{source.value}” in {' or in '.join(lacking)}."
            yield Problem(f"parameter-{number}-source", sentence)
    if draft.call_flow:
        for wanted in draft.call_flow.parameters.filter(is_required=True):
            if wanted.number not in draft.parameters:
                place = f"parameter-{wanted.number}-source"
                yield Problem(
                    place, f"The call flow needs “{wanted.label}”: choose where it comes from."
                )


def has_hours(draft: DraftContent, now: datetime) -> Iterator[Problem]:
    """[partner] A day, a start, and a finish after it, each a time that the clock shows."""
    today = now.astimezone(draft.client.zone).date()
    yield from _hours_problems(draft, draft.hours, MAIN, "the campaign", today)
    for row, hours in enumerate(draft.runover):
        places = Places(*(f"runover-{row}-{part}" for part in ("day", "start", "finish")))
        yield from _hours_problems(draft, hours, places, "this day", today)


def _hours_problems(
    draft: DraftContent, hours: Hours, places: Places, what: str, today: date
) -> Iterator[Problem]:
    if hours.day is None:
        yield Problem(places.day, "Choose the date.")
    elif hours.day - today > timedelta(days=MOST_DAYS_AHEAD):
        sentence = f"Check the year: this is more than {MOST_DAYS_AHEAD} days ahead."
        yield Problem(places.day, sentence)
    if hours.start is None:
        yield Problem(places.start, f"Say when {what} starts.")
    if hours.finish is None:
        yield Problem(places.finish, f"Say when {what} finishes.")
    if hours.start is None or hours.finish is None:
        return
    if hours.finish <= hours.start:
        yield Problem(places.finish, "The finish must be after the start, on the same day.")
        return
    yield from _calling_hours_problems(draft, hours, places)
    # A day far off is said to be wrong anyway, and at the calendar's ends no zone can be reckoned.
    if hours.day and abs(hours.day - today) <= timedelta(days=MOST_DAYS_AHEAD):
        yield from _clock_problems(draft, hours, places)


def _calling_hours_problems(draft: DraftContent, hours: Hours, places: Places) -> Iterator[Problem]:
    client = draft.client
    allowed = f"{client.calling_from:%H:%M} to {client.calling_until:%H:%M} ({client.time_zone})"
    if hours.start and hours.start < client.calling_from:
        yield Problem(places.start, f"{client.name} may be called for from {allowed} only.")
    if hours.finish and hours.finish > client.calling_until:
        yield Problem(places.finish, f"{client.name} may be called for from {allowed} only.")


def _clock_problems(draft: DraftContent, hours: Hours, places: Places) -> Iterator[Problem]:
    client = draft.client
    if hours.day is None or hours.start is None or hours.finish is None:
        return
    for place, clock in ((places.start, hours.start), (places.finish, hours.finish)):
        if not schedule.exists(hours.day, clock, client.zone):
            yield Problem(place, "The clocks go forward that night, and skip this time.")
    try:
        schedule.on_uk_clock(hours, client.zone)
    except schedule.HoursCrossMidnight:
        sentence = "In the UK, where the partner calls by the clock, this runs past midnight."
        yield Problem(places.finish, sentence)


def starts_in_time(draft: DraftContent, now: datetime) -> Iterator[Problem]:
    """[partner] The start is in the future; ours: by the client's lead time at least."""
    hours, client = draft.hours, draft.client
    if hours.day is None or hours.start is None:
        return
    start = schedule.starts_at(hours, client.zone)
    today = now.astimezone(client.zone).date()
    if start <= now:
        place = MAIN.day if hours.day < today else MAIN.start
        yield Problem(place, f"This is in the past ({client.time_zone} time).")
    elif start - now < timedelta(minutes=client.lead_time_minutes):
        sentence = f"Leave at least {client.lead_time_minutes} minutes between now and the start."
        yield Problem(MAIN.start, sentence)


def is_sent_in_time(draft: DraftContent, now: datetime) -> Iterator[Problem]:
    """Where a time is chosen for sending, it is yet to come and leaves the client's lead time."""
    day, clock, client = draft.send_at.day, draft.send_at.clock, draft.client
    if day is None and clock is None:
        return
    if day is None or clock is None:
        place = "send_date" if day is None else "send_time"
        yield Problem(place, "Choose both a date and a time, or neither to send it at once.")
        return
    today = now.astimezone(client.zone).date()
    if abs(day - today) > timedelta(days=MOST_DAYS_AHEAD):
        yield Problem("send_date", "Check the year of this date.")
    elif not schedule.exists(day, clock, client.zone):
        yield Problem("send_time", "The clocks go forward that night, and skip this time.")
    elif schedule.moment(day, clock, client.zone) <= now:
        place = "send_date" if day < today else "send_time"
        sentence = (
            f"This is in the past ({client.time_zone} time). Leave it empty to send it at once."
        )
        yield Problem(place, sentence)
    else:
        yield from _lead_time_problems(draft, schedule.moment(day, clock, client.zone))


def _lead_time_problems(draft: DraftContent, send: datetime) -> Iterator[Problem]:
    """Between two times of one zone Python reckons by the wall clock, so in UTC here."""
    hours, client = draft.hours, draft.client
    if hours.day is None or hours.start is None or hours.day.year in {MINYEAR, MAXYEAR}:
        return
    start = schedule.starts_at(hours, client.zone).astimezone(UTC)
    if start - send.astimezone(UTC) < timedelta(minutes=client.lead_time_minutes):
        sentence = (
            f"The partner has to have it {client.lead_time_minutes} minutes before the campaign "
            "starts: choose an earlier time to send it, or a later start."
        )
        yield Problem("send_time", sentence)


def runover_days_follow(draft: DraftContent, _now: datetime) -> Iterator[Problem]:
    """Run-over days come after the start date, each once."""
    days = [hours.day for hours in draft.runover]
    for row, day in enumerate(days):
        if day is None:
            continue
        if draft.hours.day and day <= draft.hours.day:
            yield Problem(f"runover-{row}-day", "A run-over day comes after the start date.")
        elif day in days[:row]:
            yield Problem(f"runover-{row}-day", "This day is there already.")


def calls_have_intervals(draft: DraftContent, _now: datetime) -> Iterator[Problem]:
    """[partner] Minutes between one call and the next; after the last call nothing is waited for."""
    for row, minutes in enumerate(draft.intervals[:-1]):
        if minutes is None:
            yield Problem(f"attempt-{row}-interval", "Say how many minutes to wait.")


RULES: tuple[Rule, ...] = (
    has_a_name,
    has_lookups,
    has_people,
    calls_nobody_fictional,
    has_parameters,
    has_hours,
    starts_in_time,
    runover_days_follow,
    calls_have_intervals,
    is_sent_in_time,
)
