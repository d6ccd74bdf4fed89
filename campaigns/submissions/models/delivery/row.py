"""The columns of a delivery, and the only way in which its state changes."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from campaigns import transitions
from campaigns.clients.models import PartnerAccount
from campaigns.submissions.answer_outcomes import Hold
from campaigns.submissions.models import states
from campaigns.submissions.models.part import Part
from campaigns.submissions.models.states import DeliveryState
from campaigns.submissions.models.submission import Submission

LONGEST_REASON = 200


class DeliveryRow(models.Model):
    """The columns of a delivery. Only `_move` changes its state."""

    State = DeliveryState

    UNSENT = (State.QUEUED, State.NOT_SENT, State.RELEASED)
    CAME_TO_NOTHING = states.CAME_TO_NOTHING
    IN_FLIGHT = (State.CLAIMED, State.SENDING, State.NEEDS_CHECKING)
    MAY_BE_AT_THE_PARTNERS = states.MAY_BE_AT_THE_PARTNERS

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="deliveries")
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
    # The campaign ID in the partner's own answer, even if it was not accepted as `campaign_id`.
    answered_id = models.PositiveBigIntegerField(null=True)
    # When the partner's answer came, if that was after a person's decision.
    answered_late_at = models.DateTimeField(null=True)
    # Whether that late answer and the person's decision contradict each other, and nobody has settled
    # which is right.
    is_contradicted = models.BooleanField(default=False)
    # The first of the two people who have to say that a large campaign was not created. `settled_by` is
    # the person whose decision took effect.
    denied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=300, blank=True)
    # The number of this delivery in a machine's journal, if the database had lost the delivery.
    remembered_as = models.PositiveBigIntegerField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Delivery {self.pk}"

    def _move(
        self, before: list[DeliveryState], state: DeliveryState, event: str, **more: Any
    ) -> bool:
        """Change the state if it still is one of `before`, and record the event. Return whether it changed.

        Both are committed together.
        """
        with transaction.atomic():
            return self._move_within(self._locked_submission(), before, state, event, **more)

    def _move_within(
        self,
        submission: Submission,
        before: list[DeliveryState],
        state: DeliveryState,
        event: str,
        *,
        hold: Hold = Hold.NOTHING,
        actor: User | None = None,
        **values: Any,
    ) -> bool:
        """Do the same as `_move`, inside a transaction that has already locked the submission."""
        if not transitions.move(self, "state", before, state=state, **values):
            self.refresh_from_db()
            return False
        submission.record_event(f"{self.part.event_prefix}{event}".strip(), actor)
        submission.read_off_parts()
        self.hold(hold, str(values.get("reason", "")))
        return True

    def _locked_submission(self) -> Submission:
        """Lock and return the submission, so that its state and its deliveries' states change one at a time.

        It is read with its account after it is locked, so that changes committed while waiting for the
        lock count.
        """
        locked = Submission.with_test_calls.select_for_update(of=["self"]).get(parts=self.part_id)
        found = Submission.with_test_calls.select_related("client__partner_account")
        return found.get(pk=locked.pk)

    def hold(self, hold: Hold, reason: str) -> None:
        """Hold the account or the submission until a person has looked and releases it."""
        if hold is Hold.ACCOUNT:
            self.partner_account.hold(reason)
        elif hold is Hold.SUBMISSION:
            self.part.submission.hold(reason)
