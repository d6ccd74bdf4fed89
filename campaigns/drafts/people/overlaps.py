"""Count the people who are on several lists with different names or values."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

import orjson
from django.db.models import Count, TextField
from django.db.models.functions import Cast

from campaigns.contacts.browsing.suppressed_now import kept, names_of
from campaigns.contacts.models import Contact, ContactList
from campaigns.drafts.spoken.parameter_sources import Sources, sayer
from campaigns.uploads.numbers.characters import as_said

ROWS_AT_ONCE = 2_000


def count(lists: Sequence[ContactList], sources: Sources) -> int:
    """Return how many numbers are on several lists with different names or values.

    The result is cached, since a list never changes: only other lists or parameters are counted again.
    """
    uploaded = sorted(found.uploaded_at.isoformat() for found in lists)
    what = ["differing", *names_of(lists), *uploaded, repr(sorted(sources.items()))]
    return kept(what, lambda: _count(lists, sources))


def _count(lists: Sequence[ContactList], sources: Sources) -> int:
    same_number = groupby(_on_several(lists, sources), key=itemgetter(0))
    return sum(len({said for _, said in rows}) > 1 for _, rows in same_number)


def _on_several(
    lists: Sequence[ContactList], sources: Sources
) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Yield each number on several lists with what one list says of it, ordered by number."""
    say = {found.pk: sayer(found, sources) for found in lists}
    contacts = Contact.objects.filter(contact_list__in=list(say))
    several = contacts.order_by().values("number").annotate(lists=Count("pk")).filter(lists__gt=1)
    rows = (
        contacts.filter(number__in=several.values("number"))
        .order_by("number")
        .annotate(text=Cast("values", TextField()))
        .values_list("number", "contact_list_id", "name", "text")
    )
    for number, pk, name, text in rows.iterator(ROWS_AT_ONCE):
        yield number, (as_said(name), *say[pk](orjson.loads(text)).items())
