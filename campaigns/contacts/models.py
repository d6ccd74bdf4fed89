"""A contact list is one uploaded file, read once and then never changed."""

from collections.abc import Iterable
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
from campaigns.contacts.column_counts import ColumnCounts
from campaigns.contacts.counting import counted
from campaigns.contacts.numbers import FICTIONAL_PREFIXES
from campaigns.contacts.remembered import RememberedMapping
from campaigns.contacts.runs import IMPORT_DEAD_AFTER, ImportLost, ImportRun, Status
from campaigns.contacts.suppression.models import (
    SuppressedNumber,
    Suppression,
    SuppressionRefusedRow,
)

__all__ = [
    "ColumnCounts",
    "Contact",
    "ContactList",
    "ImportLost",
    "RefusedRow",
    "RememberedMapping",
    "SuppressedNumber",
    "Suppression",
    "SuppressionRefusedRow",
]


class ContactListQuerySet(models.QuerySet["ContactList"]):
    def ready(self) -> "ContactListQuerySet":
        return self.filter(status=Status.READY)

    def offered(self, also: Iterable[str] = ()) -> "ContactListQuerySet":
        """Return the lists that a campaign may be built on, and `also` those that it has (ids)."""
        has = [pk for pk in also if pk.isdecimal()]
        return self.ready().filter(models.Q(archived_at=None) | models.Q(pk__in=has))

    def waiting(self) -> "ContactListQuerySet":
        """Return the lists whose import should be running and isn't."""
        return self._silent([Status.QUEUED, Status.IMPORTING])

    def unseen(self) -> "ContactListQuerySet":
        """Return the lists that somebody should have looked at long ago."""
        return self._silent([Status.UPLOADED])

    def with_remains(self) -> "ContactListQuerySet":
        """Return the lists that were given up and of which something is still there."""
        contacts = Contact.objects.filter(contact_list=models.OuterRef("pk"))
        refused = RefusedRow.objects.filter(contact_list=models.OuterRef("pk"))
        return self.filter(
            models.Q(status=Status.DELETING)
            | models.Q(status=Status.CANCELLED) & ~models.Q(file="")
            | models.Q(models.Exists(contacts))
            | models.Q(models.Exists(refused)),
            status__in=ContactList.GIVEN_UP,
        )

    def _silent(self, states: list[Status]) -> "ContactListQuerySet":
        dead = timezone.now() - IMPORT_DEAD_AFTER
        return self.filter(status__in=states, progress_at__lt=dead)


def _stored_name(contact_list: "ContactList", filename: str) -> str:
    """Name the stored file by chance, since a client's file name may tell who is on it."""
    return (
        f"contact-lists/{contact_list.client_id}/{uuid4().hex}{Path(filename).suffix.lower()[:6]}"
    )


class ContactList(ImportRun):
    Status = Status

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="contact_lists")
    name = models.CharField(max_length=80)
    file = models.FileField(upload_to=_stored_name, max_length=200)
    file_name = models.CharField(max_length=200)
    file_bytes = models.PositiveBigIntegerField()
    # Nobody where the command line did it.
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True)
    based_on = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="versions"
    )

    # All rows: those of the file, and the contacts taken over from the list this one is based on.
    row_count = models.PositiveIntegerField(default=0)
    carried_count = models.PositiveIntegerField(default=0)
    contact_count = models.PositiveIntegerField(default=0)
    blank_count = models.PositiveIntegerField(default=0)
    suppressed_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    # Of the duplicates, those that name somebody else than the contact with the same number.
    other_name_count = models.PositiveIntegerField(default=0)
    # SHA-256 of the sorted numbers, in hex; "" without any.
    numbers_hash = models.CharField(max_length=64, blank=True, db_index=True)

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
                name="every_row_of_a_ready_list_is_accounted_for",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["queued", "ready"])
                | models.Q(number_column__isnull=False),
                name="a_list_is_read_once_its_column_of_numbers_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["uploaded", "choosing"])
                | models.Q(look__isnull=True),
                name="rows_of_a_file_are_shown_only_while_its_columns_are_chosen",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    # Factories

    @classmethod
    @transaction.atomic
    def upload(
        cls,
        actor: User | None,
        client: Client,
        name: str,
        file: File[bytes],
        based_on: "ContactList | None" = None,
    ) -> "ContactList":
        """Keep the file as it came, to be read by itself or on top of an earlier list's contacts.

        Whatever follows is rung by the caller once this is committed.
        """
        original = Path(file.name or "file").name
        contact_list = cls.objects.create(
            client=client,
            name=name or Path(original).stem[:80],
            file=file,
            file_name=original[:200],
            file_bytes=file.size,
            uploaded_by=actor,
            based_on=based_on,
        )
        contact_list.tell("Uploaded the contact list.", actor)
        return contact_list

    # Mutators

    @transaction.atomic
    def cancel(self, actor: User | None) -> bool:
        """Give the import up. A worker that is at it notices when it next writes.

        What was written goes next (`removing`). Returns False when there is nothing to cancel.
        """
        allowed = [*self.UNDER_WAY, Status.CHOOSING]
        cancelled = self._move(allowed, status=Status.CANCELLED, look=None)
        if cancelled:
            self.tell("Cancelled the import.", actor)
        return cancelled

    @transaction.atomic
    def rename(self, actor: User, name: str) -> None:
        if name == self.name:
            return
        self._change(name=name)
        self.tell(f"Renamed the list to “{name}”.", actor)

    @transaction.atomic
    def archive(self, actor: User, *, back: bool = False) -> None:
        """Offer the list to no new campaign, or `back` to them; those that have it keep it."""
        if (self.archived_at is None) != back:
            self._change(archived_at=None if back else timezone.now())
            done = "Took the list out of the archive." if back else "Archived the list."
            self.tell(done, actor)

    @transaction.atomic
    def give_up(self, actor: User) -> bool:
        """Delete the list: at once for everybody, and its rows next (`removing`).

        The caller makes sure that nothing needs it. Returns False while it is being read.
        """
        over = [Status.READY, Status.FAILED, Status.CANCELLED]
        if not self._move(over, status=Status.DELETING):
            return False
        Event.record(self.client, self.client_id, f"Deleted the contact list “{self.name}”.", actor)
        return True

    def _change(self, **values: Any) -> None:
        ContactList.objects.filter(pk=self.pk).update(**values)
        for name, value in values.items():
            setattr(self, name, value)

    def tell(self, sentence: str, actor: User | None = None) -> None:
        Event.record(self, self.client_id, sentence, actor)

    # Queries

    def same_numbers(self) -> "ContactList | None":
        """Return the client's newest earlier list with exactly these numbers."""
        if not self.numbers_hash:
            return None
        others = ContactList.objects.ready().filter(
            client=self.client_id, numbers_hash=self.numbers_hash, pk__lt=self.pk
        )
        return others.order_by("-pk").first()

    def refused_by_reason(self) -> list[tuple[str, int]]:
        """Return the reasons' codes with how many rows each has, the most first."""
        reasons = self.refused_rows.order_by().values_list("reason")
        return list(reasons.annotate(rows=models.Count("pk")).order_by("-rows", "reason"))

    # Properties

    @property
    def outcome(self) -> str:
        refused = counted(self.refused_count, "row")
        return f"{counted(self.contact_count, 'contact')}, {refused} refused"

    @property
    def bytes_read(self) -> int:
        return int(self.progress * self.file_bytes)

    @property
    def file_row_count(self) -> int:
        return self.row_count - self.carried_count

    @property
    def uploader(self) -> str:
        """Return who uploaded the file, for people."""
        person = self.uploaded_by
        return person.get_full_name() or person.get_username() if person else "the command line"


class ContactQuerySet(models.QuerySet["Contact"]):
    def fictional(self) -> "ContactQuerySet":
        """Return those with numbers that nobody has, which only a sandbox's lists hold.

        As ranges, which the index of a list's numbers answers however long the list is.
        """
        wanted = models.Q()
        for prefix in FICTIONAL_PREFIXES:
            after = f"{prefix[:-1]}{int(prefix[-1]) + 1}"
            wanted |= models.Q(number__gte=prefix, number__lt=after)
        return self.filter(wanted)


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

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact_list", "number"], name="a_number_stands_once_in_a_contact_list"
            )
        ]
        # A list is read in its order; without this, a million rows are sorted each time.
        indexes = [models.Index(fields=["contact_list", "id"], name="contacts_in_their_order")]

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
    has_other_name = models.BooleanField(
        db_default=False,
        help_text="For a duplicate: the contact with the same number has another name.",
    )

    class Meta:
        ordering = ["row_number"]

    def __str__(self) -> str:
        return f"Refused row {self.row_number}"

    @property
    def number_cell(self) -> str:
        """Return what stood in the column of numbers."""
        column = self.contact_list.number_column
        return str(self.cells[column]) if column is not None and column < len(self.cells) else ""
