"""Find the parameters in a call flow's script and SMS text: {Parameter1} to {Parameter9}.

Pure functions, without database or clock.
"""

import re
from typing import Final

# A text is read generously. A person who enters one must use the exact spelling (`misspelt`).
PLACE: Final = re.compile(r"\{\s*Parameter\s*([1-9])\s*\}", re.IGNORECASE)
_FIELD: Final = re.compile(
    r"(?P<right>\{Parameter[1-9]\}(?!\}))|\{+[^{}]*\}*|\}+|<<[^<>]*>>|\[\[[^\[\]]*\]\]"
)
_NUMBERED: Final = re.compile(r"\W*Parameter\W*([1-9])\W*", re.IGNORECASE)


def parameters_in(*texts: str) -> frozenset[int]:
    """Return the numbers of the parameters that any of the texts contains."""
    return frozenset(int(found[1]) for text in texts for found in PLACE.finditer(text))


def misspelt(*texts: str) -> list[str]:
    """Return what looks like a parameter but is not spelt like one, each text once."""
    fields = (found for text in texts for found in _FIELD.finditer(text))
    return list(dict.fromkeys(found[0] for found in fields if not found["right"]))


def correction(field: str) -> str:
    """Return a sentence that says how to spell a misspelt parameter."""
    if meant := _NUMBERED.fullmatch(field):
        return f"Write {{Parameter{meant[1]}}} instead of “{field}”."
    return f"“{field}” is not a parameter. Write {{Parameter1}} to {{Parameter9}}."
