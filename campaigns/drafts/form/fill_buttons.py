"""The builder's buttons that fill in days or several rows at once, in the form as it is posted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils import timezone

from campaigns.clients.models import Client
from campaigns.drafts.campaign import working_days
from campaigns.drafts.campaign.content import Hours
from campaigns.drafts.form import attempt_presets
from campaigns.drafts.form.attempt_presets import Preset
from campaigns.drafts.form.builder import Builder
from campaigns.drafts.form.form_data import put_intervals, put_runover
from campaigns.drafts.models import MOST_RUNOVER_DAYS

# The number of working days that a button asks for, by what it posts.
WORKING_DAYS = {"working-days-1": 1, "working-days-3": 3}
# Fills in the start date.
NEXT_WORKING_DAY = "start-next-working-day"
PRESETS = {f"preset-{preset.slug}": preset for preset in attempt_presets.PRESETS}


NO_CLIENT = "Choose the client first, so that its country’s bank holidays can be left out."


@dataclass(frozen=True, slots=True)
class Filled:
    """The form's data.

    `missing` says why fewer run-over days were filled in than asked for, and `no_start` why no start date
    was. Each is "" if nothing is missing.
    """

    data: QueryDict
    missing: str = ""
    no_start: str = ""


def fill_in(builder: Builder, data: QueryDict, change: str) -> Filled:
    """Return the form's data with the rows that the button `change` fills in.

    Any other `change` leaves the data as it is. `builder` was made from `data`.
    """
    if change in WORKING_DAYS:
        return _working_days(builder, data, WORKING_DAYS[change])
    if change == NEXT_WORKING_DAY:
        return _start(builder, data)
    if change in PRESETS:
        return _preset(data, PRESETS[change])
    return Filled(data)


def _start(builder: Builder, data: QueryDict) -> Filled:
    """Fill in the first working day after today, where the client is."""
    if builder.client is None:
        return Filled(data, no_start=NO_CLIENT)
    zone = builder.client.zone
    [day] = working_days.next_after(timezone.localdate(timezone=zone), zone, 1)
    filled = data.copy()
    filled["start_date"] = day.isoformat()
    return Filled(filled)


def _preset(data: QueryDict, preset: Preset) -> Filled:
    filled = data.copy()
    put_intervals(filled, preset.intervals)
    return Filled(filled)


def _working_days(builder: Builder, data: QueryDict, count: int) -> Filled:
    """Fill in the working days after the last day in the form: first empty rows, then new ones."""
    first = builder.campaign.hours
    if builder.client is None:
        return Filled(data, NO_CLIENT)
    if first.day is None:
        return Filled(data, "Choose the start date first: working days are counted from it.")
    last = max(day for day in (first.day, *(form.hours.day for form in builder.runover)) if day)
    rows = list(_rows_to_fill(builder))[:count]
    days = working_days.next_after(last, builder.client.zone, len(rows))
    hours = _within_calling_hours(first, builder.client)
    filled = data.copy()
    for row, day in zip(rows, days, strict=False):
        put_runover(filled, row, replace(hours, day=day))
    if len(rows) < count:
        return Filled(filled, f"You can have up to {MOST_RUNOVER_DAYS} run-over days.")
    return Filled(filled)


def _rows_to_fill(builder: Builder) -> Iterator[int]:
    for row, form in enumerate(builder.runover):
        if not any(form[name].value() for name in form.fields):
            yield row
    yield from range(len(builder.runover), MOST_RUNOVER_DAYS)


def _within_calling_hours(hours: Hours, client: Client) -> Hours:
    """Return the part of the hours in which calls are allowed, without a day.

    The times are empty if calls are never allowed in these hours.
    """
    start = max(hours.start, client.calling_from) if hours.start else None
    finish = min(hours.finish, client.calling_until) if hours.finish else None
    if start and finish and start >= finish:
        return Hours()
    return Hours(start=start, finish=finish)
