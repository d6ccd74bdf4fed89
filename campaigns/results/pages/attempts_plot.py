"""The plot of outcomes by attempt: a bar for each attempt, and the table with the same figures.

Horizontal positions are in percent, so that the letters keep their size; vertical ones are in pixels.
"""

from collections import Counter
from dataclasses import dataclass

from campaigns.partner.codes import Outcome

LANE = 48
BAR = 22
LABEL = 14

# The outcomes that are drawn alike, each with its CSS class. All others are "other".
GROUPS = (
    ("answered", "Answered", {Outcome.ANSWERED}),
    ("machine", "Answerphone", {Outcome.ANSWERPHONE_NO_MESSAGE, Outcome.ANSWERPHONE_MESSAGE}),
    ("silent", "No answer or busy", {Outcome.NO_ANSWER, Outcome.BUSY}),
)
OTHER = ("other", "Everything else")
# Said of a code that the partner did not give.
NOT_GIVEN = "not given"


@dataclass(frozen=True, slots=True)
class Piece:
    kind: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One attempt. `y` is where its bar begins, `label_y` the line of its words."""

    attempt: int
    calls: int
    y: int
    label_y: int
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: an outcome in words, and its calls in each attempt."""

    words: str
    cells: list[tuple[int, int]]
    total: int


@dataclass(frozen=True, slots=True)
class Plot:
    height: int
    lanes: list[Lane]
    rows: list[Row]
    legend: list[tuple[str, str]]
    bar: int = BAR

    @property
    def attempts(self) -> list[int]:
        return [lane.attempt for lane in self.lanes]


def drawn(calls: "Counter[tuple[int, int | None]]") -> Plot | None:
    """Return the plot of calls counted by attempt and outcome, or None if there are none."""
    attempts = sorted({attempt for attempt, _ in calls})
    if not attempts:
        return None
    totals = {
        attempt: sum(count for (each, _), count in calls.items() if each == attempt)
        for attempt in attempts
    }
    # All bars have one scale, so that a shorter bar means fewer calls.
    scale = max(totals.values())
    lanes = [
        Lane(
            attempt,
            totals[attempt],
            place * LANE + LABEL + 4,
            place * LANE + LABEL,
            _pieces(calls, attempt, scale),
        )
        for place, attempt in enumerate(attempts)
    ]
    legend = [*((kind, words) for kind, words, _ in GROUPS), OTHER]
    return Plot(len(attempts) * LANE + 4, lanes, _rows(calls, attempts), legend)


def _pieces(calls: "Counter[tuple[int, int | None]]", attempt: int, scale: int) -> list[Piece]:
    counts: Counter[str] = Counter()
    for (each, code), count in calls.items():
        if each == attempt:
            counts[_kind(code)] += count
    pieces, x = [], 0.0
    for kind in [*(kind for kind, _, _ in GROUPS), OTHER[0]]:
        width = counts[kind] / scale * 100
        if counts[kind]:
            pieces.append(Piece(kind, f"{x:.3f}%", f"{width:.3f}%"))
        x += width
    return pieces


def _kind(code: int | None) -> str:
    return next((kind for kind, _, codes in GROUPS if code in codes), OTHER[0])


def _rows(calls: "Counter[tuple[int, int | None]]", attempts: list[int]) -> list[Row]:
    codes = {code for _, code in calls}
    rows = []
    for code in codes:
        cells = [(attempt, calls[attempt, code]) for attempt in attempts]
        words = Outcome.words_for(code) or NOT_GIVEN
        rows.append(Row(words, cells, sum(count for _, count in cells)))
    return sorted(rows, key=lambda row: (-row.total, row.words))
