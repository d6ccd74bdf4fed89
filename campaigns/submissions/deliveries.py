"""A delivery: one try at handing one part to the partner, and the three guards of at most once.

1. Claim: one committed conditional update takes a queued delivery for one worker.
2. Constraint: a part has at most one delivery that may have been sent.
3. Fence: a second committed conditional update, between the connection and the body's first byte.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from campaigns.clients.models import PartnerAccount
from campaigns.partner.client import Exchange
from campaigns.submissions import late_answers
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


def _nothing() -> None:
    """Do nothing."""


class TooSoon(Exception):
    """The partner itself may still answer."""


class OtherTry(Exception):
    """Nobody can know yet what came of another try of the same part."""


class IdTaken(Exception):
    """Another campaign of the account has this ID."""


class SamePerson(Exception):
    """The second of two people has to be another one."""


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def that_counts_first(self) -> "DeliveryQuerySet":
        """Put first the one that may have been sent, or still be; the newest of those that were not."""
        came_to_nothing = models.When(state__in=Delivery.CAME_TO_NOTHING, then=1)
        return self.order_by(models.Case(came_to_nothing, default=0), "-pk")

    def in_doubt(self) -> "DeliveryQuerySet":
        """Return those that a person has to settle."""
        return self.filter(models.Q(state="needs_checking") | models.Q(is_contradicted=True))


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
    CAME_TO_NOTHING = (State.NOT_SENT, State.RELEASED)
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

    @classmethod
    def remember(cls, part: "Part") -> "Delivery":
        """Return the part's delivery that may have been sent; make one if the database forgot it."""
        standing = part.deliveries.exclude(state__in=[cls.State.NOT_SENT, cls.State.RELEASED])
        return standing.first() or cls.objects.create(
            part=part, partner_account_id=part.partner_account_id
        )

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

    def pass_fence(self, begin: Callable[[], None] = _nothing) -> bool:
        """Go past the point of no return (guard 3). False: nothing may be sent.

        The worker may have stood still since the claim, so everything that a person or the clock
        can change is asked again: every hold, the state and the account of the submission, its start.
        `begin` writes the intent down outside the database, just before the commit; what it raises
        undoes the change.
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
        """Say that nothing was sent after all, before any connection."""
        return self._move(
            [self.State.CLAIMED],
            self.State.NOT_SENT,
            f"Not sent: {reason}",
            finished_at=timezone.now(),
            reason=reason,
        )

    def doubt(self, reason: str, remembered_as: int | None = None) -> bool:
        """Hand a delivery to a person of which nobody can know how far it came.

        Its worker died while it was sending, or a journal says that it had begun, whatever a
        database says that has forgotten it.
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
        """Write what came of the exchange; False when the delivery has been decided otherwise.

        An ID that another part has already is no ID for this one: that needs checking. An answer
        that comes after a person has decided is kept all the same.
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
        values = {"finished_at": now, "reason": verdict.reason, **_answered(exchange)}
        state, told = self.State(verdict.state.value), _told(verdict, exchange)
        before = self._states_before(verdict, exchange)
        if remembered_as:
            values["remembered_as"] = remembered_as
            told = f"{told} The database had lost it; a journal had it."
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

    @transaction.atomic
    def _keep_late(self, verdict: Verdict, exchange: Exchange) -> None:
        """Keep the first answer that comes after a person has decided, and tell it.

        Where it contradicts the person, nothing more of the submission is sent until a person has
        settled which of the two is right.
        """
        submission = self._locked_submission()
        self.refresh_from_db()
        if self.settled_by is None or self.answered_late_at:
            return
        values = {
            "answered_late_at": timezone.now(),
            "is_contradicted": late_answers.contradicts(verdict, exchange, self.campaign_id),
            **_answered(exchange),
        }
        if values["is_contradicted"]:
            values["denied_by"] = None
            # What was written of the first doubt says nothing of this one.
            self.mails.all().delete()
        Delivery.objects.filter(pk=self.pk).update(**values)
        self.refresh_from_db()
        submission.tell(f"{self.part.told_as}{self.facts}")
        if self.is_contradicted:
            submission.doubt_again(f"{self.part.told_as}{self.facts}")

    def was_created(self, actor: User, campaign_id: int, note: str = "") -> bool:
        """Record that the partner has the campaign, under this ID, as a person has learnt.

        Raises TooSoon, OtherTry, or IdTaken when another campaign has the ID; False when there is
        no doubt to settle.
        """
        self._may_be_settled()
        told = f"Said that the partner created the campaign: ID {campaign_id}. {note}"
        values: dict[str, Any] = {"settled_by": actor, "note": note, "is_contradicted": False}
        try:
            with transaction.atomic():
                if not self._locked_in_doubt():
                    return False
                state = self.State(self.state)
                if self._make_way():
                    state, values["campaign_id"] = self.State.ACCEPTED, campaign_id
                return self._move([self.State(self.state)], state, told, actor=actor, **values)
        except IntegrityError:
            raise IdTaken from None

    @transaction.atomic
    def was_not_created(self, actor: User, note: str = "") -> bool:
        """Record that the partner does not have the campaign, as a person has learnt: it may go again.

        Above the client's size the answer takes two people, and the first is only kept. Raises
        TooSoon, or SamePerson when the second is the first; False when there is no doubt to settle.
        """
        self._may_be_settled()
        if not self._locked_in_doubt():
            return False
        now = self.State(self.state)
        if self.needs_second_person and self.denied_by_id is None:
            told = f"Said that the campaign was not created; a second person has to confirm. {note}"
            return self._move([now], now, told, actor=actor, denied_by=actor, note=note)
        if self.needs_second_person and self.denied_by_id == actor.pk:
            raise SamePerson
        told = f"Said that the campaign was not created: it may be sent again. {note}"
        values: dict[str, Any] = {"settled_by": actor, "note": note or self.note}
        values |= {"is_contradicted": False, "campaign_id": None}
        return self._move([now], self.State.RELEASED, told, actor=actor, **values)

    def _locked_in_doubt(self) -> bool:
        """Lock the submission, read the delivery again, and say whether it is for a person to settle."""
        self._locked_submission()
        self.refresh_from_db()
        return self.is_in_doubt

    def _make_way(self) -> bool:
        """End the part's other try, if nothing came of it, so that this one can count.

        False where the partner accepted that one too. Raises OtherTry while nobody can know.
        """
        other = self.other_try
        if other is None:
            return True
        if other.state in {self.State.SENDING, self.State.NEEDS_CHECKING}:
            raise OtherTry
        if other.state == self.State.ACCEPTED:
            return False
        # A refusal is proof that this one was not created; before the fence nothing was sent.
        is_refused = other.state == self.State.REFUSED
        state = self.State.RELEASED if is_refused else self.State.NOT_SENT
        told = "A later try no longer counts, because the partner has the campaign."
        return other._move([self.State(other.state)], state, told, finished_at=timezone.now())

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
        """Say whether the whole submission, whatever its parts, is above its client's size."""
        submission = self.part.submission
        return submission.parts.all().numbers() > submission.client.second_person_above

    @property
    def is_in_doubt(self) -> bool:
        """Say whether a person has to settle it."""
        return self.state == self.State.NEEDS_CHECKING or self.is_contradicted

    @property
    def doubted_at(self) -> datetime:
        """Return since when a person has to settle it, where one has to."""
        late = self.answered_late_at if self.is_contradicted else None
        return late or self.finished_at or self.queued_at

    @property
    def answer_key(self) -> str:
        """Return what a page posts to say which try it showed, and whether with a late answer."""
        return f"{self.pk}{'-contradicted' if self.is_contradicted else ''}"

    @property
    def facts(self) -> str:
        """Return what a person said and what the partner answered after that, "" without a late answer."""
        if not self.answered_late_at:
            return ""
        person = late_answers.person_said(self.settled_by, self.campaign_id)
        partner = late_answers.partner_said(self.answer_status, self.answered_id)
        return f"{person}. After that, {partner}."

    @property
    def other_try(self) -> "Delivery | None":
        """Return the part's other delivery that may have been sent, or may still be."""
        others = Delivery.objects.filter(part=self.part_id).exclude(pk=self.pk)
        return others.exclude(state__in=self.CAME_TO_NOTHING).first()

    def _states_before(self, verdict: Verdict, exchange: Exchange) -> list[State]:
        """Return the states this outcome may follow; a late answer may end a doubt, never more.

        A queued or claimed delivery of which something was sent is one that the database forgot.
        """
        if verdict.state is Outcome.NOT_SENT:
            return [self.State.CLAIMED, self.State.SENDING]
        before = [self.State.QUEUED, self.State.CLAIMED, self.State.SENDING]
        if verdict.state is Outcome.NEEDS_CHECKING:
            # An answer that settles nothing is still worth seeing, the first time that it comes.
            is_news = exchange.status is not None and self.answer_status is None
            return [*before, *[self.State.NEEDS_CHECKING] * is_news]
        return [*before, self.State.NEEDS_CHECKING]

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


def _answered(exchange: Exchange) -> dict[str, Any]:
    """Return what is kept of the exchange, whatever becomes of the delivery."""
    return {
        "bytes_sent": exchange.bytes_sent,
        "answer_status": exchange.status,
        "answer_excerpt": exchange.answer.excerpt,
        "answer_errors": exchange.answer.errors,
        "answered_id": exchange.answer.campaign_id,
    }


def _told(verdict: Verdict, exchange: Exchange) -> str:
    if verdict.state is Outcome.ACCEPTED:
        return f"The partner created the campaign: ID {exchange.answer.campaign_id}."
    return f"{Delivery.State(verdict.state.value).label}: {verdict.reason}"
