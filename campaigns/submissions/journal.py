"""The journal of answers: what came of each exchange, on this machine's disk before the database.

So a campaign ID that was received survives a database that is away and a process that dies while it
waits for it. One line of JSON for each answer, with no number, no name and none of the partner's
words; a second line says that the database has it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import orjson
import structlog
from django.conf import settings
from django.utils import timezone

from campaigns.partner.answers import Answer
from campaigns.partner.client import Exchange, Phase
from campaigns.submissions.models import Delivery
from campaigns.submissions.outcomes import Hold, State, Verdict

log = structlog.get_logger(__name__)

# When the file has grown to this, only the last of its answers are kept, and all that are open.
MOST_BYTES = 1_000_000
KEPT = 500
# Room for the last answer behind very many lines that settle others.
TAIL_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """What came of one exchange. `at` is in seconds since 1970, the hash that of the bytes sent."""

    delivery: int
    at: float
    sha256: str
    state: str
    reason: str
    hold: str
    phase: str
    bytes_sent: int
    bytes_total: int
    status: int | None
    campaign_id: int | None

    @classmethod
    def of(cls, delivery: Delivery, verdict: Verdict, exchange: Exchange) -> Self:
        return cls(
            delivery=delivery.pk,
            at=timezone.now().timestamp(),
            sha256=delivery.part.payload_sha256,
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
    def ended_at(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    @property
    def row(self) -> Delivery | None:
        """Return the delivery as the database has it, if it has the same one."""
        deliveries = Delivery.objects.select_related("part__submission__client", "partner_account")
        return deliveries.filter(pk=self.delivery, part__payload_sha256=self.sha256).first()


_FIELDS = {field.name for field in fields(Entry)}


def keep(delivery: Delivery, verdict: Verdict, exchange: Exchange) -> None:
    """Write down what came of an exchange of which something may have been sent.

    A disk that is full stops no delivery: the database is still to be told.
    """
    if verdict.state is not State.NOT_SENT:
        _append(asdict(Entry.of(delivery, verdict, exchange)))


def settled(delivery_id: int) -> None:
    """Say that the database has what came of the delivery, or knows better.

    Not worth waiting for the disk: what is not said to be settled is applied once more, harmlessly.
    """
    _append({"settled": delivery_id}, is_lasting=False)


def entries() -> list[Entry]:
    """Return what is in the journal, oldest first."""
    return [Entry(**line) for line in _lines() if "settled" not in line]


def newest() -> Entry | None:
    """Return the last answer that came, from the end of the file alone."""
    last = [line for line in _lines(last_bytes=TAIL_BYTES) if "settled" not in line]
    return Entry(**last[-1]) if last else None


def unsettled() -> list[Entry]:
    """Return what the database may not have, oldest first."""
    found: dict[int, Entry] = {}
    for line in _lines():
        if "settled" in line:
            found.pop(line["settled"], None)
        else:
            found[line["delivery"]] = Entry(**line)
    return list(found.values())


def apply(older_than: float = 0.0) -> None:
    """Bring what is not settled into the database. Harmless twice, since it is conditional.

    `older_than` in seconds leaves to its own worker what that has only just received. Raises
    django.db.Error when the database is away.
    """
    ripe = timezone.now() - timedelta(seconds=older_than)
    for entry in unsettled():
        if entry.ended_at > ripe:
            continue
        delivery = entry.row
        if delivery is None:
            log.error("the database does not know a delivery", delivery=entry.delivery)
        elif delivery.settle(entry.verdict, entry.exchange):
            log.warning("an outcome came from the journal", delivery=entry.delivery)
        settled(entry.delivery)
    _shorten()


def _path() -> Path:
    return Path(settings.JOURNAL_DIR) / "answers.jsonl"


def _lines(last_bytes: int = 0) -> Iterator[dict[str, Any]]:
    """Yield each line that is whole: a crash may have cut one short, or where reading begins.

    A disk that can't be read stops neither a delivery nor a sweep.
    """
    try:
        with _path().open("rb") as file:
            if last_bytes:
                file.seek(max(0, file.seek(0, os.SEEK_END) - last_bytes))
            written = file.read(last_bytes or -1)
    except FileNotFoundError:
        return
    except OSError as problem:
        log.error("the journal can't be read", error=type(problem).__name__)
        return
    for line in written.splitlines():
        try:
            found = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        if isinstance(found, dict) and found.keys() in ({"settled"}, _FIELDS):
            yield found


def _append(line: dict[str, Any], *, is_lasting: bool = True) -> None:
    try:
        with _locked(), open(_path(), "ab+", opener=_private) as file:
            # Not behind what a crash has cut short.
            is_cut = file.tell() and os.pread(file.fileno(), 1, file.tell() - 1) != b"\n"
            file.write(b"\n" * bool(is_cut) + orjson.dumps(line) + b"\n")
            file.flush()
            if is_lasting:
                os.fsync(file.fileno())
    except OSError as problem:
        log.error("the journal can't be written", error=type(problem).__name__)


def _shorten() -> None:
    """Leave out the oldest of what is settled once the file has grown large."""
    try:
        if _path().stat().st_size <= MOST_BYTES:
            return
        with _locked():
            open_ones = {entry.delivery for entry in unsettled()}
            kept = entries()
            kept = [e for e in kept[:-KEPT] if e.delivery in open_ones] + kept[-KEPT:]
            lines: list[dict[str, Any]] = [asdict(entry) for entry in kept]
            lines += [{"settled": e.delivery} for e in kept if e.delivery not in open_ones]
            _replace(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    except FileNotFoundError:
        return
    except OSError as problem:
        log.error("the journal can't be shortened", error=type(problem).__name__)


def _replace(content: bytes) -> None:
    new = _path().with_suffix(".new")
    with open(new, "wb", opener=_private) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(_path())


@contextmanager
def _locked() -> Iterator[None]:
    """Let one process of this machine write at a time."""
    Path(settings.JOURNAL_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(_path().with_suffix(".lock"), "ab", opener=_private) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
