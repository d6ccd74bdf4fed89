"""The contacts of a list that have one trouble in one column, as pre-flight counts them.

The URL names the column by its position and the trouble by a word. It contains nothing out of a row.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from campaigns.contacts.browsing.said_cells import converted, saying
from campaigns.contacts.models import Contact, ContactList
from campaigns.contacts.speech.unspeakable import Unspeakable, unspeakable
from campaigns.parameters import whole_number
from campaigns.uploads.numbers.characters import as_said

EMPTY, LONGER, NOT_CONVERTED = "empty", "longer", "not-converted"
_LARGEST = 999_999
"""The largest position of a column, and the largest length."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A column and a trouble: `what` is "empty", "longer" (than `limit` characters) or an `Unspeakable`.

    With `say_as`, the id of a way to say cells, it is a trouble of what the cells are converted to, and may
    also be "not-converted".
    """

    contact_list: ContactList
    column: int
    what: str
    limit: int = 0
    say_as: str = ""

    @classmethod
    def read(cls, contact_list: ContactList, given: Mapping[str, str]) -> "Narrowing | None":
        """Return what a URL asks for, or None if the list can't have it."""
        column, limit = _number(given.get("column", "")), _number(given.get("than", "0"))
        what = given.get("with", "")
        say_as = given.get("as", "")
        if say_as and saying(say_as) is None:
            return None
        known = {EMPTY, LONGER, *([NOT_CONVERTED] if say_as else []), *Unspeakable}
        if column is None or limit is None or what not in known:
            return None
        if column >= len(contact_list.headings):
            return None
        return cls(contact_list, column, what, limit, say_as)

    @property
    def url(self) -> str:
        query: dict[str, str | int] = {"column": self.column, "with": self.what}
        if self.what == LONGER:
            query["than"] = self.limit
        if self.say_as:
            query["as"] = self.say_as
        return f"{reverse('contacts:contacts', args=[self.contact_list.pk])}?{urlencode(query)}"

    @property
    def words(self) -> str:
        """Return a phrase for the trouble, to be put after "contacts have" or "contacts with"."""
        heading = self.contact_list.headings[self.column]
        return f"{words_for(self.what, self.limit, self.say_as)} in “{heading}”"

    def among(self, contacts: Iterable[Contact]) -> Iterator[Contact]:
        """Yield those of the list's contacts that have the trouble."""
        has = self._test()
        return (contact for contact in contacts if has(contact.values[self.column]))

    def _test(self) -> Callable[[str], bool]:
        way = saying(self.say_as)
        if self.what == EMPTY:
            return lambda cell: not as_said(cell)
        if self.what == NOT_CONVERTED and way:
            return lambda cell: bool(as_said(cell)) and way.convert(cell) is None
        if self.what == LONGER:
            return lambda cell: len(as_said(converted(cell, way))) > self.limit
        return lambda cell: self.what in unspeakable(converted(cell, way))


def words_for(what: str, limit: int, say_as: str = "") -> str:
    """Return a phrase for a trouble, to be put after "has". The arguments are those of a `Narrowing`."""
    if what == EMPTY:
        return "nothing"
    if what == LONGER:
        return f"more than {limit:,} characters"
    if what == NOT_CONVERTED:
        way = saying(say_as)
        return f"a value that can’t be read as {way.noun if way else 'chosen'}"
    return Unspeakable(what).words


def _number(text: str) -> int | None:
    number = whole_number(text)
    return None if number is None or number > _LARGEST else number
