"""A suppression is one decision not to call: one number typed, or a whole file of them."""

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
from campaigns.contacts.counting import counted
from campaigns.contacts.runs import KILLED_EACH_TIME, MOST_TRIES
from campaigns.contacts.suppression import store

EVERYBODY = 0
"""The scope of what is suppressed for all clients; any other scope is a client's id."""

# A load writes its progress with every block; one that was silent this long has died.
LOAD_DEAD_AFTER = timedelta(seconds=60)
# A decision is dated before it is committed, by less than this.
COMMIT_LAG = timedelta(minutes=5)


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def waiting(self) -> "SuppressionQuerySet":
        """Return the files whose load should be running and isn't."""
        return self.filter(
            status__in=[Suppression.Status.WAITING, Suppression.Status.LOADING],
            progress_at__lt=timezone.now() - LOAD_DEAD_AFTER,
        )

    def of(self, client: Client) -> "SuppressionQuerySet":
        """Return what holds for this client: its own, and what holds for all."""
        return self.filter(models.Q(client=client) | models.Q(client__isnull=True))

    def newer_than(self, moment: datetime) -> "SuppressionQuerySet":
        """Return every decision that may have been committed after `moment`, in part or whole."""
        return self.filter(
            models.Q(finished_at__isnull=True) | models.Q(finished_at__gte=moment - COMMIT_LAG)
        )


def _stored_name(suppression: "Suppression", filename: str) -> str:
    """Name the stored file by chance, since a file's name may tell who is on it."""
    return f"suppression/{suppression.scope}/{uuid4().hex}{Path(filename).suffix.lower()[:6]}"


class Suppression(models.Model):
    class Status(models.TextChoices):
        WAITING = "uploaded", "Waiting to be read"
        LOADING = "importing", "Being read"
        READY = "ready", "In force"
        FAILED = "failed", "Could not be read"

    client = models.ForeignKey(
        Client, null=True, on_delete=models.PROTECT, related_name="suppressions"
    )
    reason = models.CharField("Why", max_length=200)
    until = models.DateField(null=True, help_text="The last day (UK) on which it holds.")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now)
    # When the last of its numbers was written; empty while a file is being read.
    finished_at = models.DateTimeField(null=True, db_index=True)

    file = models.FileField(upload_to=_stored_name, max_length=200, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.WAITING)
    problem = models.CharField(max_length=500, blank=True)
    progress = models.FloatField(default=0)
    progress_at = models.DateTimeField(default=timezone.now)
    load_token = models.CharField(max_length=32, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    headings = models.JSONField(default=list)
    row_count = models.PositiveIntegerField(default=0)
    number_count = models.PositiveIntegerField(default=0)
    # Repeated in the file, or suppressed before for at least as long.
    already_count = models.PositiveIntegerField(default=0)
    blank_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
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
                condition=models.Q(status__in=["ready", "failed"], finished_at__isnull=False)
                | models.Q(status__in=["uploaded", "importing"], finished_at__isnull=True),
                name="a_suppression_is_dated_when_it_is_finished",
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
        """Suppress one E.164 number, replacing what held for it in the same scope."""
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
        store.add(made.pk, made.scope, [number], until, replace=True)
        made.tell(f"Suppressed a number: {reason}", actor)
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
        """Keep the file as it came. Its load is rung by the caller once this is committed."""
        made = cls.objects.create(
            client=client,
            reason=reason,
            until=until,
            added_by=actor,
            file=file,
            file_name=Path(file.name or "file").name[:200],
        )
        made.tell(f"Uploaded a file of numbers to suppress: {reason}", actor)
        return made

    # Mutators

    def claim_load(self) -> str:
        """Take the load for this process and return its token, or "" when another has it.

        One that was taken `MOST_TRIES` times and never ended fails instead.
        """
        token = uuid4().hex
        free = models.Q(status=self.Status.WAITING) | models.Q(
            status=self.Status.LOADING, progress_at__lt=timezone.now() - LOAD_DEAD_AFTER
        )
        with transaction.atomic(durable=True):
            mine = Suppression.objects.filter(free, pk=self.pk)
            claimed = mine.update(
                status=self.Status.LOADING,
                load_token=token,
                progress=0,
                progress_at=timezone.now(),
                tries=models.F("tries") + 1,
            )
            if claimed and Suppression.objects.filter(pk=self.pk, tries__gt=MOST_TRIES).exists():
                self.fail(token, KILLED_EACH_TIME)
                return ""
        return token if claimed else ""

    def report(self, token: str, fraction: float) -> None:
        """Write how much of the file has been read. Raises LoadLost if another took it over."""
        self._update_claimed(token, progress=fraction, progress_at=timezone.now())

    def finish(self, token: str, **counts: Any) -> None:
        """Say that the whole file has been read; from here on the counts never change."""
        with transaction.atomic():
            self._update_claimed(
                token,
                status=self.Status.READY,
                progress=1,
                finished_at=timezone.now(),
                **counts,
            )
            self.refresh_from_db()
            self.tell(f"Read the file: {counted(self.number_count, 'number')} suppressed.")

    def fail(self, token: str, problem: str) -> None:
        """Say why the file can't be read on. What had been read stays suppressed, to be safe."""
        with transaction.atomic():
            self._update_claimed(
                token,
                status=self.Status.FAILED,
                problem=problem,
                finished_at=timezone.now(),
                number_count=self.numbers.count(),
            )
            self.refresh_from_db()
            self.tell(f"The file could not be read: {problem}")

    def tell(self, sentence: str, actor: User | None = None) -> None:
        Event.record(self, self.client_id, sentence, actor)

    def _update_claimed(self, token: str, **values: Any) -> None:
        claimed = Suppression.objects.filter(
            pk=self.pk, status=self.Status.LOADING, load_token=token
        )
        if not claimed.update(**values):
            raise LoadLost

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
    def is_under_way(self) -> bool:
        return self.status in {self.Status.WAITING, self.Status.LOADING}

    @property
    def has_ended(self) -> bool:
        return self.until is not None and self.until < timezone.localdate()

    @property
    def percent(self) -> int:
        return int(self.progress * 100)


class LoadLost(Exception):
    """Another worker has taken the load over, because this one was silent for too long."""


class SuppressedNumberQuerySet(models.QuerySet["SuppressedNumber"]):
    def live(self) -> "SuppressedNumberQuerySet":
        """Return what holds today (UK). An entry has no first day, so it has held until now."""
        return self.filter(models.Q(until__isnull=True) | models.Q(until__gte=timezone.localdate()))

    def of(self, client: Client) -> "SuppressedNumberQuerySet":
        return self.filter(scope__in=[EVERYBODY, client.pk])


class SuppressedNumber(models.Model):
    """One number that must not be called, in the same form as a contact's, so that they can be joined.

    `scope` and `until` repeat the suppression's, so that matching reads one index and one row.
    """

    # No constraint in the database, for the sake of loads of millions; only `store` writes these.
    suppression = models.ForeignKey(
        Suppression, on_delete=models.CASCADE, related_name="numbers", db_constraint=False
    )
    number = models.CharField(max_length=16)
    scope = models.PositiveBigIntegerField()
    until = models.DateField(null=True)

    objects = SuppressedNumberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number", "scope"],
                name="a_number_is_suppressed_once_for_a_client_and_once_for_all",
            )
        ]

    def __str__(self) -> str:
        return f"Suppressed number {self.pk}"

    def remove(self, actor: User, reason: str) -> None:
        """Let the number be called again. The event names the reason and not the number."""
        with transaction.atomic():
            removed, _ = SuppressedNumber.objects.filter(pk=self.pk).delete()
            if removed:
                self.suppression.tell(f"Removed a number from suppression: {reason}", actor)


class SuppressionRefusedRow(models.Model):
    """A row of a file that holds no number, with its own cells and the reason's code."""

    suppression = models.ForeignKey(
        Suppression, on_delete=models.CASCADE, related_name="refused_rows"
    )
    row_number = models.PositiveIntegerField()
    reason = models.CharField(max_length=30)
    cells = models.JSONField(default=list)

    class Meta:
        ordering = ["row_number"]

    def __str__(self) -> str:
        return f"Refused row {self.row_number}"
