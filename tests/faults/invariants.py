"""What must hold whatever happened, read from the partner's ledger and the database alone.

The names are those of the specification's list; a test that breaks a guard asks which of them is named.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from django.utils import timezone

from campaigns.clients.models import Event
from campaigns.submissions import payload_files
from campaigns.submissions.delivering import journal
from campaigns.submissions.models import Delivery, Part, Submission, queries
from tests.faults.partner import Row

State = Delivery.State
TOO_MANY_REQUESTS = 429


class Invariant(StrEnum):
    ONE_POST = "complete POSTs of a part <= 1 + releases by a person + confirmed 429s"
    GIVEN = "an id was given by the partner for that part, or typed by a person"
    VISIBLE = "an answer of the partner is visible, whenever it came"
    WAITS = "nothing waits in PREPARING or AWAITING_APPROVAL past its start"
    NUMBER_ONCE = "no number is in two accepted parts of one campaign"
    KNOWN = "the partner accepted => the delivery is SENDING, ACCEPTED or NEEDS_CHECKING"
    UNSENT = "QUEUED or NOT_SENT => no complete body since the last release"
    TRUE = "ACCEPTED => hash sent = hash frozen"
    LEAVES = "every due submission leaves the queue of a healthy system"
    TOLD = "every transition has an Event with who, when and why"
    SHOWN = "every doubt is shown to a person"
    SILENT = "no phone number stands in a log, a queue, a URL or an exception text"


@dataclass(frozen=True, slots=True)
class Breach:
    invariant: Invariant
    where: str

    def __str__(self) -> str:
        return f"{self.invariant.name}: {self.invariant} ({self.where})"


@dataclass(frozen=True, slots=True)
class _Story:
    """All that the database has on one submission, read once."""

    submission: Submission
    parts: list[Part]
    deliveries: list[Delivery]
    events: list[Event]

    @classmethod
    def of(cls, submission: Submission) -> "_Story":
        deliveries = Delivery.objects.filter(part__submission=submission).order_by("pk")
        events = Event.objects.about(submission).select_related(None)
        return cls(submission, list(submission.parts.all()), list(deliveries), list(events))

    def in_state(self, *states: str) -> list[Delivery]:
        return [delivery for delivery in self.deliveries if delivery.state in states]


def breaches(
    rows: Sequence[Row], submissions: Iterable[Submission], *, at_rest: bool = False
) -> list[Breach]:
    """Return every breach. `at_rest` says that a healthy system has had its time with them."""
    found: list[Breach] = []
    settled = [entry for entry in journal.read().entries if entry.is_settled and entry.campaign_id]
    accepted: dict[int, list[Part]] = {}
    for submission in submissions:
        story = _Story.of(submission)
        for part in story.parts:
            of_part = [row for row in rows if row.name == part.wire_name and row.complete]
            deliveries = [each for each in story.deliveries if each.part_id == part.pk]
            found += _of_part(part, deliveries, of_part)
            if submission.campaign_id and any(row.campaign_id for row in of_part):
                accepted.setdefault(submission.campaign_id, []).append(part)
        found += [*_told(story), *_silent(story), *_shown(story), *_visible(story, settled)]
        if at_rest:
            found += _left(story)
    for pk, parts in accepted.items():
        found += _number_once(pk, parts)
    return found


def named(found: Iterable[Breach]) -> set[Invariant]:
    return {breach.invariant for breach in found}


def numbers_in(text: str) -> list[Breach]:
    """Return a breach for each fictional number of the tests, in whatever way it is written."""
    digits = re.sub(r"(?<=\d)[ ()-]+(?=\d)", "", text)
    matches = re.findall(r"(?<!\w)(?:\+44|0)(?:7700900|1632960|2079460)\d{3}", digits)
    return [Breach(Invariant.SILENT, f"…{number[-3:]}") for number in matches]


def _of_part(part: Part, deliveries: Sequence[Delivery], rows: Sequence[Row]) -> Iterator[Breach]:
    states = [delivery.state for delivery in deliveries]
    too_many = [each for each in deliveries if each.state == State.NOT_SENT]
    confirmed = sum(each.answer_status == TOO_MANY_REQUESTS for each in too_many)
    if len(rows) > 1 + states.count(State.RELEASED) + confirmed:
        yield Breach(Invariant.ONE_POST, f"{part}: {len(rows)} complete POSTs")
    known = {State.SENDING, State.ACCEPTED, State.NEEDS_CHECKING}
    is_contradicted = any(delivery.is_contradicted for delivery in deliveries)
    is_known = is_contradicted or bool(known & set(states))
    if any(row.campaign_id for row in rows) and not is_known:
        yield Breach(Invariant.KNOWN, f"{part}: {', '.join(states) or 'no delivery'}")
    if not is_known and (not states or states[-1] in {State.QUEUED, State.NOT_SENT}):
        since = _since_the_last_release(deliveries)
        if any(row.received_at >= since for row in rows):
            yield Breach(Invariant.UNSENT, f"{part}: {states[-1] if states else 'no delivery'}")
    for delivery in deliveries:
        if delivery.state == State.ACCEPTED:
            yield from _true(part, delivery, rows)


def _since_the_last_release(deliveries: Sequence[Delivery]) -> datetime:
    """Return when the first delivery after the last release was queued; before it, none counts."""
    since, was_released = datetime.min.replace(tzinfo=UTC), False
    for delivery in deliveries:
        if was_released:
            since = delivery.queued_at
        was_released = delivery.state == State.RELEASED
    return since


def _true(part: Part, delivery: Delivery, rows: Sequence[Row]) -> Iterator[Breach]:
    """The ID and the part's name have to stand in one row of the ledger."""
    sent = [row for row in rows if row.campaign_id == delivery.campaign_id]
    if not sent and delivery.settled_by_id is None:
        yield Breach(Invariant.GIVEN, f"{delivery}: not the partner's ID")
    if any(row.body_sha256 != part.payload_sha256 for row in sent):
        yield Breach(Invariant.TRUE, f"{delivery}: other bytes were sent than were frozen")
    if payload_files.open_whole(part.payload_file, part.payload_sha256, part.payload_bytes) is None:
        yield Breach(Invariant.TRUE, f"{part}: the frozen bytes have changed")


def _number_once(campaign: int, parts: Iterable[Part]) -> Iterator[Breach]:
    counted: Counter[str] = Counter()
    for part in parts:
        # A payload that can't be read is named by what it breaks itself.
        with suppress(payload_files.Damaged):
            counted.update(payload_files.numbers(part.payload_file))
    twice = sum(count > 1 for count in counted.values())
    if twice:
        yield Breach(Invariant.NUMBER_ONCE, f"campaign {campaign}: {twice} numbers")


def _visible(story: _Story, settled: Iterable[journal.Entry]) -> Iterator[Breach]:
    """An ID in the journal that the database has been told is with a delivery, or in an event."""
    shown = {each.campaign_id for each in story.deliveries}
    shown |= {each.answered_id for each in story.deliveries}
    hashes = {part.payload_sha256 for part in story.parts}
    for entry in settled:
        if entry.sha256 not in hashes:
            continue
        # Not its digits alone: a sentence may hold them in another number.
        words = re.compile(rf"\bID (?:from (?:\d+ to )?)?{entry.campaign_id}\b")
        is_shown = entry.campaign_id in shown or any(
            words.search(event.sentence) for event in story.events
        )
        if not is_shown:
            yield Breach(Invariant.VISIBLE, f"delivery {entry.delivery}: {entry.campaign_id}")


def _left(story: _Story) -> Iterator[Breach]:
    """Held ones wait for a person, who is shown them."""
    submission = story.submission
    account = submission.client.partner_account
    if submission.is_under_way and not (submission.held_reason or account.held_reason):
        yield Breach(Invariant.LEAVES, f"submission {submission.pk}: {submission.state}")
    waiting = {Submission.State.PREPARING, Submission.State.AWAITING_APPROVAL}
    if submission.state in waiting and submission.starts_at < timezone.now():
        yield Breach(Invariant.WAITS, f"submission {submission.pk}: {submission.state}")
    for delivery in story.in_state(State.CLAIMED, State.SENDING):
        yield Breach(Invariant.LEAVES, f"{delivery}: {delivery.state}")


def _shown(story: _Story) -> Iterator[Breach]:
    if story.in_state(State.NEEDS_CHECKING):
        wanting = Submission.objects.filter(queries.wants_somebody())
        shown = wanting.filter(state=Submission.State.NEEDS_CHECKING)
        if not shown.filter(pk=story.submission.pk).exists():
            yield Breach(Invariant.SHOWN, f"submission {story.submission.pk}")


def _silent(story: _Story) -> Iterator[Breach]:
    for delivery in story.deliveries:
        yield from numbers_in(f"{delivery.reason} {delivery.note} {delivery.answer_excerpt}")
    for event in story.events:
        yield from numbers_in(event.sentence)


def _told(story: _Story) -> Iterator[Breach]:
    """Compare what the rows say has happened with the events, by how their sentences begin."""
    where = f"submission {story.submission.pk}"
    for what, count, beginning in _transitions(story):
        told = [event for event in story.events if event.sentence.startswith(beginning)]
        if len(told) < count:
            yield Breach(Invariant.TOLD, f"{where}: {count} {what}, {len(told)} told")
        if beginning in BY_A_PERSON and any(event.actor_id is None for event in told):
            yield Breach(Invariant.TOLD, f"{where}: {what} by nobody")


BY_A_PERSON = {
    "Submitted the campaign",
    "Said that",
    "Approved it.",
    "Undid",
    "Resumed sending.",
}


def _transitions(story: _Story) -> Iterator[tuple[str, int, str]]:
    """Yield what has happened, how often by the rows, and how the sentence about it begins."""
    submission, deliveries = story.submission, story.deliveries
    by_person = [each for each in deliveries if each.settled_by_id]
    by_itself = [each for each in story.in_state(State.ACCEPTED) if not each.settled_by_id]
    unsent = [each for each in story.in_state(State.NOT_SENT) if each.claimed_at]
    yield "submitted", 1, "Submitted the campaign"
    yield "frozen", bool(story.parts), "Prepared"
    yield "undone", submission.state == Submission.State.UNDONE, "Undid"
    yield "approved", bool(submission.decided_by_id and story.deliveries), "Approved it."
    yield "released", submission.released_at is not None, "Resumed sending."
    yield "claims", sum(each.claimed_at is not None for each in deliveries), "Connecting"
    yield "fences", sum(each.sending_at is not None for each in deliveries), "Sending"
    yield "answers of a person", len(by_person), "Said that"
    yield "accepted", len(by_itself), "The partner created the campaign"
    yield "refused", len(story.in_state(State.REFUSED)), "Refused:"
    yield "doubts", len(story.in_state(State.NEEDS_CHECKING)), "Needs checking:"
    yield "not sent", len(unsent), "Not sent:"
