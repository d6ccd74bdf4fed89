"""Read the people whom a submission calls from its contact lists in batches, and count those left out.

The lists are streamed. If there are several, memory grows by one integer for each number, to find
repeated numbers. If there is one, memory does not grow. Suppressed numbers are found with one query for
each batch, and numbers that the partner already has with a set of integers.
"""

from collections.abc import Callable, Iterable, Iterator, Set

import orjson
from django.db.models import TextField
from django.db.models.functions import Cast

from campaigns.batches import in_batches
from campaigns.contacts.models import Contact, ContactList
from campaigns.drafts.spoken.parameter_sources import Sources, places, sayer
from campaigns.partner import wire
from campaigns.suppression.matching import SuppressedNumbers
from campaigns.uploads.numbers.characters import as_said

# Rows in one block of JSON. Larger blocks don't fit into the processor's cache and are slower.
BATCH = 500


class PeopleMissing(Exception):
    """A contact list has fewer or more contacts than it says."""


Row = tuple[str, str, str]
"""A contact's number, name, and its values as JSON."""


class Recipients:
    """The people on the lists who may be called, each once, in the order of the lists and their rows."""

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
        """Yield batches that can be iterated once.

        A recipient is made only when the one before it has been written.
        """
        for contact_list in self._lists:
            contacts = Contact.objects.filter(contact_list=contact_list).order_by("pk")
            # Read as text, since Django's own decoding of JSON takes longer than everything else here.
            text = Cast("values", TextField())
            rows = contacts.values_list("number", "name", text).iterator(BATCH)
            recipient = _writer(contact_list, self._parameters)
            for batch in in_batches(rows, BATCH):
                called = self._called(batch)
                self.count += len(called)
                yield map(recipient, called)

    def _called(self, batch: list[Row]) -> list[Row]:
        """Return the rows to call.

        Repeated numbers are left out and counted, then those already sent, then suppressed ones.
        """
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
        """Raise PeopleMissing unless exactly as many contacts were read as the lists say."""
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
    """Return an E.164 number as an integer, without its plus.

    A set of millions needs half the memory as integers.
    """
    return int(number[1:])


def _writer(contact_list: ContactList, parameters: Sources) -> Callable[[Row], wire.Recipient]:
    """Return a function that turns a row of the list into a recipient.

    The recipient's parameters are in ascending order.
    """
    say = sayer(contact_list, parameters)
    # If all parameters are fixed texts, the row's values need not be decoded.
    found = places(contact_list, parameters).values()
    reads = any(place.column is not None for place in found)

    def recipient(row: Row) -> wire.Recipient:
        number, name, text = row
        return wire.Recipient(number, as_said(name), say(orjson.loads(text) if reads else []))

    return recipient
