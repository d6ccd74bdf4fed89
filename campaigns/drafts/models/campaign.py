"""The campaign that a person builds: the form's values, which may be incomplete until it is submitted."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from campaigns import transitions
from campaigns.clients.models import CallFlow, Cli, Client, Event
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign import schedule
from campaigns.drafts.campaign.content import COLUMNS, DraftContent, SendAt
from campaigns.drafts.models import campaign_rows
from campaigns.drafts.models.choices import Occasion, Precedence, Purpose

# The partner takes 100 characters. The other 25 are for the part and the portal's reference.
NAME_MAX_LENGTH = 75
MOST_CALL_ATTEMPTS = 10
MOST_RUNOVER_DAYS = 31
REASON_MAX_LENGTH = 200
CONSENT_MAX_LENGTH = 200
CALLER_NAME_MAX_LENGTH = 80


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def drafts(self) -> "CampaignQuerySet":
        return self.filter(status=Campaign.Status.DRAFT)

    def people(self) -> dict[int, int]:
        """Return how many contacts are on the lists of each campaign, by its id.

        A number that is on several lists counts several times.
        """
        people = models.Sum("contact_lists__contact_count", default=0)
        return dict(self.order_by().values_list("pk").annotate(people))


class Campaign(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Closed"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="campaigns")
    name = models.CharField("Campaign name", max_length=NAME_MAX_LENGTH, blank=True)
    purpose = models.CharField(max_length=9, choices=Purpose.choices, default=Purpose.SERVICE)
    consent_source = models.CharField(max_length=CONSENT_MAX_LENGTH, blank=True)
    consent_date = models.DateField(null=True)
    caller_name = models.CharField(max_length=CALLER_NAME_MAX_LENGTH, blank=True)
    call_flow = models.ForeignKey(CallFlow, null=True, on_delete=models.PROTECT, related_name="+")
    cli = models.ForeignKey(
        Cli, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="CLI"
    )
    contact_lists = models.ManyToManyField(ContactList, related_name="campaigns")
    precedence = models.CharField(
        max_length=6, choices=Precedence.choices, default=Precedence.NEWEST
    )
    start_date = models.DateField(null=True)
    start_time = models.TimeField(null=True)
    finish_time = models.TimeField(null=True)
    override_reason = models.CharField(max_length=REASON_MAX_LENGTH, blank=True)
    answerphone = models.PositiveSmallIntegerField(
        "Answerphone message", choices=Occasion.choices, default=Occasion.NEVER
    )
    sms_on_busy = models.PositiveSmallIntegerField(
        "SMS on busy", choices=Occasion.choices, default=Occasion.NEVER
    )
    # In the client's time zone. Without them the campaign is sent as soon as it is allowed.
    send_date = models.DateField(null=True)
    send_time = models.TimeField(null=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.DRAFT)
    # A campaign that was ever submitted stays with its client, since its submissions are that
    # client's history.
    was_submitted = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # Token of the form that created the draft: the same form posted twice creates one draft.
    form_token = models.CharField(max_length=32, null=True, unique=True)  # noqa: DJ001
    # Token of the page that saved last: all saves of one page are recorded as one event.
    saved_by_form = models.CharField(max_length=32, blank=True)
    # Number of edits that the page had counted at that save: an older save of the page that arrives
    # late is recognised by its smaller number.
    saved_by_edit = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # Grows by one with each save: a form made from an older version is recognised by it.
    version = models.PositiveIntegerField(default=0)
    editors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at"]

    def __str__(self) -> str:
        return self.title

    # Factories

    @classmethod
    @transaction.atomic
    def start(
        cls, actor: User, content: DraftContent, form_token: str | None = None, *, edit: int = 0
    ) -> "Campaign":
        """Create a draft. Raises IntegrityError when the same form has created one already."""
        campaign = cls.objects.create(
            client=content.client,
            created_by=actor,
            changed_by=actor,
            form_token=form_token or None,
        )
        campaign._write(actor, content, form_token or "", edit)
        Event.record(campaign, content.client.pk, "Started the draft.", actor)
        campaign._record_override(actor, "")
        return campaign

    # Mutators

    @transaction.atomic
    def revise(
        self,
        actor: User,
        content: DraftContent,
        version: int,
        form: str = "",
        *,
        edit: int = 0,
        by_itself: bool = False,
    ) -> None:
        """Replace everything that the draft says. Saving the same content again changes nothing.

        `version` is the one that the page was made from, and `form` is the page's token. The first save
        of a page is recorded as an event, and further saves are not.

        A save made from an older version is refused, unless the same page saved last: when a button is
        pressed or the page is left, the page may not know of its last save yet. A save that a page makes
        `by_itself` may also arrive late. So it replaces an earlier save of the page only if its `edit`,
        the page's own count of edits, is larger.

        Raises DraftLocked once the draft is submitted, DraftChanged when another page has saved something
        else since `version`, and ClientFixed when a campaign that was submitted before would move to
        another client. The change is made to the row as it is now, since this object may have been loaded
        before the row's status changed.
        """
        locked = self.locked_draft()
        if locked is None:
            raise DraftLocked
        if content != locked.content():
            overridden, saved_by = locked.override_reason, locked.saved_by_form
            is_own = bool(form) and form == saved_by
            is_late = by_itself and edit <= locked.saved_by_edit
            if version != locked.version and (not is_own or is_late):
                raise DraftChanged(locked)
            if locked.was_submitted and content.client.pk != locked.client_id:
                raise ClientFixed
            locked._write(actor, content, form, edit)
            if not form or form != saved_by:
                Event.record(self, content.client.pk, "Saved the draft.", actor)
            locked._record_override(actor, overridden)
        self.refresh_from_db()

    @transaction.atomic
    def discard(self, actor: User) -> None:
        """Delete a draft that was never submitted. Its events stay. Raises DraftLocked otherwise."""
        locked = self.locked_draft()
        if locked is None:
            raise DraftLocked
        Event.record(self, locked.client_id, f"Deleted the draft “{locked.title}”.", actor)
        try:
            locked.delete()
        except models.ProtectedError:
            # Its submissions refer to it and are history, even if the draft was opened again for
            # corrections.
            raise DraftLocked from None

    @transaction.atomic
    def lose_list(self, contact_list: ContactList) -> None:
        """Store once that one of its lists was deleted, so that nobody submits to fewer people unnoticed.

        The last event about a deleted list is its deletion.
        """
        deletion = Event.objects.about(contact_list).latest("pk")
        _, is_new = self.lost_lists.get_or_create(
            deleted_by_id=deletion.actor_id,
            deleted_at=deletion.at,
            defaults={"name": contact_list.name},
        )
        if is_new:
            sentence = f"Lost the contact list “{contact_list.name}”, because it was deleted."
            Event.record(self, self.client_id, sentence, deletion.actor)

    def lock(self) -> None:
        """Close the draft while a submission of it is open. Raises DraftLocked if it is closed already."""
        closed = {"status": self.Status.SUBMITTED, "was_submitted": True}
        if not transitions.move(self, "status", [self.Status.DRAFT], **closed):
            raise DraftLocked

    def lock_for_submitting(self) -> None:
        """Lock the draft and then its contact lists until the transaction ends. Raises DraftLocked."""
        if self.locked_draft() is None:
            raise DraftLocked
        self.lock_lists()

    def lock_lists(self) -> None:
        """Lock the draft's contact lists until the current transaction ends.

        They are locked in the order of their ids, so that two transactions never wait for each other.
        """
        list(self.contact_lists.select_for_update(of=("self",), no_key=True).order_by("pk"))

    def reopen(self) -> None:
        """Open the draft again, to be corrected, after a submission that ended with something not sent."""
        self.status = self.Status.DRAFT
        self.save(update_fields=["status"])

    def _write(self, actor: User, content: DraftContent, form: str, edit: int) -> None:
        for column, value in content.columns.items():
            setattr(self, column, value)
        self.changed_at, self.changed_by = timezone.now(), actor
        self.version += 1
        self.saved_by_form, self.saved_by_edit = form, edit
        self.save()
        self._choose_lists(content.contact_lists)
        self.editors.add(actor)
        campaign_rows.write(self.pk, content)

    def locked_draft(self) -> "Campaign | None":
        """Return the row, locked, if it is a draft, else None.

        The lock is `no_key`, so that rows that refer to the campaign can be written meanwhile. Otherwise
        deleting one of its lists and saving the campaign could wait for each other.
        """
        return Campaign.objects.select_for_update(no_key=True).drafts().filter(pk=self.pk).first()

    def _choose_lists(self, chosen: Sequence[ContactList]) -> None:
        """Set the contact lists, and forget the lost ones if the person has made a new choice.

        A person who chooses other lists than those left has seen which were deleted, unless a list was
        deleted since the form was read. So the lists are read again, under a lock. A list deleted since
        then is lost too, whether its row still exists or not.
        """
        named = ContactList.objects.filter(pk__in=[found.pk for found in chosen])
        locked = named.select_for_update(no_key=True).order_by("pk")
        present = [found for found in locked if found.status != ContactList.Status.DELETING]
        ready = {found for found in present if found.is_ready}
        if len(ready) == len(chosen) and ready != set(self.contact_lists.ready()):
            self.lost_lists.all().delete()
        self.contact_lists.set(present)
        for found in chosen:
            if found not in present:
                self.lose_list(found)

    def _record_override(self, actor: User, before: str) -> None:
        if self.override_reason != before:
            sentence = "Stopped allowing calls outside the client’s calling hours."
            if self.override_reason:
                sentence = (
                    "Allowed calls outside the client’s calling hours, because: "
                    f"“{self.override_reason}”"
                )
            Event.record(self, self.client_id, sentence, actor)

    # Queries

    def content(self) -> DraftContent:
        """Return everything that the draft says."""
        sources = list(self.parameter_sources.all())
        return DraftContent.of_columns(
            {column: getattr(self, column) for column in COLUMNS},
            contact_lists=list(self.contact_lists.order_by("pk")),
            runover=[day.hours for day in self.runover_days.all()],
            intervals=[attempt.interval_minutes for attempt in self.call_attempts.all()],
            parameters={row.number: row.source for row in sources if row.is_used},
            unused=frozenset(row.number for row in sources if not row.is_used),
        )

    # Properties

    @property
    def send_at(self) -> datetime | None:
        """Return the instant chosen for sending it to the partner, or None if none was chosen."""
        return schedule.sends_at(SendAt(self.send_date, self.send_time), self.client.zone)

    @property
    def title(self) -> str:
        return self.name or "Untitled campaign"

    @property
    def is_of_today(self) -> bool:
        return timezone.localdate(self.changed_at) == timezone.localdate()

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT


class DraftLocked(Exception):
    """The draft has been submitted, so it can't be changed."""


class ClientFixed(Exception):
    """The campaign was submitted for a client before, so it stays with that client."""


class DraftChanged(Exception):
    """The draft has been saved by another page since. `newer` is the draft as it is now."""

    def __init__(self, newer: Campaign) -> None:
        super().__init__()
        self.newer = newer
