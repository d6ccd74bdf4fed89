"""What a draft says, as plain values: what the form hands to the model, however incomplete.

A field of the campaign has one name in the model, in the form and in what is posted. `DraftContent` is
the table of them that the model, the form and the templates go through, so a new field is declared
here, as a column of the model and as a field of the form, and nowhere else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, time
from operator import attrgetter
from typing import TYPE_CHECKING, Any

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


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftContent:
    """Everything that a draft says. Nothing has a default, so that no place can leave a field out."""

    client: "Client"
    name: str
    call_flow: "CallFlow | None"
    cli: "Cli | None"
    contact_lists: Sequence["ContactList"]
    # Whose row is used for a number that is on several lists.
    precedence: str
    hours: Hours
    runover: Sequence[Hours]
    intervals: Sequence[int | None]
    answerphone: int
    sms_on_busy: int
    parameters: Mapping[int, Source]
    # Parameters of which a person has chosen that they say nothing, as opposed to nothing chosen yet.
    unused: frozenset[int]
    send_at: SendAt
    purpose: str
    consent: Consent
    # Why it may call outside the client's calling hours; "" where it doesn't.
    override_reason: str

    @classmethod
    def blank(cls, client: "Client") -> "DraftContent":
        """Return a draft that says nothing yet but whom it is for."""
        return cls(
            client=client,
            name="",
            call_flow=None,
            cli=None,
            contact_lists=[],
            precedence="newest",
            hours=Hours(),
            runover=[],
            intervals=[],
            answerphone=0,
            sms_on_busy=0,
            parameters={},
            unused=frozenset(),
            send_at=SendAt(),
            purpose="service",
            consent=Consent(),
            override_reason="",
        )

    @classmethod
    def of_columns(
        cls,
        columns: Mapping[str, Any],
        *,
        contact_lists: Sequence["ContactList"],
        runover: Sequence[Hours],
        intervals: Sequence[int | None],
        parameters: Mapping[int, Source],
        unused: frozenset[int],
    ) -> "DraftContent":
        """Return a draft of its columns, by name, and its rows. Raises KeyError where a column lacks."""
        groups = {
            name: group(**{part: columns[column] for column, part in parts.items()})
            for name, (group, parts) in GROUPS.items()
        }
        single = {name: columns[name] for name in COLUMNS if name not in GROUPED}
        return cls(
            **single,
            **groups,
            contact_lists=contact_lists,
            runover=runover,
            intervals=intervals,
            parameters=parameters,
            unused=unused,
        )

    @property
    def columns(self) -> dict[str, Any]:
        """Return what is no row, under the names of the model's columns and the form's fields."""
        return {name: _PATHS[name](self) for name in COLUMNS}

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


# What the model and the form have in several columns, and `DraftContent` as one value.
GROUPS: dict[str, tuple[type[Any], dict[str, str]]] = {
    "hours": (Hours, {"start_date": "day", "start_time": "start", "finish_time": "finish"}),
    "send_at": (SendAt, {"send_date": "day", "send_time": "clock"}),
    "consent": (
        Consent,
        {"consent_source": "source", "consent_date": "day", "caller_name": "caller_name"},
    ),
}
# What the model has in tables of their own, and the form in rows or boxes.
ROWS = frozenset({"contact_lists", "runover", "intervals", "parameters", "unused"})
GROUPED = {
    column: f"{name}.{part}"
    for name, (_, parts) in GROUPS.items()
    for column, part in parts.items()
}
COLUMNS = (
    *(field.name for field in fields(DraftContent) if field.name not in {*GROUPS, *ROWS}),
    *GROUPED,
)
_PATHS = {name: attrgetter(GROUPED.get(name, name)) for name in COLUMNS}
