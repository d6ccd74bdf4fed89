"""A delivery: one try at handing one part to the partner, and the three guards of at most once.

1. Claim: one committed conditional update takes a queued delivery for one worker.
2. Constraint: a part has at most one delivery that may have been sent.
3. Fence: a second committed conditional update, between the connection and the body's first byte.
"""

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from campaigns.clients.models import PartnerAccount
from campaigns.partner.client import Exchange
from campaigns.submissions.outcomes import Hold, Verdict
from campaigns.submissions.outcomes import State as Outcome

if TYPE_CHECKING:
    from campaigns.submissions.models import Part, Submission

# Seconds before a delivery that provably never left is tried again; after the last, a person decides.
RETRY_AFTER = (30, 60, 120, 300, 600, 600)


class Delivery(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        CLAIMED = "claimed", "Connecting"
        SENDING = "sending", "Sending"
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"
        NEEDS_CHECKING = "needs_checking", "Needs checking"
        NOT_SENT = "not_sent", "Not sent"
        RELEASED = "released", "Was not created"

    part = models.ForeignKey("Part", on_delete=models.PROTECT, related_name="deliveries")
    partner_account = models.ForeignKey(
        PartnerAccount, on_delete=models.PROTECT, related_name="deliveries"
    )
    state = models.CharField(max_length=14, choices=State.choices, default=State.QUEUED)
    queued_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    sending_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    bytes_sent = models.PositiveBigIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)
    answer_status = models.PositiveSmallIntegerField(null=True)
    answer_excerpt = models.TextField(blank=True)
    answer_errors = models.JSONField(default=dict)
    campaign_id = models.PositiveBigIntegerField(null=True)

    class Meta:
        app_label = "submissions"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["part"],
                condition=~models.Q(state__in=["not_sent", "released"]),
                name="a_part_has_at_most_one_delivery_that_may_have_been_sent",
            ),
            models.CheckConstraint(
                condition=models.Q(state="accepted", campaign_id__isnull=False)
                | (~models.Q(state="accepted") & models.Q(campaign_id__isnull=True)),
                name="a_delivery_is_accepted_if_and_only_if_it_has_a_campaign_id",
            ),
            models.UniqueConstraint(
                fields=["partner_account", "campaign_id"],
                name="a_campaign_id_belongs_to_one_part_of_one_partner_account",
            ),
        ]

    def __str__(self) -> str:
        return f"Delivery {self.pk}"

    # Factories

    @classmethod
    def queue(cls, part: "Part") -> "Delivery | None":
        """Make the part's next delivery, or None when one stands already (guard 2)."""
        try:
            with transaction.atomic():
                return cls.objects.create(part=part, partner_account=part.account)
        except IntegrityError:
            return None

    # Mutators

    def claim(self) -> bool:
        """Take the delivery for this worker (guard 1).

        False: somebody else has it, or its submission may not be sent (any more).
        """
        with transaction.atomic(durable=True):
            if not self._locked_submission().may_send:
                return False
            return self._move(
                [self.State.QUEUED],
                self.State.CLAIMED,
                "Connecting to the partner.",
                claimed_at=timezone.now(),
            )

    def pass_fence(self) -> bool:
        """Go past the point of no return (guard 3). False: nothing may be sent."""
        with transaction.atomic(durable=True):
            return self._move(
                [self.State.CLAIMED],
                self.State.SENDING,
                "Sending to the partner.",
                sending_at=timezone.now(),
            )

    def give_up_claim(self, reason: str) -> bool:
        """Say that nothing was sent after all, before any connection."""
        return self._move(
            [self.State.CLAIMED],
            self.State.NOT_SENT,
            f"Not sent: {reason}",
            finished_at=timezone.now(),
            reason=reason,
        )

    def doubt(self, reason: str) -> bool:
        """Hand a delivery to a person whose worker died while it was sending."""
        return self._move(
            [self.State.SENDING],
            self.State.NEEDS_CHECKING,
            f"Needs checking: {reason}",
            finished_at=timezone.now(),
            reason=reason,
        )

    def settle(self, verdict: Verdict, exchange: Exchange) -> bool:
        """Write what came of the exchange; False when the delivery has been decided otherwise.

        An ID that another part has already is no ID for this one: that needs checking.
        """
        values: dict[str, Any] = {
            "finished_at": timezone.now(),
            "bytes_sent": exchange.bytes_sent,
            "answer_status": exchange.status,
            "answer_excerpt": exchange.answer.excerpt,
            "answer_errors": exchange.answer.errors,
            "reason": verdict.reason,
        }
        state, told = self.State(verdict.state.value), _told(verdict, exchange)
        before = self._states_before(verdict)
        if verdict.state is not Outcome.ACCEPTED:
            return self._move(before, state, told, hold=verdict.hold, **values)
        try:
            return self._move(
                before, state, told, campaign_id=exchange.answer.campaign_id, **values
            )
        except IntegrityError:
            values["reason"] = "The partner gave a campaign ID that another campaign has already."
            told = f"Needs checking: {values['reason']}"
            return self._move(before, self.State.NEEDS_CHECKING, told, **values)

    def _states_before(self, verdict: Verdict) -> list[State]:
        """Return the states this outcome may follow; a late answer may end a doubt, never more."""
        if verdict.state is Outcome.NOT_SENT:
            return [self.State.CLAIMED, self.State.SENDING]
        if verdict.state is Outcome.NEEDS_CHECKING:
            return [self.State.SENDING]
        return [self.State.SENDING, self.State.NEEDS_CHECKING]

    def _move(
        self,
        before: list[State],
        state: State,
        told: str,
        *,
        hold: Hold = Hold.NOTHING,
        **values: object,
    ) -> bool:
        """Change the state if it still is one of `before`, tell it, and commit both together."""
        with transaction.atomic():
            submission = self._locked_submission()
            moved = Delivery.objects.filter(pk=self.pk, state__in=before).update(
                state=state, **values
            )
            if moved:
                submission.tell(told)
                submission.read_off_parts()
                self._hold(hold, str(values.get("reason", "")))
        self.refresh_from_db()
        return bool(moved)

    def _locked_submission(self) -> "Submission":
        """Return the submission, locked, so that its state and its deliveries' change in turn."""
        from campaigns.submissions.models import Submission

        return (
            Submission.objects.select_for_update(of=["self"])
            .select_related("client__partner_account")
            .get(parts=self.part_id)
        )

    def _hold(self, hold: Hold, reason: str) -> None:
        if hold is Hold.ACCOUNT:
            self.partner_account.hold(reason)
        elif hold is Hold.SUBMISSION:
            self.part.submission.hold(reason)


def _told(verdict: Verdict, exchange: Exchange) -> str:
    if verdict.state is Outcome.ACCEPTED:
        return f"The partner created the campaign: ID {exchange.answer.campaign_id}."
    return f"{Delivery.State(verdict.state.value).label}: {verdict.reason}"
