"""Notice that the database was restored from a backup: it has forgotten what this machine sent."""

import structlog

from campaigns.submissions import journal
from campaigns.submissions.holding import Dispatch
from campaigns.submissions.journal import Entry
from campaigns.submissions.models import Delivery

log = structlog.get_logger(__name__)

REASON = (
    "The database does not know of campaigns that this portal has sent, as after a backup was "
    "restored. What is sent now may have been sent before."
)
# Whatever has an outcome in the journal had left these before it was written there.
BEFORE_SENDING = (Delivery.State.QUEUED, Delivery.State.CLAIMED)


def look() -> None:
    """Hold all sending if the newest answer in this machine's journal is unknown to the database.

    A backup is older than what was sent after it, so the newest tells as much as all of them.
    """
    newest = journal.newest()
    if newest and _is_forgotten(newest, Dispatch.current()) and Dispatch.hold(REASON):
        log.error("the database was restored; sending is held", delivery=newest.delivery)


def forgotten() -> list[Entry]:
    """Return what was sent from this machine, and nobody has looked at, that the database forgot."""
    row = Dispatch.current()
    return [entry for entry in journal.entries() if _is_forgotten(entry, row)]


def _is_forgotten(entry: Entry, dispatch: Dispatch) -> bool:
    if entry.ended_at <= dispatch.released_at:
        return False
    delivery = entry.row
    return delivery is None or delivery.state in BEFORE_SENDING
