"""Calling time: the time for which calling windows have been open, converted from and to instants."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

NO_TIME = timedelta(0)
Stretch = tuple[datetime, datetime]


class OpenTime:
    """The calling time of windows, each (opens, closes) in UTC. Time that two windows share counts once."""

    def __init__(self, windows: Iterable[Stretch]) -> None:
        self.stretches: list[Stretch] = []
        for opens, closes in sorted(windows):
            if self.stretches and opens <= self.stretches[-1][1]:
                begin, end = self.stretches[-1]
                self.stretches[-1] = (begin, max(end, closes))
            else:
                self.stretches.append((opens, closes))
        self.total = sum((end - begin for begin, end in self.stretches), NO_TIME)

    def before(self, instant: datetime) -> timedelta:
        """Return the calling time that passes before an instant."""
        return sum(
            (min(end, instant) - begin for begin, end in self.stretches if begin < instant), NO_TIME
        )

    def at(self, passed: timedelta) -> datetime | None:
        """Return when a call begins that comes after so much calling time, or None if never.

        No call begins at the instant at which a window closes. It begins when the next window opens.
        """
        for begin, end in self.stretches:
            if passed < end - begin:
                return begin + passed
            passed -= end - begin
        return None

    def next_open(self, instant: datetime) -> datetime | None:
        """Return the instant if a call may begin then, else when the next window opens, else None."""
        return self.at(self.before(instant))

    def edges(self) -> list[timedelta]:
        """Return how much calling time passes before each stretch after the first."""
        passed, edges = NO_TIME, []
        for begin, end in self.stretches[:-1]:
            passed += end - begin
            edges.append(passed)
        return edges

    def between(self, begin: timedelta, end: timedelta) -> Iterator[Stretch]:
        """Yield the stretches from one amount of calling time up to, but not including, another."""
        if begin >= self.total:
            return
        marks = [begin, *(edge for edge in self.edges() if begin < edge < end)]
        for mark, until in pairwise([*marks, min(end, self.total)]):
            opens = self.at(mark)
            assert opens is not None, "there is calling time left at every mark"
            yield opens, opens + (until - mark)
