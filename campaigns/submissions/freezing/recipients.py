"""Everybody a submission calls, read from its contact lists in batches, and who was left out of it.

Streams: memory grows by one integer for each number when there are several lists to de-duplicate
across, and not at all when there is one. Suppressed numbers are left out, one query for each batch;
numbers that the partner has already, by a set of them as integers.
"""

from collections.abc import Callable, Iterable, Iterator, Set
from itertools import islice

import orjson
from django.db.models import TextField
from django.db.models.functions import Cast

from campaigns.contacts.models import Contact, ContactList
from campaigns.drafts.spoken.parameter_sources import Sources, places, sayer
from campaigns.partner import wire
from campaigns.suppression.matching import SuppressedNumbers
from campaigns.uploads.numbers.characters import as_said

# Rows in one block of JSON; larger ones leave the processor's cache and are slower.
BATCH = 500


class PeopleMissing(Exception):
    """A contact list holds fewer or more contacts than it counts."""


Row = tuple[str, str, str]
"""A contact's number, name, and its values as JSON."""


class Recipients:
    """Everybody on the lists who may be called, each once, in the order of the lists and rows."""

    def __init__(
        self,
        contact_lists: Iterable[ContactList],
        parameters: Sources,
        *,
        suppressed: SuppressedNumbers,
        already_sent: Set[int] = frozenset(),
    ) -> None:
        self._lists = list(contact_lists)
        self._parameters = parameters
        self._suppressed = suppressed
        self._already_sent = already_sent
        self._seen: set[int] = set()
        self.count = 0
        self.repeated = 0
        self.suppressed = 0
        self.already_sent = 0

    def batches(self) -> Iterator[Iterable[wire.Recipient]]:
        """Yield batches to be gone through once: each person is made when the one before is written."""
        for contact_list in self._lists:
            contacts = Contact.objects.filter(contact_list=contact_list).order_by("pk")
            # As text, since Django's own reading of JSON takes longer than all the rest here.
            text = Cast("values", TextField())
            rows = contacts.values_list("number", "name", text).iterator(BATCH)
            recipient = _writer(contact_list, self._parameters)
            while batch := list(islice(rows, BATCH)):
                called = self._called(batch)
                self.count += len(called)
                yield map(recipient, called)

    def _called(self, batch: list[Row]) -> list[Row]:
        """Leave out who is on an earlier list, whom the partner has, and then who is suppressed."""
        if len(self._lists) > 1:
            batch = [row for row in batch if not self._is_repeated(row[0])]
        if self._already_sent:
            before = len(batch)
            batch = [row for row in batch if as_integer(row[0]) not in self._already_sent]
            self.already_sent += before - len(batch)
        suppressed = self._suppressed.among([number for number, _, _ in batch])
        if not suppressed:
            return batch
        self.suppressed += len(suppressed)
        return [row for row in batch if row[0] not in suppressed]

    def check_nobody_is_missing(self) -> None:
        """Raise PeopleMissing unless everybody that the lists count was met."""
        expected = sum(contact_list.contact_count for contact_list in self._lists)
        met = self.count + self.repeated + self.already_sent + self.suppressed
        if met != expected:
            raise PeopleMissing

    def _is_repeated(self, number: str) -> bool:
        digits = as_integer(number)
        if digits in self._seen:
            self.repeated += 1
            return True
        self._seen.add(digits)
        return False


def as_integer(number: str) -> int:
    """Return an E.164 number without its plus: a set of millions takes half the memory so."""
    return int(number[1:])


def _writer(contact_list: ContactList, parameters: Sources) -> Callable[[Row], wire.Recipient]:
    """Return what makes a recipient of one of the list's rows, its parameters in ascending order."""
    say = sayer(contact_list, parameters)
    # A fixed text alone needs no row read.
    found = places(contact_list, parameters).values()
    reads = any(place.column is not None for place in found)

    def recipient(row: Row) -> wire.Recipient:
        number, name, text = row
        return wire.Recipient(number, as_said(name), say(orjson.loads(text) if reads else []))

    return recipient
