"""What stands in a list's columns, counted once: a list never changes after its import.

A row for each column, apart from the list itself: pages that name lists don't read them, and a draft
reads those of the columns it uses and no others.
"""

from django.db import models

from campaigns.contacts.speech.unspeakable import Unspeakable


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
