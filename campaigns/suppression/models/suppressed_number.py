"""The numbers of a suppression, one entry each, and the rows of its file that hold no number."""

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from campaigns.clients.models import Client
from campaigns.uploads.runs.refused_row import RefusedRowBase

EVERYBODY = 0
"""The scope of what is suppressed for all clients; any other scope is a client's id."""


class SuppressedNumberQuerySet(models.QuerySet["SuppressedNumber"]):
    def live(self) -> "SuppressedNumberQuerySet":
        """Return the entries in force today (UK).

        An entry has no first day, so each of them has been in force since it was added.
        """
        return self.filter(models.Q(until__isnull=True) | models.Q(until__gte=timezone.localdate()))

    def of(self, client: Client) -> "SuppressedNumberQuerySet":
        return self.filter(scope__in=[EVERYBODY, client.pk])

    def strictest_first(self) -> "SuppressedNumberQuerySet":
        """Order by end, the latest first and before it those without an end.

        Of two entries with the same end, the one for all clients comes first.
        """
        return self.order_by(models.F("until").desc(nulls_first=True), "scope", "pk")


class SuppressedNumber(models.Model):
    """One number that must not be called, in the same form as a contact's number, so that they can be joined.

    Each suppression has its own entry for a number, so that one entry can go while another stays in force.
    A number is suppressed while any of its entries is in force. `scope` and `until` repeat the suppression's
    values, so that matching reads one index and one row.
    """

    # No foreign key constraint in the database, to keep loads of millions fast. Only `bulk_statements`
    # writes entries.
    suppression = models.ForeignKey(
        "suppression.Suppression",
        on_delete=models.CASCADE,
        related_name="numbers",
        db_constraint=False,
        db_index=False,
    )
    number = models.CharField(max_length=16)
    scope = models.PositiveBigIntegerField()
    until = models.DateField(null=True)

    objects = SuppressedNumberQuerySet.as_manager()

    class Meta:
        db_table = "contacts_suppressednumber"
        constraints = [
            models.UniqueConstraint(
                fields=["number", "suppression"],
                name="a_number_stands_once_in_a_suppression",
            )
        ]
        # Numbers are removed in this order. Without this index millions are sorted each time.
        indexes = [models.Index(fields=["suppression", "id"], name="suppressed_in_their_order")]

    def __str__(self) -> str:
        return f"Suppressed number {self.pk}"

    @transaction.atomic
    def remove(self, actor: User, reason: str) -> None:
        """Remove this entry. The number stays suppressed while another entry is in force.

        The event contains the reason but not the number.
        """
        # Before the entry, as `Suppression.remove_some` does: it may be removing all numbers of the file.
        self.suppression.lock()
        removed, _ = SuppressedNumber.objects.filter(pk=self.pk).delete()
        if removed:
            self.suppression.lose_one(actor, reason)

    def others(self) -> SuppressedNumberQuerySet:
        """Return the other entries in force for the same clients, the strictest first.

        For an entry for all clients, these are the entries of every client.
        """
        alike = SuppressedNumber.objects.live().filter(number=self.number)
        if self.scope != EVERYBODY:
            alike = alike.filter(scope__in=[EVERYBODY, self.scope])
        return alike.exclude(suppression=self.suppression_id).strictest_first()


class SuppressionRefusedRow(RefusedRowBase):
    """A row of a file that holds no number, with its own cells and the code of the reason."""

    suppression = models.ForeignKey(
        "suppression.Suppression", on_delete=models.CASCADE, related_name="refused_rows"
    )

    class Meta(RefusedRowBase.Meta):
        db_table = "contacts_suppressionrefusedrow"

    @property
    def number_column(self) -> int | None:
        return self.suppression.number_column
