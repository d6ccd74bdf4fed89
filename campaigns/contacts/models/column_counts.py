"""Counts of the content of a list's columns. They are made once: a list never changes after its import.

Each column has a row of its own, apart from the list's. So pages that name lists don't read the counts,
and a draft reads those of the columns it uses.
"""

from django.db import models

from campaigns.contacts.speech.unspeakable import Unspeakable

SAY_AS_MAX_LENGTH = 20


class ColumnCounts(models.Model):
    """Numbers of contacts with nothing, or a text of some length or kind, in one column said in one way."""

    contact_list = models.ForeignKey(
        "contacts.ContactList", on_delete=models.CASCADE, related_name="column_counts"
    )
    column = models.PositiveSmallIntegerField()
    # How the cells are said: the id of a way to say them, or "" for as they are.
    say_as = models.CharField(max_length=SAY_AS_MAX_LENGTH, blank=True, default="")
    empty = models.PositiveIntegerField()
    # Number of contacts by the length of their text in characters: {"12": 300}.
    lengths = models.JSONField()
    # Number of contacts by the kind of trouble, an `Unspeakable`: {"capitals": 300}.
    kinds = models.JSONField()
    whole_numbers = models.PositiveIntegerField()
    # Number of contacts with a text that can't be said in this way.
    not_converted = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact_list", "column", "say_as"],
                name="a_column_is_counted_once_as_it_is_said",
            )
        ]

    def __str__(self) -> str:
        return f"Column counts {self.pk}"

    # Queries

    def longer_than(self, limit: int) -> int:
        """Return how many contacts have more than `limit` characters."""
        return sum(count for length, count in self.lengths.items() if int(length) > limit)

    @property
    def troubles(self) -> list[tuple[Unspeakable, int]]:
        """Return the kinds of trouble that occur, each with its number of contacts, in order of definition.

        Numbers that look like days count only if they are at least half of the column's whole numbers: among
        references and meter readings some always look like days.
        """
        found = [(kind, int(self.kinds[kind])) for kind in Unspeakable if kind in self.kinds]
        return [
            (kind, count)
            for kind, count in found
            if kind != Unspeakable.DAY_NUMBER or count * 2 >= self.whole_numbers
        ]
