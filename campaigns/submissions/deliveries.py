"""A delivery: one try at handing one part to the partner, and the three guards of at most once.

1. Claim: one committed conditional update takes a queued delivery for one worker.
2. Constraint: a part has at most one delivery that may have been sent.
3. Fence: a second committed conditional update, between the connection and the body's first byte.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
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
LONGEST_REASON = 200


_LOOKED_AT = (
    "partner_account",
    "part__submission__client__partner_account",
    "part__submission__campaign__call_flow",
    "part__submission__campaign__cli",
    "part__submission__submitted_by",
    "part__submission__decided_by",
)


class TooSoon(Exception):
    """The partner itself may still answer."""


class IdTaken(Exception):
    """Another campaign of the account has this ID."""


class SamePerson(Exception):
    """The second of two people has to be another one."""


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

    UNSENT = (State.QUEUED, State.NOT_SENT, State.RELEASED)
    IN_FLIGHT = (State.CLAIMED, State.SENDING, State.NEEDS_CHECKING)
    MAY_BE_AT_THE_PARTNERS = (State.ACCEPTED, State.SENDING, State.NEEDS_CHECKING)

    part = models.ForeignKey("Part", on_delete=models.PROTECT, related_name="deliveries")
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
    # A person's answer to "was it created?". The first of two people is kept until the second came.
    denied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=300, blank=True)

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
        """Make the part's next delivery, or None when one stands already (guard 2).

        None too when its submission may not be sent (any more).
        """
        delivery = cls(part=part, partner_account_id=part.partner_account_id)
        try:
            with transaction.atomic():
                if not delivery._locked_submission().may_send:
                    return None
                delivery.save()
        except IntegrityError:
            return None
        return delivery

    # Mutators

    def claim(self) -> bool:
        """Take the delivery for this worker (guard 1).

        False: somebody else has it, or its submission may not be sent (any more).
        """
        with transaction.atomic(durable=True):
            submission = self._locked_submission()
            claimed = submission.may_send and self._move_within(
                submission,
                [self.State.QUEUED],
                self.State.CLAIMED,
                "Connecting to the partner.",
                claimed_at=timezone.now(),
            )
            if claimed:
                # What is looked at before sending is read after the claim, all of it at once.
                self.refresh_from_db(from_queryset=Delivery.objects.select_related(*_LOOKED_AT))
        return claimed

    def pass_fence(self) -> bool:
        """Go past the point of no return (guard 3). False: nothing may be sent.

        The worker may have stood still since the claim, so everything that a person or the clock
        can change is asked again: every hold, the state and the account of the submission, its start.
        """
        with transaction.atomic(durable=True):
            submission = self._locked_submission()
            is_as_claimed = submission.client.partner_account_id == self.partner_account_id
            if submission.starts_too_soon or not (is_as_claimed and submission.may_send):
                return False
            return self._move_within(
                submission,
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

    def was_created(self, actor: User, campaign_id: int, note: str = "") -> bool:
        """A person has learnt from the partner that the campaign is there, under this ID.

        Raises TooSoon, or IdTaken when another campaign has the ID; False when there is no doubt
        any more.
        """
        self._may_be_settled()
        told = f"Said that the partner created the campaign: ID {campaign_id}. {note}"
        values: dict[str, Any] = {"campaign_id": campaign_id, "settled_by": actor, "note": note}
        try:
            return self._move(
                [self.State.NEEDS_CHECKING], self.State.ACCEPTED, told, actor=actor, **values
            )
        except IntegrityError:
            raise IdTaken from None

    @transaction.atomic
    def was_not_created(self, actor: User, note: str = "") -> bool:
        """A person has learnt from the partner that the campaign is not there: it may go again.

        Above the client's size the answer takes two people, and the first is only kept. Raises
        TooSoon, or SamePerson when the second is the first; False when there is no doubt any more.
        """
        self._may_be_settled()
        self._locked_submission()
        self.refresh_from_db()
        doubt = [self.State.NEEDS_CHECKING]
        if self.needs_second_person and self.denied_by_id is None:
            told = f"Said that the campaign was not created; a second person has to confirm. {note}"
            return self._move(
                doubt, self.State.NEEDS_CHECKING, told, actor=actor, denied_by=actor, note=note
            )
        if self.needs_second_person and self.denied_by_id == actor.pk:
            raise SamePerson
        told = f"Said that the campaign was not created: it may be sent again. {note}"
        values: dict[str, Any] = {"settled_by": actor, "note": note or self.note}
        return self._move(doubt, self.State.RELEASED, told, actor=actor, **values)

    def hold(self, hold: Hold, reason: str) -> None:
        """Make the account or the submission stand still until a person has looked."""
        if hold is Hold.ACCOUNT:
            self.partner_account.hold(reason)
        elif hold is Hold.SUBMISSION:
            self.part.submission.hold(reason)

    def _may_be_settled(self) -> None:
        if self.may_not_be_settled_yet:
            raise TooSoon

    # Properties

    @property
    def may_be_settled_at(self) -> datetime:
        """Return when a person may answer: a late answer of the partner itself is worth more."""
        since = self.sending_at or self.finished_at or self.queued_at
        return since + timedelta(seconds=settings.SETTLE_AFTER)

    @property
    def may_not_be_settled_yet(self) -> bool:
        return timezone.now() < self.may_be_settled_at

    @property
    def needs_second_person(self) -> bool:
        submission = self.part.submission
        return self.part.number_count > submission.client.second_person_above

    def _states_before(self, verdict: Verdict) -> list[State]:
        """Return the states this outcome may follow; a late answer may end a doubt, never more."""
        if verdict.state is Outcome.NOT_SENT:
            return [self.State.CLAIMED, self.State.SENDING]
        if verdict.state is Outcome.NEEDS_CHECKING:
            return [self.State.SENDING]
        return [self.State.SENDING, self.State.NEEDS_CHECKING]

    def _move(self, before: list[State], state: State, told: str, **more: Any) -> bool:
        """Change the state if it still is one of `before`, tell it, and commit both together."""
        with transaction.atomic():
            return self._move_within(self._locked_submission(), before, state, told, **more)

    def _move_within(
        self,
        submission: "Submission",
        before: list[State],
        state: State,
        told: str,
        *,
        hold: Hold = Hold.NOTHING,
        actor: User | None = None,
        **values: Any,
    ) -> bool:
        """Do it in the transaction that has locked the submission."""
        values["state"] = state
        if not Delivery.objects.filter(pk=self.pk, state__in=before).update(**values):
            self.refresh_from_db()
            return False
        for name, value in values.items():
            setattr(self, name, value)
        submission.tell(f"{self.part.told_as}{told}".strip(), actor)
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


def _told(verdict: Verdict, exchange: Exchange) -> str:
    if verdict.state is Outcome.ACCEPTED:
        return f"The partner created the campaign: ID {exchange.answer.campaign_id}."
    return f"{Delivery.State(verdict.state.value).label}: {verdict.reason}"
