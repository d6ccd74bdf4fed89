"""The file of the journal: lines of JSON that last on the disk, written by several processes at once."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import structlog
from django.conf import settings

from portal.atomic_files import private, sync_folder

log = structlog.get_logger(__name__)


def lines() -> Iterator[dict[str, Any]]:
    """Yield each complete line. A crash may have cut one short.

    If the disk can't be read, log that and yield nothing, since deliveries and sweeps go on without it.
    """
    try:
        written = _path().read_bytes()
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
        if isinstance(found, dict):
            yield found


def append(line: dict[str, Any], *, is_lasting: bool = True) -> bool:
    """Write a line, and wait for the disk if `is_lasting`. Return False if the disk failed."""
    try:
        with locked(fcntl.LOCK_SH), open(_path(), "ab", 0, opener=private) as file:
            # One call writes it, so that the lines of several processes don't mix. It begins a new line,
            # because a crash may have cut the last one short.
            content = b"\n" + orjson.dumps(line) + b"\n"
            if file.write(content) < len(content):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            if is_lasting:
                os.fsync(file.fileno())
        if is_lasting:
            sync_folder(settings.JOURNAL_DIR)
    except OSError as problem:
        log.error("the journal can't be written", error=type(problem).__name__)
        return False
    return True


def size() -> int:
    """Return the file's size in bytes. Raises FileNotFoundError if there is none yet."""
    return _path().stat().st_size


@contextmanager
def locked(kind: int) -> Iterator[None]:
    """Keep the file from being replaced while a process of this machine adds a line.

    Processes that add lines share the lock, so one that stands still in the middle holds up no other.
    Replacing the file takes the lock alone, and never waits for it.
    """
    Path(settings.JOURNAL_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(_path().with_suffix(".lock"), "ab", opener=private) as lock:
        fcntl.flock(lock, kind)
        yield


def replace(content: bytes) -> None:
    """Write the file anew, at once or not at all. The caller has locked it alone."""
    new = _path().with_suffix(".new")
    with open(new, "wb", opener=private) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(_path())
    sync_folder(settings.JOURNAL_DIR)


def _path() -> Path:
    return Path(settings.JOURNAL_DIR) / "answers.jsonl"
