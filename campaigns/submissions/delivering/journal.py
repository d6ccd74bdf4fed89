"""The journal of sending: what this machine began to send, with the outcomes, outside the database.

So an intent and an answer survive when the database is away, when it loses what it had committed, and
when a process dies. Each line is JSON:

- the beginning of a delivery, and its outcome, have a line each, without phone numbers, names of people
  and the partner's text;
- a further line says that the database has the outcome;
- another kind of line has the highest delivery number that the database had.
"""

import fcntl
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import orjson
import structlog
from django.conf import settings
from django.utils import timezone

from campaigns.partner.answer_parsing import Answer, mask
from campaigns.partner.client import Exchange, Phase
from campaigns.submissions.answer_outcomes import CREATED, Hold, State, Verdict
from campaigns.submissions.delivering import journal_file
from campaigns.submissions.models import Delivery

log = structlog.get_logger(__name__)

# Only a journal larger than this is shortened, and only entries older than any backup worth restoring
# are dropped.
MOST_BYTES = 1_000_000
KEPT_FOR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Entry:
    """The journal's knowledge of one delivery.

    `at` is the time of its last line, in seconds since 1970. `sha256` is the hash of the part's bytes.
    `state` is empty until there is an outcome. Lines of earlier versions have no reference and no name.
    """

    delivery: int
    at: float
    sha256: str
    reference: str = ""
    name: str = ""
    state: str = ""
    reason: str = ""
    hold: str = ""
    phase: str = Phase.CONNECTING.value
    bytes_sent: int = 0
    bytes_total: int = 0
    status: int | None = None
    campaign_id: int | None = None
    is_settled: bool = False

    @classmethod
    def of(cls, delivery: Delivery) -> Self:
        part = delivery.part
        return cls(
            delivery=delivery.pk,
            at=timezone.now().timestamp(),
            sha256=part.payload_sha256,
            reference=part.submission.reference,
            name=mask(part.wire_name),
        )

    def ended(self, verdict: Verdict, exchange: Exchange) -> Self:
        return replace(
            self,
            state=verdict.state.value,
            reason=verdict.reason,
            hold=verdict.hold.value,
            phase=exchange.phase.value,
            bytes_sent=exchange.bytes_sent,
            bytes_total=exchange.bytes_total,
            status=exchange.status,
            campaign_id=exchange.answer.campaign_id,
        )

    @property
    def verdict(self) -> Verdict:
        return Verdict(State(self.state), self.reason, Hold(self.hold))

    @property
    def exchange(self) -> Exchange:
        answer = Answer(campaign_id=self.campaign_id)
        return Exchange(Phase(self.phase), self.bytes_sent, self.bytes_total, self.status, answer)

    @property
    def last_at(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    @property
    def description(self) -> str:
        """Return what is known of the delivery, in a few words."""
        if self.campaign_id:
            return f"Submitted, campaign ID {self.campaign_id}"
        if self.state == State.REFUSED:
            return "Refused by the partner"
        return "Sending began, result not known"

    @property
    def is_part_of_an_answer(self) -> bool:
        """Return whether it only has an ID that was noted while the rest of the answer was being read."""
        return self.campaign_id is not None and self.status is None

    @property
    def is_open(self) -> bool:
        """Return whether it has an outcome that the database may not have."""
        return bool(self.state) and not self.is_settled

    @property
    def row(self) -> Delivery | None:
        """Return the delivery from the database; None if it has none with this number and hash."""
        deliveries = Delivery.objects.select_related("part__submission__client", "partner_account")
        return deliveries.filter(pk=self.delivery, part__payload_sha256=self.sha256).first()


@dataclass(frozen=True, slots=True)
class Seen:
    """The highest delivery number that the database had at a time. `at` is in seconds since 1970."""

    seen: int
    at: float


@dataclass(frozen=True, slots=True)
class Memory:
    """The whole content of the journal. Its deliveries are in the order of their last lines, each once."""

    entries: list[Entry]
    marks: list[Seen]

    def highest_since(self, instant: datetime) -> int:
        """Return the highest delivery number noted after `instant`; 0 if none was."""
        since = instant.timestamp()
        return max((mark.seen for mark in self.marks if mark.at > since), default=0)


_FIELDS = {field.name for field in fields(Entry)}
_IN_EVERY_LINE = {"delivery", "at", "sha256"}


class NotWritten(Exception):
    """The disk failed to write a line without which nothing may be sent."""


def begin(delivery: Delivery) -> None:
    """Write, before the database does, that the delivery is about to be sent.

    Raises NotWritten if the disk fails, for example because it is full. Then nothing may be sent: only
    the database would know of it, and a database may lose what it knows.
    """
    if not journal_file.append(asdict(Entry.of(delivery))):
        raise NotWritten


def keep(delivery: Delivery, verdict: Verdict, exchange: Exchange) -> None:
    """Write the outcome of an exchange.

    If the disk fails, the database still gets the outcome.
    """
    journal_file.append(asdict(Entry.of(delivery).ended(verdict, exchange)))


def note_campaign_id(delivery: Delivery, campaign_id: int) -> None:
    """Write the partner's campaign ID as soon as it has come, before the rest of the answer is read."""
    size = delivery.part.payload_bytes
    answer = Answer(campaign_id=campaign_id)
    keep(delivery, CREATED, Exchange(Phase.ANSWERED, size, size, answer=answer))


def settled(delivery: Delivery) -> None:
    """Write that the database has the outcome of the delivery, or has decided it otherwise.

    This does not wait for the disk. If the line is lost, the outcome is applied once more, which is
    harmless.
    """
    line = {"settled": delivery.pk, "sha256": delivery.part.payload_sha256}
    journal_file.append(line, is_lasting=False)


def see(number: int) -> None:
    """Write the highest delivery number that the database has."""
    journal_file.append(asdict(Seen(number, timezone.now().timestamp())), is_lasting=False)


def read() -> Memory:
    """Return all that this machine's journal has.

    A new beginning of the same delivery replaces its earlier outcome.
    """
    entries: dict[tuple[int, str], Entry] = {}
    marks: list[Seen] = []
    for line in _lines():
        if "settled" in line:
            _settle(entries, line["settled"], line.get("sha256"))
        elif "seen" in line:
            marks.append(Seen(**line))
        else:
            entry = Entry(**line)
            key = entry.delivery, entry.sha256
            entries.pop(key, None)
            entries[key] = entry
    return Memory(list(entries.values()), marks)


def _settle(entries: dict[tuple[int, str], Entry], delivery: int, sha256: str | None) -> None:
    # Lines of earlier versions have no hash.
    keys = [(delivery, sha256)] if sha256 else [key for key in entries if key[0] == delivery]
    for key in keys:
        if entry := entries.get(key):
            entries[key] = replace(entry, is_settled=True)


def unsettled() -> list[Entry]:
    """Return the outcomes that the database may not have, oldest first."""
    return [entry for entry in read().entries if entry.is_open]


def apply(older_than: float = 0.0) -> None:
    """Write the outcomes that are not settled to the database.

    Doing it twice is harmless, since `Delivery.settle` is conditional. Outcomes from the last
    `older_than` seconds are left to the worker that received them. Where that is not 0, an ID whose
    answer is still being read is left to its worker for as long as that may live. Deliveries that the
    database doesn't have at all are left to `resume_sending`. Raises django.db.Error if the database is
    away.
    """
    ripe = timezone.now() - timedelta(seconds=older_than)
    dead = timezone.now() - timedelta(seconds=settings.DELIVERY_DEAD_AFTER)
    for entry in unsettled():
        if entry.last_at > ripe or (delivery := entry.row) is None:
            continue
        began_at = delivery.sending_at or delivery.queued_at
        if older_than and entry.is_part_of_an_answer and began_at >= dead:
            continue
        if delivery.settle(entry.verdict, entry.exchange):
            log.warning("an outcome came from the journal", delivery=entry.delivery)
        settled(delivery)
    _shorten()


def _lines() -> Iterator[dict[str, Any]]:
    """Yield the lines of the journal that this version can read."""
    return (line for line in journal_file.lines() if _is_ours(line.keys()))


def _is_ours(names: Any) -> bool:
    if "settled" in names or "seen" in names:
        return bool(names <= {"settled", "sha256"} or names == {"seen", "at"})
    return bool(names >= _IN_EVERY_LINE and names <= _FIELDS)


def _shorten() -> None:
    """Drop entries older than KEPT_FOR once the file has grown large, at most once a day.

    Outcomes that the database may not have are kept.
    """
    oldest = (timezone.now() - KEPT_FOR).timestamp()
    try:
        if journal_file.size() <= MOST_BYTES:
            return
        first = next((line["at"] for line in _lines() if "at" in line), oldest)
        if first >= oldest - timedelta(days=1).total_seconds():
            return
        with journal_file.locked(fcntl.LOCK_EX | fcntl.LOCK_NB):
            memory = read()
            kept = [entry for entry in memory.entries if entry.at >= oldest or entry.is_open]
            lines: list[Any] = kept + [mark for mark in memory.marks if mark.at >= oldest]
            journal_file.replace(b"".join(orjson.dumps(asdict(line)) + b"\n" for line in lines))
    except (FileNotFoundError, BlockingIOError):
        # There is no journal yet, or a process is writing: the next time will do.
        return
    except OSError as problem:
        log.error("the journal can't be shortened", error=type(problem).__name__)
