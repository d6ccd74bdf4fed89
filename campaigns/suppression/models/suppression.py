"""A suppression: one decision not to call one typed number, or all numbers of a file."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import File
from django.db import models, transaction
from django.utils import timezone

from campaigns.clients.models import Client, Event
from campaigns.plurals import counted
from campaigns.suppression.models import bulk_statements
from campaigns.suppression.models.suppressed_number import EVERYBODY, SuppressedNumber
from campaigns.uploads.runs import import_run, stored_file
from campaigns.uploads.runs.import_run import IMPORT_DEAD_AFTER, ImportRun, ImportRunQuerySet
from portal import files

# A decision is dated some time before it is committed. The difference is less than this.
COMMIT_LAG = timedelta(minutes=5)
# Numbers removed in one transaction. Other writers wait a tenth of a second at most.
REMOVED_AT_ONCE = 5_000


class SuppressionQuerySet(ImportRunQuerySet["Suppression"]):
    def with_remains(self) -> "SuppressionQuerySet":
        """Return the suppressions whose numbers should be being removed but are not."""
        dead = timezone.now() - IMPORT_DEAD_AFTER
        return self.filter(
            models.Q(status=Suppression.Status.CANCELLED) & ~models.Q(file="")
            | models.Q(status=Suppression.Status.REMOVING, progress_at__lt=dead)
        )

    def changing(self) -> "SuppressionQuerySet":
        """Return the suppressions whose numbers may change at any moment without an event."""
        states = Suppression.Status
        writing = models.Q(status__in=[states.QUEUED, states.IMPORTING, states.REMOVING])
        return self.filter(writing | models.Q(status=states.CANCELLED) & ~models.Q(file=""))

    def of(self, client: Client) -> "SuppressionQuerySet":
        """Return the suppressions that apply to this client: its own and those for all clients."""
        return self.filter(models.Q(client=client) | models.Q(client__isnull=True))

    def newer_than(self, moment: datetime) -> "SuppressionQuerySet":
        """Return every suppression of which any part may have been committed after `moment`."""
        return self.filter(
            models.Q(finished_at__isnull=True) | models.Q(finished_at__gte=moment - COMMIT_LAG)
        )


def _stored_name(suppression: "Suppression", filename: str) -> str:
    """Return a random name for the stored file, because a file's name may say who is in it."""
    return f"suppression/{suppression.scope}/{uuid4().hex}{Path(filename).suffix.lower()[:6]}"


class Suppression(ImportRun):
    class Status(models.TextChoices):
        """The states of an import, with the same values, and those of a removal."""

        UPLOADED = import_run.Status.UPLOADED.value, "Being looked at"
        CHOOSING = import_run.Status.CHOOSING.value, "Columns to confirm"
        QUEUED = import_run.Status.QUEUED.value, "Waiting to be read"
        IMPORTING = import_run.Status.IMPORTING.value, "Being read"
        READY = import_run.Status.READY.value, "In force"
        FAILED = import_run.Status.FAILED.value, "Could not be read"
        CANCELLED = import_run.Status.CANCELLED.value, "Cancelled"
        REMOVING = "removing", "Being removed"
        REMOVED = "removed", "Removed"

    # Not FAILED: the numbers read before a failure stay suppressed, to be safe.
    GIVEN_UP = (import_run.Status.CANCELLED,)

    status = models.CharField(max_length=9, choices=Status.choices, default=Status.UPLOADED)
    client = models.ForeignKey(
        Client, null=True, on_delete=models.PROTECT, related_name="suppressions"
    )
    reason = models.CharField("Why", max_length=200)
    until = models.DateField(null=True, help_text="The last day (UK) on which it holds.")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now)
    # Empty if one number was typed.
    file = models.FileField(upload_to=_stored_name, max_length=200, blank=True)

    row_count = models.PositiveIntegerField(default=0)
    number_count = models.PositiveIntegerField(default=0)
    # Rows whose number is in an earlier row of the file too.
    already_count = models.PositiveIntegerField(default=0)
    blank_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    # Numbers removed again; and how many of those removed together another entry still suppresses.
    removed_count = models.PositiveIntegerField(default=0)
    still_count = models.PositiveIntegerField(default=0)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        db_table = "contacts_suppression"
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_suppression_says_why"),
            models.CheckConstraint(
                condition=~models.Q(status="ready")
                | models.Q(
                    row_count=models.F("number_count")
                    + models.F("already_count")
                    + models.F("blank_count")
                    + models.F("refused_count")
                ),
                name="every_row_of_a_suppression_is_accounted_for",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["uploaded", "choosing", "queued", "importing"],
                    finished_at__isnull=True,
                )
                | models.Q(
                    status__in=["ready", "failed", "cancelled", "removing", "removed"],
                    finished_at__isnull=False,
                ),
                name="a_suppression_is_dated_when_it_is_finished",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="queued") | models.Q(number_column__isnull=False),
                name="a_suppression_is_read_once_its_column_of_numbers_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["uploaded", "choosing"])
                | models.Q(look__isnull=True),
                name="rows_of_a_suppression_are_shown_only_while_its_columns_are_chosen",
            ),
        ]

    def __str__(self) -> str:
        return f"Suppression {self.pk}"

    # Factories

    @classmethod
    @transaction.atomic
    def add(
        cls, actor: User, client: Client | None, number: str, reason: str, until: date | None
    ) -> "Suppression":
        """Suppress one E.164 number. Older entries for the number stay as they are."""
        made = cls.objects.create(
            client=client,
            reason=reason,
            until=until,
            added_by=actor,
            status=cls.Status.READY,
            finished_at=timezone.now(),
            row_count=1,
            number_count=1,
        )
        bulk_statements.add(made.pk, made.scope, [number], until)
        made.record_event(f"Suppressed a number: {reason}", actor)
        return made

    @classmethod
    @transaction.atomic
    def upload(
        cls,
        actor: User,
        client: Client | None,
        file: File[bytes],
        reason: str,
        until: date | None,
    ) -> "Suppression":
        """Store the file as it came. The caller enqueues the next task, which is sent after the commit.

        Raises NotStored.
        """
        made = cls(
            client=client,
            reason=reason,
            until=until,
            added_by=actor,
            file=file,
            file_name=files.shortened_name(Path(file.name or "file").name),
            file_bytes=file.size,
        )
        with stored_file.with_its_row(made):
            made.save()
            made.record_event(f"Uploaded a file of numbers to suppress: {reason}", actor)
        return made

    # Mutators

    @transaction.atomic
    def remove_all(self, actor: User, reason: str) -> bool:
        """Begin to remove all its numbers. Those that another suppression holds stay suppressed.

        The numbers themselves are removed later (`remove_some`). Return False if there is nothing to remove.
        """
        removed = self._move(
            [self.Status.READY, self.Status.FAILED],
            status=self.Status.REMOVING,
            progress_at=timezone.now(),
        )
        if removed:
            self.record_event(f"Removed all its numbers from suppression: {reason}", actor)
        return removed

    @transaction.atomic
    def remove_some(self) -> bool:
        """Remove the next block of numbers that have to go. Return False once none is left.

        The first UPDATE locks the row, so two workers take turns and each number is counted once.
        """
        removing = Suppression.objects.filter(pk=self.pk, status=self.Status.REMOVING)
        if not removing.update(progress_at=timezone.now()):
            return False
        last = self.numbers.order_by("pk").values_list("pk", flat=True)[:REMOVED_AT_ONCE]
        some = self.numbers.filter(pk__lte=max(last, default=0))
        still = self._others().filter(number__in=some.values("number"))
        still_count = still.values("number").distinct().count()
        removed, _ = some.delete()
        removing.update(
            removed_count=models.F("removed_count") + removed,
            still_count=models.F("still_count") + still_count,
        )
        if removed:
            return True
        self.refresh_from_db()
        self._move([self.Status.REMOVING], status=self.Status.REMOVED)
        self.record_event(f"{self.removal}.")
        return False

    def lock(self) -> None:
        """Lock the row until the current transaction ends."""
        list(Suppression.objects.select_for_update(no_key=True).filter(pk=self.pk))

    def lose_one(self, actor: User, reason: str) -> None:
        """Record that one of its numbers was removed, by whom and why."""
        Suppression.objects.filter(pk=self.pk).update(removed_count=models.F("removed_count") + 1)
        if not self.file_name:
            self._move([self.Status.READY], status=self.Status.REMOVED)
        self.record_event(f"Removed a number from suppression: {reason}", actor)

    def record_event(self, sentence: str, actor: User | None = None) -> None:
        Event.record(self, self.client_id, sentence, actor)

    def _failed(self, problem: str, code: str = "") -> dict[str, Any]:
        return super()._failed(problem, code) | {"number_count": self.numbers.count()}

    # Queries

    def written(self) -> list[models.QuerySet[Any]]:
        return [self.numbers.all(), self.refused_rows.order_by()]

    def _others(self) -> models.QuerySet[SuppressedNumber]:
        """Return the live entries of other suppressions that apply to the clients of this one."""
        others = SuppressedNumber.objects.live().exclude(suppression=self)
        return others.of(self.client) if self.client else others

    # Properties

    @property
    def scope(self) -> int:
        return self.client_id or EVERYBODY

    @property
    def client_name(self) -> str:
        return self.client.name if self.client else "All clients"

    @property
    def title(self) -> str:
        return self.file_name or "One number"

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Return what became of the rows, for people. The first count is the sum of the others."""
        numbers = "Suppressed by this file" if self.status == self.Status.READY else "Numbers"
        return [
            ("Rows", self.row_count),
            (f"= {numbers}", self.number_count),
            ("+ Repeated in the file", self.already_count),
            ("+ Refused", self.refused_count),
            ("+ Blank", self.blank_count),
        ]

    @property
    def outcome(self) -> str:
        return f"{counted(self.number_count, 'number')} suppressed"

    @property
    def removal(self) -> str:
        """Return the result of a removal, as a sentence without its full stop."""
        gone, stay = counted(self.removed_count, "number"), "s" if self.still_count == 1 else ""
        kept = f"; {self.still_count:,} of them stay{stay} suppressed by another entry"
        return f"{gone} removed{kept if self.still_count else ''}"

    @property
    def is_being_removed(self) -> bool:
        return self.status == self.Status.REMOVING

    @property
    def is_moving(self) -> bool:
        """Return whether its page will soon be out of date."""
        return self.is_under_way or self.is_being_removed or self.is_being_cleared

    @property
    def is_being_cleared(self) -> bool:
        """Return whether something is left of a cancelled load. Its file is removed last."""
        return self.status == self.Status.CANCELLED and bool(self.file)

    @property
    def was_read(self) -> bool:
        """Return whether there is a file that was read to its end."""
        return bool(self.file_name) and self.progress >= 1

    @property
    def may_be_removed(self) -> bool:
        """Return whether all its numbers may be removed together."""
        return bool(self.file_name) and self.status in {self.Status.READY, self.Status.FAILED}

    @property
    def has_ended(self) -> bool:
        return self.until is not None and self.until < timezone.localdate()
