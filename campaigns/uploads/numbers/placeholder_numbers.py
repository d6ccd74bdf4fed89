"""Numbers that people type if they have none, such as 01234567890. Some of them belong to somebody."""

from typing import Final

_UK: Final = "44"
_ENDINGS: Final = (
    *(digit * 9 for digit in "0123456789"),
    "123456789",
    "234567890",
    "987654321",
    "876543210",
    "123123123",
)

PLACEHOLDERS: Final = frozenset(
    int(f"{_UK}{first}{ending}") for first in range(1, 10) for ending in _ENDINGS
)
"""Such numbers as integers, with the country code."""
