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
    """Nobody decides about what they submitted or edited themselves."""


class TooLate(Exception):
    """It would start before it could be sent."""


class NotWhatWasSeen(Exception):
    """What would be approved is not what the approver was shown."""


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
    # Read off the parts, and kept so that lists can be filtered; written with them only.
    state = models.CharField(max_length=17, choices=State.choices, default=State.PREPARING)
    state_at = models.DateTimeField(default=timezone.now)
    # Nothing that was submitted to try the sandbox goes to people, and the other way round.
    account_kind = models.CharField(max_length=8, choices=PartnerAccount.Kind.choices)
    starts_at = models.DateTimeField()
    # Until then it can be undone, and nothing of it is sent.
    due_at = models.DateTimeField(default=timezone.now)
    # When it was given up for that; whoever is concerned is written to.
    expired_at = models.DateTimeField(null=True, db_index=True)
    # Where the author chose when to hand it to the partner.
    not_before = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decision = models.CharField(max_length=LONGEST_DECISION, blank=True)
    # Tries before this do not count any more: a person has let it go on.
    released_at = models.DateTimeField(null=True)
    # Since when preparing it has failed, at each try.
    failing_since = models.DateTimeField(null=True)
    # The parts of earlier submissions whose numbers are left out; null where nobody noted them.
    left_out_part_ids = models.JSONField(null=True)
    # Whom it was for, however the draft is mended later: a list never changes.
    contact_list_ids = models.JSONField(default=list)
    # The earlier submission of the same people that was named when this one was confirmed, and how
    # many people it shares with that and any others.
    resend_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    resend_shared = models.PositiveIntegerField(default=0)
    # The client's calling rules when it was submitted; empty where nobody noted them.
    client_rules = models.JSONField(default=dict)
    # What was doubtful when it was submitted: a list of {"rule", "sentence", "url"}.
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
        """Keep the frozen parts and make the submission ready to send.

        `already_sent` are the campaign's parts of earlier submissions whose numbers were left out.

        Returns False, having changed nothing, when it is not being prepared any more: another
        worker was quicker, or a person has undone it.
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
        """Approve exactly the bytes whose `payload_sha256` the approver has seen. False: too late.

        Raises OwnWork for an author, NotWhatWasSeen when the hash differs, and TooLate when it could
        not be sent before its start.
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
        """Send it back to be mended. False: too late. Raises OwnWork for an author."""
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
        """Note that it could not be prepared, if that is the first time."""
        now = timezone.now()
        failing = Submission.objects.filter(pk=self.pk, state=self.State.PREPARING)
        if failing.filter(failing_since=None).update(failing_since=now):
            self.failing_since = now

    def hold(self, reason: str) -> None:
        """Send nothing more of this until a person has looked."""
        with transaction.atomic():
            if self._add_hold(reason):
                self.record_event(f"Held: {reason}")

    def release(self, actor: User, seen: str) -> bool:
        """Resume a held submission. False where `seen` is not the key of all that holds it now."""
        with transaction.atomic():
            if not self._is_held_as(seen):
                return False
            self.held_reason, self.released_at, self.failing_since = "", timezone.now(), None
            self.save(update_fields=["held_reason", "released_at", "failing_since"])
            self.record_event("Released the hold.", actor)
        return True

    def _is_held_as(self, seen: str) -> bool:
        """Lock it, and say whether a page with this key showed all that holds it now."""
        row = Submission.objects.select_for_update(of=("self",)).get(pk=self.pk)
        self.held_reason, self.hold_number = row.held_reason, row.hold_number
        return bool(row.held_reason) and row.hold_key == seen

    def expire(self) -> bool:
        """Give up whatever of it is unsent, because its start is too near. Never sent late.

        Its author and those who approve are told by e-mail.

        False, having changed nothing, while a part is on its way or in doubt, when it is over, or while
        the database may have forgotten that it was sent: its author would be told that nobody is
        called, and asked to submit it again.
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
        """Give up whatever of a held submission is unsent, so that it can be fixed.

        False when it is too late, or `seen` is not the key of all that holds it now.
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
        """Take it back before anything was sent. False: it is too late."""
        return self._give_up(states.UNSENT, self.State.UNDONE, "Undid the submission.", actor)

    def _give_up(
        self,
        allowed: Sequence[states.State],
        state: states.State,
        event: str,
        actor: User | None = None,
        **values: Any,
    ) -> bool:
        """End it with nothing more sent, and open the draft again.

        A claim locks the submission and looks at its state, so it comes wholly before or after.
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
        """End it with the parts unsent that nothing was sent of, once nothing of it is in flight.

        Where the partner has accepted a part, it is partly submitted, whatever ended it.
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
        """Return it to its author unsent, for a reason that the portal itself has found.

        False, having changed nothing, when some of it may have been sent, or it is over already.
        """
        event = f"Returned unsent: {reason}"
        return self._give_up(states.UNSENT, self.State.RETURNED, event, decision=reason)

    def read_off_parts(self) -> None:
        """Bring the state in line with the deliveries, inside their transaction and its lock.

        One that has ended stays so: nothing more of it is sent by itself.
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
        """Send nothing more of the campaign while a person and the partner contradict each other.

        A submission that had ended is opened again, and held. Where its campaign has been submitted
        since, that later submission is held in its place.
        """
        if self.state not in states.TO_MEND:
            self.read_off_parts()
            return
        later = Submission.objects.filter(campaign=self.campaign_id, state__in=states.OPEN)
        if later:
            for each in later:
                each.hold(f"An earlier submission, [{self.reference}], needs checking. {facts}")
            return
        self.hold(facts)
        self._move(states.TO_MEND, self.State.NEEDS_CHECKING)
        self._close_draft()

    def _close_draft(self) -> None:
        """Close its draft again, unless a later submission has."""
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
        """Return the parts that the partner has for certain; reads what `listed` has fetched before."""
        accepted = Delivery.State.ACCEPTED
        return [
            part
            for part in self.parts.all()
            if any(delivery.state == accepted for delivery in part.deliveries.all())
        ]

    def is_author(self, person: User) -> bool:
        """Say whether the person submitted it or edited its draft."""
        return (
            person.pk == self.submitted_by_id or self.campaign.editors.filter(pk=person.pk).exists()
        )

    # Properties

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        """Return the state for people, with how many numbers the partner has where it has some."""
        state = self.State(self.state)
        if state != self.State.PARTLY_SUBMITTED:
            return str(state.label)
        accepted = sum(part.number_count for part in self.accepted_parts())
        # Summed here, since `listed` has fetched the parts before.
        total = sum(part.number_count for part in self.parts.all())
        return f"{state.label} ({accepted:,} of {total:,})"

    @property
    def is_whole(self) -> bool:
        """Read all frozen bytes through, and say whether they are what was frozen."""
        return all(part.is_whole for part in self.parts.all())

    @property
    def is_under_way(self) -> bool:
        return self.state in states.UNDER_WAY

    @property
    def left_out(self) -> dict[str, int]:
        """Return how many numbers of its lists are not in its parts, by the reason."""
        counts = ("repeated_count", "already_sent_count", "suppressed_count")
        return self.parts.aggregate(**{name: models.Sum(name, default=0) for name in counts})

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
    def payload_sha256(self) -> str:
        """Return the hash, in hex, that stands for all bytes of all parts; approvers approve it."""
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
        """Say whether a freeze that failed is tried again by itself: as long as a delivery is."""
        since = self.failing_since
        return since is None or timezone.now() < since + timedelta(seconds=sum(RETRY_AFTER))

    @property
    def due_from_now(self) -> datetime:
        """Return when it is due if it may go from now on: after the undo window, or at its time."""
        ends_at = undo_window.ends_at(self.client)
        return max(ends_at, self.not_before) if self.not_before else ends_at

    @property
    def send_time(self) -> str:
        """Return, for people, when its author chose to send it; "" where that was not chosen."""
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
        """Say whether nothing more of it goes to the partner."""
        return self.state not in states.OPEN

    @property
    def may_be_undone(self) -> bool:
        return self.state in states.UNSENT

    @property
    def starts_too_soon(self) -> bool:
        """Say whether its start is nearer than its lead time: nothing of it is sent now."""
        return self.starts_at - timezone.now() < self.client.lead_time

    @cached_property
    def later(self) -> "Submission | None":
        """Return the newest submission of the same campaign, if that is another one."""
        newest = Submission.objects.filter(campaign=self.campaign_id).order_by("pk").last()
        return newest if newest and newest.pk != self.pk else None

    @property
    def expires_now(self) -> bool:
        """Say whether the next look of the sweeper ends it."""
        return self.may_be_undone and self.can_no_longer_be_sent

    @property
    def approve_by(self) -> str:
        """Return, for people, until when an approval leaves time to undo it and to send it."""
        return schedule.named(self.starts_at - self.client.notice, self.client.zone)

    @property
    def can_no_longer_be_sent(self) -> bool:
        """Say whether its start comes before whatever it still waits for."""
        if self.state == self.State.AWAITING_APPROVAL:
            return self.due_from_now > self.starts_at - self.client.hand_over_time
        return max(timezone.now(), self.due_at) > self.starts_at - self.client.lead_time
