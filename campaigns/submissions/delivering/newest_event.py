"""The newest event that the database had, noted on this machine beside the journal.

A database that lacks this event has gone back in time. People who were suppressed since then could be
called, and campaigns that were undone since then could be sent. The journal of sending can't show that,
since nothing was sent.
"""

from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import orjson
import structlog
from django.conf import settings
from django.utils import timezone

from campaigns.clients.models import Event
from portal.atomic_files import whole

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Newest:
    """An event's number and time, and when it was noted. Times are in seconds since 1970."""

    event: int
    event_at: float
    noted_at: float


def is_missing(since: datetime) -> bool:
    """Return whether the database lacks the noted event. A note from before `since` does not count.

    If nothing is missing, note the newest event.
    """
    # Read the note before the database: the database must have whatever the note has by then.
    noted = _read()
    newest = Event.objects.order_by("-pk").values_list("pk", "at").first()
    number, at = newest or (0, since)
    if noted and noted.noted_at > since.timestamp():
        if number == noted.event:
            return at.timestamp() != noted.event_at
        if number < noted.event or _is_another(noted):
            return True
    _write(Newest(number, at.timestamp(), timezone.now().timestamp()))
    return False


def _is_another(noted: Newest) -> bool:
    """Return whether the noted event's number has since been given to another event."""
    mine = Event.objects.filter(pk=noted.event).values_list("at", flat=True).first()
    return mine is not None and mine.timestamp() != noted.event_at


def _path() -> Path:
    return Path(settings.JOURNAL_DIR) / "newest_event.json"


def _read() -> Newest | None:
    """Return what was noted; None if nothing was, or if the disk fails."""
    with suppress(OSError, ValueError, TypeError):
        return Newest(**orjson.loads(_path().read_bytes()))
    return None


def _write(newest: Newest) -> None:
    try:
        _path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with whole(_path(), replace=True) as file:
            file.write(orjson.dumps(asdict(newest)))
    except OSError as problem:
        log.error("the newest event can't be noted", error=type(problem).__name__)
