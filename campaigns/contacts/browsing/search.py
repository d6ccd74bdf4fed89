"""The search for people on a list, by number or name, one page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from campaigns.contacts.browsing.narrowing import Narrowing
from campaigns.contacts.models import Contact, ContactList
from campaigns.contacts.models.contact import ContactQuerySet
from campaigns.uploads.numbers.characters import plain_characters
from campaigns.uploads.numbers.checker import NumberChecker, Reason

ROWS_A_PAGE = 50
ROWS_READ_AT_ONCE = 2_000

_CHECKER = NumberChecker(allow_fictional=True)
_FEWEST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Page:
    """A page of what was found. It has no total: counting a million contacts to show fifty takes too long."""

    contacts: list[Contact]
    number: int
    has_next: bool

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        return self.number + 1


def find(
    contact_list: ContactList, sought: str, page: int, narrowing: Narrowing | None = None
) -> Page:
    """Return one page of the contacts found, in the order of the file. An empty `sought` finds all."""
    contacts = _sought(contact_list, sought)
    start = (page - 1) * ROWS_A_PAGE
    if narrowing:
        found: Iterator[Contact] = narrowing.among(contacts.iterator(ROWS_READ_AT_ONCE))
        rows = list(islice(found, start, start + ROWS_A_PAGE + 1))
    else:
        rows = list(contacts[start : start + ROWS_A_PAGE + 1])
    return Page(rows[:ROWS_A_PAGE], page, has_next=len(rows) > ROWS_A_PAGE)


def _sought(contact_list: ContactList, sought: str) -> ContactQuerySet:
    contacts = contact_list.contacts.order_by("pk")
    text = plain_characters(sought).strip()
    digits = "".join(filter(str.isdigit, text))
    if text and len(digits) >= _FEWEST_DIGITS:
        number = _CHECKER.check(text)
        if isinstance(number, Reason):
            return contacts.filter(number__contains=digits.lstrip("0"))
        return contacts.filter(number=number)
    return contacts.filter(name__icontains=text) if text else contacts
