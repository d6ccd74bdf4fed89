"""Detect that the database has lost what was sent, as after a restored backup or a failover.

The database is compared with this machine's journal and with the notes beside the payloads.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

import structlog
from django.db.models import Q

from campaigns.submissions.answer_outcomes import State as Outcome
from campaigns.submissions.delivering import journal, newest_event, sending_notes
from campaigns.submissions.delivering.journal import Entry, Memory
from campaigns.submissions.models import Delivery, Part, Submission
from campaigns.submissions.models.dispatch_switch import FORGOTTEN, GONE_BACK, Dispatch

log = structlog.get_logger(__name__)

State = Delivery.State
# States before the fence. A delivery in any other state has passed it, as far as the database knows.
BEFORE_THE_FENCE = (State.QUEUED, State.CLAIMED, State.NOT_SENT)


def look(part: Part | None = None) -> list[Entry]:
    """Hold all sending if the database has lost anything since sending was last resumed.

    `part` is about to be sent. Entries about it count however old they are, and so do those about unsent
    parts of other submissions of its campaign, which have the same people. Return all entries that this
    machine has and the database lacks.
    """
    since = Dispatch.current().released_at
    look_at_events(since)
    # Read the journal before the database: the database must have whatever the journal has by then.
    memory = journal.read()
    highest = memory.highest_since(since)
    newest = Delivery.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    parts = [part, *unsent_in_others(part.submission)] if part else []
    found = _forgotten(memory, parts)
    about_to_be_sent = {each.payload_sha256 for each in parts}
    if newest < highest or any(
        entry.last_at > since or entry.sha256 in about_to_be_sent for entry in found
    ):
        hold()
    elif newest > highest:
        journal.see(newest)
    return found


def look_at_events(since: datetime) -> None:
    """Hold all sending if the database lacks an event that was noted after `since`."""
    if newest_event.is_missing(since) and Dispatch.hold(GONE_BACK):
        log.error("the database has lost its newest events; sending is held")


def hold() -> None:
    """Hold all sending because the database has lost something."""
    if Dispatch.hold(FORGOTTEN):
        log.error("the database has forgotten deliveries; sending is held")


def unsent_in_others(submission: Submission) -> list[Part]:
    """Return the parts of the campaign's other submissions that the database has as not sent."""
    campaign = submission.campaign_id
    if campaign is None:
        return []
    others = Part.objects.filter(submission__campaign=campaign).exclude(submission=submission)
    return list(others.exclude(pk__in=others.at_the_partner()).select_related("submission"))


def _forgotten(memory: Memory, parts: Collection[Part]) -> list[Entry]:
    found = unknown(_remembered(memory, parts))
    if not found:
        return []
    # A worker may since have written that nothing was sent, to the journal and the database. So the
    # journal is read again.
    still = _remembered(journal.read(), parts)
    return [entry for entry in found if entry in still]


def _remembered(memory: Memory, parts: Iterable[Part]) -> set[Entry]:
    return {*memory.entries, *(entry for part in parts for entry in of_part(part, memory))}


def is_remembered(delivery: Delivery) -> bool:
    """Return whether the journal or a note says that sending it has begun, whatever the database says."""
    entries = of_part(delivery.part, journal.read())
    return any(entry.delivery == delivery.pk for entry in entries)


def of_part(part: Part, memory: Memory) -> list[Entry]:
    """Return the entries about a part, from the journal and the notes beside its payload.

    Deliveries that were not sent are left out.
    """
    reference = part.submission.reference
    mine = {
        entry.delivery: entry
        for entry in memory.entries
        if entry.sha256 == part.payload_sha256 and entry.reference in {"", reference}
    }
    for number in sending_notes.deliveries_of(part):
        mine.setdefault(number, Entry(number, 0, part.payload_sha256, reference, part.wire_name))
    return [entry for entry in mine.values() if entry.state != Outcome.NOT_SENT]


# Comparison of entries with the database


class _Row(NamedTuple):
    pk: int
    remembered_as: int | None
    state: str
    sha256: str
    reference: str
    answer_status: int | None

    @property
    def number(self) -> int:
        return max(self.pk, self.remembered_as or 0)


def unknown(entries: Collection[Entry]) -> list[Entry]:
    """Return the entries whose delivery, or whose outcome, the database does not have."""
    sent = [entry for entry in entries if entry.state != Outcome.NOT_SENT]
    if not sent:
        return []
    oldest = min(entry.delivery for entry in sent)
    rows: dict[str, list[_Row]] = defaultdict(list)
    for values in Delivery.objects.filter(
        Q(pk__gte=oldest) | Q(remembered_as__gte=oldest)
    ).values_list(
        "pk",
        "remembered_as",
        "state",
        "part__payload_sha256",
        "part__submission__reference",
        "answer_status",
    ):
        row = _Row(*values)
        rows[row.sha256].append(row)
    return [entry for entry in sent if not _is_known(entry, rows[entry.sha256])]


def _is_known(entry: Entry, rows: Iterable[_Row]) -> bool:
    mine = [row for row in rows if entry.reference in {"", row.reference}]
    if any(entry.delivery in {row.pk, row.remembered_as} and _knows(row, entry) for row in mine):
        return True
    # A later delivery is sent only after this one has been decided.
    return any(row.number > entry.delivery and row.state not in BEFORE_THE_FENCE for row in mine)


def _knows(row: _Row, entry: Entry) -> bool:
    if not entry.state:
        # A claimed delivery counts as known: its worker writes the journal just before it commits the
        # fence.
        return row.state not in {State.QUEUED, State.NOT_SENT}
    if row.state == State.SENDING:
        return not entry.is_settled
    if row.state == State.NEEDS_CHECKING and entry.is_settled:
        return entry.state == Outcome.NEEDS_CHECKING or row.answer_status is not None
    return row.state not in BEFORE_THE_FENCE
