"""The summary of a saved draft, beside its form: who is called, how many, when, and what is wrong."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from campaigns.clients.models import Client
from campaigns.drafts.campaign import schedule
from campaigns.drafts.campaign.content import DraftContent, Hours
from campaigns.drafts.dialplan import wording
from campaigns.drafts.dialplan.plan import DayHours
from campaigns.drafts.form.builder import Builder, Overview
from campaigns.drafts.people.counts import PeopleCount
from campaigns.drafts.preflight import Problem
from campaigns.plurals import counted


@dataclass(frozen=True, slots=True)
class Summary:
    """The lines of the summary. Each is "" if the draft doesn't say it yet."""

    client: Client
    call_flow: str
    cli: str
    people: str
    days: list[str]
    calls: str
    sent: str
    overview: Overview = field(default_factory=lambda: Overview([], []))

    @classmethod
    def of(cls, content: DraftContent, builder: Builder, problems: Iterable[Problem]) -> "Summary":
        """Return the summary of a saved draft. `builder` says where in the page a problem is corrected."""
        return cls(
            client=content.client,
            call_flow=str(content.call_flow or ""),
            cli=str(content.cli or ""),
            people=_people(content),
            days=[line for hours in (content.hours, *content.runover) if (line := _day(hours))],
            calls=_calls(len(content.intervals) or 1),
            sent=_sent(content),
            overview=builder.overview(problems),
        )


def _people(content: DraftContent) -> str:
    if not content.contact_lists:
        return ""
    count = PeopleCount.of(content.contact_lists, content.client)
    return f"{counted(count.net, 'contact')} on {counted(count.lists, 'list')}"


def _day(hours: Hours) -> str:
    """Return a day with its calling window, as far as they are known."""
    whole = DayHours.of(hours)
    if whole:
        return f"{wording.day(whole.day)}, {wording.hours(whole)}"
    return wording.day(hours.day) if hours.day else ""


def _calls(number: int) -> str:
    return "Each person once" if number == 1 else f"Each person up to {number} times"


def _sent(content: DraftContent) -> str:
    at = schedule.sends_at(content.send_at, content.client.zone)
    return schedule.named(at, content.client.zone) if at else ""
