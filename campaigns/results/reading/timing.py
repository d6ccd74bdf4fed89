"""When a part is read next: often while its people are called, then now and then for two days."""

from collections.abc import Iterable
from datetime import datetime, timedelta

WHILE_CALLING = timedelta(minutes=5)
BETWEEN = timedelta(hours=1)
# SMS and late calls may still change.
AFTERWARDS = timedelta(days=2)

FIRST_RETRY = timedelta(minutes=1)
# Where a person has to change something first.
HOPELESS_RETRY = timedelta(hours=1)
LONGEST_RETRY = timedelta(hours=6)
# After the two days, only what a person asked for is read, and tried again so often.
MOST_LATE_RETRIES = 5

Windows = Iterable[tuple[datetime, datetime]]


def next_reading(windows: Windows, now: datetime) -> datetime | None:
    """Return when to read after a reading that has just ended, or None for never.

    `windows` are the beginnings and ends of the calling windows.
    """
    windows = list(windows)
    if not windows or now >= max(end for _, end in windows) + AFTERWARDS:
        return None
    if any(start <= now < end for start, end in windows):
        return now + WHILE_CALLING
    to_come = min((start for start, _ in windows if start > now), default=None)
    if to_come is None:
        return now + BETWEEN
    first = to_come + WHILE_CALLING
    has_begun = any(end <= now for _, end in windows)
    return min(first, now + BETWEEN) if has_begun else first


def next_try(
    windows: Windows, now: datetime, failures: int, *, may_pass: bool, retry_after: int | None
) -> datetime | None:
    """Return when to try again after a failure, or None for never.

    `failures` is how many came before it in a row. `retry_after` is the seconds that the partner asks for.
    """
    if next_reading(windows, now) is None and failures >= MOST_LATE_RETRIES:
        return None
    first = FIRST_RETRY if may_pass else HOPELESS_RETRY
    wait: timedelta = min(first * 2 ** min(failures, 10), LONGEST_RETRY)
    asked = timedelta(seconds=min(retry_after or 0, int(AFTERWARDS.total_seconds())))
    return now + max(wait, asked)
