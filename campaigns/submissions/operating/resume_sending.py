"""Resume sending after a hold, and before that write what the journals have and the database has lost.

Resuming does exactly what the administrator was shown. When the button is pressed the plan is made again.
If it differs from the one that was shown, nothing is done and the new plan is shown.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.functional import cached_property

from campaigns.plurals import counted
from campaigns.submissions.answer_outcomes import State as Outcome
from campaigns.submissions.delivering import journal, restore_detection
from campaigns.submissions.delivering.journal import Entry
from campaigns.submissions.models import Delivery, Part, Submission, states
from campaigns.submissions.models.dispatch_switch import Dispatch
from campaigns.submissions.models.worker_machine import Machine

# No time is stored for a hold by the setting. It is taken to be this old: a machine that has not
# compared its journal for this long still has to do so.
LATELY = timedelta(minutes=5)
NOT_KNOWN = "The database lost this. A journal shows that sending began, but not how it ended."
# Even with an ID of 18 digits this is no longer than a reason may be.
WRITTEN_ANEW = (
    "The database lost this, and it was prepared differently since. The partner may already have it "
    "({what}). Ask the partner before you resume it."
)


class NotWhatWasShown(Exception):
    """The plan is no longer the one that the administrator was shown."""


@dataclass(frozen=True, slots=True)
class Recollection:
    """A journal entry that the database has lost, and what it belongs to.

    `part` is None if the submission has been frozen again since, with different bytes.
    """

    entry: Entry
    submission: Submission
    part: Part | None = None

    def write(self) -> None:
        """Write the entry to the database.

        If there is no part with the same bytes, only hold the submission.
        """
        if self.part is None:
            self.submission.hold(WRITTEN_ANEW.format(what=self.entry.description))
            return
        number = self.entry.delivery
        with transaction.atomic():
            # With this lock no other process can queue a delivery of the part at the same time.
            Submission.with_test_calls.select_for_update().get(pk=self.submission.pk)
            delivery = Delivery.remember(self.part)
            if self.entry.state:
                delivery.settle(self.entry.verdict, self.entry.exchange, remembered_as=number)
            else:
                delivery.doubt(NOT_KNOWN, remembered_as=number)

    @property
    def name(self) -> str:
        return self.part.wire_name if self.part else self.submission.name

    @property
    def is_answered(self) -> bool:
        return self.part is not None and self.entry.state in {Outcome.ACCEPTED, Outcome.REFUSED}


@dataclass(frozen=True, slots=True)
class Sending:
    """The parts of a submission that go to the partner, when due, once sending is resumed."""

    submission: Submission
    parts: list[Part]

    @property
    def numbers(self) -> int:
        return sum(part.number_count for part in self.parts)


@dataclass(frozen=True)
class Plan:
    """What *Resume sending* does, submission by submission.

    `gone` has the entries of what the partner may have, but whose submission is no longer in the
    database. `silent_machines` have not compared their journal since sending was held.
    """

    hold_key: str
    recollections: list[Recollection]
    gone: list[Entry]
    sends: list[Sending]
    silent_machines: list[Machine]

    @property
    def settled(self) -> list[Recollection]:
        return [each for each in self.recollections if each.is_answered]

    @property
    def doubts(self) -> list[Recollection]:
        return [each for each in self.recollections if not each.is_answered]

    @cached_property
    def seen(self) -> str:
        """Return a digest of all that the page shows, which it posts to say what it showed."""
        lines = [
            self.hold_key,
            *(f"{each.submission.pk} {each.part} {each.entry}" for each in self.recollections),
            *map(str, self.gone),
            *(f"{each.submission.pk} {[part.pk for part in each.parts]}" for each in self.sends),
            *(machine.name for machine in self.silent_machines),
        ]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def plan() -> Plan:
    """Return what resuming would do now."""
    dispatch = Dispatch.current()
    parts = _waiting_parts()
    submissions = {part.submission for part in parts}
    earlier = [other for one in submissions for other in restore_detection.unsent_in_others(one)]
    entries = restore_detection.unknown(_remembered([*parts, *earlier]))
    recollections, gone = _sorted(entries, dispatch.released_at)
    return Plan(
        dispatch.hold_key,
        recollections,
        gone,
        _sends(parts, recollections),
        Machine.still_to_look(dispatch.held_at or timezone.now() - LATELY),
    )


def resume(actor: User, seen: str) -> bool:
    """Do what was shown, and resume all sending. Return False if nothing is held or a hold has changed.

    Raises NotWhatWasShown if the plan is no longer the one with the digest `seen`. If the process dies
    before the end, the next try does the rest: entries that are written already are no longer in its
    plan.
    """
    if not Dispatch.is_held():
        return False
    agreed = plan()
    if agreed.seen != seen:
        raise NotWhatWasShown
    for recollection in agreed.recollections:
        recollection.write()
    return Dispatch.release(actor, agreed.hold_key, _event_of(agreed))


def _event_of(agreed: Plan) -> str:
    if not (agreed.recollections or agreed.gone):
        return ""
    return (
        f"From the journals: {counted(len(agreed.settled), 'campaign')} settled, "
        f"{len(agreed.doubts)} to check, {len(agreed.gone)} no longer in the database."
    )


def _remembered(parts: Iterable[Part]) -> list[Entry]:
    """Return the entries of all machines, and those about the parts.

    If several entries are about one delivery, return the one that says most: one with an outcome, then
    the newest.
    """
    memory = journal.read()
    found = list(memory.entries)
    for machine in Machine.objects.all():
        found += [Entry(**entry) for entry in machine.remembered]
    for part in parts:
        found += restore_detection.of_part(part, memory)
    best: dict[tuple[int, str], Entry] = {}
    for entry in sorted(found, key=lambda entry: (bool(entry.state), entry.at)):
        best[entry.delivery, entry.sha256] = entry
    return list(best.values())


def _sorted(
    entries: Iterable[Entry], released_at: datetime
) -> tuple[list[Recollection], list[Entry]]:
    """Return the effective recollection of each part, and the entries whose submission is lost.

    Lost entries from before `released_at` are left out, since a person has looked at them.
    """
    gone = []
    counts: dict[tuple[int, int], Recollection] = {}
    # The last entry of a part replaces the others: an ID says most of all, and a later delivery is sent
    # only after the earlier ones have been decided.
    for entry in sorted(entries, key=lambda entry: (bool(entry.campaign_id), entry.delivery)):
        found = _recollection(entry, released_at)
        if found:
            counts[found.submission.pk, found.part.position if found.part else 0] = found
        elif entry.last_at > released_at:
            gone.append(entry)
    return list(counts.values()), gone


def _recollection(entry: Entry, released_at: datetime) -> Recollection | None:
    parts = Part.objects.filter(payload_sha256=entry.sha256).select_related("submission__client")
    if entry.reference:
        parts = parts.filter(submission__reference=entry.reference)
    for part in parts:
        if _state(part) not in {Delivery.State.ACCEPTED, Delivery.State.REFUSED}:
            return Recollection(entry, part.submission, part)
    if not entry.reference or entry.last_at <= released_at:
        return None
    named = Submission.with_test_calls.filter(reference=entry.reference)
    open_ones = named.filter(state__in=states.OPEN)
    submission = open_ones.exclude(parts__payload_sha256=entry.sha256).first()
    return Recollection(entry, submission) if submission else None


def _waiting_parts() -> list[Part]:
    """Return, in order, the parts that wait to be sent, of submissions that may be sent."""
    waiting = (
        Part.objects.filter(
            submission__state__in=[Submission.State.SCHEDULED, Submission.State.SENDING],
            submission__held_reason="",
            partner_account__held_reason="",
        )
        .select_related("submission__client")
        .order_by("submission", "position")
    )
    unsent = {None, *Delivery.UNSENT, Delivery.State.CLAIMED}
    return [part for part in waiting if _state(part) in unsent]


def _state(part: Part) -> str | None:
    effective = part.deliveries.all().effective()
    return effective.state if effective else None


def _sends(parts: Iterable[Part], recollections: Iterable[Recollection]) -> list[Sending]:
    """Return what is left to be sent. A part that stays in doubt or is refused stops the parts after it."""
    remembered = {each.part.pk: each for each in recollections if each.part}
    stopped = {
        each.submission.pk
        for each in recollections
        if each.part is None or each.entry.state != Outcome.ACCEPTED
    }
    campaigns = {
        each.submission.campaign_id: each.submission.pk
        for each in recollections
        if not each.submission.is_test_call
    }
    sends: dict[int, Sending] = {}
    for part in parts:
        if part.pk in remembered or part.submission_id in stopped:
            continue
        # Another submission of its campaign may have been sent to the same people. So the claim of this
        # part returns its submission to the author.
        if campaigns.get(part.submission.campaign_id, part.submission_id) != part.submission_id:
            continue
        mine = sends.setdefault(part.submission_id, Sending(part.submission, []))
        mine.parts.append(part)
    return list(sends.values())
