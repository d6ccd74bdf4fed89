"""The dial plan of a campaign as its pages show it: in words, as a picture, and as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from campaigns.clients.models import Client
from campaigns.drafts.campaign import bank_holidays
from campaigns.drafts.campaign.content import DraftContent, Hours
from campaigns.drafts.dialplan import examine, picture, wording
from campaigns.drafts.dialplan.findings import Finding
from campaigns.drafts.dialplan.plan import Call, DayHours, Plan, laid_out
from campaigns.drafts.dialplan.rounds import Pace

# Notes that are shown at first: ten attempts over many days give about twenty.
NOTES_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class AttemptRow:
    number: int
    first: str
    last: str
    called: int


@dataclass(frozen=True, slots=True)
class WindowRow:
    day: str
    hours: str
    attempts: str
    remark: str


class Planned:
    """A plan, with everything that pages show of it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @cached_property
    def findings(self) -> list[Finding]:
        return examine.findings(self.plan)

    @property
    def further_notes(self) -> list[Finding]:
        """Return the findings that are folded away: those that are no warnings, after the first few."""
        return [finding for finding in self.findings if not finding.is_warning][NOTES_AT_ONCE:]

    @property
    def chief_findings(self) -> list[Finding]:
        return self.findings[: len(self.findings) - len(self.further_notes)]

    @cached_property
    def picture(self) -> picture.Picture | None:
        return picture.drawn(self.plan)

    @property
    def basis(self) -> str:
        """Return what the plan is calculated from, and how long a round takes."""
        pace = self.plan.pace
        return (
            f"{wording.people(pace.people)}, {wording.lines(pace.lines)}, "
            f"{wording.seconds(pace.seconds)} a call, nobody answering before the last call. "
            f"Calling everyone once takes about {wording.span(pace.round)}."
        )

    @property
    def zone(self) -> str:
        return self.plan.zone.key

    @property
    def attempts(self) -> list[AttemptRow]:
        return [
            AttemptRow(
                attempt.number, self._when(attempt.first), self._when(attempt.last), attempt.called
            )
            for attempt in self.plan.attempts
        ]

    @property
    def windows(self) -> list[WindowRow]:
        return [
            WindowRow(
                day=wording.day(window.hours.day),
                hours=wording.hours(window.hours),
                attempts=", ".join(map(str, self.plan.attempts_in(window))) or "None",
                remark=window.holiday,
            )
            for window in self.plan.windows
        ]

    def _when(self, call: Call) -> str:
        if call.at is None:
            return "Will not happen"
        there = call.at.astimezone(self.plan.zone)
        return f"{wording.day(there)}, {there:%H:%M}"


def planned(
    client: Client | None,
    hours: Hours,
    runover: Sequence[Hours],
    intervals: Sequence[int | None],
    people: int,
) -> Planned | None:
    """Return the dial plan.

    None without a client, without anybody to call, or while the start date has no complete hours.
    """
    start = DayHours.of(hours)
    if client is None or start is None or not people:
        return None
    days = [day for day in map(DayHours.of, runover) if day]
    plan = laid_out(
        start,
        days,
        intervals,
        Pace(people, client.assumed_lines, client.assumed_call_seconds),
        zone=client.zone,
        holidays=bank_holidays.among((day.day for day in (start, *days)), client.zone),
    )
    return Planned(plan)


def of_content(content: DraftContent, people: int) -> Planned | None:
    """Return the dial plan of a draft that has this many people to call."""
    return planned(content.client, content.hours, content.runover, content.intervals, people)
