"""The details of a part in the history, read from the frozen bytes, since its draft may have changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Manager

from campaigns.partner import wire
from campaigns.submissions import payload_files
from campaigns.submissions.doubts import campaign_ids
from campaigns.submissions.doubts.settle_form import CORRECTED, SettleForm
from campaigns.submissions.history import partner_refusal
from campaigns.submissions.models import Delivery, Part, Submission, states
from campaigns.submissions.models.delivery.decisions import Decided
from campaigns.submissions.models.own_number import masked

FIRST_ENTRIES = 5
_OCCASIONS = {0: "Never", 1: "On the first call", 2: "On the last call"}


@dataclass(frozen=True, slots=True)
class Entry:
    number: str
    name: str
    parameters: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The content of a part's frozen bytes: its fields, and the first people.

    Both are empty, and `is_readable` is False, if the bytes are damaged or gone.
    """

    fields: list[tuple[str, str]]
    entries: list[Entry]
    is_readable: bool


@dataclass(frozen=True, slots=True)
class Doubt:
    """A delivery that a person has to settle, or whose ID can be corrected, with the form for it.

    `other` is the part's other delivery, if a contradicted one has another. `holder` says which campaign
    has the ID that the partner gave.
    """

    delivery: Delivery
    form: SettleForm
    other: Decided | None = None
    holder: str = ""


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part with its deliveries.

    `state` and `label` describe the part, even if it has no deliveries.
    """

    part: Part
    deliveries: list[Delivery]
    state: str
    label: str
    doubts: list[Doubt]
    correction: Doubt | None

    @property
    def latest(self) -> Delivery | None:
        """Return the effective delivery."""
        return states.effective(self.deliveries)

    @property
    def partner_words(self) -> list[partner_refusal.Words]:
        """Return what the partner said of the part's fields and people."""
        return partner_refusal.of(self.latest) if self.latest else []

    @property
    def was_sent(self) -> bool:
        """Return whether any of it was, or may have been, sent to the partner."""
        return any(delivery.sending_at for delivery in self.deliveries)

    @property
    def sent(self) -> Sent:
        """Read the frozen bytes. A page does this for one part only, since it takes a while."""
        try:
            with payload_files.reading():
                head, entries = payload_files.first_entries(self.part.payload_file, FIRST_ENTRIES)
                people = [_entry(entry) for entry in entries]
                if self.part.submission.is_test_call:
                    people = [replace(one, number=masked(one.number)) for one in people]
                return Sent(_fields(head, self.part), people, is_readable=True)
        except payload_files.Damaged:
            return Sent([], [], is_readable=False)


@dataclass(frozen=True, slots=True)
class ShownParts:
    """All parts of a submission, and the one of them that is shown in full."""

    parts: list[ShownPart]
    chosen: ShownPart | None

    def __iter__(self) -> Iterator[ShownPart]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)

    @property
    def numbers(self) -> int:
        return sum(shown.part.number_count for shown in self.parts)

    @property
    def in_doubt(self) -> list[ShownPart]:
        return [shown for shown in self.parts if shown.doubts]

    @property
    def accepted(self) -> list[ShownPart]:
        return [shown for shown in self.parts if shown.state == Delivery.State.ACCEPTED]

    @property
    def on_trust(self) -> list[Delivery]:
        """Return the accepted deliveries whose campaign ID a person gave and the partner did not."""
        latest = [shown.latest for shown in self.accepted]
        return [each for each in latest if each and each.may_be_corrected]

    @property
    def accepted_numbers(self) -> int:
        return sum(shown.part.number_count for shown in self.accepted)


def shown_parts(
    submission: Submission,
    person: User,
    chosen: str = "1",
    answered: int | None = None,
    form: SettleForm | None = None,
) -> ShownParts:
    """Return every part of the submission.

    `chosen` is the position of the part that is shown in full. The part at position `answered` gets the
    posted `form` that was not accepted.
    """
    parts = [
        _shown(submission, person, part, form if part.position == answered else None)
        for part in submission.parts.prefetch_related(
            "deliveries__denied_by", "deliveries__settled_by"
        )
    ]
    in_full = [shown for shown in parts if str(shown.part.position) == chosen] or parts
    return ShownParts(parts, in_full[0] if in_full else None)


def _shown(submission: Submission, person: User, part: Part, form: SettleForm | None) -> ShownPart:
    deliveries = list(part.deliveries.all())
    doubts = [each for each in deliveries if each.is_in_doubt]
    latest = states.effective(deliveries)
    correction = (
        latest and latest.may_be_corrected and Doubt(latest, _correcting_form(latest, form))
    )
    if doubts:
        in_doubt = Delivery.State.NEEDS_CHECKING
        forms = _forms(doubts, form)
        asked = [_doubt(each, person, its) for each, its in zip(doubts, forms, strict=True)]
        return ShownPart(part, deliveries, in_doubt, in_doubt.label, asked, correction or None)
    state, words = _state_and_label(submission, latest)
    return ShownPart(part, deliveries, state, words, [], correction or None)


def _doubt(delivery: Delivery, person: User, form: SettleForm) -> Doubt:
    other = delivery.other_try if delivery.is_contradicted else None
    return Doubt(delivery, form, other, campaign_ids.holder(delivery, delivery.answered_id, person))


def _forms(doubts: Sequence[Delivery], posted: SettleForm | None) -> list[SettleForm]:
    """Return a form for each doubt: the posted one for the doubt that it is about.

    The first doubt shows a posted form about a delivery that is no longer in doubt. The ids of one
    form's fields have no number, and no other form has them.
    """
    forms = [SettleForm(auto_id=f"id_{each.pk}_%s") for each in doubts]
    if posted and posted.answer == CORRECTED:
        # It is about another delivery, and shown there.
        return forms
    about = [each.answer_key for each in doubts]
    shown_at = about.index(posted.delivery) if posted and posted.delivery in about else 0
    forms[shown_at] = posted or SettleForm(auto_id="id_%s")
    return forms


def _correcting_form(delivery: Delivery, posted: SettleForm | None) -> SettleForm:
    """Return the posted form if it is about the delivery, else an empty one."""
    if posted and posted.delivery == delivery.answer_key:
        return posted
    return SettleForm(auto_id=f"id_{delivery.pk}_%s")


def _state_and_label(submission: Submission, latest: Delivery | None) -> tuple[str, str]:
    """Return a part's state and its label for people.

    If the part was not sent, its submission may decide them.
    """
    if latest and latest.state not in Delivery.UNSENT:
        return latest.state, latest.get_state_display()
    if submission.state == Submission.State.EXPIRED:
        return submission.state, submission.get_state_display()
    if submission.state in states.TO_MEND:
        return Delivery.State.NOT_SENT, Delivery.State.NOT_SENT.label
    if latest:
        return latest.state, latest.get_state_display()
    return "waiting", "Waiting for its turn"


def _fields(head: dict[str, Any], part: Part) -> list[tuple[str, str]]:
    """Return the fields that were sent, with the builder's labels and UK times."""
    runover = [_hours(day, wire.RUNOVER_DATE) for day in head.get(wire.RUNOVER_DAYS, [])]
    intervals = [str(row[wire.INTERVAL]) for row in head.get(wire.ATTEMPTS, [])]
    client = part.submission.client
    cli = next((head[key] for key in (wire.CLI_ID, "defaultCli_Id") if key in head), "")
    return [
        ("Name sent", head[wire.NAME]),
        ("Calling hours", f"{_hours(head, wire.START_DATE)}, UK time"),
        ("Run-over days", "; ".join(runover) or "None"),
        ("Call flow", part.call_flow_named or _named(client.callflows, head[wire.CALL_FLOW_ID])),
        ("CLI", part.cli_named or _named(client.clis, cli)),
        ("Call attempts", _attempts(intervals)),
        ("Answerphone message", _OCCASIONS[head[wire.ANSWERPHONE]]),
        ("SMS on busy", _OCCASIONS[head[wire.SMS_ON_BUSY]]),
    ]


def _named(lookups: Manager[Any], partner_id: Any) -> str:
    """Return what the lookup with this partner's ID is called now, or the bare ID if it was changed since."""
    found = lookups.filter(partner_id=partner_id).first() if str(partner_id).isdecimal() else None
    return str(found or f"ID {partner_id}")


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
