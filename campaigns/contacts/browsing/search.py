"""The search for people, by number or name, one page at a time: on a list, and in what came of calls."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

from campaigns.contacts.browsing.narrowing import Narrowing
from campaigns.contacts.models import Contact, ContactList
from campaigns.uploads.numbers.characters import plain_characters
from campaigns.uploads.numbers.checker import NumberChecker, Reason

ROWS_A_PAGE = 50
ROWS_READ_AT_ONCE = 2_000

_CHECKER = NumberChecker(allow_fictional=True)
_FEWEST_DIGITS = 3

PersonT = TypeVar("PersonT", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[PersonT]):
    """A page of what was found. It has no total: counting a million contacts to show fifty takes too long."""

    people: Sequence[PersonT]
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
) -> Page[Contact]:
    """Return one page of the contacts found, in the order of the file. An empty `sought` finds all."""
    contacts = contact_list.contacts.order_by("pk")
    if not narrowing:
        return find_among(contacts, sought, page)
    found: Iterator[Contact] = narrowing.among(
        _sought(contacts, sought).iterator(ROWS_READ_AT_ONCE)
    )
    start = (page - 1) * ROWS_A_PAGE
    return _page(list(islice(found, start, start + ROWS_A_PAGE + 1)), page)


def find_among(people: QuerySet[PersonT], sought: str, page: int) -> Page[PersonT]:
    """Return one page of those rows with a number and a name that are sought. An empty `sought` finds all."""
    start = (page - 1) * ROWS_A_PAGE
    return _page(list(_sought(people, sought)[start : start + ROWS_A_PAGE + 1]), page)


def _page(rows: list[PersonT], page: int) -> Page[PersonT]:
    return Page(rows[:ROWS_A_PAGE], page, has_next=len(rows) > ROWS_A_PAGE)


def _sought(people: QuerySet[PersonT], sought: str) -> QuerySet[PersonT]:
    text = plain_characters(sought).strip()
    digits = "".join(filter(str.isdigit, text))
    if text and len(digits) >= _FEWEST_DIGITS:
        number = _CHECKER.check(text)
        if isinstance(number, Reason):
            return people.filter(number__contains=digits.lstrip("0"))
        return people.filter(number=number)
    return people.filter(name__icontains=text) if text else people
