"""Submission, its parts, and the deliveries that hand a part to the partner at most once."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.crypto import get_random_string

from campaigns.clients.models import Client, Event, PartnerAccount
from campaigns.drafts.models import Campaign
from campaigns.submissions.deliveries import Delivery

__all__ = ["Delivery", "Part", "Submission"]

# Without letters and digits that are mistaken for each other on the telephone.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 6


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def open(self) -> "SubmissionQuerySet":
        return self.filter(state__in=Submission.OPEN)

    def under_way(self) -> "SubmissionQuerySet":
        return self.filter(state__in=Submission.UNDER_WAY)

    def wanting_a_person(self) -> "SubmissionQuerySet":
        """Return what stands still until a person does something, the doubts first."""
        newest = Submission.objects.filter(campaign=models.OuterRef("campaign")).order_by("-pk")
        return self.filter(
            models.Q(state=Submission.State.NEEDS_CHECKING)
            | ~models.Q(held_reason="") & models.Q(state__in=Submission.UNDER_WAY)
            | models.Q(state__in=Submission.CAME_TO_NOTHING, pk=newest.values("pk")[:1])
        ).order_by(models.Case(models.When(state="needs_checking", then=0), default=1), "-state_at")

    def listed(self) -> "SubmissionQuerySet":
        """Return what a row of the history needs, in a fixed number of queries."""
        return (
            self.select_related("client", "submitted_by")
            .prefetch_related("parts__deliveries")
            .annotate(number_count=Coalesce(_numbers_of_parts(), 0))
        )


def _numbers_of_parts() -> models.Subquery:
    parts = Part.objects.filter(submission=models.OuterRef("pk")).order_by().values("submission")
    return models.Subquery(parts.annotate(total=models.Sum("number_count")).values("total"))


class Submission(models.Model):
    """A person's decision to send one campaign."""

    class State(models.TextChoices):
        PREPARING = "preparing", "Preparing"
        AWAITING_APPROVAL = "awaiting_approval", "Awaiting approval"
        SCHEDULED = "scheduled", "Scheduled to send"
        SENDING = "sending", "Sending"
        SUBMITTED = "submitted", "Submitted"
        REFUSED = "refused", "Refused"
        NEEDS_CHECKING = "needs_checking", "Needs checking"
        UNDONE = "undone", "Undone"
        RETURNED = "returned", "Returned"
        EXPIRED = "expired", "Expired"

    UNDER_WAY = (State.PREPARING, State.SCHEDULED, State.SENDING)
    OPEN = (*UNDER_WAY, State.AWAITING_APPROVAL, State.NEEDS_CHECKING)
    # The states that only the deliveries decide.
    READ_OFF = (
        State.SCHEDULED,
        State.SENDING,
        State.SUBMITTED,
        State.REFUSED,
        State.NEEDS_CHECKING,
    )
    # Over, with nothing of it at the partner's: the draft may be mended and submitted anew.
    CAME_TO_NOTHING = (State.REFUSED, State.UNDONE, State.RETURNED, State.EXPIRED)

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="submissions")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="submissions")
    name = models.CharField(max_length=75)
    reference = models.CharField(max_length=REFERENCE_LENGTH, unique=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(default=timezone.now, db_index=True)
    # Read off the parts, and kept so that lists can be filtered; written with them only.
    state = models.CharField(max_length=17, choices=State.choices, default=State.PREPARING)
    state_at = models.DateTimeField(default=timezone.now)
    starts_at = models.DateTimeField()
    # Until then it can be undone, and nothing of it is sent.
    due_at = models.DateTimeField(default=timezone.now)
    held_reason = models.CharField(max_length=200, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign"],
                condition=models.Q(
                    state__in=[
                        "preparing",
                        "scheduled",
                        "sending",
                        "awaiting_approval",
                        "needs_checking",
                    ]
                ),
                name="a_campaign_has_at_most_one_open_submission",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} [{self.reference}]"

    # Factories

    @classmethod
    @transaction.atomic
    def submit(cls, campaign: Campaign, actor: User, starts_at: datetime) -> "Submission":
        """Decide to send the campaign. Raises DraftLocked when that has been decided before."""
        campaign.lock()
        submission = cls.objects.create(
            campaign=campaign,
            client=campaign.client,
            name=campaign.name,
            reference=get_random_string(REFERENCE_LENGTH, REFERENCE_LETTERS),
            submitted_by=actor,
            starts_at=starts_at,
            due_at=timezone.now() + timedelta(seconds=campaign.client.undo_seconds),
        )
        submission.tell("Submitted the campaign.", actor)
        Event.record(campaign, campaign.client_id, "Submitted the campaign.", actor)
        return submission

    # Mutators

    def frozen(self, payloads: list["Part"]) -> bool:
        """Keep the frozen parts and make the submission ready to send.

        Returns False, having changed nothing, when it is not being prepared any more: another
        worker was quicker, or a person has undone it.
        """
        with transaction.atomic():
            if not self._move([self.State.PREPARING], self.State.SCHEDULED):
                return False
            Part.objects.bulk_create(payloads)
            numbers = sum(part.number_count for part in payloads)
            self.tell(f"Wrote down what will be sent: {numbers:,} numbers.")
            return True

    def hold(self, reason: str) -> None:
        """Send nothing more of this until a person has looked."""
        with transaction.atomic():
            Submission.objects.filter(pk=self.pk).update(held_reason=reason)
            self.held_reason = reason
            self.tell(f"Held: {reason}")

    def release(self, actor: User) -> None:
        """Let a held submission go on."""
        with transaction.atomic():
            Submission.objects.filter(pk=self.pk).update(held_reason="")
            self.held_reason = ""
            self.tell("Released the hold.", actor)

    def expire(self) -> None:
        """Give it up unsent, because its start is too near. Never sent late."""
        reason = "The campaign's start was too near."
        self._give_up([self.State.SCHEDULED], self.State.EXPIRED, f"Expired unsent: {reason}")

    def undo(self, actor: User) -> bool:
        """Take it back before anything was sent. False: it is too late."""
        undoable = [self.State.PREPARING, self.State.AWAITING_APPROVAL, self.State.SCHEDULED]
        return self._give_up(undoable, self.State.UNDONE, "Undid the submission.", actor)

    def _give_up(
        self, allowed: list[State], state: State, told: str, actor: User | None = None
    ) -> bool:
        """End it with nothing sent, and open the draft again.

        A claim locks the submission and looks at its state, so it comes wholly before or after.
        """
        with transaction.atomic():
            if not self._move(allowed, state):
                return False
            queued = Delivery.objects.filter(part__submission=self, state=Delivery.State.QUEUED)
            queued.update(state=Delivery.State.NOT_SENT, finished_at=timezone.now(), reason=told)
            self.tell(told, actor)
            self.campaign.reopen()
        return True

    def read_off_parts(self) -> None:
        """Bring the state in line with the deliveries, inside their transaction."""
        new = self._state_of_parts()
        moved = self._move([state for state in self.READ_OFF if state != new], new)
        if moved and new in self.CAME_TO_NOTHING:
            self.campaign.reopen()

    def _state_of_parts(self) -> str:
        """Return the first of the states that holds; a doubt hides behind nothing."""
        parts = [part.delivery_state for part in self.parts.all()]
        if Delivery.State.NEEDS_CHECKING in parts:
            return self.State.NEEDS_CHECKING
        if {Delivery.State.CLAIMED, Delivery.State.SENDING} & set(parts):
            return self.State.SENDING
        if Delivery.State.REFUSED in parts:
            return self.State.REFUSED
        if set(parts) == {Delivery.State.ACCEPTED}:
            return self.State.SUBMITTED
        return self.State.SENDING if Delivery.State.ACCEPTED in parts else self.State.SCHEDULED

    def _move(self, allowed: list[State], state: str) -> bool:
        moved = Submission.objects.filter(pk=self.pk, state__in=allowed).update(
            state=state, state_at=timezone.now()
        )
        if moved:
            self.state = state
        return bool(moved)

    def tell(self, sentence: str, actor: User | None = None) -> None:
        Event.record(self, self.client_id, sentence, actor)

    # Properties

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    @property
    def campaign_ids(self) -> list[int]:
        """Return the partner's IDs, part by part; reads what `listed` has fetched before."""
        return [
            delivery.campaign_id
            for part in self.parts.all()
            for delivery in part.deliveries.all()
            if delivery.campaign_id is not None
        ]

    @property
    def may_send(self) -> bool:
        if self.held_reason or self.client.partner_account.held_reason:
            return False
        return self.state in {self.State.SCHEDULED, self.State.SENDING}

    @property
    def is_due(self) -> bool:
        return self.due_at <= timezone.now()

    @property
    def seconds_to_undo(self) -> int:
        return max(0, round((self.due_at - timezone.now()).total_seconds()))

    @property
    def may_be_undone(self) -> bool:
        return self.state in {
            self.State.PREPARING,
            self.State.AWAITING_APPROVAL,
            self.State.SCHEDULED,
        }

    @property
    def starts_too_soon(self) -> bool:
        lead = timedelta(minutes=self.client.lead_time_minutes)
        return self.starts_at - timezone.now() < lead


class Part(models.Model):
    """One campaign at the partner's, with the exact bytes that a person approved.

    The hash is the SHA-256 of the uncompressed bytes, in hex; the file is named by it.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="parts")
    position = models.PositiveSmallIntegerField()
    wire_name = models.CharField(max_length=100)
    payload_file = models.CharField(max_length=200)
    payload_sha256 = models.CharField(max_length=64)
    payload_bytes = models.PositiveBigIntegerField()
    number_count = models.PositiveIntegerField()
    # Numbers that stand in several of the campaign's lists are called once.
    repeated_count = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "position"], name="the_parts_of_a_submission_are_numbered"
            ),
            models.CheckConstraint(
                condition=models.Q(number_count__gt=0), name="a_part_has_at_least_one_number"
            ),
        ]

    def __str__(self) -> str:
        return f"Part {self.position} of submission {self.submission_id}"

    @property
    def latest(self) -> Delivery | None:
        """Return the delivery that counts: the newest."""
        return self.deliveries.order_by("-pk").first()

    @property
    def delivery_state(self) -> str | None:
        latest = self.latest
        return latest.state if latest else None

    @property
    def account(self) -> PartnerAccount:
        return self.submission.client.partner_account
