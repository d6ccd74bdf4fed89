"""What a draft says, as plain values: what the form hands to the model, however incomplete."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from campaigns.clients.models import CallFlow, Cli, Client
    from campaigns.contacts.models import ContactList


@dataclass(frozen=True, slots=True)
class Hours:
    """One day and its calling window, in the client's time zone. Any part may still be missing."""

    day: date | None = None
    start: time | None = None
    finish: time | None = None


@dataclass(frozen=True, slots=True)
class SendAt:
    """When to hand it to the partner, in the client's time zone; with neither, as soon as it may be."""

    day: date | None = None
    clock: time | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """Of marketing: where and when people agreed to be called, and who they are told is calling."""

    source: str = ""
    day: date | None = None
    caller_name: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a parameter's text comes from: a column of the contact lists, or one fixed text."""

    kind: str
    value: str
    # Of a column: what is said instead where a contact's cell is empty; "" says nothing there.
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class DraftContent:
    client: "Client"
    name: str = ""
    call_flow: "CallFlow | None" = None
    cli: "Cli | None" = None
    contact_lists: Sequence["ContactList"] = ()
    # Whose row is used for a number that is on several lists.
    precedence: str = "newest"
    hours: Hours = Hours()
    runover: Sequence[Hours] = ()
    intervals: Sequence[int | None] = ()
    answerphone: int = 0
    sms_on_busy: int = 0
    parameters: Mapping[int, Source] = field(default_factory=dict)
    # Parameters of which a person has chosen that they say nothing, as opposed to nothing chosen yet.
    unused: frozenset[int] = frozenset()
    send_at: SendAt = SendAt()
    purpose: str = "service"
    consent: Consent = Consent()
    # Why it may call outside the client's calling hours; "" where it doesn't.
    override_reason: str = ""

    @property
    def lists_by_precedence(self) -> list["ContactList"]:
        """Return the lists, first the one whose row is used for a number that others have too."""
        newest_first = self.precedence == "newest"
        return sorted(self.contact_lists, key=attrgetter("pk"), reverse=newest_first)

    def copied(self, most_characters: int) -> "DraftContent":
        """Return the same for other days: without dates, and with a name of its own."""
        return replace(
            self,
            name=f"Copy of {self.name}"[:most_characters] if self.name else "",
            hours=replace(self.hours, day=None),
            runover=(),
            send_at=SendAt(),
            override_reason="",
        )

    def as_template(self) -> "DraftContent":
        """Return what further campaigns have in common with this one: not whom it calls, nor when.

        On which day people agreed to marketing calls is true of those people only.
        """
        return replace(self.copied(0), contact_lists=(), consent=replace(self.consent, day=None))
