"""A call flow's script or SMS text as one person hears or reads it. Pure."""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from campaigns.clients.placeholders import PLACE, parameters_in

__all__ = ["Piece", "parameters_in", "rendered"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text: the template's own words, or what stands at {Parameter `number`}."""

    text: str
    number: int | None = None
    is_fallback: bool = False

    @property
    def is_missing(self) -> bool:
        """Say whether a parameter has nothing to say here."""
        return self.number is not None and not self.text.strip()


def rendered(
    template: str, values: Mapping[int, str], fallbacks: Container[int] = ()
) -> list[Piece]:
    """Return the template with the values, by the parameters' numbers, in their places.

    Those in `fallbacks` are marked as such. What has braces and is no {Parameter1}..{Parameter9} stays
    as it is written.
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
