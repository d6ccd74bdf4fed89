"""People on lists who must not be called now: contacts suppressed since the import, and rows left out by it.

Contacts are matched only with suppression entries newer than the lists, because an import leaves out the
numbers suppressed before it. If there are many newer entries, the count is cached until anything else is
suppressed. The count of rows left out is always cached, because each of these rows must be read and
checked for it.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from django.core.cache import cache
from django.db.models import Exists, OuterRef

from campaigns.batches import in_batches
from campaigns.clients.models import Client
from campaigns.contacts.models import Contact, ContactList
from campaigns.contacts.models.contact import ContactQuerySet
from campaigns.suppression import matching
from campaigns.uploads.numbers.checker import Reason
from campaigns.uploads.numbers.for_client import checker_for

KEPT_SECONDS = 24 * 60 * 60
# Number of entries that can be matched with the lists within hundredths of a second.
FEW = 10_000
BATCH = 2_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SuppressedNow:
    """A list's people as suppression is at this moment."""

    contacts: int
    """Contacts suppressed since the import."""
    still: int
    """Rows that the import left out as suppressed and that still are suppressed."""
    freed: int
    """Rows that the import left out as suppressed and whose numbers may be called again."""

    @classmethod
    def on(cls, contact_list: ContactList) -> "SuppressedNow":
        still, freed = _left_out(contact_list) if contact_list.suppressed_count else (0, 0)
        return cls(suppressed_on([contact_list], contact_list.client), still, freed)

    @property
    def total(self) -> int:
        return self.contacts + self.still


def suppressed_on(lists: Sequence[ContactList], client: Client) -> int:
    """Return how many different numbers of the lists' contacts must not be called."""
    if not lists:
        return 0
    contacts = contacts_on(lists)
    newer = matching.newer_than(min(found.uploaded_at for found in lists), client)
    if newer[: FEW + 1].count() <= FEW:
        on_lists = newer.filter(Exists(contacts.filter(number=OuterRef("number"))))
        return on_lists.values("number").distinct().count()
    in_force = matching.in_force(client).filter(number=OuterRef("number"))
    numbers = contacts.filter(Exists(in_force)).order_by().values("number").distinct()
    stamp = matching.stamp()
    if not stamp:
        return numbers.count()
    return kept(["suppressed", stamp, str(client.pk), *names_of(lists)], numbers.count)


def _left_out(contact_list: ContactList) -> tuple[int, int]:
    """Return how many rows left out as suppressed still are suppressed, and how many may be called again."""
    count = partial(_count_left_out, contact_list)
    stamp = matching.stamp()
    if not stamp:
        return count()
    client = contact_list.client
    # The rows never change, but the client's settings decide which numbers may be called at all.
    judged = [str(client.pk), str(client.partner_account.is_live), *sorted(client.countries)]
    listed = [*names_of([contact_list]), contact_list.uploaded_at.isoformat()]
    return kept(["left-out", stamp, *listed, *judged], count)


def _count_left_out(contact_list: ContactList) -> tuple[int, int]:
    """Count the same by reading the rows left out as suppressed and looking their numbers up."""
    client = contact_list.client
    first, second = contact_list.number_column or 0, contact_list.second_number_column or 0
    check_all, among = checker_for(client).check_all, matching.matcher(client).among
    rows = contact_list.refused_rows.filter(reason=Reason.SUPPRESSED).order_by()
    fields = rows.values_list("cells", "from_second_column").iterator(BATCH)
    cells = (row[second if is_second else first] for row, is_second in fields)
    still = freed = 0
    for batch in in_batches(map(str, cells), BATCH):
        numbers = [found for found in check_all(batch) if not isinstance(found, Reason)]
        suppressed = among(numbers)
        still += len(suppressed)
        freed += len(numbers) - len(suppressed)
    return still, freed


def kept(what: Sequence[str], count: Callable[[], T]) -> T:
    """Return the cached count, or count and cache it."""
    key = f"people-{hashlib.sha256(' '.join(what).encode()).hexdigest()}"
    found: T | None = cache.get(key)
    if found is None:
        found = count()
        cache.set(key, found, KEPT_SECONDS)
    return found


def names_of(lists: Sequence[ContactList]) -> list[str]:
    """Return texts that identify these lists and their numbers.

    They are part of the cache key. So a list deleted during the count does not change other counts.
    """
    return sorted(f"{found.pk}-{found.numbers_hash}" for found in lists)


def contacts_on(lists: Sequence[ContactList]) -> ContactQuerySet:
    return Contact.objects.filter(contact_list__in=[found.pk for found in lists])
