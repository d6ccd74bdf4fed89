"""What the import will make of a file's first rows, as the page of columns tells it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The refusals among the first rows, and the rows whose second column of numbers is used."""

    refusals: Mapping[int, str]
    """Row number -> what is wrong with the row and what to do."""
    from_second: frozenset[int] = frozenset()
    """Numbers of the rows that have their number, or the reason against it, from the second column."""


NOTHING = Foreseen({})
"""What is foreseen while no column of numbers is chosen."""
