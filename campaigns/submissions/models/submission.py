"""A submission: a person's decision to send one campaign, and every state that it passes through."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator

from campaigns import transitions
from campaigns.clients.holds import Holdable
from campaigns.clients.models import Client, Event, PartnerAccount
from campaigns.drafts.campaign import schedule
from campaigns.drafts.models import Campaign, DraftLocked
from campaigns.submissions.models import states, undo_window
from campaigns.submissions.models.delivery import RETRY_AFTER, Delivery
from campaigns.submissions.models.delivery_row import LONGEST_REASON
from campaigns.submissions.models.dispatch_switch import Dispatch
from campaigns.submissions.models.part import Part, combined_hash
from campaigns.submissions.models.queries import SubmissionQuerySet

LONGEST_DECISION = 300
TOO_LATE = "It would have started before it could be sent."


class OwnWork(Exception):
    """A person may not decide about a submission that they submitted or whose draft they edited."""


class TooLate(Exception):
    """The campaign would start before it could be sent."""


class NotWhatWasSeen(Exception):
    """The bytes to be approved are not those that the approver was shown."""


class Submission(Holdable):
    """A person's decision to send one campaign."""

    State = states.State

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="submissions")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="submissions")
    name = models.CharField(max_length=75)
    reference = models.CharField(max_length=6, unique=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(default=timezone.now, db_index=True)
    # Derived from the deliveries once there are any, and stored so that lists can be filtered by it.
    # Only `_move` changes it.
    state = models.CharField(max_length=17, choices=State.choices, default=State.PREPARING)
    state_at = models.DateTimeField(default=timezone.now)
    # The kind of the partner account when it was submitted. A submission for the sandbox must never go
    # to people, and one for people never to the sandbox.
    account_kind = models.CharField(max_length=8, choices=PartnerAccount.Kind.choices)
    starts_at = models.DateTimeField()
    # Nothing of it is sent before this time. Until then it can be undone.
    due_at = models.DateTimeField(default=timezone.now)
    # When it expired because its start was too near. The people concerned are then e-mailed.
    expired_at = models.DateTimeField(null=True, db_index=True)
    # The earliest time to hand it to the partner, if its author chose one.
    not_before = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decision = models.CharField(max_length=LONGEST_DECISION, blank=True)
    # When a person last released a hold of it. Tries before that no longer count towards the limit of
    # tries.
    released_at = models.DateTimeField(null=True)
    # Since when each try to prepare it has failed.
    failing_since = models.DateTimeField(null=True)
    # The parts of earlier submissions whose numbers are left out; null if that was not recorded.
    left_out_part_ids = models.JSONField(null=True)
    # The contact lists of its draft when it was submitted. The draft may change later, but a list never
    # changes.
    contact_list_ids = models.JSONField(default=list)
    # The earlier submission that a person named to confirm that the same people are to be called again,
    # and how many people this submission shares with it and any other earlier ones.
    resend_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    resend_shared = models.PositiveIntegerField(default=0)
    # The client's calling rules when it was submitted; empty if they were not recorded.
    client_rules = models.JSONField(default=dict)
    # The warnings when it was submitted: a list of {"rule", "sentence", "url"}.
    warnings = models.JSONField(default=list)

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

    # Mutators

    def frozen(self, payloads: list["Part"], already_sent: Sequence["Part"] = ()) -> bool:
        """Save the frozen parts, and make the submission ready to send or to be approved.

        `already_sent` are the campaign's parts of earlier submissions whose numbers were left out.

        Return False, having changed nothing, if it is not being prepared any more: another worker was
        quicker, or a person has undone it.
        """
        numbers = sum(part.number_count for part in payloads)
        asks = self.client.wants_approval(numbers)
        with transaction.atomic():
            state = self.State.AWAITING_APPROVAL if asks else self.State.SCHEDULED
            left_out = [part.pk for part in already_sent]
            if not self._move([self.State.PREPARING], state, left_out_part_ids=left_out):
                return False
            Part.objects.bulk_create(payloads)
            several = (
                f", as {len(payloads)} campaigns at the partner’s" if len(payloads) > 1 else ""
            )
            self.record_event(f"Wrote down what will be sent: {numbers:,} numbers{several}.")
            if asks:
                self.record_event("Asked for approval.")
        return True

    def approve(self, actor: User, seen: str) -> bool:
        """Approve exactly the bytes whose `payload_sha256` the approver has seen.

        Return False if it no longer awaits approval. Raises OwnWork for an author, NotWhatWasSeen if the
        hash differs, and TooLate if it could not be sent before its start.
        """
        if self.is_author(actor):
            raise OwnWork
        with transaction.atomic():
            locked = Submission.objects.select_for_update(of=["self"]).select_related("client")
            if locked.get(pk=self.pk).can_no_longer_be_sent:
                raise TooLate
            if seen != self.payload_sha256:
                raise NotWhatWasSeen
            values = {"decided_by": actor, "due_at": self.due_from_now}
            if not self._move([self.State.AWAITING_APPROVAL], self.State.SCHEDULED, **values):
                return False
            self.record_event("Approved it.", actor)
        return True

    def return_to_author(self, actor: User, reason: str) -> bool:
        """Return it to its author for corrections.

        Return False if it no longer awaits approval. Raises OwnWork for an author.
        """
        if self.is_author(actor):
            raise OwnWork
        return self._give_up(
            [self.State.AWAITING_APPROVAL],
            self.State.RETURNED,
            f"Returned it: {reason}",
            actor,
            decided_by=actor,
            decision=reason,
        )

    def preparing_failed(self) -> None:
        """Store the time of the first failure to prepare it. Later failures don't change that time."""
        now = timezone.now()
        failing = Submission.objects.filter(pk=self.pk, state=self.State.PREPARING)
        if failing.filter(failing_since=None).update(failing_since=now):
            self.failing_since = now

    def hold(self, reason: str) -> None:
        """Hold the submission: nothing more of it is sent until a person has looked and releases it."""
        with transaction.atomic():
            if self._add_hold(reason):
                self.record_event(f"Held: {reason}")

    def release(self, actor: User, seen: str) -> bool:
        """Resume a held submission.

        `seen` is the hold key that the page showed. Return False if the submission is not held, or if a
        further hold has changed its key since.
        """
        with transaction.atomic():
            if not self._is_held_as(seen):
                return False
            self.held_reason, self.released_at, self.failing_since = "", timezone.now(), None
            self.save(update_fields=["held_reason", "released_at", "failing_since"])
            self.record_event("Released the hold.", actor)
        return True

    def _is_held_as(self, seen: str) -> bool:
        """Lock the submission, and return whether it is held and `seen` is its present hold key."""
        row = Submission.objects.select_for_update(of=("self",)).get(pk=self.pk)
        self.held_reason, self.hold_number = row.held_reason, row.hold_number
        return bool(row.held_reason) and row.hold_key == seen

    def expire(self) -> bool:
        """Give up the unsent parts because the start is too near, so that nothing is sent late.

        Its authors and the approvers are e-mailed.

        Return False, having changed nothing, while a part is being sent or in doubt, or when the
        submission is already over. Also return False while the database may have lost that the submission
        was sent: the e-mail would wrongly say that nobody is called, and ask the author to submit it
        again.
        """
        if Dispatch.may_have_forgotten():
            return False
        what = "The rest expired" if self.accepted_parts() else "Expired"
        event = f"{what} unsent: The campaign's start was too near."
        allowed = [*states.UNSENT, self.State.SENDING]
        return self._give_up_the_rest(
            allowed, self.State.EXPIRED, event, expired_at=timezone.now(), decision=TOO_LATE
        )

    def stop(self, actor: User, seen: str) -> bool:
        """Give up the unsent parts of a held submission, so that its draft can be corrected.

        `seen` is the hold key that the page showed. Return False if the submission is no longer held with
        that key, or while a delivery of it is in flight.
        """
        with transaction.atomic():
            if not self._is_held_as(seen):
                return False
            reason = Truncator(self.held_reason).chars(LONGEST_DECISION)
            event = f"Gave up what was not sent: {reason}"
            allowed = [self.State.SCHEDULED, self.State.SENDING]
            return self._give_up_the_rest(
                allowed, self.State.RETURNED, event, actor, decision=reason
            )

    def undo(self, actor: User) -> bool:
        """Undo the submission before any of it is sent. Return False if it is too late."""
        return self._give_up(states.UNSENT, self.State.UNDONE, "Undid the submission.", actor)

    def _give_up(
        self,
        allowed: Sequence[states.State],
        state: states.State,
        event: str,
        actor: User | None = None,
        **values: Any,
    ) -> bool:
        """End the submission as `state` with nothing more sent, and reopen its draft.

        Return False, having changed nothing, if its state is not one of `allowed`. A claim of a delivery
        locks the submission and checks its state, so it happens either wholly before this change or
        wholly after it.
        """
        with transaction.atomic():
            if not self._move(allowed, state, held_reason="", **values):
                return False
            queued = Delivery.objects.filter(part__submission=self, state=Delivery.State.QUEUED)
            queued.update(
                state=Delivery.State.NOT_SENT,
                finished_at=timezone.now(),
                reason=Truncator(event).chars(LONGEST_REASON),
            )
            self.record_event(event, actor)
            self.campaign.reopen()
        return True

    def _give_up_the_rest(
        self,
        allowed: Sequence[states.State],
        state: states.State,
        event: str,
        actor: User | None = None,
        **values: Any,
    ) -> bool:
        """End the submission without sending its unsent parts.

        Return False while a delivery of it is in flight. If the partner has accepted a part, the state
        becomes PARTLY_SUBMITTED instead of `state`, whatever the reason for the end.
        """
        with transaction.atomic():
            Submission.objects.select_for_update().get(pk=self.pk)
            in_flight = Delivery.objects.filter(
                part__submission=self, state__in=Delivery.IN_FLIGHT
            ).exists()
            if self.accepted_parts():
                state = self.State.PARTLY_SUBMITTED
            return not in_flight and self._give_up(allowed, state, event, actor, **values)

    def send_back(self, reason: str) -> bool:
        """Return it to its author unsent, for a reason that the portal found without a person.

        Return False, having changed nothing, if some of it may have been sent or it is already over.
        """
        event = f"Returned unsent: {reason}"
        return self._give_up(states.UNSENT, self.State.RETURNED, event, decision=reason)

    def read_off_parts(self) -> None:
        """Derive the state from the deliveries.

        Call it in the transaction that changes them and has locked the submission. A submission that has
        ended stays ended: nothing more of it is sent automatically.
        """
        parts, now = self.parts.all().delivery_states(), self.State(self.state)
        had_ended = now in states.TO_MEND
        new = states.ended(now, parts) if had_ended else states.read_off(parts)
        moved = new != now and self._move([*states.READ_OFF, *states.TO_MEND], new)
        if moved and new in states.TO_MEND and not had_ended:
            self.campaign.reopen()
        elif moved and had_ended and new not in states.TO_MEND:
            self._close_draft()

    def doubt_again(self, facts: str) -> None:
        """Send nothing more of the campaign while a person's decision and the partner's answer contradict.

        A submission that has not ended becomes NEEDS_CHECKING. One that had ended is reopened as
        NEEDS_CHECKING and held; if its campaign has been submitted again since, that later submission is
        held instead. `facts` is the sentence for people about the contradiction.
        """
        if self.state not in states.TO_MEND:
            self.read_off_parts()
            return
        # First, because it waits for a person who is submitting the draft at this moment: then the later
        # submission is there to be held. The other way round each would wait for the other.
        self._close_draft()
        later = Submission.objects.filter(campaign=self.campaign_id, state__in=states.OPEN)
        if later:
            for each in later:
                each.hold(f"An earlier submission, [{self.reference}], needs checking. {facts}")
            return
        self.hold(facts)
        self._move(states.TO_MEND, self.State.NEEDS_CHECKING)

    def _close_draft(self) -> None:
        """Close its draft again, unless a later submission has already closed it."""
        with suppress(DraftLocked):
            self.campaign.lock()

    def _move(self, allowed: Sequence[states.State], state: str, **values: Any) -> bool:
        return transitions.move(
            self, "state", allowed, state=state, state_at=timezone.now(), **values
        )

    def record_event(self, sentence: str, actor: User | None = None) -> None:
        Event.record(self, self.client_id, sentence, actor)

    # Queries

    def accepted_parts(self) -> list[Part]:
        """Return the parts that the partner has accepted. Uses what `listed` prefetched."""
        accepted = Delivery.State.ACCEPTED
        return [
            part
            for part in self.parts.all()
            if any(delivery.state == accepted for delivery in part.deliveries.all())
        ]

    def is_author(self, person: User) -> bool:
        """Return whether the person submitted it or edited its draft."""
        return (
            person.pk == self.submitted_by_id or self.campaign.editors.filter(pk=person.pk).exists()
        )

    # Properties

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        """Return the state for people.

        For a partly submitted one, it includes how many of its numbers the partner has.
        """
        state = self.State(self.state)
        if state != self.State.PARTLY_SUBMITTED:
            return str(state.label)
        accepted = sum(part.number_count for part in self.accepted_parts())
        # Summed in Python, since `listed` has already fetched the parts.
        total = sum(part.number_count for part in self.parts.all())
        return f"{state.label} ({accepted:,} of {total:,})"

    @property
    def is_whole(self) -> bool:
        """Read all frozen bytes of all parts, and return whether they still are what was frozen."""
        return all(part.is_whole for part in self.parts.all())

    @property
    def is_under_way(self) -> bool:
        return self.state in states.UNDER_WAY

    @property
    def left_out(self) -> dict[str, int]:
        """Return how many numbers of its lists are not in its parts, by reason."""
        counts = ("repeated_count", "already_sent_count", "suppressed_count")
        return self.parts.aggregate(**{name: models.Sum(name, default=0) for name in counts})

    @property
    def campaign_ids(self) -> list[int]:
        """Return the partner's campaign IDs in the order of the parts. Uses what `listed` prefetched."""
        return [
            delivery.campaign_id
            for part in self.parts.all()
            for delivery in part.deliveries.all()
            if delivery.campaign_id is not None
        ]

    @property
    def payload_sha256(self) -> str:
        """Return one hash, in hex, for all bytes of all parts. Approvers approve this hash."""
        return combined_hash(list(self.parts.values_list("payload_sha256", flat=True)))

    @property
    def may_send(self) -> bool:
        if self.held_reason or self.client.partner_account.held_reason:
            return False
        if self.client.partner_account.is_waiting or Dispatch.is_held():
            return False
        return self.state in {self.State.SCHEDULED, self.State.SENDING}

    @property
    def may_be_prepared_again(self) -> bool:
        """Return whether a failed freeze is retried automatically: for as long as a delivery would be."""
        since = self.failing_since
        return since is None or timezone.now() < since + timedelta(seconds=sum(RETRY_AFTER))

    @property
    def due_from_now(self) -> datetime:
        """Return when it is due if it is submitted or approved now.

        That is when the undo window ends or at `not_before`, whichever is later.
        """
        ends_at = undo_window.ends_at(self.client)
        return max(ends_at, self.not_before) if self.not_before else ends_at

    @property
    def send_time(self) -> str:
        """Return, for people, the time to send that its author chose; "" if none was chosen."""
        return schedule.named(self.not_before, self.client.zone) if self.not_before else ""

    @property
    def waits_for_its_time(self) -> bool:
        return self.not_before is not None and self.not_before > timezone.now()

    @property
    def is_due(self) -> bool:
        return self.due_at <= timezone.now()

    @property
    def seconds_to_undo(self) -> int:
        return max(0, round((self.due_at - timezone.now()).total_seconds()))

    @property
    def is_over(self) -> bool:
        """Return whether nothing more of it goes to the partner."""
        return self.state not in states.OPEN

    @property
    def may_be_undone(self) -> bool:
        return self.state in states.UNSENT

    @property
    def starts_too_soon(self) -> bool:
        """Return whether its start is nearer than the client's lead time.

        If so, nothing of it may be sent now.
        """
        return self.starts_at - timezone.now() < self.client.lead_time

    @cached_property
    def later(self) -> "Submission | None":
        """Return the newest submission of the same campaign; None if that is this one."""
        newest = Submission.objects.filter(campaign=self.campaign_id).order_by("pk").last()
        return newest if newest and newest.pk != self.pk else None

    @property
    def expires_now(self) -> bool:
        """Return whether the next sweep ends it as expired."""
        return self.may_be_undone and self.can_no_longer_be_sent

    @property
    def approve_by(self) -> str:
        """Return, for people, the latest time of approval that leaves time to undo it and to send it."""
        return schedule.named(self.starts_at - self.client.notice, self.client.zone)

    @property
    def can_no_longer_be_sent(self) -> bool:
        """Return whether it is too late to send it with the client's lead time before its start.

        This counts the time that it still has to wait: until it is due or, if it awaits approval, until
        it would be due after an approval now.
        """
        if self.state == self.State.AWAITING_APPROVAL:
            return self.due_from_now > self.starts_at - self.client.hand_over_time
        return max(timezone.now(), self.due_at) > self.starts_at - self.client.lead_time
