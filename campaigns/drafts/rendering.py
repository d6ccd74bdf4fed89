"""A call flow's script or SMS text as one person hears or reads it. Pure."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass

_PLACE = re.compile(r"\{\s*Parameter\s*([1-9])\s*\}", re.IGNORECASE)


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
    for place in _PLACE.finditer(template):
        if place.start() > end:
            pieces.append(Piece(template[end : place.start()]))
        number = int(place[1])
        pieces.append(Piece(values.get(number, ""), number, number in fallbacks))
        end = place.end()
    if end < len(template):
        pieces.append(Piece(template[end:]))
    return pieces


def parameters_in(*templates: str) -> frozenset[int]:
    """Return the numbers of the parameters that any of the templates says."""
    return frozenset(int(found[1]) for text in templates for found in _PLACE.finditer(text))
