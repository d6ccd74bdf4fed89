"""Rounds over all numbers, in calling time: one for each call attempt."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.drafts.dialplan.opentime import NO_TIME, OpenTime, Stretch


@dataclass(frozen=True, slots=True)
class Pace:
    """The speed of a round. All values are at least 1. `seconds` is the length of one call."""

    people: int
    lines: int
    seconds: int

    @property
    def call(self) -> timedelta:
        return timedelta(seconds=self.seconds)

    @property
    def span(self) -> timedelta:
        """The calling time from the beginning of the first call to that of the last."""
        return self.call * ((self.people - 1) // self.lines)

    @property
    def round(self) -> timedelta:
        """The calling time from the beginning of the first call to the end of the last."""
        return self.span + self.call

    def called_within(self, calling: timedelta) -> int:
        """Return how many calls begin within so much calling time."""
        begun = -(-calling // self.call)
        return min(self.people, begun * self.lines)


@dataclass(frozen=True, slots=True)
class Step:
    """The numbers with a turn from `begin` up to, but not including, `end`. They wait `delay` longer.

    A number's turn is the calling time between the round's first call and its own, if no call had to
    wait.
    """

    begin: timedelta
    end: timedelta
    delay: timedelta


class Round:
    """One attempt to call everybody. `delays` are (turn, delay from this turn on), both ascending."""

    def __init__(
        self, time: OpenTime, pace: Pace, delays: list[tuple[timedelta, timedelta]]
    ) -> None:
        self.time, self.pace = time, pace
        ends = [turn for turn, _ in delays[1:]] + [pace.span]
        self.steps = [
            Step(turn, end, delay) for (turn, delay), end in zip(delays, ends, strict=True)
        ]

    @classmethod
    def first(cls, time: OpenTime, pace: Pace) -> "Round":
        return cls(time, pace, [(NO_TIME, NO_TIME)])

    def at(self, turn: timedelta) -> datetime | None:
        """Return when the number with this turn is called, or None if the windows end before."""
        return self.time.at(turn + self._delay(turn))

    @property
    def last(self) -> datetime | None:
        return self.at(self.pace.span)

    @property
    def end(self) -> timedelta:
        """The calling time that passes before everybody's call is over."""
        return self.pace.round + self._delay(self.pace.span)

    def _delay(self, turn: timedelta) -> timedelta:
        return max(step.delay for step in self.steps if step.begin <= turn)

    def called(self) -> int:
        """Return how many numbers are called before the windows end."""
        if self.last:
            return self.pace.people
        total = self.time.total
        begun = [step for step in self.steps if step.begin + step.delay < total]
        return self.pace.called_within(min(begun[-1].end, total - begun[-1].delay)) if begun else 0

    def stretches(self) -> Iterator[Stretch]:
        """Yield the periods in which calls of this round begin."""
        end = None
        for step in self.steps:
            for begin, end in self.time.between(step.begin + step.delay, step.end + step.delay):
                yield begin, end
        if self.last and end != self.last:
            yield self.last, self.last

    def next(self, wait: timedelta) -> "Round | None":
        """Return the next round: each number is called `wait` after its call in this round, or later.

        The next round begins when this one is over. Return None if the windows end before that.

        Within a step and a stretch of open time, a number with a later turn waits less for the numbers
        before it. So delays can grow only where a step or a stretch begins.
        """
        if self.end >= self.time.total:
            return None
        delays = [(NO_TIME, max(self.end, self._due(NO_TIME, wait)))]
        for turn in sorted(self._turns()):
            delay = self._due(turn, wait) - turn
            if delay > delays[-1][1]:
                delays.append((turn, delay))
        return Round(self.time, self.pace, delays)

    def _turns(self) -> set[timedelta]:
        """Return the turns, after the first, at which a step or a stretch of open time begins."""
        edges = [
            (step, edge - step.delay)
            for step in self.steps
            for edge in self.time.edges()
            if step.begin <= edge - step.delay <= step.end
        ]
        return {step.begin for step in self.steps[1:]} | {turn for _, turn in edges if turn}

    def _due(self, turn: timedelta, wait: timedelta) -> timedelta:
        """Return the calling time that passes until `wait` after the call with this turn is over."""
        at = self.at(turn)
        assert at is not None, "a round that is over has called everybody"
        return self.time.before(at + wait)
