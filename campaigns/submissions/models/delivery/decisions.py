"""People's decisions about a delivery: whether the partner created the campaign, and under which ID."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.submissions.models.delivery import answers
from campaigns.submissions.models.delivery.row import DeliveryRow


class TooSoon(Exception):
    """A person may not decide yet, because the partner itself may still answer."""


class OtherTry(Exception):
    """Another delivery of the same part is being sent or in doubt."""


class IdTaken(Exception):
    """Another campaign of the account has this ID."""


class SamePerson(Exception):
    """The decision needs a second person, but the same person has made it again."""


class Decided(DeliveryRow):
    """A delivery that a person may have to settle."""

    class Meta:
        abstract = True

    def was_created(
        self, actor: User, campaign_id: int, note: str = "", seen: str | None = None
    ) -> bool:
        """Record a person's finding that the partner has the campaign, under this ID.

        `seen` is the `answer_key` that the page showed. Return False if there is no doubt to settle, or
        if `seen` is no longer the key. Raises TooSoon, OtherTry, or IdTaken if another campaign has the
        ID.
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
        """Record a person's finding that the partner does not have the campaign.

        It may then be sent again. For a submission above the client's limit two people have to say so,
        and the first answer is only stored. `seen` is the `answer_key` that the page showed. Return False
        if there is no doubt to settle, or if `seen` is no longer the key. Raises TooSoon, or SamePerson
        if the second person is the first.
        """
        self._may_be_settled()
        if not self._locked_in_doubt(seen):
            return False
        now = self.State(self.state)
        if self.needs_second_person and self.denied_by_id is None:
            event = (
                f"Said that the campaign was not created. A second person has to confirm. {note}"
            )
            return self._move([now], now, event, actor=actor, denied_by=actor, note=note)
        if self.needs_second_person and self.denied_by_id == actor.pk:
            raise SamePerson
        event = f"Said that the campaign was not created. It may be sent again. {note}"
        values: dict[str, Any] = {"settled_by": actor, "note": note or self.note}
        values |= {"is_contradicted": False, "campaign_id": None}
        return self._move([now], self.State.RELEASED, event, actor=actor, **values)

    def correct_id(self, actor: User, seen: str, campaign_id: int, note: str) -> bool:
        """Replace a campaign ID that another person typed.

        Return False if it can't be corrected, or if `seen` is no longer its `answer_key`. Raises
        SamePerson, or IdTaken if another campaign has the ID.
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
        """Lock the submission, reload the delivery, and return whether a person has to settle it.

        Return False too if `seen` is given and is no longer its `answer_key`.
        """
        self._locked_submission()
        self.refresh_from_db()
        return self.is_in_doubt and seen in {None, self.answer_key}

    def _make_way(self) -> bool:
        """End the part's other delivery, if the partner does not have it, so that this one can be accepted.

        Return False if the partner accepted the other one too. Raises OtherTry while its result is not
        known.
        """
        other = self.other_try
        if other is None:
            return True
        if other.state in {self.State.SENDING, self.State.NEEDS_CHECKING}:
            raise OtherTry
        if other.state == self.State.ACCEPTED:
            return False
        # A refusal proves that the other delivery created nothing. Any other state here is one before
        # the fence, so nothing of it was sent.
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
        """Return the time from which a person may decide.

        Until then the partner itself may still answer, and its own answer is worth more.
        """
        since = self.sending_at or self.finished_at or self.queued_at
        return since + timedelta(seconds=settings.SETTLE_AFTER)

    @property
    def may_not_be_settled_yet(self) -> bool:
        return timezone.now() < self.may_be_settled_at

    @property
    def needs_second_person(self) -> bool:
        """Return whether two people have to say that the campaign was not created.

        They have to if the whole submission, with all its parts, is above its client's limit.
        """
        submission = self.part.submission
        return submission.parts.all().numbers() > submission.client.second_person_above

    @property
    def is_in_doubt(self) -> bool:
        """Return whether a person has to settle it."""
        return self.state == self.State.NEEDS_CHECKING or self.is_contradicted

    @property
    def doubted_at(self) -> datetime:
        """Return the time since when a person has to settle it, if one has to."""
        late = self.answered_late_at if self.is_contradicted else None
        return late or self.finished_at or self.queued_at

    @property
    def answer_key(self) -> str:
        """Return the key that a page posts with a decision.

        It says which delivery the page showed, with which campaign ID and which answer of the partner.
        """
        with_id = f"-{self.campaign_id}" if self.campaign_id else ""
        answer = f"-{self.answer_status}-{self.answered_id or ''}" if self.answer_status else ""
        return f"{self.pk}{with_id}{answer}{'-contradicted' if self.is_contradicted else ''}"

    @property
    def may_be_corrected(self) -> bool:
        """Return whether its campaign ID may be corrected.

        That is so if a person typed the ID, and no answer of the partner confirms it.
        """
        is_typed = self.state == self.State.ACCEPTED and self.settled_by_id is not None
        return is_typed and not self.is_contradicted and self.campaign_id != self.answered_id

    @property
    def facts(self) -> str:
        """Return a sentence with a person's decision and the partner's later answer.

        Return "" if there is no late answer.
        """
        if not self.answered_late_at:
            return ""
        person = answers.person_said(self.settled_by, self.campaign_id)
        partner = answers.partner_said(self.answer_status, self.answered_id)
        return f"{person}. After that, {partner}."

    @property
    def other_try(self) -> "Decided | None":
        """Return the part's other delivery that may have been, or may still be, sent; None if none."""
        others = self.part.deliveries.exclude(pk=self.pk)
        return others.exclude(state__in=self.CAME_TO_NOTHING).first()
