"""The rows of the exports of people, in the words of the page."""

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from campaigns.results.models import CalledPerson

Cell = str | int

HEADINGS = (
    "Number",
    "Name",
    "Reached",
    "Call attempts",
    "Last outcome",
    "Last stage",
    "Pressed",
    "Seconds",
    "Price of calls",
)
_CHUNK = 2_000


def rows(people: QuerySet[CalledPerson]) -> Iterator[Sequence[Cell]]:
    """Yield a row for each person, a few thousand being in memory at a time."""
    for person in people.iterator(_CHUNK):
        yield (
            person.number,
            person.name,
            person.standing,
            person.attempts,
            person.outcome_words,
            person.stage_words,
            person.digits,
            person.seconds,
            "" if person.price is None else f"{person.price.normalize():f}",
        )


def text_rows(people: QuerySet[CalledPerson]) -> Iterator[Sequence[Cell]]:
    """Yield the headings and the rows, for CSV."""
    yield HEADINGS
    yield from rows(people)
