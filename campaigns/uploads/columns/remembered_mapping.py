"""The reading that a person chose for a client's files, remembered by the headings of their columns."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from django.utils import timezone

from campaigns.clients.models import Client
from campaigns.uploads import headings
from campaigns.uploads.chosen_columns import Columns
from campaigns.uploads.columns import heading_match


def names_of(
    columns: Columns, found: Sequence[str], repeated: Sequence[int]
) -> tuple[str, str, str]:
    """Return the headings by which the chosen columns can be recognised in the next file, "" for none.

    They are in the order of `Columns`. All are empty if one of the columns shares its heading, because in
    the next file "Phone" may be the other of the two. The same applies if one has no heading: in the next
    file "Column B" may hold anything.
    """
    if heading_match.not_known_again(found, repeated).intersection(columns):
        return "", "", ""
    number, name, second = ("" if column is None else found[column] for column in columns)
    return number, name, second


def _hash(found: Iterable[str]) -> str:
    return hashlib.sha256(headings.remembered_by(found).encode()).hexdigest()


class RememberedMapping(models.Model):
    """A person's choice for files with a given set of headings, as those were first guessed."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    headings_hash = models.CharField(max_length=64)
    # The headings as written. Old rows hold them as `headings.key` gives them. "" means that there is no
    # column of names, or that the column of numbers can't be recognised in another file.
    number_heading = models.TextField()
    name_heading = models.TextField(blank=True)
    # "" means that there is no second column of numbers.
    second_number_heading = models.TextField(blank=True, default="", db_default="")
    # The corrections of the guessed reading: arguments of `spreadsheets.inspect`.
    corrections = models.JSONField(default=dict)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "contacts_rememberedmapping"
        constraints = [
            models.UniqueConstraint(
                fields=["client", "headings_hash"],
                name="a_client_has_one_mapping_for_a_set_of_headings",
            )
        ]

    def __str__(self) -> str:
        return f"Remembered mapping {self.pk}"

    @classmethod
    def keep(
        cls,
        client: Client,
        guessed: Iterable[str],
        number: str,
        name: str,
        corrections: Mapping[str, Any],
        *,
        second: str = "",
    ) -> None:
        """Remember the headings of the chosen columns for files with the same headings.

        `name` and `second`, the second column of numbers, are "" if there is none.
        """
        chosen = {
            "number_heading": number,
            "name_heading": name,
            "second_number_heading": second,
            "corrections": dict(corrections),
            "changed_at": timezone.now(),
        }
        cls.objects.update_or_create(client=client, headings_hash=_hash(guessed), defaults=chosen)

    @classmethod
    def find(cls, client: Client, guessed: Iterable[str]) -> "RememberedMapping | None":
        return cls.objects.filter(client=client, headings_hash=_hash(guessed)).first()

    def columns(self, found: Sequence[str], repeated: Sequence[int] = ()) -> Columns | None:
        """Return the columns that were chosen, or None unless all of them are clear.

        `repeated` are the columns found that got a number. Files "Phone, Phone" and "Phone, Phone 2" have the
        same hash, but neither column of the first file is one that was chosen in the second. A column without
        a heading is never one that was chosen either, because all files have the same letters.
        """
        others = [self.name_heading, self.second_number_heading]
        wanted = [self.number_heading, *filter(None, others)]
        order = heading_match.match(wanted, found, repeated).complete
        if order is None or heading_match.placed(found).intersection(order):
            return None
        number, *more = order
        name, second = (more.pop(0) if heading else None for heading in others)
        return Columns(number, name, second)
