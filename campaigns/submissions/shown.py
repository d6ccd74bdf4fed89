"""What the history shows of a part: read back from the frozen bytes, since a draft may have changed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from campaigns.partner import wire
from campaigns.submissions import payloads
from campaigns.submissions.forms import SettleForm
from campaigns.submissions.models import Delivery, Part, Submission

FIRST_ENTRIES = 5
_OCCASIONS = {0: "Never", 1: "On the first call", 2: "On the last call"}


@dataclass(frozen=True, slots=True)
class Entry:
    number: str
    name: str
    parameters: str


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part with its deliveries, the fields sent, and the first people; none of it if deleted."""

    part: Part
    deliveries: list[Delivery]
    fields: list[tuple[str, str]]
    entries: list[Entry]
    is_readable: bool
    settle_form: SettleForm

    @property
    def latest(self) -> Delivery | None:
        return self.deliveries[-1] if self.deliveries else None


def shown_parts(
    submission: Submission, position: int | None = None, form: SettleForm | None = None
) -> list[ShownPart]:
    """Return every part; the one at `position` with the form that could not be taken."""
    parts = submission.parts.prefetch_related("deliveries__denied_by")
    return [_shown(part, form if part.position == position else None) for part in parts]


def _shown(part: Part, form: SettleForm | None) -> ShownPart:
    form = form or SettleForm()
    deliveries = list(part.deliveries.all())
    try:
        head, entries = payloads.first_entries(part.payload_file, FIRST_ENTRIES)
    except payloads.DAMAGED:
        return ShownPart(part, deliveries, [], [], is_readable=False, settle_form=form)
    return ShownPart(
        part,
        deliveries,
        _fields(head),
        [_entry(entry) for entry in entries],
        is_readable=True,
        settle_form=form,
    )


def _fields(head: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what was sent under the words of the builder, with the partner's ids and UK times."""
    runover = [_hours(day, wire.RUNOVER_DATE) for day in head.get(wire.RUNOVER_DAYS, [])]
    intervals = [str(row[wire.INTERVAL]) for row in head.get(wire.ATTEMPTS, [])]
    cli = next((head[key] for key in (wire.CLI_ID, "defaultCli_Id") if key in head), "")
    return [
        ("Name sent", head[wire.NAME]),
        ("Calling hours", f"{_hours(head, wire.START_DATE)}, UK time"),
        ("Run-over days", "; ".join(runover) or "None"),
        ("Call flow’s ID", str(head[wire.CALL_FLOW_ID])),
        ("CLI’s ID", str(cli)),
        ("Call attempts", _attempts(intervals)),
        ("Answerphone message", _OCCASIONS[head[wire.ANSWERPHONE]]),
        ("SMS on busy", _OCCASIONS[head[wire.SMS_ON_BUSY]]),
    ]


def _hours(fields: dict[str, Any], day: str) -> str:
    on = date.fromisoformat(fields[day])
    return f"{on:%a %-d %b %Y}, {fields[wire.START_TIME]} to {fields[wire.FINISH_TIME]}"


def _attempts(intervals: list[str]) -> str:
    if len(intervals) <= 1:
        return "One call"
    return f"{len(intervals)} calls, {', '.join(intervals[:-1])} minutes apart"


def _entry(entry: dict[str, Any]) -> Entry:
    values = {row[wire.PARAMETER]: row[wire.VALUE] for row in entry.get(wire.PARAMETERS, [])}
    return Entry(
        number=entry[wire.NUMBER],
        name=entry.get(wire.RECIPIENT_NAME, ""),
        parameters="; ".join(f"{number}: {value}" for number, value in values.items()),
    )
