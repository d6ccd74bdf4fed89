"""Count the mobiles and the landlines on contact lists by the beginnings of their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from campaigns.contacts.browsing.suppressed_now import contacts_on, kept, names_of
from campaigns.contacts.models import ContactList


def _between(first: str, after: str) -> Q:
    """Match the numbers from `first` to before `after`. Ranges use the index, which patterns don't."""
    return Q(number__gte=first, number__lt=after)


# Ofcom's National Telephone Numbering Plan: 07 without personal numbers (070) and pagers (076, of which
# 07624 is the Isle of Man's mobile range), and the geographic numbers 01 and 02.
MOBILE = _between("+4471", "+4476") | _between("+447624", "+447625") | _between("+4477", "+448")
LANDLINE = _between("+441", "+443")


@dataclass(frozen=True, slots=True)
class NumberKinds:
    """How many different numbers are UK mobiles, how many UK landlines, and how many neither."""

    mobiles: int
    landlines: int
    others: int

    @classmethod
    def on(cls, lists: Sequence[ContactList], different: int) -> "NumberKinds":
        """Count the `different` numbers on the lists. The counts are cached, since lists never change."""
        mobiles, landlines = kept(
            ["kinds", *names_of(lists)], lambda: (_count(lists, MOBILE), _count(lists, LANDLINE))
        )
        return cls(mobiles, landlines, different - mobiles - landlines)

    @property
    def sentence(self) -> str:
        named = (
            (self.mobiles, "mobile"),
            (self.landlines, "landline"),
            (self.others, "other number"),
        )
        said = [f"{count:,} {what}{'' if count == 1 else 's'}" for count, what in named if count]
        return ", ".join(said)


def _count(lists: Sequence[ContactList], kind: Q) -> int:
    numbers = contacts_on(lists).filter(kind).order_by().values("number")
    return (numbers.distinct() if len(lists) > 1 else numbers).count()
