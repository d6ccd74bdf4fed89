"""Count the people that a set of contact lists calls. One number is one person, as in the freeze.

Numbers that lists have in common are counted once and cached, since a list never changes after its
import. Suppressed numbers are counted each time (`suppressed_now`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from campaigns.clients.models import Client
from campaigns.contacts.browsing.suppressed_now import contacts_on, kept, names_of, suppressed_on
from campaigns.contacts.models import ContactList
from campaigns.plurals import counted


@dataclass(frozen=True, slots=True)
class PeopleCount:
    """The counts for a set of lists.

    `total` counts contacts, and `repeated` those whose number is on an earlier list too. `suppressed`
    counts different numbers.
    """

    lists: int
    total: int
    repeated: int
    suppressed: int

    @classmethod
    def of(cls, lists: Iterable[ContactList], client: Client) -> "PeopleCount":
        """Count the lists that are ready. The contacts of other lists don't count."""
        ready = [found for found in lists if found.is_ready]
        total = sum(found.contact_count for found in ready)
        repeated = total - _different(ready, total)
        return cls(len(ready), total, repeated, suppressed_on(ready, client))

    @property
    def net(self) -> int:
        return self.total - self.repeated - self.suppressed

    @property
    def sentence(self) -> str:
        on = f" on {self.lists} lists" if self.lists > 1 else ""
        where = "on both" if self.lists == 2 else "already on another list"
        called = f"{self.net:,} will be called." if self.net else "Nobody will be called."
        left_out = []
        if self.repeated:
            left_out.append(f"{self.repeated:,} {where} (called once)")
        if self.suppressed:
            left_out.append(f"{self.suppressed:,} suppressed since upload")
        contacts = counted(self.total, "contact")
        if left_out:
            return f"{contacts}{on}: {', '.join(left_out)}. {called}"
        return f"{contacts}{on} will be called." if self.total else "Nobody will be called."


def _different(lists: Sequence[ContactList], total: int) -> int:
    """Return how many different numbers are on the lists."""
    if len(lists) < 2:
        return total
    numbers = contacts_on(lists).order_by().values("number").distinct()
    return kept(["different-numbers", *names_of(lists)], numbers.count)
