"""The campaign a person builds: the form's values, which may be incomplete until it is submitted."""

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
from campaigns.drafts.models.choices import Occasion, Precedence, Purpose
from campaigns.drafts.models.lost_list import LostList
from campaigns.drafts.models.rows import CallAttempt, ParameterSource, RunoverDay

# The partner takes 100 characters; the rest is for the part and the portal's reference.
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
        """Return how many contacts are on the lists of each, by the campaign's id."""
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
    # In the client's time zone; without them it is handed to the partner as soon as it may be.
    send_date = models.DateField(null=True)
    send_time = models.TimeField(null=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.DRAFT)
    # From then on it belongs to its client: what was sent of it is that client's history.
    was_submitted = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # Of the form that made it: the same form posted twice makes one draft.
    form_token = models.CharField(max_length=32, null=True, unique=True)  # noqa: DJ001
    # Of the page that saved it last: what one page saves by itself, again and again, is one event.
    saved_by_form = models.CharField(max_length=32, blank=True)
    # How many edits that page had counted: what it saved before, and comes late, undoes nothing.
    saved_by_edit = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # Grows by one with each save, so that a form made from an older one can be told apart.
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
        """Make a draft. Raises IntegrityError when the same form has made one already."""
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
        """Replace everything the draft says, as it was in `version`; the same again changes nothing.

        `form` is the page that it comes from: its first save is an event, and further ones are not.
        A button, or a page that is left, saves before the page has heard of its last save, so it
        replaces what the same page saved. What a page saves `by_itself` may also come late: it
        replaces that only with a later `edit`, as the page counts them.

        Raises DraftLocked once it has been submitted, DraftChanged when somebody has saved something
        else since that version, and ClientFixed when it would move to another client after it was
        submitted for one. What is written is the row as it is now: this object
        may have been loaded before its status changed.
        """
        locked = self._locked_draft()
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
        locked = self._locked_draft()
        if locked is None:
            raise DraftLocked
        Event.record(self, locked.client_id, f"Deleted the draft “{locked.title}”.", actor)
        try:
            locked.delete()
        except models.ProtectedError:
            # What was submitted of it is history, also where it came back to be mended.
            raise DraftLocked from None

    @transaction.atomic
    def lose_list(self, contact_list: ContactList, actor: User) -> None:
        """Keep that a list of it was deleted, so that it isn't submitted to fewer people unnoticed."""
        LostList.objects.create(campaign=self, name=contact_list.name, deleted_by=actor)
        sentence = f"Lost the contact list “{contact_list.name}”, which was deleted."
        Event.record(self, self.client_id, sentence, actor)

    @transaction.atomic
    def continue_without_lost(self, actor: User) -> None:
        """Let it go without the lists that were deleted. Raises DraftLocked once it was submitted."""
        if self._locked_draft() is None:
            raise DraftLocked
        lost = list(self.lost_lists.all())
        self.lost_lists.all().delete()
        if lost:
            names = " and ".join(f"“{one.name}”" for one in lost)
            Event.record(self, self.client_id, f"Continued without {names}.", actor)

    def lock(self) -> None:
        """Close the draft while a submission of it is open. Raises DraftLocked if it is closed."""
        closed = {"status": self.Status.SUBMITTED, "was_submitted": True}
        if not transitions.move(self, "status", [self.Status.DRAFT], **closed):
            raise DraftLocked

    def lock_lists(self) -> None:
        """Keep the draft's contact lists as they are until the transaction under way ends."""
        list(self.contact_lists.select_for_update(of=("self",), no_key=True).order_by("pk"))

    def reopen(self) -> None:
        """Let a draft be mended whose submission came to nothing."""
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
        self._replace_rows(content)

    def _locked_draft(self) -> "Campaign | None":
        """Lock and return the row while it is a draft.

        Without its key: what refers to it can be written meanwhile, or deleting a list that it has
        and saving it would wait for each other.
        """
        return Campaign.objects.select_for_update(no_key=True).drafts().filter(pk=self.pk).first()

    def _choose_lists(self, chosen: Sequence[ContactList]) -> None:
        """Keep the lists. Who chooses others than are left has seen which were deleted.

        They are read anew, and locked: one that was deleted since the form was read is not chosen.
        """
        offered = ContactList.objects.ready().filter(pk__in=[found.pk for found in chosen])
        still = set(offered.select_for_update(no_key=True).order_by("pk"))
        if still != set(self.contact_lists.ready()):
            self.lost_lists.all().delete()
        self.contact_lists.set(chosen)

    def _record_override(self, actor: User, before: str) -> None:
        if self.override_reason != before:
            said = f"because: “{self.override_reason}”" if self.override_reason else "no more."
            sentence = f"Lets it call outside the client’s calling hours, {said}"
            Event.record(self, self.client_id, sentence, actor)

    def _replace_rows(self, content: DraftContent) -> None:
        self.runover_days.all().delete()
        self.call_attempts.all().delete()
        self.parameter_sources.all().delete()
        RunoverDay.objects.bulk_create(
            RunoverDay(
                campaign=self, date=hours.day, start_time=hours.start, finish_time=hours.finish
            )
            for hours in content.runover
        )
        CallAttempt.objects.bulk_create(
            CallAttempt(campaign=self, position=position, interval_minutes=minutes)
            for position, minutes in enumerate(content.intervals, start=1)
        )
        ParameterSource.objects.bulk_create(
            ParameterSource(
                campaign=self,
                number=number,
                kind=source.kind,
                value=source.value,
                fallback=source.fallback,
            )
            for number, source in content.parameters.items()
        )
        ParameterSource.objects.bulk_create(
            ParameterSource(campaign=self, number=number, kind=ParameterSource.Kind.UNUSED)
            for number in content.unused
        )

    # Queries

    def content(self) -> DraftContent:
        """Return everything the draft says."""
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
        """Return the instant chosen for handing it to the partner, if one was."""
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
    """The draft has been saved since, as `newer` says it."""

    def __init__(self, newer: Campaign) -> None:
        super().__init__()
        self.newer = newer
