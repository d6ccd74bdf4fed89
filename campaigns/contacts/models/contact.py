"""The contacts and refused rows that the rows of a contact list become."""

from collections.abc import Iterator

import orjson
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Cast

from campaigns.batches import in_batches
from campaigns.uploads.numbers.checker import FICTIONAL_PREFIXES, Reason
from campaigns.uploads.runs.refused_row import RefusedRowBase

ALREADY_THERE = "The number is already on the list that these rows were added to."


class ContactQuerySet(models.QuerySet["Contact"]):
    def fictional(self) -> "ContactQuerySet":
        """Return the contacts with fictional numbers, which only a sandbox's lists hold.

        The filter uses ranges, which the index on a list's numbers answers quickly however long the list is.
        """
        wanted = models.Q()
        for prefix in FICTIONAL_PREFIXES:
            after = f"{prefix[:-1]}{int(prefix[-1]) + 1}"
            wanted |= models.Q(number__gte=prefix, number__lt=after)
        return self.filter(wanted)

    def cells(self, size: int) -> Iterator[list[list[str]]]:
        """Yield batches of `size` contacts, each as its cells.

        They are read as text, because orjson parses JSON faster than the model field does.
        """
        texts = self.annotate(text=Cast("values", models.TextField())).values_list(
            "text", flat=True
        )
        for batch in in_batches(texts.iterator(size), size):
            yield [orjson.loads(text) for text in batch]


class Contact(models.Model):
    """One person. `values` are the row's cells as text, in the order of the list's headings."""

    # No foreign key constraint in the database, because checking it costs as much as the insert itself.
    # It is not needed: only the import of a list writes contacts, and they are deleted with the list.
    contact_list = models.ForeignKey(
        "contacts.ContactList",
        on_delete=models.CASCADE,
        related_name="contacts",
        db_constraint=False,
        db_index=False,
    )
    row_number = models.PositiveIntegerField()
    number = models.CharField(max_length=16)
    name = models.CharField(max_length=200, blank=True)
    values = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    # True for a number from the second column of numbers, and null for any other: a null takes no room, and
    # a new column of nulls does not rewrite the table.
    from_second_column = models.BooleanField(null=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact_list", "number"], name="a_number_stands_once_in_a_contact_list"
            )
        ]
        # A list is read in the order of its file. Without this index a million rows are sorted each time.
        indexes = [models.Index(fields=["contact_list", "id"], name="contacts_in_their_order")]

    def __str__(self) -> str:
        return f"Contact {self.pk}"


class RefusedRow(RefusedRowBase):
    """A row that is not a contact, with its own cells and the code of the reason."""

    contact_list = models.ForeignKey(
        "contacts.ContactList", on_delete=models.CASCADE, related_name="refused_rows"
    )
    first_row = models.PositiveIntegerField(
        null=True, help_text="For a duplicate: the row that has the number first."
    )
    has_other_name = models.BooleanField(
        db_default=False,
        help_text="For a duplicate: the contact with the same number has another name.",
    )

    # True if the number, or the reason against it, is from the second column of numbers; else null.
    from_second_column = models.BooleanField(null=True)

    @property
    def number_column(self) -> int | None:
        one = self.contact_list
        return one.second_number_column if self.from_second_column else one.number_column

    @property
    def sentence(self) -> str:
        if self.reason == Reason.DUPLICATE and not self.first_row:
            return ALREADY_THERE
        return super().sentence.format(row=self.first_row)
