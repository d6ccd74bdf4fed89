"""Rounds over all numbers, in calling time: one for each call attempt."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.drafts.dialplan.opentime import NO_TIME, OpenTime, Stretch


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a round goes. All are at least 1; `seconds` are those of one call."""

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
    """Who has a turn at `begin` or later, up to and not at `end`, waits `delay` besides.

    A turn is the calling time between the round's first call and a number's own, if nothing had to
    be waited for on the way.
    """

    begin: timedelta
    end: timedelta
    delay: timedelta


class Round:
    """One attempt at everybody. `delays` are (turn, delay from this turn on), both ascending."""

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
        """Return when the number with this turn is called; None if the windows end before."""
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
        """Yield from when to when calls of this round begin."""
        end = None
        for step in self.steps:
            for begin, end in self.time.between(step.begin + step.delay, step.end + step.delay):
                yield begin, end
        if self.last and end != self.last:
            yield self.last, self.last

    def next(self, wait: timedelta) -> "Round | None":
        """Return the next round: each number `wait` after its call in this one, or later.

        Nobody is called in it before this one is over: None if the windows end before that. Within
        a step and a stretch of open time whoever comes later waits less for those before, so that
        delays grow at their beginnings only.
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
        """Return the calling time that passes before `wait` after a call of this round is over."""
        at = self.at(turn)
        assert at is not None, "a round that is over has called everybody"
        return self.time.before(at + wait)
