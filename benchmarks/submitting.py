"""Many small campaigns: submitted, frozen, and delivered by workers beside this process."""

import json
import time
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import portal_side

# If no delivery ends for the first of these, a task was lost, and a sweep enqueues it again; after the
# second, the run fails.
STALLED_SECONDS, GIVEN_UP_SECONDS = 45, 300
# The number of fictional mobile numbers.
MOST = 1000


def prepare(url: str, count: int) -> Callable[[], int]:
    """Import lists of one number each; the timed part submits and freezes a campaign for each."""
    assert count <= MOST
    portal_side.start(empty=True)
    from campaigns.partner.sandbox import remote
    from campaigns.submissions.freezing import freeze

    lists = portal_side.lists_of_one(url, [f"07700 900{n:03}" for n in range(count)])
    remote.set_clients(url, portal_side.lookups())

    def timed() -> int:
        for contact_list in lists:
            freeze.freeze(portal_side.submit(contact_list))
        return count

    return timed


def deliver(url: str, count: int, report: str) -> Callable[[], int]:
    """Queue all that is due, as the sweeper does, and wait until the workers have delivered it.

    Asserts that each part is in the sandbox's ledger exactly once. Writes to `report` the seconds
    from the first queueing to the last outcome, and the median that a delivery waited in the queue.
    """
    portal_side.start()
    from campaigns.submissions.delivering import queueing

    def timed() -> int:
        queueing.queue_all_due()
        _wait(count)
        _assert_each_once(url, count)
        Path(report).write_text(json.dumps({"seconds": _seconds(), "waited": _waited()}))
        return count

    return timed


def _wait(count: int) -> None:
    """Wait until `count` deliveries have ended, and sweep when tasks were lost. Raises TimeoutError."""
    from campaigns.submissions.delivering import queueing
    from campaigns.submissions.models import Delivery

    ended, since = 0, time.monotonic()
    while ended < count:
        time.sleep(0.1)
        now = Delivery.objects.filter(finished_at__isnull=False).count()
        if now > ended:
            ended, since = now, time.monotonic()
        elif time.monotonic() > since + GIVEN_UP_SECONDS:
            message = f"{ended} of {count} were delivered, and then no more"
            raise TimeoutError(message)
        elif time.monotonic() > since + STALLED_SECONDS:
            queueing.sweep()


def _assert_each_once(url: str, count: int) -> None:
    """Compare the ledger with the database. Raises AssertionError."""
    from campaigns.submissions.models import Delivery

    with urllib.request.urlopen(f"{url}/_sandbox/ledger", timeout=60) as answer:
        ledger: list[dict[str, Any]] = json.load(answer)
    accepted = Delivery.objects.filter(state=Delivery.State.ACCEPTED)
    ours = sorted(accepted.values_list("part__wire_name", "part__payload_sha256", "campaign_id"))
    theirs = sorted((row["name"], row["body_sha256"], row["campaign_id"]) for row in ledger)
    assert all(row["complete"] and row["numbers"] == 1 for row in ledger)
    assert len({name for name, _, _ in theirs}) == len(theirs) == count, "lost or sent twice"
    assert ours == theirs


def _seconds() -> float:
    """Return the seconds from the first delivery's queueing to the last one's end."""
    from django.db.models import Max, Min

    from campaigns.submissions.models import Delivery

    ends = Delivery.objects.aggregate(first=Min("queued_at"), last=Max("finished_at"))
    spent: timedelta = ends["last"] - ends["first"]
    return spent.total_seconds()


def _waited() -> float:
    from campaigns.submissions.models import Delivery

    times = Delivery.objects.values_list("queued_at", "claimed_at")
    return median((claimed - queued).total_seconds() for queued, claimed in times if claimed)
