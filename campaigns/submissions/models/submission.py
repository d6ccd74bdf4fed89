"""A submission: a person's decision to send one campaign, and every state that it passes through."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import cached_property

from campaigns import transitions
from campaigns.drafts.campaign import schedule
from campaigns.drafts.models import DraftLocked
from campaigns.submissions.models import states, undo_window
from campaigns.submissions.models.dispatch_switch import Dispatch
from campaigns.submissions.models.submission_row import SubmissionRow


class OfCampaigns(models.Manager["Submission"]):
    """Finds the submissions that send a campaign to its people, and no test call."""

    def get_queryset(self) -> models.QuerySet["Submission"]:
        return super().get_queryset().filter(is_test_call=False)


class Submission(SubmissionRow):
    """A person's decision to send one campaign, or to try its draft with a test call to their own phone.

    A test call sends nothing to the campaign's people. So it has no `campaign`: whatever looks for a
    campaign's submissions, parts or deliveries, also through joins, does not find it. Nor does `objects`.
    Only what delivers, lists or settles submissions asks for `with_test_calls`.
    """

    with_test_calls = models.Manager["Submission"]()
    objects = OfCampaigns()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        # Related objects, locks and checks of constraints see every row.
        default_manager_name = "with_test_calls"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_test_call=False, campaign__isnull=False, test_of__isnull=True)
                | models.Q(is_test_call=True, campaign__isnull=True),
                name="a_test_call_sends_no_campaign",
            ),
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
            ),
        ]

    # Mutators

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
            if not self.is_held_as(seen):
                return False
            self.held_reason, self.released_at, self.failing_since = "", timezone.now(), None
            self.save(update_fields=["held_reason", "released_at", "failing_since"])
            self.record_event("Resumed sending.", actor)
        return True

    def is_held_as(self, seen: str) -> bool:
        """Lock the submission, and return whether it is held and `seen` is its present hold key."""
        row = Submission.with_test_calls.select_for_update(of=("self",)).get(pk=self.pk)
        self.held_reason, self.hold_number = row.held_reason, row.hold_number
        return bool(row.held_reason) and row.hold_key == seen

    def read_off_parts(self) -> None:
        """Derive the state from the deliveries.

        Call it in the transaction that changes them and has locked the submission. A submission that has
        ended stays ended: nothing more of it is sent automatically.
        """
        parts, now = self.parts.all().delivery_states(), self.State(self.state)
        had_ended = now in states.TO_MEND
        new = states.ended(now, parts) if had_ended else states.read_off(parts)
        moved = new != now and self.move([*states.READ_OFF, *states.TO_MEND], new)
        if moved and new in states.TO_MEND and not had_ended:
            self.reopen_draft()
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
        self.move(states.TO_MEND, self.State.NEEDS_CHECKING)

    def reopen_draft(self) -> None:
        """Open its draft again, to be corrected. The draft of a test call was never closed."""
        if self.campaign:
            self.campaign.reopen()

    def _close_draft(self) -> None:
        """Close its draft again, unless a later submission has already closed it."""
        if self.campaign:
            with suppress(DraftLocked):
                self.campaign.lock()

    def move(self, allowed: Sequence[states.State], state: str, **values: Any) -> bool:
        """Change the state if it is one of `allowed`. Return whether it was."""
        return transitions.move(
            self, "state", allowed, state=state, state_at=timezone.now(), **values
        )

    # Queries

    def accepted_numbers(self) -> int:
        """Return how many of its numbers the partner has accepted. Uses what `listed` prefetched."""
        accepted = states.DeliveryState.ACCEPTED
        return sum(
            part.number_count
            for part in self.parts.all()
            if any(delivery.state == accepted for delivery in part.deliveries.all())
        )

    def is_author(self, person: User) -> bool:
        """Return whether the person submitted it or edited its draft."""
        is_editor = self.campaign and self.campaign.editors.filter(pk=person.pk).exists()
        return person.pk == self.submitted_by_id or bool(is_editor)

    # Properties

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        """Return the state for people.

        For a partly submitted one, it includes how many of its numbers the partner has.
        """
        state = self.State(self.state)
        if state != self.State.PARTLY_SUBMITTED:
            return str(state.label)
        accepted = self.accepted_numbers()
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
        return self.parts.all().combined_hash()

    @property
    def may_send(self) -> bool:
        if self.held_reason or self.client.partner_account.held_reason:
            return False
        if self.client.partner_account.is_waiting or Dispatch.is_held():
            return False
        return self.state in {self.State.SCHEDULED, self.State.SENDING}

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
