"""The ways to say a column's cells other than as they are. Drafts register them, with the ids they store."""

from collections.abc import Callable
from dataclasses import dataclass

from campaigns.extension_points import Hook


@dataclass(frozen=True, slots=True)
class Saying:
    """A way to say cells. `convert` returns None for a cell that it can't convert.

    `noun` is what a cell must be, such as "a date".
    """

    convert: Callable[[str], str | None]
    noun: str


sayings = Hook[[str], Saying | None]("the ways to say a column's cells, by their ids")


def saying(say_as: str) -> Saying | None:
    """Return the way to say cells with this id. None if cells are said as they are."""
    return next(filter(None, sayings(say_as)), None) if say_as else None


def converted(cell: str, way: Saying | None) -> str:
    """Return what a cell is converted to, or the cell itself where nothing is converted."""
    return (way.convert(cell) if way else None) or cell
