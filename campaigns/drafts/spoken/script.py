"""Fill one person's values into a call flow's script or SMS text. Pure functions."""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from campaigns.clients.lookups.placeholders import PLACE, parameters_in

__all__ = ["Piece", "parameters_in", "rendered"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text: the template's own words, or what is said at {Parameter `number`}."""

    text: str
    number: int | None = None
    is_fallback: bool = False

    @property
    def is_missing(self) -> bool:
        """Return whether a parameter has nothing to say here."""
        return self.number is not None and not self.text.strip()


def rendered(
    template: str, values: Mapping[int, str], fallbacks: Container[int] = ()
) -> list[Piece]:
    """Return the template in pieces, with the values, by the parameters' numbers, in their places.

    Values of parameters in `fallbacks` are marked as such. Text in braces that is none of {Parameter1} to
    {Parameter9} stays as it is written.
    """
    pieces: list[Piece] = []
    end = 0
    for place in PLACE.finditer(template):
        if place.start() > end:
            pieces.append(Piece(template[end : place.start()]))
        number = int(place[1])
        pieces.append(Piece(values.get(number, ""), number, number in fallbacks))
        end = place.end()
    if end < len(template):
        pieces.append(Piece(template[end:]))
    return pieces
