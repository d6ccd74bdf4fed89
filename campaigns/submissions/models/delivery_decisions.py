"""What people decide about a delivery: whether the partner created the campaign, and under which ID."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.submissions.models import late_answer
from campaigns.submissions.models.delivery_row import DeliveryRow

if TYPE_CHECKING:
    from campaigns.submissions.models.delivery import Delivery


class TooSoon(Exception):
    """The partner itself may still answer."""


class OtherTry(Exception):
    """Nobody can know yet what came of another try of the same part."""


class IdTaken(Exception):
    """Another campaign of the account has this ID."""


class SamePerson(Exception):
    """The second of two people has to be another one."""


class Decided(DeliveryRow):
    """A delivery that a person may have to settle."""

    class Meta:
        abstract = True

    def was_created(
        self, actor: User, campaign_id: int, note: str = "", seen: str | None = None
    ) -> bool:
        """Record that the partner has the campaign, under this ID, as a person has learnt.

        `seen` is the `answer_key` of what the person was shown. Raises TooSoon, OtherTry, or IdTaken
        when another campaign has the ID; False when there is no doubt to settle, or not the one seen.
        """
        self._may_be_settled()
        event = f"Said that the partner created the campaign: ID {campaign_id}. {note}"
        values: dict[str, Any] = {"settled_by": actor, "note": note, "is_contradicted": False}
        try:
            with transaction.atomic():
                if not self._locked_in_doubt(seen):
                    return False
                state = self.State(self.state)
                if self._make_way():
                    state, values["campaign_id"] = self.State.ACCEPTED, campaign_id
                return self._move([self.State(self.state)], state, event, actor=actor, **values)
        except IntegrityError:
            raise IdTaken from None

    @transaction.atomic
    def was_not_created(self, actor: User, note: str = "", seen: str | None = None) -> bool:
        """Record that the partner does not have the campaign, as a person has learnt: it may go again.

        Above the client's size the answer takes two people, and the first is only kept. Raises
        TooSoon, or SamePerson when the second is the first; False when there is no doubt to settle,
        or not the one whose `answer_key` was `seen`.
        """
        self._may_be_settled()
        if not self._locked_in_doubt(seen):
            return False
        now = self.State(self.state)
        if self.needs_second_person and self.denied_by_id is None:
            event = (
                f"Said that the campaign was not created; a second person has to confirm. {note}"
            )
            return self._move([now], now, event, actor=actor, denied_by=actor, note=note)
        if self.needs_second_person and self.denied_by_id == actor.pk:
            raise SamePerson
        event = f"Said that the campaign was not created: it may be sent again. {note}"
        values: dict[str, Any] = {"settled_by": actor, "note": note or self.note}
        values |= {"is_contradicted": False, "campaign_id": None}
        return self._move([now], self.State.RELEASED, event, actor=actor, **values)

    def correct_id(self, actor: User, seen: str, campaign_id: int, note: str) -> bool:
        """Replace a campaign ID that another person typed.

        Raises SamePerson, or IdTaken when another campaign has the ID; False where it can't be
        corrected, or `seen` is no longer its `answer_key`.
        """
        try:
            with transaction.atomic():
                self._locked_submission()
                self.refresh_from_db()
                if not self.may_be_corrected or self.answer_key != seen:
                    return False
                if self.settled_by_id == actor.pk:
                    raise SamePerson
                event = (
                    f"Corrected the campaign ID from {self.campaign_id} to {campaign_id}. {note}"
                )
                values = {"campaign_id": campaign_id, "settled_by": actor, "note": note}
                now = self.State.ACCEPTED
                return self._move([now], now, event, actor=actor, **values)
        except IntegrityError:
            raise IdTaken from None

    def _locked_in_doubt(self, seen: str | None) -> bool:
        """Lock the submission, read the delivery again, and say whether it is for a person to settle.

        False too where it is no longer as `seen`.
        """
        self._locked_submission()
        self.refresh_from_db()
        return self.is_in_doubt and seen in {None, self.answer_key}

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
        event = "A later try no longer counts, because the partner has the campaign."
        return other._move([self.State(other.state)], state, event, finished_at=timezone.now())

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
        """Return what a page posts to say which try it showed, with which ID and answer."""
        with_id = f"-{self.campaign_id}" if self.campaign_id else ""
        answer = f"-{self.answer_status}-{self.answered_id or ''}" if self.answer_status else ""
        return f"{self.pk}{with_id}{answer}{'-contradicted' if self.is_contradicted else ''}"

    @property
    def may_be_corrected(self) -> bool:
        """Say whether its campaign ID was typed, and nothing else says that it is right."""
        is_typed = self.state == self.State.ACCEPTED and self.settled_by_id is not None
        return is_typed and not self.is_contradicted and self.campaign_id != self.answered_id

    @property
    def facts(self) -> str:
        """Return what a person said and what the partner answered after that, "" without a late answer."""
        if not self.answered_late_at:
            return ""
        person = late_answer.person_said(self.settled_by, self.campaign_id)
        partner = late_answer.partner_said(self.answer_status, self.answered_id)
        return f"{person}. After that, {partner}."

    @property
    def other_try(self) -> "Delivery | None":
        """Return the part's other delivery that may have been sent, or may still be."""
        others = self.part.deliveries.exclude(pk=self.pk)
        return others.exclude(state__in=self.CAME_TO_NOTHING).first()
