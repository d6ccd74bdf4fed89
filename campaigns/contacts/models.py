"""A contact list is one uploaded file, read once and then never changed."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from campaigns.clients.models import Client, Event
from campaigns.contacts.suppression.models import (
    SuppressedNumber,
    Suppression,
    SuppressionRefusedRow,
)

__all__ = [
    "Contact",
    "ContactList",
    "ImportLost",
    "RefusedRow",
    "SuppressedNumber",
    "Suppression",
    "SuppressionRefusedRow",
]

# An import writes its progress every second; one that was silent this long has died.
IMPORT_DEAD_AFTER = timedelta(seconds=60)


class ContactListQuerySet(models.QuerySet["ContactList"]):
    def ready(self) -> "ContactListQuerySet":
        return self.filter(status=ContactList.Status.READY)

    def waiting(self) -> "ContactListQuerySet":
        """Return the lists whose import should be running and isn't."""
        dead = timezone.now() - IMPORT_DEAD_AFTER
        return self.filter(
            status__in=[ContactList.Status.UPLOADED, ContactList.Status.IMPORTING],
            progress_at__lt=dead,
        )


def _stored_name(contact_list: "ContactList", filename: str) -> str:
    """Name the stored file by chance, since a client's file name may tell who is on it."""
    return (
        f"contact-lists/{contact_list.client_id}/{uuid4().hex}{Path(filename).suffix.lower()[:6]}"
    )


class ContactList(models.Model):
    class Status(models.TextChoices):
        UPLOADED = "uploaded", "Waiting to be read"
        IMPORTING = "importing", "Being read"
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be read"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="contact_lists")
    name = models.CharField(max_length=80)
    file = models.FileField(upload_to=_stored_name, max_length=200)
    file_name = models.CharField(max_length=200)
    file_bytes = models.PositiveBigIntegerField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)

    status = models.CharField(max_length=9, choices=Status.choices, default=Status.UPLOADED)
    problem = models.CharField(max_length=500, blank=True)
    progress = models.FloatField(default=0)
    progress_at = models.DateTimeField(default=timezone.now)
    import_token = models.CharField(max_length=32, blank=True)

    headings = models.JSONField(default=list)
    number_column = models.PositiveSmallIntegerField(null=True)
    name_column = models.PositiveSmallIntegerField(null=True)
    row_count = models.PositiveIntegerField(default=0)
    contact_count = models.PositiveIntegerField(default=0)
    blank_count = models.PositiveIntegerField(default=0)
    suppressed_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)

    objects = ContactListQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="ready")
                | models.Q(
                    row_count=models.F("contact_count")
                    + models.F("blank_count")
                    + models.F("suppressed_count")
                    + models.F("refused_count")
                ),
                name="every_row_of_a_ready_list_is_a_contact_or_blank_or_refused",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    # Factories

    @classmethod
    @transaction.atomic
    def upload(cls, actor: User, client: Client, name: str, file: File[bytes]) -> "ContactList":
        """Keep the file as it came. Its import is rung by the caller once this is committed."""
        original = Path(file.name or "file").name
        contact_list = cls.objects.create(
            client=client,
            name=name or Path(original).stem[:80],
            file=file,
            file_name=original[:200],
            file_bytes=file.size,
            uploaded_by=actor,
        )
        Event.record(contact_list, client.pk, "Uploaded the contact list.", actor)
        return contact_list

    # Mutators

    def claim_import(self) -> str:
        """Take the import for this process and return its token, or "" when another has it."""
        token = uuid4().hex
        free = models.Q(status=self.Status.UPLOADED) | models.Q(
            status=self.Status.IMPORTING, progress_at__lt=timezone.now() - IMPORT_DEAD_AFTER
        )
        with transaction.atomic(durable=True):
            mine = ContactList.objects.filter(free, pk=self.pk).update(
                status=self.Status.IMPORTING,
                import_token=token,
                progress=0,
                progress_at=timezone.now(),
            )
        return token if mine else ""

    def report(self, token: str, fraction: float) -> None:
        """Write how much of the file has been read. Raises ImportLost if another took it over."""
        self._update_claimed(token, progress=fraction, progress_at=timezone.now())

    def finish(self, token: str, **counts: Any) -> None:
        """Make the list ready: from here on it never changes."""
        with transaction.atomic():
            self._update_claimed(token, status=self.Status.READY, progress=1, **counts)
            self.refresh_from_db()
            found = f"{self.contact_count:,} contacts, {self.refused_count:,} rows refused"
            Event.record(self, self.client_id, f"Read the file: {found}.")

    def fail(self, token: str, problem: str) -> None:
        """Say in a sentence why the file can't be read. Nothing of it is kept but the file."""
        with transaction.atomic():
            self._update_claimed(token, status=self.Status.FAILED, problem=problem)
            self.contacts.all().delete()
            self.refused_rows.all().delete()
            Event.record(self, self.client_id, f"The file could not be read: {problem}")

    def _update_claimed(self, token: str, **values: Any) -> None:
        claimed = ContactList.objects.filter(
            pk=self.pk, status=self.Status.IMPORTING, import_token=token
        )
        if not claimed.update(**values):
            raise ImportLost

    # Properties

    @property
    def is_under_way(self) -> bool:
        return self.status in {self.Status.UPLOADED, self.Status.IMPORTING}

    @property
    def percent(self) -> int:
        return int(self.progress * 100)

    @property
    def number_heading(self) -> str:
        return str(self.headings[self.number_column]) if self.number_column is not None else ""

    @property
    def name_heading(self) -> str:
        return str(self.headings[self.name_column]) if self.name_column is not None else ""


class ImportLost(Exception):
    """Another worker has taken the import over, because this one was silent for too long."""


class Contact(models.Model):
    """One person. `values` are the row's cells as text, in the order of the list's headings."""

    # No constraint in the database: checking it costs as much as the insert itself, contacts are
    # only ever written by the import of their list, and they are deleted with it.
    contact_list = models.ForeignKey(
        ContactList,
        on_delete=models.CASCADE,
        related_name="contacts",
        db_constraint=False,
        db_index=False,
    )
    row_number = models.PositiveIntegerField()
    number = models.CharField(max_length=16)
    name = models.CharField(max_length=200, blank=True)
    values = models.JSONField(default=list, encoder=DjangoJSONEncoder)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact_list", "number"], name="a_number_stands_once_in_a_contact_list"
            )
        ]

    def __str__(self) -> str:
        return f"Contact {self.pk}"


class RefusedRow(models.Model):
    """A row that is not a contact, with its own cells and the reason's code."""

    contact_list = models.ForeignKey(
        ContactList, on_delete=models.CASCADE, related_name="refused_rows"
    )
    row_number = models.PositiveIntegerField()
    reason = models.CharField(max_length=30)
    first_row = models.PositiveIntegerField(
        null=True, help_text="For a duplicate: the row that has the number first."
    )
    cells = models.JSONField(default=list)

    class Meta:
        ordering = ["row_number"]

    def __str__(self) -> str:
        return f"Refused row {self.row_number}"

    @property
    def number_cell(self) -> str:
        """Return what stood in the column of numbers."""
        column = self.contact_list.number_column
        return str(self.cells[column]) if column is not None and column < len(self.cells) else ""
