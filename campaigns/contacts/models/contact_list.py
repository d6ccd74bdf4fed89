"""A contact list: one uploaded file, read once and then never changed."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import File
from django.db import models, transaction
from django.utils import timezone

from campaigns.clients.models import Client, Event
from campaigns.contacts.models.contact import Contact, RefusedRow
from campaigns.plurals import counted
from campaigns.shortening import shortened
from campaigns.uploads.runs import stored_file
from campaigns.uploads.runs.import_run import ImportRun, ImportRunQuerySet, Status
from portal import files

# The sentence of the event.
DELETED = "Deleted the contact list “{name}”."


class ContactListQuerySet(ImportRunQuerySet["ContactList"]):
    def ready(self) -> "ContactListQuerySet":
        return self.filter(status=Status.READY)

    def offered(self, also: Iterable[str] = ()) -> "ContactListQuerySet":
        """Return the lists that a campaign may use, and those with the ids `also`, which it already has.

        A list without contacts calls nobody, so it is not offered.
        """
        has = [pk for pk in also if pk.isdecimal()]
        usable = models.Q(archived_at=None, contact_count__gt=0)
        return self.ready().filter(usable | models.Q(pk__in=has))

    def with_remains(self) -> "ContactListQuerySet":
        """Return the lists that were given up but of which something is left."""
        contacts = Contact.objects.filter(contact_list=models.OuterRef("pk"))
        refused = RefusedRow.objects.filter(contact_list=models.OuterRef("pk"))
        return self.filter(
            models.Q(status=Status.DELETING)
            | models.Q(status=Status.CANCELLED) & ~models.Q(file="")
            | models.Q(models.Exists(contacts))
            | models.Q(models.Exists(refused)),
            status__in=ContactList.GIVEN_UP,
        )


def _stored_name(contact_list: "ContactList", filename: str) -> str:
    """Return a random name for the stored file, because a client's file name may say who is in it."""
    return (
        f"contact-lists/{contact_list.client_id}/{uuid4().hex}{Path(filename).suffix.lower()[:6]}"
    )


class ContactList(ImportRun):
    Status = Status
    GIVEN_UP = (Status.FAILED, Status.CANCELLED, Status.DELETING)

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="contact_lists")
    name = models.CharField(max_length=80)
    file = models.FileField(upload_to=_stored_name, max_length=200)
    # Null if the command line uploaded the file.
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True)
    based_on = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="versions"
    )

    # All rows: those of the file and the contacts taken over from the list that this one is based on.
    row_count = models.PositiveIntegerField(default=0)
    carried_count = models.PositiveIntegerField(default=0)
    contact_count = models.PositiveIntegerField(default=0)
    blank_count = models.PositiveIntegerField(default=0)
    suppressed_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    # Duplicates whose name differs from that of the contact with the same number.
    other_name_count = models.PositiveIntegerField(default=0)
    # Contacts whose number is from the second column of numbers.
    second_number_count = models.PositiveIntegerField(default=0, db_default=0)
    # SHA-256 of the contacts' sorted numbers, in hex; "" if there are no contacts.
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

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row, after it and its newer versions are locked, in the order of their ids.

        Django would first delete what drafts have of the list and then change its versions. It would so
        wait for a draft that is saved with a version in its place, and the draft would wait for it.
        """
        list(ContactList.objects.filter(pk=self.pk).select_for_update())
        list(self.versions.select_for_update(no_key=True).order_by("pk"))
        return super().delete(*args, **kwargs)

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
        *,
        corrections: Mapping[str, Any] | None = None,
    ) -> "ContactList":
        """Store the file as it came, to be read by itself or on top of an earlier list's contacts.

        The caller enqueues the next task, which is sent once this is committed. Raises NotStored, and
        DoesNotExist if the earlier list no longer exists.
        """
        if based_on:
            # The row is locked, as in `deletion.give_up`, so that a list is either deleted or gets a new
            # version, but never both.
            based_on = cls.objects.ready().select_for_update(no_key=True).get(pk=based_on.pk)
        original = Path(file.name or "file").name
        contact_list = cls(
            client=client,
            name=name or shortened(Path(original).stem, 80),
            file=file,
            file_name=files.shortened_name(original),
            file_bytes=file.size,
            uploaded_by=actor,
            based_on=based_on,
            corrections=dict(corrections or {}),
        )
        with stored_file.with_its_row(contact_list):
            contact_list.save()
            contact_list.record_event("Uploaded the contact list.", actor)
        return contact_list

    # Mutators

    @transaction.atomic
    def read_again(self, actor: User, corrections: Mapping[str, Any]) -> bool:
        """Let the file of a failed import be inspected once more, read with these corrections.

        The columns have to be chosen anew. Return False if there is nothing to read again.
        """
        moved = self._move(
            [Status.FAILED],
            status=Status.UPLOADED,
            corrections=dict(corrections),
            look=None,
            reading={},
            headings=[],
            number_column=None,
            name_column=None,
            second_number_column=None,
            notices=[],
            problem="",
            problem_code="",
            progress=0,
            progress_at=timezone.now(),
            finished_at=None,
            tries=0,
        )
        if moved:
            self.record_event("Asked for the file to be read again.", actor)
        return moved

    @transaction.atomic
    def rename(self, actor: User, name: str) -> None:
        """Give the list another name, unless somebody has deleted it meanwhile."""
        if name != self.name and self._change(name=name):
            self.record_event(f"Renamed the list to “{name}”.", actor)

    @transaction.atomic
    def archive(self, actor: User, *, back: bool = False) -> None:
        """Stop offering the list to new campaigns, or offer it again if `back`.

        Campaigns that have the list keep it.
        """
        if (self.archived_at is None) == back:
            return
        if self._change(archived_at=None if back else timezone.now()):
            done = "Restored the list from the archive." if back else "Archived the list."
            self.record_event(done, actor)

    @transaction.atomic
    def give_up(self, actor: User) -> bool:
        """Delete the list for everybody at once. Its rows are removed afterwards (`leftover_rows`).

        The caller makes sure that nothing needs the list. Return False while the list is being read.
        """
        over = [Status.READY, Status.FAILED, Status.CANCELLED]
        if not self._move(over, status=Status.DELETING):
            return False
        self.record_event(DELETED.format(name=self.name), actor)
        return True

    def _change(self, **values: Any) -> bool:
        """Change the row. Return False if the list was deleted: nothing happens to it after that."""
        there = ContactList.objects.filter(pk=self.pk).exclude(status=Status.DELETING)
        if not there.update(**values):
            return False
        for name, value in values.items():
            setattr(self, name, value)
        return True

    def record_event(self, sentence: str, actor: User | None = None) -> None:
        Event.record(self, self.client_id, sentence, actor)

    # Queries

    def written(self) -> list[models.QuerySet[Any]]:
        return [self.contacts.all(), self.refused_rows.order_by()]

    def same_numbers(self) -> "ContactList | None":
        """Return the client's newest earlier list with exactly the same numbers, if any."""
        if not self.numbers_hash:
            return None
        others = ContactList.objects.ready().filter(
            client=self.client_id, numbers_hash=self.numbers_hash, pk__lt=self.pk
        )
        return others.order_by("-pk").first()

    def same_name(self) -> "ContactList | None":
        """Return the client's newest other list with the same name, unless it was given up."""
        others = ContactList.objects.filter(client=self.client_id, name__iexact=self.name)
        others = others.exclude(pk=self.pk).exclude(status__in=self.GIVEN_UP)
        return others.select_related("uploaded_by").order_by("-pk").first()

    # Properties

    @property
    def is_offered(self) -> bool:
        """Whether new campaigns may use the list."""
        return self.is_ready and self.archived_at is None and self.contact_count > 0

    @property
    def origin(self) -> str:
        """Return the file, when it was uploaded and by whom: "readings.csv · 28 Nov, Mina Sharma"."""
        day = timezone.localtime(self.uploaded_at)
        year = "" if day.year == timezone.localtime().year else f" {day.year}"
        uploaded = f"{day.day} {day:%b}{year}, {self.uploader}"
        return " · ".join(filter(None, [self.file_name, uploaded]))

    @property
    def outcome(self) -> str:
        refused = counted(self.refused_count, "row")
        return f"{counted(self.contact_count, 'contact')}, {refused} refused"

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Return what became of the rows, for people. The first count is the sum of the others."""
        rows = "Rows" if self.carried_count else "Rows below the headings"
        return [
            (rows, self.row_count),
            ("= Contacts", self.contact_count),
            ("+ Refused", self.refused_count),
            ("+ Suppressed when uploaded", self.suppressed_count),
            ("+ Blank", self.blank_count),
        ]

    @property
    def file_row_count(self) -> int:
        return self.row_count - self.carried_count

    @property
    def uploader(self) -> str:
        """Return the name of the uploader, for people."""
        person = self.uploaded_by
        return person.get_full_name() or person.get_username() if person else "the command line"
