"""A file -> checked -> stored."""

import csv
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from benchmarks import portal_side

ROWS_IN_A_TRANSACTION = 10_000


def portal(path: str) -> Callable[[], None]:
    """Import as the bulk worker does: everything on, with refusals kept and progress written."""
    portal_side.start(empty=True)
    from campaigns.contacts.importing import pipeline
    from campaigns.contacts.models import ContactList

    contact_list = portal_side.upload(Path(path))

    def timed() -> None:
        pipeline.run(contact_list)
        made = ContactList.objects.get()
        assert made.status == ContactList.Status.READY, made.problem

    return timed


def bare_loop(path: str) -> Callable[[], None]:
    """Read a file in which nothing needs a check, and insert its rows as the portal does.

    It inserts into the same table with the same indexes, and no more durably until it is done.
    """
    portal_side.start(empty=True)
    from django.db import transaction

    from campaigns.contacts.importing import bulk_insert
    from campaigns.contacts.importing.sort_rows import Sorted

    contact_list = portal_side.upload(Path(path))

    def held(numbered: Iterator[tuple[int, list[str]]]) -> Sorted:
        rows = islice(numbered, ROWS_IN_A_TRANSACTION)
        return Sorted([(row, cells[0], cells[1], cells) for row, cells in rows])

    def timed() -> None:
        bulk_insert.spare_the_disk()
        with Path(path).open(encoding="utf-8", newline="") as file:
            numbered = enumerate(islice(csv.reader(file), 1, None), start=2)
            while (found := held(numbered)).contacts:
                with transaction.atomic():
                    bulk_insert.write(contact_list, found)

    return timed
