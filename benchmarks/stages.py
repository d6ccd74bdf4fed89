"""The portal's worker with a stop-watch: `celery -A benchmarks.stages worker`.

The portal's code stays as it is: its steps are wrapped, and their times are added to the file that
BENCHMARK_STAGES names, as a line of JSON for each delivery that came to an outcome.
"""

import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from statistics import median
from typing import Any, BinaryIO

from celery.signals import task_postrun, task_prerun, worker_init

from portal.celery import app

__all__ = ["FILE", "app", "read", "show", "show_stages", "watch", "watch_deliveries"]

FILE = "BENCHMARK_STAGES"
# In the order in which a delivery goes through them.
STAGES = {
    "load": "load the row, look for a restored database",
    "claim": "claim (guard 1)",
    "checks": "checks: start, look-ups, hash, sign-in, suppression",
    "connect": "connect, and hand over the headers",
    "fence": "fence (guard 3), journal and note, let go of the database",
    "body": "the body",
    "answer": "the partner's answer",
    "journal": "the journal, one fsync",
    "write": "final write, with a new database connection",
    "next": "look for the next part",
}


class _StopWatch:
    """Adds up, for one delivery, the seconds of each stage; a stage ends where the next begins."""

    def __init__(self) -> None:
        self.path = Path(os.devnull)
        self.start()

    def start(self, **_: Any) -> None:
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._since = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._seconds[stage] += now - self._since
        self._since = now

    def stop(self, **_: Any) -> None:
        self.lap("next")
        if "write" in self._seconds:
            with self.path.open("a") as file:
                file.write(json.dumps(self._seconds) + "\n")


watch = _StopWatch()


class _Payload:
    """A payload that counts the time up to the end of each read as time spent on the body."""

    def __init__(self, payload: BinaryIO) -> None:
        self._payload = payload

    def read(self, size: int = -1) -> bytes:
        block = self._payload.read(size)
        watch.lap("body")
        return block


@worker_init.connect
def _watch_tasks(**_: Any) -> None:
    watch_deliveries(Path(os.environ[FILE]))
    task_prerun.connect(watch.start, weak=False)
    task_postrun.connect(watch.stop, weak=False)


def watch_deliveries(path: Path) -> None:
    """Wrap the portal's steps; whoever calls them starts and stops `watch` for each delivery."""
    watch.path = path
    from campaigns.partner import client
    from campaigns.submissions.delivering import deliver
    from campaigns.submissions.models import Delivery

    _around(Delivery, "claim", before="load", after="claim")
    _around(Delivery, "settle", before="journal", after="write")
    _around(deliver, "deliver", after="journal")
    _in_three(client)


def _in_three(client: Any) -> None:
    """Measure connecting, sending and waiting for the answer separately."""
    create = client.create_campaign

    @wraps(create)
    def timed(
        url: str,
        headers: Any,
        payload: BinaryIO,
        size: int,
        *,
        fence: Callable[[], None],
        **more: Any,
    ) -> Any:
        def timed_fence() -> None:
            watch.lap("connect")
            fence()
            watch.lap("fence")

        watch.lap("checks")
        exchange = create(url, headers, _Payload(payload), size, fence=timed_fence, **more)
        watch.lap("answer")
        return exchange

    client.create_campaign = timed


def _around(owner: Any, name: str, *, before: str = "", after: str) -> None:
    """Let the stage `before` end where the function begins, and `after` where it ends."""
    function = getattr(owner, name)

    @wraps(function)
    def timed(*arguments: Any) -> Any:
        if before:
            watch.lap(before)
        found = function(*arguments)
        watch.lap(after)
        return found

    setattr(owner, name, timed)


def read(path: Path) -> dict[str, float]:
    """Return the median seconds of each stage, in the order of STAGES."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return {stage: median(line.get(stage, 0.0) for line in lines) for stage in STAGES}


def show(
    count: int, prepared: float, delivered: Mapping[str, float], took: Mapping[str, float]
) -> None:
    """Print campaigns a second, and where the time of each goes.

    `prepared` is the seconds to submit and freeze one campaign; `delivered` has the seconds to deliver
    all of them and the median wait of one; `took` has the seconds of each stage.
    """
    print(f"\n{count:,} campaigns of one number, four processes, PostgreSQL and Valkey")
    print(
        f"  delivered in {delivered['seconds']:.1f} s: {count / delivered['seconds']:.1f} a second"
    )
    print(f"  submitted and frozen before, one after another: {1 / prepared:.1f} a second")
    print(f"  {'waiting in the queue, all being rung for at once':<56} {_ms(delivered['waited'])}")
    show_stages(took)


def show_stages(took: Mapping[str, float]) -> None:
    """Print the median milliseconds of each stage, given in seconds."""
    each = sum(took.values())
    print(f"  {'where the time of one delivery goes':<56} {'ms':>9} {'share':>6}")
    for stage, seconds in took.items():
        print(f"  {STAGES[stage]:<56} {_ms(seconds)} {seconds / each:>6.0%}")
    print(f"  {'together':<56} {_ms(each)} {1:>6.0%}", flush=True)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:>9.1f}"
