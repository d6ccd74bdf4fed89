"""What stands in a list's columns, counted once: a list never changes after its import.

A row for each column, apart from the list itself: pages that name lists don't read them, and a draft
reads those of the columns it uses and no others.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import orjson
from django.db import IntegrityError, models, transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from campaigns.contacts.characters import as_said
from campaigns.contacts.speaking import Unspeakable, is_whole_number, unspeakable

if TYPE_CHECKING:
    from campaigns.contacts.models import ContactList

# Of a list that has just been read. Those further right are counted when a draft first uses them.
COLUMNS_AHEAD = 30
BATCH = 5_000


class ColumnCounts(models.Model):
    """How many contacts have nothing, a long text, or one that is spoken badly, in one column."""

    contact_list = models.ForeignKey(
        "contacts.ContactList", on_delete=models.CASCADE, related_name="column_counts"
    )
    column = models.PositiveSmallIntegerField()
    empty = models.PositiveIntegerField()
    # Contacts by the length of what they have, in characters: {"12": 300}.
    lengths = models.JSONField()
    # Contacts by the kind of trouble, an `Unspeakable`: {"capitals": 300}.
    kinds = models.JSONField()
    whole_numbers = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact_list", "column"], name="a_column_is_counted_once"
            )
        ]

    def __str__(self) -> str:
        return f"Column counts {self.pk}"

    # Factories

    @classmethod
    def of(cls, contact_list: "ContactList", columns: Iterable[int]) -> "dict[int, ColumnCounts]":
        """Return the counts of these columns of a list that is ready, counting what never was."""
        wanted = set(columns)
        kept = cls.objects.filter(contact_list=contact_list, column__in=wanted)
        found: dict[int, ColumnCounts] = {counts.column: counts for counts in kept}
        lacking = sorted(wanted - found.keys())
        if lacking:
            found |= cls._count(contact_list, lacking)
        return found

    @classmethod
    def count_ahead(cls, contact_list: "ContactList") -> None:
        """Count what a draft may ask for, so that it needn't wait."""
        columns = range(min(len(contact_list.headings), COLUMNS_AHEAD))
        cls.of(contact_list, (column for column in columns if column != contact_list.number_column))

    @classmethod
    def _count(
        cls, contact_list: "ContactList", columns: Sequence[int]
    ) -> "dict[int, ColumnCounts]":
        tallies = [_Tally() for _ in columns]
        # As text: orjson reads it faster than the field does.
        values = contact_list.contacts.order_by("pk").annotate(text=Cast("values", TextField()))
        rows = values.values_list("text", flat=True).iterator(BATCH)
        while batch := [orjson.loads(text) for text in islice(rows, BATCH)]:
            for column, tally in zip(columns, tallies, strict=True):
                tally.add([cells[column] for cells in batch])
        made = [
            ColumnCounts(contact_list=contact_list, column=column, **tally.counts())
            for column, tally in zip(columns, tallies, strict=True)
        ]
        try:
            with transaction.atomic():
                # Somebody else may have counted the same meanwhile, to the same end.
                ColumnCounts.objects.bulk_create(made, ignore_conflicts=True)
        except IntegrityError:
            # The list has been deleted while it was counted: there is nothing to keep.
            pass
        return {counts.column: counts for counts in made}

    # Queries

    def longer_than(self, limit: int) -> int:
        """Return how many contacts have more characters than that."""
        return sum(count for length, count in self.lengths.items() if int(length) > limit)

    @property
    def troubles(self) -> list[tuple[Unspeakable, int]]:
        """Return the kinds that anybody has, with how many, in the order of their definition.

        Numbers count as those of days only where they are at least half of the column's numbers:
        among references and meter readings some always look like days.
        """
        found = [(kind, int(self.kinds[kind])) for kind in Unspeakable if kind in self.kinds]
        return [
            (kind, count)
            for kind, count in found
            if kind != Unspeakable.DAY_NUMBER or count * 2 >= self.whole_numbers
        ]


class _Tally:
    """One column, counted a batch at a time; equal texts are looked at once in a batch."""

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
