"""The content of a draft as plain values, which may be incomplete. The form hands it to the model.

A field of the campaign has one name in the model, in the form and in posted data. The model, the form and
the templates go through the fields of `DraftContent`. So a new field is declared in three places only:
here, as a column of the model, and as a field of the form.
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
    """When to send the campaign, in the client's time zone. With neither, as soon as it is allowed."""

    day: date | None = None
    clock: time | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """Consent to marketing: where and when people gave it, and who they are told is calling."""

    source: str = ""
    day: date | None = None
    caller_name: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The source of a parameter's text: a column of the contact lists, or one fixed text."""

    kind: str
    value: str
    # For a column: the text that is said if a contact's cell is empty; "" says nothing.
    fallback: str = ""
    # For a column: how its cells are said, a `SayAs`; "" says them as they are.
    say_as: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftContent:
    """Everything that a draft says. No field has a default, so that no caller can forget one."""

    client: "Client"
    name: str
    call_flow: "CallFlow | None"
    cli: "Cli | None"
    contact_lists: Sequence["ContactList"]
    # A `Precedence`: which list's row is used for a number that is on several lists.
    precedence: str
    hours: Hours
    runover: Sequence[Hours]
    intervals: Sequence[int | None]
    answerphone: int
    sms_on_busy: int
    parameters: Mapping[int, Source]
    # Parameters that a person has set to say nothing, unlike those for which nothing is chosen yet.
    unused: frozenset[int]
    send_at: SendAt
    purpose: str
    consent: Consent
    # The reason to call outside the client's calling hours or on a bank holiday; "" without one.
    override_reason: str

    @classmethod
    def blank(cls, client: "Client") -> "DraftContent":
        """Return the content of a draft that has a client and nothing else yet."""
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
        """Return a draft from its columns, by name, and its rows. Raises KeyError if a column is missing."""
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
        """Return all values but the rows, by the names of the model's columns and the form's fields."""
        return {name: _PATHS[name](self) for name in COLUMNS}

    @property
    def lists_by_precedence(self) -> list["ContactList"]:
        """Return the lists. The first one's row is used for a number that is on several."""
        newest_first = self.precedence == "newest"
        return sorted(self.contact_lists, key=attrgetter("pk"), reverse=newest_first)

    def copied(self, most_characters: int) -> "DraftContent":
        """Return a copy for other days: without dates, and with a new name.

        The name has at most `most_characters`.
        """
        return replace(
            self,
            name=f"Copy of {self.name}"[:most_characters] if self.name else "",
            hours=replace(self.hours, day=None),
            runover=(),
            send_at=SendAt(),
            override_reason="",
        )

    def as_template(self) -> "DraftContent":
        """Return what further campaigns share with this one: no name, no lists and no dates.

        The date of the consent is left out too, since it is true of these people only.
        """
        return replace(self.copied(0), contact_lists=(), consent=replace(self.consent, day=None))


# The values of `DraftContent` that are several columns of the model and several fields of the form.
GROUPS: dict[str, tuple[type[Any], dict[str, str]]] = {
    "hours": (Hours, {"start_date": "day", "start_time": "start", "finish_time": "finish"}),
    "send_at": (SendAt, {"send_date": "day", "send_time": "clock"}),
    "consent": (
        Consent,
        {"consent_source": "source", "consent_date": "day", "caller_name": "caller_name"},
    ),
}
# The values that are rows of other tables in the model, and rows or boxes in the form.
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
