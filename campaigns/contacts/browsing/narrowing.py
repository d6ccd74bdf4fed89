"""The contacts of a list that have one trouble in one column, as pre-flight counts them.

The URL names the column by its position and the trouble by a word. It contains nothing out of a row.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from campaigns.contacts.models import Contact, ContactList
from campaigns.contacts.speech.unspeakable import Unspeakable, unspeakable
from campaigns.parameters import whole_number
from campaigns.uploads.numbers.characters import as_said

EMPTY, LONGER = "empty", "longer"
_LARGEST = 999_999
"""The largest position of a column, and the largest length."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A column and a trouble: `what` is "empty", "longer" (than `limit` characters) or an `Unspeakable`."""

    contact_list: ContactList
    column: int
    what: str
    limit: int = 0

    @classmethod
    def read(cls, contact_list: ContactList, given: Mapping[str, str]) -> "Narrowing | None":
        """Return what a URL asks for, or None if the list can't have it."""
        column, limit = _number(given.get("column", "")), _number(given.get("than", "0"))
        what = given.get("with", "")
        known = {EMPTY, LONGER, *Unspeakable}
        if column is None or limit is None or what not in known:
            return None
        if column >= len(contact_list.headings):
            return None
        return cls(contact_list, column, what, limit)

    @property
    def url(self) -> str:
        query: dict[str, str | int] = {"column": self.column, "with": self.what}
        if self.what == LONGER:
            query["than"] = self.limit
        return f"{reverse('contacts:contacts', args=[self.contact_list.pk])}?{urlencode(query)}"

    @property
    def words(self) -> str:
        """Return a phrase for the trouble, to be put after "contacts have" or "contacts with"."""
        heading = self.contact_list.headings[self.column]
        return f"{words_for(self.what, self.limit)} in “{heading}”"

    def among(self, contacts: Iterable[Contact]) -> Iterator[Contact]:
        """Yield those of the list's contacts that have the trouble."""
        has = self._test()
        return (contact for contact in contacts if has(contact.values[self.column]))

    def _test(self) -> Callable[[str], bool]:
        if self.what == EMPTY:
            return lambda text: not as_said(text)
        if self.what == LONGER:
            return lambda text: len(as_said(text)) > self.limit
        return lambda text: self.what in unspeakable(text)


def words_for(what: str, limit: int) -> str:
    """Return a phrase for a trouble, to be put after "has". The arguments are those of a `Narrowing`."""
    if what == EMPTY:
        return "nothing"
    if what == LONGER:
        return f"more than {limit:,} characters"
    return Unspeakable(what).words


def _number(text: str) -> int | None:
    number = whole_number(text)
    return None if number is None or number > _LARGEST else number
