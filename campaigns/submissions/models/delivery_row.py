"""What the database keeps of a delivery, and the one way in which its state changes."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from campaigns import transitions
from campaigns.clients.models import PartnerAccount
from campaigns.submissions.models.states import DeliveryState
from campaigns.submissions.outcomes import Hold

if TYPE_CHECKING:
    from campaigns.submissions.models import Submission

LONGEST_REASON = 200


class DeliveryRow(models.Model):
    """The columns of a delivery. Only `_move` changes its state."""

    State = DeliveryState

    UNSENT = (State.QUEUED, State.NOT_SENT, State.RELEASED)
    CAME_TO_NOTHING = (State.NOT_SENT, State.RELEASED)
    IN_FLIGHT = (State.CLAIMED, State.SENDING, State.NEEDS_CHECKING)
    MAY_BE_AT_THE_PARTNERS = (State.ACCEPTED, State.SENDING, State.NEEDS_CHECKING)

    part = models.ForeignKey(
        "submissions.Part", on_delete=models.PROTECT, related_name="deliveries"
    )
    partner_account = models.ForeignKey(
        PartnerAccount, on_delete=models.PROTECT, related_name="deliveries"
    )
    state = models.CharField(max_length=14, choices=State.choices, default=State.QUEUED)
    queued_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    sending_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # Unknown until the exchange has ended, and for ever if its worker died.
    bytes_sent = models.PositiveBigIntegerField(null=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    answer_status = models.PositiveSmallIntegerField(null=True)
    answer_excerpt = models.TextField(blank=True)
    answer_errors = models.JSONField(default=dict)
    campaign_id = models.PositiveBigIntegerField(null=True)
    # The ID in the partner's own answer, whatever became of it.
    answered_id = models.PositiveBigIntegerField(null=True)
    # When the partner's answer came, if a person had decided before.
    answered_late_at = models.DateTimeField(null=True)
    # That answer and the person can't both be right, and nobody has settled which is.
    is_contradicted = models.BooleanField(default=False)
    # A person's answer to "was it created?". The first of two people is kept until the second came.
    denied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=300, blank=True)
    # The number of this delivery in a machine's journal, where the database had forgotten it.
    remembered_as = models.PositiveBigIntegerField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Delivery {self.pk}"

    def _move(
        self, before: list[DeliveryState], state: DeliveryState, event: str, **more: Any
    ) -> bool:
        """Change the state if it still is one of `before`, tell it, and commit both together."""
        with transaction.atomic():
            return self._move_within(self._locked_submission(), before, state, event, **more)

    def _move_within(
        self,
        submission: "Submission",
        before: list[DeliveryState],
        state: DeliveryState,
        event: str,
        *,
        hold: Hold = Hold.NOTHING,
        actor: User | None = None,
        **values: Any,
    ) -> bool:
        """Do it in the transaction that has locked the submission."""
        if not transitions.move(self, "state", before, state=state, **values):
            self.refresh_from_db()
            return False
        submission.record_event(f"{self.part.event_prefix}{event}".strip(), actor)
        submission.read_off_parts()
        self.hold(hold, str(values.get("reason", "")))
        return True

    def _locked_submission(self) -> "Submission":
        """Return the submission, locked, so that its state and its deliveries' change in turn.

        Its account is read once the lock is there: what was committed meanwhile counts.
        """
        from campaigns.submissions.models import Submission

        locked = Submission.objects.select_for_update(of=["self"]).get(parts=self.part_id)
        return Submission.objects.select_related("client__partner_account").get(pk=locked.pk)

    def hold(self, hold: Hold, reason: str) -> None:
        """Make the account or the submission stand still until a person has looked."""
        if hold is Hold.ACCOUNT:
            self.partner_account.hold(reason)
        elif hold is Hold.SUBMISSION:
            self.part.submission.hold(reason)
