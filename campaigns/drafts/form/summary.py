"""The summary of a saved draft, beside its form: who is called, how many, when, and what is wrong."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from campaigns.clients.models import Client
from campaigns.drafts.campaign import schedule
from campaigns.drafts.campaign.content import DraftContent, Hours
from campaigns.drafts.dialplan import wording
from campaigns.drafts.dialplan.plan import DayHours
from campaigns.drafts.form.builder import Builder, Overview
from campaigns.drafts.people.counts import PeopleCount
from campaigns.drafts.preflight import Problem, Tier, of_tier
from campaigns.plurals import counted

# The sections of the page, in its order: each with its heading's id, its name, and the
# patterns of its fields' names.
SECTIONS = (
    ("who-heading", "Client and name", ("client", "name", "purpose", "consent_*", "caller_name")),
    ("flow-heading", "Call flow and CLI", ("call_flow", "cli")),
    ("contact-lists", "Lists", ("contact_lists", "precedence")),
    ("parameters-heading", "Parameters", ("parameter-*",)),
    ("schedule-heading", "Schedule", ("start_*", "finish_*", "runover-*", "override_reason")),
    ("attempt", "Call attempts", ("attempt-*",)),
    ("messages-heading", "Answerphone and SMS", ("answerphone", "sms_on_busy")),
    ("sending-heading", "Sending", ("send_*",)),
)


def is_in(place: str, fields: Iterable[str]) -> bool:
    """Return whether the field with the name `place` is one of a section's."""
    return any(fnmatchcase(place, field) for field in fields)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the builder's page, and whether anything in it keeps the draft from being submitted."""

    anchor: str
    label: str
    is_ready: bool

    @classmethod
    def all_of(cls, problems: Iterable[Problem]) -> "list[Section]":
        """Return the sections in the order of the page, for the problems of the saved draft."""
        places = [problem.place for problem in of_tier(Tier.BLOCKING, problems)]
        return [
            cls(anchor, label, not any(is_in(place, fields) for place in places))
            for anchor, label, fields in SECTIONS
        ]


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
    sections: list[Section] = field(default_factory=list)

    @property
    def ready(self) -> int:
        """Return how many sections are ready."""
        return sum(section.is_ready for section in self.sections)

    @classmethod
    def of(
        cls,
        content: DraftContent,
        builder: Builder,
        problems: Iterable[Problem],
        partner_said: Iterable[Problem] = (),
    ) -> "Summary":
        """Return the summary of a saved draft. `builder` says where in the page a problem is corrected.

        `partner_said` is what the partner refused of it: it keeps a section from being ready too.
        """
        problems = list(problems)
        return cls(
            client=content.client,
            call_flow=str(content.call_flow or ""),
            cli=str(content.cli or ""),
            people=_people(content),
            days=[line for hours in (content.hours, *content.runover) if (line := _day(hours))],
            calls=_calls(len(content.intervals) or 1),
            sent=_sent(content),
            overview=builder.overview(problems),
            sections=Section.all_of([*problems, *partner_said]),
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
