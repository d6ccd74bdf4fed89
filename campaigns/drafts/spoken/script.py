"""Fill one person's values into a call flow's script or SMS text. Pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from campaigns.clients.lookups.placeholders import PLACE, parameters_in

__all__ = ["Piece", "parameters_in", "rendered"]


@dataclass(frozen=True, slots=True)
class Origin:
    """What a text was made from: a fallback, or a cell, which is "" if it is said as it is.

    `is_unconverted` is whether it should have been converted, but couldn't be.
    """

    is_fallback: bool = False
    cell: str = ""
    is_unconverted: bool = False


AS_IT_IS: Final = Origin()


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text: the template's own words, or what is said at {Parameter `number`}."""

    text: str
    number: int | None = None
    origin: Origin = AS_IT_IS

    @property
    def is_missing(self) -> bool:
        """Return whether a parameter has nothing to say here."""
        return self.number is not None and not self.text.strip()


def rendered(
    template: str, values: Mapping[int, str], origins: Mapping[int, Origin] | None = None
) -> list[Piece]:
    """Return the template in pieces, with the values, by the parameters' numbers, in their places.

    `origins` is what the values were made from. Text in braces that is none of {Parameter1} to {Parameter9}
    stays as it is written.
    """
    pieces: list[Piece] = []
    end = 0
    for place in PLACE.finditer(template):
        if place.start() > end:
            pieces.append(Piece(template[end : place.start()]))
        number = int(place[1])
        origin = (origins or {}).get(number, AS_IT_IS)
        pieces.append(Piece(values.get(number, ""), number, origin))
        end = place.end()
    if end < len(template):
        pieces.append(Piece(template[end:]))
    return pieces
