"""Columns that say who does not want to be called.

The portal calls everybody on the list whatever such a column says, so a person has to check it.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from campaigns.uploads.headings import key

_CALL: Final = r"(?:phone|telephone|call|ring|contact|mobile|disturb)"
_AGAINST: Final = re.compile(
    rf"(?:(?:do|does|must|should|can|may)(?:not|nt)|never|^not)(?:be)?(?:to)?{_CALL}"
    r"|^no(?:phone)?calls?$|^nocontact$|^dn[cp](?:flag|list)?$"
    r"|opt(?:ed)?out|unsubscribed?|suppress(?:ed|ion)?|^c?tps(?:flag|status|match|registered)?$"
    r"|deceased|goneaway"
)
_FOR: Final = re.compile(
    rf"(?:ok|okay|happy|can|may|agree[sd]?|allow(?:ed|s)?)(?:to)?(?:be)?(?:by)?{_CALL}"
    rf"|{_CALL}(?:ing|s|ed)?(?:consent|permission|allowed|optin|ok)|consent(?:to|for|by)?{_CALL}"
    r"|^(?:marketing)?(?:consent|optin|optedin)$"
)
_ANOTHER_WAY: Final = re.compile(r"e?mail|post|letter|sms|text")
_NO: Final = re.compile(r"0|n|no|false|f|off|-|none|n/a|null", re.IGNORECASE)


class OptOuts:
    """A count of the contacts whom a column marks as not to be called."""

    def __init__(self, headings: Sequence[str], but: Iterable[int | None] = ()) -> None:
        """Find such columns by their headings. `but` are columns that hold something else."""
        kinds = {
            column: _kind(heading)
            for column, heading in enumerate(headings)
            if column not in set(but)
        }
        self._headings = headings
        self._columns = [(column, kind) for column, kind in kinds.items() if kind is not None]
        self._counts = dict.fromkeys((column for column, _ in self._columns), 0)

    def note(self, rows: Iterable[Sequence[str]]) -> None:
        """Count the marks in rows of cells."""
        if self._columns:
            for cells in rows:
                for column, says_so_if_yes in self._columns:
                    cell = cells[column].strip() if column < len(cells) else ""
                    self._counts[column] += bool(cell) and says_so_if_yes != bool(
                        _NO.fullmatch(cell)
                    )

    @property
    def found(self) -> list[tuple[str, int]]:
        """Return the headings of the columns that mark anybody, each with the number of contacts marked."""
        counts = self._counts.items()
        return [(self._headings[column], count) for column, count in counts if count]


def _kind(heading: str) -> bool | None:
    """Return whether *yes* (True) or *no* (False) in a column means "do not call", or None for neither."""
    name = key(heading)
    if _ANOTHER_WAY.search(name):
        return None
    if _AGAINST.search(name):
        return True
    return False if _FOR.search(name) else None
