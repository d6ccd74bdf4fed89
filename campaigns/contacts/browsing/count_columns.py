"""Counts of what is in a list's columns. They are made once, as a list never changes after its import."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction

from campaigns.contacts.models import ColumnCounts, ContactList
from campaigns.contacts.speech.unspeakable import is_whole_number, unspeakable
from campaigns.uploads.numbers.characters import as_said

# Columns that are counted right after the import. Columns further right are counted when a draft first
# uses them.
COLUMNS_AHEAD = 30
BATCH = 5_000


def of(contact_list: ContactList, columns: Iterable[int]) -> dict[int, ColumnCounts]:
    """Return the counts of these columns of a ready list. Columns that were never counted are counted now."""
    wanted = set(columns)
    kept = ColumnCounts.objects.filter(contact_list=contact_list, column__in=wanted)
    found: dict[int, ColumnCounts] = {counts.column: counts for counts in kept}
    lacking = sorted(wanted - found.keys())
    if lacking:
        found |= _count(contact_list, lacking)
    return found


def count_ahead(contact_list: ContactList) -> None:
    """Count the columns that a draft may use, so that the draft needn't wait."""
    columns = range(min(len(contact_list.headings), COLUMNS_AHEAD))
    of(contact_list, (column for column in columns if column != contact_list.number_column))


def _count(contact_list: ContactList, columns: Sequence[int]) -> dict[int, ColumnCounts]:
    tallies = [_Tally() for _ in columns]
    for batch in contact_list.contacts.order_by("pk").cells(BATCH):
        for column, tally in zip(columns, tallies, strict=True):
            tally.add([cells[column] for cells in batch])
    made = [
        ColumnCounts(contact_list=contact_list, column=column, **tally.counts())
        for column, tally in zip(columns, tallies, strict=True)
    ]
    try:
        with transaction.atomic():
            # Another process may have counted the same columns meanwhile, with the same result.
            ColumnCounts.objects.bulk_create(made, ignore_conflicts=True)
    except IntegrityError:
        # The list was deleted during the count, so there is nothing to keep.
        pass
    return {counts.column: counts for counts in made}


class _Tally:
    """The counts of one column, added batch by batch. Equal texts in a batch are examined once."""

    def __init__(self) -> None:
        self._empty = self._whole_numbers = 0
        self._lengths: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()

    def add(self, cells: Iterable[str]) -> None:
        for text, times in Counter(cells).items():
            said = as_said(text)
            if not said:
                self._empty += times
                continue
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
        }
