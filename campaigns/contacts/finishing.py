"""What is found out about a list once all its rows are written."""

import hashlib
from collections.abc import Callable, Iterator
from itertools import islice

from campaigns.contacts.models import ContactList, RefusedRow
from campaigns.contacts.numbers import NumberChecker, Reason

BATCH = 500


def numbers_hash(contact_list: ContactList) -> str:
    """Return the SHA-256 of the list's sorted numbers, in hex; "" without any.

    They come sorted out of the index that keeps them distinct, some at a time.
    """
    numbers = contact_list.contacts.order_by("number").values_list("number", flat=True)
    digest = hashlib.sha256()
    some = False
    rows = numbers.iterator(chunk_size=5000)
    while batch := list(islice(rows, 5000)):
        digest.update("\n".join(batch).encode() + b"\n")
        some = True
    return digest.hexdigest() if some else ""


def mark_other_names(
    contact_list: ContactList, checker: NumberChecker, report: Callable[[], None]
) -> int:
    """Mark the duplicates that name somebody else than the contact does, and count them.

    `report` is called inside each transaction's time, so that a lost import is noticed.
    """
    if contact_list.name_column is None:
        return 0
    count = 0
    for batch in _duplicates(contact_list):
        differ = _other_names(contact_list, checker, batch)
        count += RefusedRow.objects.filter(pk__in=differ).update(has_other_name=True)
        report()
    return count


def _duplicates(contact_list: ContactList) -> Iterator[list[RefusedRow]]:
    """Yield the duplicates, some at a time, each time from a query of its own."""
    rows = contact_list.refused_rows.filter(reason=Reason.DUPLICATE).order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


def _other_names(
    contact_list: ContactList, checker: NumberChecker, batch: list[RefusedRow]
) -> list[int]:
    for row in batch:
        row.contact_list = contact_list
    numbers = {row.pk: str(checker.check(row.number_cell)) for row in batch}
    firsts = contact_list.contacts.filter(number__in=set(numbers.values()))
    names = dict(firsts.values_list("number", "name"))
    return [
        row.pk
        for row in batch
        if row.name_cell.strip() and _key(row.name_cell) != _key(names.get(numbers[row.pk], ""))
    ]


def _key(name: str) -> str:
    """Return a name as two are compared: without case and spaces, and no longer than it is kept."""
    return "".join(name.strip()[:200].split()).casefold()
