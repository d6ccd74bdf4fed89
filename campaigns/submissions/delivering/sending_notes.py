"""A note beside each frozen payload for every delivery that began to send it.

A journal is on one machine only, but all machines share the storage of the payloads. So a machine that is
about to send a part finds out that another machine has begun to send it, even if the database has lost
that.
"""

from contextlib import suppress

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from campaigns.submissions.models import Delivery, Part

log = structlog.get_logger(__name__)


class Taken(Exception):
    """Another worker is sending this very delivery: the database gave it to two workers."""


def write(delivery: Delivery) -> None:
    """Write the note, after the fence and before the first byte is sent.

    Raises Taken, or OSError if the storage fails.
    """
    # If a note with this name exists, the storage saves this one under another name.
    name = default_storage.save(_name(delivery), ContentFile(b""))
    if name != _name(delivery):
        default_storage.delete(name)
        raise Taken


def take_back(delivery: Delivery) -> None:
    """Remove the note of a delivery that is now proved to have created nothing."""
    try:
        default_storage.delete(_name(delivery))
    except OSError as problem:
        log.error("a note of sending could not be removed", error=type(problem).__name__)


def deliveries_of(part: Part) -> list[int]:
    """Return the numbers of the deliveries that began to send the part, on any machine."""
    names: list[str] = []
    with suppress(FileNotFoundError):
        names = default_storage.listdir(_folder(part))[1]
    found = (name.rpartition("-") for name in names)
    mine = [number for reference, _, number in found if reference == part.submission.reference]
    # Skip names without a number at the end, such as that of a file that is still being written.
    return [int(number) for number in mine if number.isdigit()]


def _folder(part: Part) -> str:
    return f"{part.payload_file}.sent"


def _name(delivery: Delivery) -> str:
    return f"{_folder(delivery.part)}/{delivery.part.submission.reference}-{delivery.pk}"
