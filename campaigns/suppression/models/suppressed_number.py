"""The numbers of a suppression, one entry each, and the rows of its file that hold none."""

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from campaigns.clients.models import Client
from campaigns.uploads.runs.refused_row import RefusedRowBase

EVERYBODY = 0
"""The scope of what is suppressed for all clients; any other scope is a client's id."""


class SuppressedNumberQuerySet(models.QuerySet["SuppressedNumber"]):
    def live(self) -> "SuppressedNumberQuerySet":
        """Return what holds today (UK). An entry has no first day, so it has held until now."""
        return self.filter(models.Q(until__isnull=True) | models.Q(until__gte=timezone.localdate()))

    def of(self, client: Client) -> "SuppressedNumberQuerySet":
        return self.filter(scope__in=[EVERYBODY, client.pk])

    def strictest_first(self) -> "SuppressedNumberQuerySet":
        """Order by when they end, those without an end first; of two alike, what holds for all first."""
        return self.order_by(models.F("until").desc(nulls_first=True), "scope", "pk")


class SuppressedNumber(models.Model):
    """One number that must not be called, in the same form as a contact's, so that they can be joined.

    Every suppression has its own entry for a number, so that one can go and another still holds. A
    number is suppressed while any of its entries is in force.
    `scope` and `until` repeat the suppression's, so that matching reads one index and one row.
    """

    # No constraint in the database, for the sake of loads of millions; only `store` writes these.
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
        # Numbers are taken away in their order; without this, millions are sorted each time.
        indexes = [models.Index(fields=["suppression", "id"], name="suppressed_in_their_order")]

    def __str__(self) -> str:
        return f"Suppressed number {self.pk}"

    @transaction.atomic
    def remove(self, actor: User, reason: str) -> None:
        """Take this entry away; what else suppresses the number still does.

        The event names the reason and not the number.
        """
        removed, _ = SuppressedNumber.objects.filter(pk=self.pk).delete()
        if removed:
            self.suppression.lose_one(actor, reason)

    def others(self) -> SuppressedNumberQuerySet:
        """Return the other entries in force for whom this one holds, the strictest first.

        Beside one for all clients that is every client's.
        """
        alike = SuppressedNumber.objects.live().filter(number=self.number)
        if self.scope != EVERYBODY:
            alike = alike.filter(scope__in=[EVERYBODY, self.scope])
        return alike.exclude(suppression=self.suppression_id).strictest_first()


class SuppressionRefusedRow(RefusedRowBase):
    """A row of a file that holds no number, with its own cells and the reason's code."""

    suppression = models.ForeignKey(
        "suppression.Suppression", on_delete=models.CASCADE, related_name="refused_rows"
    )

    class Meta(RefusedRowBase.Meta):
        db_table = "contacts_suppressionrefusedrow"

    @property
    def number_column(self) -> int | None:
        return self.suppression.number_column
