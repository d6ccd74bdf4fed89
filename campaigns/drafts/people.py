"""How many people a set of contact lists calls, by the rule that a freeze holds to: the number decides.

What lists have in common is counted once and kept, since a list never changes after its import. What is
suppressed is counted each time over the entries that came after the lists, since an import has left out
those before; only where these are many is it kept, until anything else is suppressed.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Exists, OuterRef

from campaigns.clients.models import Client
from campaigns.contacts import suppression
from campaigns.contacts.contact import ContactQuerySet
from campaigns.contacts.counting import counted
from campaigns.contacts.models import Contact, ContactList

KEPT_SECONDS = 24 * 60 * 60
# Entries that are looked up on the lists within hundredths of a second.
FEW = 10_000


@dataclass(frozen=True, slots=True)
class PeopleCount:
    """`repeated` are the contacts whose number an earlier list has; each number suppressed is one."""

    lists: int
    total: int
    repeated: int
    suppressed: int

    @classmethod
    def of(cls, lists: Iterable[ContactList], client: Client) -> "PeopleCount":
        """Count the lists that are ready; what is on any other is nobody's."""
        ready = [found for found in lists if found.is_ready]
        total = sum(found.contact_count for found in ready)
        repeated = total - _different(ready, total)
        return cls(len(ready), total, repeated, _suppressed(ready, client))

    @property
    def net(self) -> int:
        return self.total - self.repeated - self.suppressed

    @property
    def sentence(self) -> str:
        on = f" on {self.lists} lists" if self.lists > 1 else ""
        where = "on both" if self.lists == 2 else "already on another list"
        called = f"{self.net:,} will be called." if self.net else "nobody will be called."
        left_out = []
        if self.repeated:
            left_out.append(f"{self.repeated:,} {where} (called once)")
        if self.suppressed:
            left_out.append(f"{self.suppressed:,} suppressed since")
        contacts = counted(self.total, "contact")
        if left_out:
            return f"{contacts}{on}: {', '.join(left_out)}; {called}"
        return f"{contacts}{on} will be called." if self.total else "Nobody will be called."


def _different(lists: Sequence[ContactList], total: int) -> int:
    """Return how many numbers there are on the lists."""
    if len(lists) < 2:
        return total
    numbers = _on(lists).order_by().values("number").distinct()
    return _kept(["different-numbers", *_names(lists)], numbers.count)


def _suppressed(lists: Sequence[ContactList], client: Client) -> int:
    """Return how many of the numbers on the lists must not be called."""
    if not lists:
        return 0
    contacts = _on(lists)
    newer = suppression.newer_than(min(found.uploaded_at for found in lists), client)
    if newer[: FEW + 1].count() <= FEW:
        on_lists = newer.filter(Exists(contacts.filter(number=OuterRef("number"))))
        return on_lists.values("number").distinct().count()
    in_force = suppression.in_force(client).filter(number=OuterRef("number"))
    numbers = contacts.filter(Exists(in_force)).order_by().values("number").distinct()
    stamp = suppression.stamp()
    if not stamp:
        return numbers.count()
    return _kept(["suppressed", stamp, str(client.pk), *_names(lists)], numbers.count)


def _kept(what: Sequence[str], count: Callable[[], int]) -> int:
    """Return what was counted before, or count."""
    key = f"people-{hashlib.sha256(' '.join(what).encode()).hexdigest()}"
    kept: int | None = cache.get(key)
    if kept is None:
        kept = count()
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _names(lists: Sequence[ContactList]) -> list[str]:
    """Return what only these lists have: one that is deleted while it is counted misleads no other."""
    return sorted(f"{found.pk}-{found.numbers_hash}" for found in lists)


def _on(lists: Sequence[ContactList]) -> ContactQuerySet:
    return Contact.objects.filter(contact_list__in=[found.pk for found in lists])
