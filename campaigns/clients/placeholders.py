"""The places of parameters in a call flow's script and SMS text: {Parameter1} to {Parameter9}. Pure."""

import re
from typing import Final

# Read as it is meant; only the exact spelling is accepted from whoever enters a text.
PLACE: Final = re.compile(r"\{\s*Parameter\s*([1-9])\s*\}", re.IGNORECASE)
_FIELD: Final = re.compile(
    r"(?P<right>\{Parameter[1-9]\}(?!\}))|\{+[^{}]*\}*|\}+|<<[^<>]*>>|\[\[[^\[\]]*\]\]"
)
_NUMBERED: Final = re.compile(r"\W*Parameter\W*([1-9])\W*", re.IGNORECASE)


def parameters_in(*texts: str) -> frozenset[int]:
    """Return the numbers of the parameters that any of the texts says."""
    return frozenset(int(found[1]) for text in texts for found in PLACE.finditer(text))


def misspelt(*texts: str) -> list[str]:
    """Return what looks like the place of a parameter and is not written like one, each once."""
    fields = (found for text in texts for found in _FIELD.finditer(text))
    return list(dict.fromkeys(found[0] for found in fields if not found["right"]))


def correction(field: str) -> str:
    """Say how to write what is misspelt."""
    if meant := _NUMBERED.fullmatch(field):
        return f"Write {{Parameter{meant[1]}}} instead of “{field}”."
    return f"“{field}” is not a parameter. Write {{Parameter1}} to {{Parameter9}}."
