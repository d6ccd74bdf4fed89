"""Contacts -> the exact bytes that will be sent, and their hash."""

import tempfile
from collections.abc import Callable
from itertools import islice

from benchmarks import portal_side

BATCH_ROWS = 500


def prepare(path: str) -> Callable[[], None]:
    """Import the list that the other runs freeze."""
    from benchmarks import importing

    return importing.portal(path)


def portal() -> Callable[[], None]:
    """Freeze as the worker does: hash, compress and store the body, and write the part's row."""
    portal_side.start()
    from campaigns.submissions.freezing import freeze

    submission = portal_side.submit()

    def timed() -> None:
        assert freeze.freeze(submission)

    return timed


def read_and_dump() -> Callable[[], None]:
    """Read the same rows and dump them with orjson to a file, without shaping or hashing them."""
    portal_side.start()
    import orjson

    from campaigns.contacts.models import Contact

    rows = Contact.objects.values_list("number", "name", "values")

    def timed() -> None:
        people = rows.iterator(BATCH_ROWS)
        with tempfile.TemporaryFile() as file:
            while batch := list(islice(people, BATCH_ROWS)):
                file.write(orjson.dumps(batch))

    return timed
