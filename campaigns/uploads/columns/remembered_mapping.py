"""The reading that a person chose for a client's files, remembered by the headings of their columns."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from django.utils import timezone

from campaigns.clients.models import Client
from campaigns.uploads import headings
from campaigns.uploads.columns import heading_match


def names_of(
    columns: tuple[int, int | None], found: Sequence[str], repeated: Sequence[int]
) -> tuple[str, str]:
    """Return the headings by which the chosen columns (number, name) can be recognised in the next file.

    Return two empty strings if either column shares its heading, because in the next file "Phone" may be
    the other of the two. The same applies if either has no heading: in the next file "Column B" may hold
    anything.
    """
    number, name = columns
    if heading_match.not_known_again(found, repeated) & {number, name}:
        return "", ""
    return found[number], found[name] if name is not None else ""


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
    ) -> None:
        """Remember the headings of the chosen columns ("" for no name) for files with the same headings."""
        chosen = {
            "number_heading": number,
            "name_heading": name,
            "corrections": dict(corrections),
            "changed_at": timezone.now(),
        }
        cls.objects.update_or_create(client=client, headings_hash=_hash(guessed), defaults=chosen)

    @classmethod
    def find(cls, client: Client, guessed: Iterable[str]) -> "RememberedMapping | None":
        return cls.objects.filter(client=client, headings_hash=_hash(guessed)).first()

    def columns(
        self, found: Sequence[str], repeated: Sequence[int] = ()
    ) -> tuple[int, int | None] | None:
        """Return the indexes of the number and the name column, or None unless both are clear.

        `repeated` are the columns found that got a number. Files "Phone, Phone" and "Phone, Phone 2" have the
        same hash, but neither column of the first file is one that was chosen in the second. A column without
        a heading is never one that was chosen either, because all files have the same letters.
        """
        wanted = [self.number_heading, *filter(None, [self.name_heading])]
        order = heading_match.match(wanted, found, repeated).complete
        if order is None or heading_match.placed(found).intersection(order):
            return None
        return order[0], order[1] if self.name_heading else None
