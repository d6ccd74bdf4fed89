"""Common ways to call, which fill in the rows of call attempts with one button."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preset:
    """`waits` are the minutes between one call and the next: one fewer than there are calls."""

    slug: str
    label: str
    waits: tuple[int, ...]

    @property
    def intervals(self) -> list[int | None]:
        """Return one interval for each call. The last one is None, since no call follows."""
        return [*self.waits, None]


HOUR = 60
DAY = 24 * HOUR

PRESETS = (
    Preset("once", "Once", ()),
    Preset("twice", "Twice, 2 hours apart", (2 * HOUR,)),
    Preset("three", "Three calls, 2 hours apart", (2 * HOUR, 2 * HOUR)),
    Preset("three-soon", "Three calls: after 30 minutes, then 3 hours", (30, 3 * HOUR)),
    Preset("daily", "Once a day for three days", (DAY, DAY)),
    Preset(
        "twice-daily",
        "Twice a day for three days, 4 hours apart",
        (4 * HOUR, DAY - 4 * HOUR, 4 * HOUR, DAY - 4 * HOUR, 4 * HOUR),
    ),
)
