"""What came of the calls in counts, which name nobody and stay when the people are forgotten."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from campaigns.results.models import Call, CalledPerson, PartReading, Sms

# Whatever is longer may be an account or card number, so it is counted as LONG.
LONGEST_KEYS = 3
LONG = "longer"

Code = int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of one or more parts. Codes are the partner's, None where it gave none.

    `outcomes`, `stages` and `pressed` count called people by their latest; `calls` counts calls by attempt
    and outcome; `smss` counts SMS by status. Prices are in the partner's currency.
    """

    called: int = 0
    reached: int = 0
    outcomes: Counter[Code] = field(default_factory=Counter)
    stages: Counter[Code] = field(default_factory=Counter)
    pressed: Counter[str] = field(default_factory=Counter)
    calls: Counter[tuple[int, Code]] = field(default_factory=Counter)
    smss: Counter[Code] = field(default_factory=Counter)
    seconds: int = 0
    price: Decimal = Decimal(0)
    sms_price: Decimal = Decimal(0)

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.called + other.called,
            self.reached + other.reached,
            self.outcomes + other.outcomes,
            self.stages + other.stages,
            self.pressed + other.pressed,
            self.calls + other.calls,
            self.smss + other.smss,
            self.seconds + other.seconds,
            self.price + other.price,
            self.sms_price + other.sms_price,
        )

    def as_json(self) -> dict[str, Any]:
        """Return the counts as they are kept. `from_json` undoes it."""
        return {
            "called": self.called,
            "reached": self.reached,
            "outcomes": list(self.outcomes.items()),
            "stages": list(self.stages.items()),
            "pressed": list(self.pressed.items()),
            "calls": [[*key, count] for key, count in self.calls.items()],
            "smss": list(self.smss.items()),
            "seconds": self.seconds,
            "price": str(self.price),
            "sms_price": str(self.sms_price),
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Counts":
        return cls(
            called=kept["called"],
            reached=kept["reached"],
            outcomes=Counter(dict(kept["outcomes"])),
            stages=Counter(dict(kept["stages"])),
            pressed=Counter(dict(kept["pressed"])),
            calls=Counter({(attempt, code): count for attempt, code, count in kept["calls"]}),
            smss=Counter(dict(kept["smss"])),
            seconds=kept["seconds"],
            price=Decimal(kept["price"]),
            sms_price=Decimal(kept["sms_price"]),
        )


def of_parts(part_ids: Iterable[int]) -> Counts:
    """Return the counts of these parts together, in a fixed number of queries."""
    part_ids = list(part_ids)
    total = _counted(part_ids)
    for reading in PartReading.objects.filter(part__in=part_ids, kept_counts__isnull=False):
        if reading.kept_counts:
            total += Counts.from_json(reading.kept_counts)
    return total


def _counted(part_ids: list[int]) -> Counts:
    called = CalledPerson.objects.filter(part__in=part_ids, attempts__gt=0).order_by()
    calls = Call.objects.filter(part__in=part_ids).order_by()
    smss = Sms.objects.filter(part__in=part_ids).order_by()
    totals = called.aggregate(
        called=Count("pk"),
        reached=Count("pk", filter=Q(is_reached=True)),
        seconds=Sum("seconds", default=0),
        price=Sum("price"),
    )
    pressed: Counter[str] = Counter()
    by_digits = called.exclude(digits="").values_list("digits").annotate(count=Count("pk"))
    for digits, count in by_digits:
        pressed[digits if len(digits) <= LONGEST_KEYS else LONG] += count
    by_attempt = calls.values_list("attempt", "outcome").annotate(count=Count("pk"))
    return Counts(
        called=totals["called"],
        reached=totals["reached"],
        outcomes=Counter(dict(called.values_list("outcome").annotate(count=Count("pk")))),
        stages=Counter(dict(called.values_list("stage").annotate(count=Count("pk")))),
        pressed=pressed,
        calls=Counter({(attempt, code): count for attempt, code, count in by_attempt}),
        smss=Counter(dict(smss.values_list("status").annotate(count=Count("pk")))),
        seconds=totals["seconds"],
        price=totals["price"] or Decimal(0),
        sms_price=smss.aggregate(total=Sum("price"))["total"] or Decimal(0),
    )
