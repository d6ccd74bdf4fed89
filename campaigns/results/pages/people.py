"""The people of a campaign's results: the search by number or name, one page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from campaigns.results.models import CalledPerson
from campaigns.results.pages.narrowing import Narrowing
from campaigns.submissions.models import Part
from campaigns.uploads.numbers.characters import plain_characters
from campaigns.uploads.numbers.checker import NumberChecker, Reason

ROWS_A_PAGE = 50
_FEWEST_DIGITS = 3
_CHECKER = NumberChecker(allow_fictional=True)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the people found. It has no total, as with contacts."""

    people: list[CalledPerson]
    number: int
    has_next: bool

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        return self.number + 1


def of_parts(parts: Iterable[Part], narrowing: Narrowing) -> QuerySet[CalledPerson]:
    """Return the people of the parts that the filters leave, in the order in which they were sent."""
    people = CalledPerson.objects.filter(part__in=[part.pk for part in parts])
    return narrowing.among(people).order_by("part", "pk")


def find(people: QuerySet[CalledPerson], sought: str, page: int) -> Page:
    """Return one page of those with this number, digits or name. An empty `sought` finds all."""
    start = (page - 1) * ROWS_A_PAGE
    rows = list(_sought(people, sought)[start : start + ROWS_A_PAGE + 1])
    return Page(rows[:ROWS_A_PAGE], page, has_next=len(rows) > ROWS_A_PAGE)


def _sought(people: QuerySet[CalledPerson], sought: str) -> QuerySet[CalledPerson]:
    text = plain_characters(sought).strip()
    digits = "".join(filter(str.isdigit, text))
    if len(digits) >= _FEWEST_DIGITS:
        number = _CHECKER.check(text)
        if isinstance(number, Reason):
            return people.filter(number__contains=digits.lstrip("0"))
        return people.filter(number=number)
    return people.filter(name__icontains=text) if text else people
