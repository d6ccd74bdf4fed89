"""Run pytest under shifted clocks: `python -m tests.clocks [pytest's options]`.

No test may depend on the hour, the day or the zone that it runs in. Every moment is in the future, so
that a process that a test starts, which keeps the machine's own clock, finds no date in the past.
"""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

CLOCK = "PORTAL_TEST_CLOCK"
TESTS = Path(__file__).parent
MARKED = "not machine_clock and not nightly"
# Tests that start whole portals, which keep the machine's own clock.
PROCESSES = (
    "browser",
    "faults",
    "migrating",
    "partner/sandbox",
    "portal/processes",
    "contacts/importing/test_workers.py",
    "uploads/spreadsheets/test_hostile_files.py",
    "test_downloads.py",
    "test_servers.py",
    "test_silence.py",
)


def moments(today: date) -> list[tuple[datetime, str]]:
    """Return moments at which dates differ between zones, each with the zone of the machine."""

    def at(day: date, hour: int, minute: int) -> datetime:
        return datetime.combine(day, time(hour, minute), UTC)

    year = today.year + 1
    spring, autumn = _last_sunday(year, 3), _last_sunday(year, 10)
    return [
        (at(today + timedelta(days=1), 23, 30), "UTC"),
        (at(today + timedelta(days=2), 0, 5), "Pacific/Auckland"),
        (at(date(year, 7, 14), 23, 30), "UTC"),
        (at(spring, 0, 55), "Europe/London"),
        (at(autumn, 0, 55), "America/New_York"),
        (at(date(today.year, 12, 31), 23, 55), "Australia/Sydney"),
    ]


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def main() -> int:
    failed = 0
    # pytest passes over a path that isn't there.
    gone = [name for name in PROCESSES if not (TESTS / name).exists()]
    assert not gone, f"Not among the tests: {gone}"
    ignored = [f"--ignore=tests/{name}" for name in PROCESSES]
    for moment, zone in moments(datetime.now(UTC).date()):
        print(f"At {moment:%d %B %Y %H:%M} UTC, in {zone}", flush=True)
        environment = os.environ | {CLOCK: moment.isoformat(), "TZ": zone}
        command = [sys.executable, "-m", "pytest", *ignored, "-m", MARKED, *sys.argv[1:]]
        failed += subprocess.run(command, env=environment, check=False).returncode != 0
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
