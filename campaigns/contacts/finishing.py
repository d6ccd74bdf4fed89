"""What is found out about a list once all its rows are written."""

import hashlib
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeVar

from django.db import transaction

from campaigns.contacts.models import ContactList, RefusedRow
from campaigns.contacts.numbers import NumberChecker, Reason
from campaigns.contacts.rows import NAME_MAX_LENGTH

BATCH = 500
IN_A_TRANSACTION = 5_000

T = TypeVar("T")


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

    `report` is called in each transaction, so that a lost import is noticed.
    """
    if contact_list.name_column is None:
        return 0
    names = _Names(contact_list, checker)
    count = 0
    for duplicates in _duplicates(contact_list):
        differ = names.other_than_known(duplicates)
        with transaction.atomic():
            report()
            for part in _parts(differ):
                RefusedRow.objects.filter(pk__in=part).update(has_other_name=True)
        count += len(differ)
    return count


Duplicate = tuple[int, list[str]]
"""A refused row's key and cells."""


def _duplicates(contact_list: ContactList) -> Iterator[list[Duplicate]]:
    """Yield the duplicates, some at a time, each time from a query of its own."""
    rows = contact_list.refused_rows.filter(reason=Reason.DUPLICATE).order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last).values_list("pk", "cells")[:IN_A_TRANSACTION]):
        yield batch
        last = batch[-1][0]


class _Names:
    """The names of a list's contacts, looked up by number as they are needed."""

    def __init__(self, contact_list: ContactList, checker: NumberChecker) -> None:
        self._contacts = contact_list.contacts
        self._number_column = contact_list.number_column or 0
        self._name_column = contact_list.name_column or 0
        self._check = checker.check

    def other_than_known(self, duplicates: list[Duplicate]) -> list[int]:
        """Return the keys of those that name somebody else; one without a name names nobody."""
        named = [
            (pk, str(self._check(cells[self._number_column])), name)
            for pk, cells in duplicates
            if (name := _key(cells[self._name_column]))
        ]
        known: dict[str, str] = {}
        for numbers in _parts(sorted({number for _, number, _ in named})):
            known |= self._contacts.filter(number__in=numbers).values_list("number", "name")
        return [pk for pk, number, name in named if name != _key(known.get(number, ""))]


def _parts(values: list[T]) -> Iterator[list[T]]:
    """Yield no more values at once than every database takes in one question."""
    return (values[start : start + BATCH] for start in range(0, len(values), BATCH))


def _key(name: str) -> str:
    """Return a name as two are compared: without case and spaces, and no longer than it is kept."""
    return "".join(name.strip()[:NAME_MAX_LENGTH].split()).casefold()
