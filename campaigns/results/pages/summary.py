"""The upper part of the page: how many were reached, the categories, minutes and cost, and the reading."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from django.utils import timezone
from django.utils.functional import cached_property

from campaigns.partner.codes import Code, Outcome, SmsStatus, Stage
from campaigns.results import counts
from campaigns.results.counts import LONG
from campaigns.results.models import PartReading
from campaigns.results.pages.attempts_plot import NOT_GIVEN, Plot, drawn
from campaigns.submissions.models import CallingWindow, Part

KeyT = TypeVar("KeyT")


@dataclass(frozen=True, slots=True)
class Category:
    """A line of a list of counts. `value` is what a filter has in the URL, "" if it is no filter."""

    words: str
    count: int
    value: str
    share: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the bar of people. Positions are in percent of its width."""

    kind: str
    x: str
    width: str


class Summary:
    """The counts of a campaign's parts, in words and positions for the page."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self.parts = list(parts)
        self.counts = counts.of_parts([part.pk for part in self.parts])
        self.people = sum(part.number_count for part in self.parts)

    @property
    def reached(self) -> int:
        return self.counts.reached

    @property
    def not_reached(self) -> int:
        return self.counts.called - self.counts.reached

    @property
    def to_call(self) -> int:
        return max(0, self.people - self.counts.called)

    @property
    def minutes(self) -> int:
        """Return the minutes of all calls together, rounded."""
        return round(self.counts.seconds / 60)

    @property
    def cost(self) -> Decimal:
        """Return the price of all calls and SMS, in the partner's currency."""
        return (self.counts.price + self.counts.sms_price).quantize(Decimal("0.01"))

    @property
    def bar(self) -> Iterator[Stretch]:
        begin = 0.0
        pieces = {"reached": self.reached, "missed": self.not_reached, "to-call": self.to_call}
        for kind, count in pieces.items():
            width = count / max(1, self.people) * 100
            if count:
                yield Stretch(kind, f"{begin:.3f}%", f"{width:.3f}%")
            begin += width

    @cached_property
    def is_over(self) -> bool:
        """Return whether nobody more is called: every calling window is over."""
        submissions = {part.submission_id for part in self.parts}
        ahead = CallingWindow.objects.filter(
            submission__in=submissions, finishes_at__gt=timezone.now()
        )
        return not ahead.exists()

    @property
    def outcomes(self) -> list[Category]:
        return _categories(self.counts.outcomes, Outcome)

    @property
    def stages(self) -> list[Category]:
        """Return the stages, without those of calls in which there was none."""
        some = {code: n for code, n in self.counts.stages.items() if code not in {None, Stage.NONE}}
        return _categories(Counter(some), Stage)

    @property
    def smss(self) -> list[Category]:
        return _categories(self.counts.smss, SmsStatus)

    @property
    def pressed(self) -> list[Category]:
        total = max(1, sum(self.counts.pressed.values()))
        return [
            Category("longer entries" if keys == LONG else keys, count, "", _percent(count, total))
            for keys, count in _most_first(self.counts.pressed)
        ]

    @property
    def plot(self) -> Plot | None:
        return drawn(self.counts.calls)

    # The reading

    @cached_property
    def readings(self) -> list[PartReading]:
        return [part.reading for part in self.parts if hasattr(part, "reading")]

    @property
    def read_at(self) -> datetime | None:
        """Return since when every part has been read; None while one has never been read to its end."""
        times = [reading.finished_at for reading in self.readings]
        return min(filter(None, times)) if all(times) and len(times) == len(self.parts) else None

    @property
    def was_read(self) -> bool:
        """Return whether anything is known of any part."""
        return self.counts.called > 0 or any(reading.finished_at for reading in self.readings)

    @property
    def is_being_read(self) -> bool:
        return self.is_read_back and any(reading.is_under_way for reading in self.readings)

    @property
    def is_read_back(self) -> bool:
        return any(part.partner_account.reads_back for part in self.parts)

    @property
    def may_be_read(self) -> bool:
        """Return whether a person can have it read now."""
        return self.is_read_back and not self.is_forgotten

    @property
    def is_forgotten(self) -> bool:
        """Return whether the people of every part are deleted, so that only the counts are left."""
        return bool(self.parts) and self.forgotten == len(self.parts)

    @property
    def forgotten(self) -> int:
        return sum(reading.forgotten_at is not None for reading in self.readings)

    @property
    def problems(self) -> list[str]:
        return sorted({reading.problem for reading in self.readings if reading.problem})

    @property
    def is_incomplete(self) -> bool:
        return any(not reading.is_complete for reading in self.readings)

    @property
    def unknown(self) -> int:
        return sum(reading.unknown_count for reading in self.readings)


def _categories(found: "Counter[int | None]", codes: type[Code]) -> list[Category]:
    total = max(1, sum(found.values()))
    return [
        Category(
            codes.words_for(code) or NOT_GIVEN,
            count,
            "" if code is None else str(code),
            _percent(count, total),
        )
        for code, count in _most_first(found)
    ]


def _most_first(found: "Counter[KeyT]") -> list[tuple[KeyT, int]]:
    return sorted(found.items(), key=lambda entry: (-entry[1], str(entry[0])))


def _percent(count: int, total: int) -> str:
    return f"{count / total * 100:.2f}%"
