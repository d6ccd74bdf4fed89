"""A delivery: one try at handing one part to the partner, and the three guards of "at most once".

1. Claim: a committed conditional update takes a queued delivery for one worker.
2. Constraint: a part has at most one delivery that may have been sent.
3. Fence: a second committed conditional update, after the connection and before the body's first byte.
"""

from collections.abc import Callable

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from campaigns.partner.client import Exchange
from campaigns.submissions.answer_outcomes import State as Outcome
from campaigns.submissions.answer_outcomes import Verdict
from campaigns.submissions.models import states
from campaigns.submissions.models.delivery import answers
from campaigns.submissions.models.delivery.decisions import Decided
from campaigns.submissions.models.part import Part

# Seconds to wait before each retry of a delivery that provably was not sent. After the last retry a
# person decides.
RETRY_AFTER = (30, 60, 120, 300, 600, 600)


_LOOKED_AT = (
    "partner_account",
    "part__submission__client__partner_account",
    "part__submission__campaign__call_flow",
    "part__submission__campaign__cli",
    "part__submission__submitted_by",
    "part__submission__decided_by",
)


def _nothing() -> None:
    """Do nothing."""


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def effective(self) -> "Delivery | None":
        """Return the effective delivery of the part whose deliveries these are; None if it has none."""
        return states.effective(list(self.order_by("pk")))

    def in_doubt(self) -> "DeliveryQuerySet":
        """Return the deliveries that a person has to settle."""
        return self.filter(models.Q(state="needs_checking") | models.Q(is_contradicted=True))


class Delivery(Decided):
    """A delivery with its three guards, and the outcome of its exchange with the partner."""

    objects = DeliveryQuerySet.as_manager()

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
            models.CheckConstraint(
                condition=models.Q(is_contradicted=False)
                | models.Q(answered_late_at__isnull=False, settled_by__isnull=False),
                name="only_a_late_answer_contradicts_a_person",
            ),
        ]

    # Factories

    @classmethod
    def queue(cls, part: Part) -> "Delivery | None":
        """Create the part's next delivery (guard 2).

        Return None if the part has a delivery that may have been, or may still be, sent. Also return None
        if its submission may not be sent now.
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

    @classmethod
    def remember(cls, part: Part) -> "Delivery":
        """Return the part's delivery that may have been sent.

        If the database has lost that delivery, create it again.
        """
        standing = part.deliveries.exclude(state__in=[cls.State.NOT_SENT, cls.State.RELEASED])
        return standing.first() or cls.objects.create(
            part=part, partner_account_id=part.partner_account_id
        )

    # Mutators

    def claim(self) -> bool:
        """Take the delivery for this worker (guard 1).

        Return False if another worker has it, or if its submission may not be sent now.
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
                # All that is checked before sending is read after the claim, in one query.
                self.refresh_from_db(from_queryset=Delivery.objects.select_related(*_LOOKED_AT))
        return claimed

    def pass_fence(self, begin: Callable[[], None] = _nothing) -> bool:
        """Pass the point of no return (guard 3). Return False if nothing may be sent.

        The worker may have been paused since the claim. So everything that a person or the clock can
        change is checked again: every hold, the submission's state and partner account, and its start.
        `begin` writes the intent to send outside the database, just before the commit. An exception that
        it raises undoes the change.
        """
        with transaction.atomic(durable=True):
            submission = self._locked_submission()
            is_as_claimed = submission.client.partner_account_id == self.partner_account_id
            if submission.starts_too_soon or not (is_as_claimed and submission.may_send):
                return False
            passed = self._move_within(
                submission,
                [self.State.CLAIMED],
                self.State.SENDING,
                "Sending to the partner.",
                sending_at=timezone.now(),
            )
            if passed:
                begin()
        return passed

    def give_up_claim(self, reason: str) -> bool:
        """End a claimed delivery as not sent, before any connection to the partner."""
        return self._move(
            [self.State.CLAIMED],
            self.State.NOT_SENT,
            f"Not sent: {reason}",
            finished_at=timezone.now(),
            reason=reason,
        )

    def doubt(self, reason: str, remembered_as: int | None = None) -> bool:
        """Mark the delivery as needing checking, because nobody can know how much of it was sent.

        Either its worker died while it was sending it, or a journal says that sending had begun and the
        database has lost that. In the second case `remembered_as` is the delivery's number in the
        journal.
        """
        before, remembered = [self.State.SENDING], {}
        if remembered_as:
            before, remembered = list(self.IN_FLIGHT), {"remembered_as": remembered_as}
            before.append(self.State.QUEUED)
        return self._move(
            before,
            self.State.NEEDS_CHECKING,
            f"Needs checking: {reason}",
            finished_at=timezone.now(),
            reason=reason,
            **remembered,
        )

    def settle(
        self, verdict: Verdict, exchange: Exchange, remembered_as: int | None = None
    ) -> bool:
        """Write the outcome of the exchange. Return False if the delivery has been decided otherwise.

        A campaign ID that another part already has is not accepted: the delivery then needs checking. An
        answer that comes after a person's decision is stored all the same.
        """
        if self._write_outcome(verdict, exchange, remembered_as):
            return True
        if exchange.status is not None or exchange.answer.campaign_id is not None:
            self._keep_late(verdict, exchange)
        return False

    def _write_outcome(
        self, verdict: Verdict, exchange: Exchange, remembered_as: int | None
    ) -> bool:
        now = timezone.now()
        values = {"finished_at": now, "reason": verdict.reason, **answers.columns(exchange)}
        # A person who said that the campaign was not created did not know of this answer. So that
        # statement no longer counts as the first of two.
        values["denied_by"] = None
        state, event = self.State(verdict.state.value), answers.event(verdict, exchange)
        before = answers.states_before(verdict, exchange, self.answer_status)
        if remembered_as:
            values["remembered_as"] = remembered_as
            event = f"{event} The database had lost this. It was restored from a journal."
        if verdict.state is not Outcome.ACCEPTED:
            return self._move(before, state, event, hold=verdict.hold, **values)
        try:
            return self._move(
                before, state, event, campaign_id=exchange.answer.campaign_id, **values
            )
        except IntegrityError:
            values["reason"] = "The partner gave a campaign ID that another campaign already has."
            event = f"Needs checking: {values['reason']}"
            return self._move(before, self.State.NEEDS_CHECKING, event, **values)

    @transaction.atomic
    def _keep_late(self, verdict: Verdict, exchange: Exchange) -> None:
        """Store and record the first answer that comes after a person's decision.

        If it contradicts the person, nothing more of the submission is sent until a person has settled
        which of the two is right.
        """
        submission = self._locked_submission()
        self.refresh_from_db()
        if self.settled_by is None or self.answered_late_at:
            self._add_words(verdict, exchange)
            return
        values = {
            "answered_late_at": timezone.now(),
            "is_contradicted": answers.contradicts(verdict, exchange, self.campaign_id),
            **answers.columns(exchange),
        }
        if values["is_contradicted"]:
            values["denied_by"] = None
            # E-mails about the first doubt do not say anything about this one. Without these rows
            # people are e-mailed again.
            self.mails.all().delete()
        Delivery.objects.filter(pk=self.pk).update(**values)
        self.refresh_from_db()
        submission.record_event(f"{self.part.event_prefix}{self.facts}")
        if self.is_contradicted:
            submission.doubt_again(f"{self.part.event_prefix}{self.facts}")

    def _add_words(self, verdict: Verdict, exchange: Exchange) -> None:
        """Store the answer's text if the outcome was written from a journal before.

        A journal has no text of answers, and may be applied before the delivery's own worker writes.
        """
        if self.state == verdict.state.value and not self.answer_excerpt:
            words = {
                "answer_excerpt": exchange.answer.excerpt,
                "answer_errors": exchange.answer.errors,
            }
            Delivery.objects.filter(pk=self.pk).update(**words)
