"""Counts of what is in a list's columns. They are made once, as a list never changes after its import."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import IntegrityError, transaction

from campaigns.contacts.browsing.said_cells import saying
from campaigns.contacts.models import ColumnCounts, ContactList
from campaigns.contacts.speech.unspeakable import is_whole_number, unspeakable
from campaigns.extension_points import Hook
from campaigns.uploads.numbers.characters import as_said

# Columns that are counted right after the import. Columns further right are counted when a draft first
# uses them.
COLUMNS_AHEAD = 30
BATCH = 5_000


class Said(NamedTuple):
    """A column, and the id of the way in which its cells are said, or "" for as they are."""

    column: int
    say_as: str = ""


# A person who takes the suggestion needn't wait while all cells of a large list are converted.
suggested = Hook[[ContactList, Sequence[int]], Sequence[str]](
    "the ids of the ways to say these columns of a list that are suggested to people; empty for none"
)


def of(contact_list: ContactList, columns: Iterable[int]) -> dict[int, ColumnCounts]:
    """Return the counts of these columns of a ready list, said as they are."""
    counted = of_said(contact_list, map(Said, columns))
    return {said.column: counts for said, counts in counted.items()}


def of_said(contact_list: ContactList, wanted: Iterable[Said]) -> dict[Said, ColumnCounts]:
    """Return the counts of these columns of a ready list, as they are said.

    What was never counted is counted now.
    """
    lacking = set(wanted)
    kept = ColumnCounts.objects.filter(
        contact_list=contact_list, column__in={said.column for said in lacking}
    )
    counted = {Said(counts.column, counts.say_as): counts for counts in kept}
    found: dict[Said, ColumnCounts] = {
        said: counts for said, counts in counted.items() if said in lacking
    }
    lacking -= found.keys()
    if lacking:
        found |= _count(contact_list, sorted(lacking))
    return found


def count_ahead(contact_list: ContactList) -> None:
    """Count the columns that a draft may use, as they are and as they are likely to be said."""
    columns = range(min(len(contact_list.headings), COLUMNS_AHEAD))
    of_numbers = {contact_list.number_column, contact_list.second_number_column}
    used = [column for column in columns if column not in of_numbers]
    ways = [
        Said(column, way)
        for found in suggested(contact_list, used)
        for column, way in zip(used, found, strict=True)
        if way
    ]
    of_said(contact_list, [*map(Said, used), *ways])


def _count(contact_list: ContactList, columns: Sequence[Said]) -> dict[Said, ColumnCounts]:
    tallies = [_Tally(said.say_as) for said in columns]
    for batch in contact_list.contacts.order_by("pk").cells(BATCH):
        for said, tally in zip(columns, tallies, strict=True):
            tally.add([cells[said.column] for cells in batch])
    made = [
        ColumnCounts(
            contact_list=contact_list, column=said.column, say_as=said.say_as, **tally.counts()
        )
        for said, tally in zip(columns, tallies, strict=True)
    ]
    try:
        with transaction.atomic():
            # Another process may have counted the same columns meanwhile, with the same result.
            ColumnCounts.objects.bulk_create(made, ignore_conflicts=True)
    except IntegrityError:
        # The list was deleted during the count, so there is nothing to keep.
        pass
    return dict(zip(columns, made, strict=True))


class _Tally:
    """The counts of one column, added batch by batch. Equal texts in a batch are examined once."""

    def __init__(self, say_as: str) -> None:
        self._way = saying(say_as)
        self._empty = self._whole_numbers = self._not_converted = 0
        self._lengths: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()

    def add(self, cells: Iterable[str]) -> None:
        for cell, times in Counter(cells).items():
            if not as_said(cell):
                self._empty += times
                continue
            text = self._way.convert(cell) if self._way else cell
            if text is None:
                self._not_converted += times
                text = cell
            said = as_said(text)
            self._lengths[str(len(said))] += times
            if is_whole_number(said):
                self._whole_numbers += times
            for kind in unspeakable(text):
                self._kinds[kind.value] += times

    def counts(self) -> dict[str, object]:
        return {
            "empty": self._empty,
            "lengths": dict(self._lengths),
            "kinds": dict(self._kinds),
            "whole_numbers": self._whole_numbers,
            "not_converted": self._not_converted,
        }
