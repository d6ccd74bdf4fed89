"""The numbers of the second column, for rows whose first column has none that can be called. No Django."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

from campaigns.uploads.numbers.placeholder_numbers import PLACEHOLDERS
from campaigns.uploads.numbers.reasons import Reason
from campaigns.uploads.spreadsheets import Row
from campaigns.uploads.spreadsheets.cell_text import WITHOUT_TEXT

Verdict = str | Reason
"""An E.164 number, or the reason against a cell."""

_MADE_UP: Final = frozenset(f"+{number}" for number in PLACEHOLDERS)


def take(
    batch: Sequence[Row],
    verdicts: list[Verdict],
    column: int,
    check_all: Callable[[Sequence[str]], list[Verdict]],
    suppressed: Callable[[Iterable[str]], set[str]],
) -> set[int]:
    """Replace the first column's verdicts by those of the second `column`, where these are better.

    Return the numbers of the rows concerned. A number on a suppression list and one that is in an earlier
    row are not replaced: the person must not be called, or is called already. So is a number that looks
    made up and is suppressed: it belongs to somebody after all.
    """
    made_up = {x for x in verdicts if not isinstance(x, Reason) and x in _MADE_UP}
    replaceable = made_up - suppressed(made_up) if made_up else made_up
    lacking = [
        index
        for index, verdict in enumerate(verdicts)
        if isinstance(verdict, Reason) or verdict in replaceable
    ]
    others = check_all([batch[index][1][column] for index in lacking]) if lacking else []
    taken = set()
    for index, other in zip(lacking, others, strict=True):
        if _is_better(other, verdicts[index]):
            verdicts[index] = other
            taken.add(batch[index][0])
    return taken


def _is_better(second: Verdict, first: Verdict) -> bool:
    """Return whether the second column decides about a row whose first column has no usual number."""
    if isinstance(second, Reason):
        return first == Reason.EMPTY and second != Reason.EMPTY
    return isinstance(first, Reason) or second not in _MADE_UP


def clear_markers(rows: Iterable[list[str]], columns: Collection[int]) -> None:
    """Empty the cells of a workbook's contacts that only say why they have no text.

    The reader writes such markers into columns of numbers, to show why a row is refused. In a contact they
    would be spoken.
    """
    for cells in rows:
        for column in columns:
            if cells[column] in WITHOUT_TEXT:
                cells[column] = ""
