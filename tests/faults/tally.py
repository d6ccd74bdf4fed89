"""What all the fault tests of one run came to, for the table at its end."""

import os
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from campaigns.submissions.models import Delivery, Submission
from tests.faults.invariants import Breach, Invariant
from tests.faults.partner import Row

# `make faults N=10000` asks for so many random sequences, and for every point of every kill.
IS_LONG = "PORTAL_TEST_FAULTS" in os.environ
EXAMPLES = int(os.environ.get("PORTAL_TEST_FAULTS", "8"))
# The short form takes the same ways each time; what is new is looked for by the long one.
SEED = int(os.environ.get("PORTAL_TEST_SEED") or (random.randrange(10**6) if IS_LONG else 1))


@dataclass
class Tally:
    runs: int = 0
    faults: int = 0
    posts: int = 0
    doubles: int = 0
    lost: int = 0
    doubts: int = 0
    doubts_shown: int = 0
    visited: dict[str, int] = field(default_factory=dict)

    def count(
        self, rows: Iterable[Row], submissions: Sequence[Submission], found: Iterable[Breach]
    ) -> None:
        """Count one run at its end."""
        broken = [breach.invariant for breach in found]
        self.runs += 1
        self.posts += sum(row.complete for row in rows)
        self.doubles += broken.count(Invariant.ONE_POST) + broken.count(Invariant.NUMBER_ONCE)
        self.lost += broken.count(Invariant.LEAVES)
        doubts = (
            Delivery.objects.filter(
                part__submission__in=[submission.pk for submission in submissions],
                state=Delivery.State.NEEDS_CHECKING,
            )
            .values("part__submission")
            .distinct()
            .count()
        )
        self.doubts += doubts
        self.doubts_shown += doubts - broken.count(Invariant.SHOWN)

    def lines(self) -> list[str]:
        doubts = f"{self.doubts_shown:,} of {self.doubts:,}"
        table = {
            "runs": f"{self.runs:,}",
            "faults injected": f"{self.faults:,}",
            "complete POSTs": f"{self.posts:,}",
            "doubles": f"{self.doubles:,}",
            "lost": f"{self.lost:,}",
            "doubts shown": doubts,
        }
        visited = {f"killed {name}": f"{points:,} points" for name, points in self.visited.items()}
        return [f"{name:<50}{value:>14}" for name, value in (visited | table).items()]


TALLY = Tally()
