"""Calculate how long an SMS is. Pure functions.

A text in the GSM alphabet (3GPP TS 23.038) has room for 160 characters in one message, or for 153 in each
of several parts, and some characters count twice. Any other text has room for 70 or 67 UTF-16 code units.
"""

from collections.abc import Iterable
from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class SmsLength:
    """The length of an SMS.

    `characters` is the length as people count it, and `parts` is how many messages are paid for.
    `unusual` are the characters, each once, because of which the whole text takes more room.
    """

    characters: int
    parts: int
    unusual: str


def length(text: str) -> SmsLength:
    """Return how long the text is. An empty text has no parts."""
    unusual = "".join(dict.fromkeys(sign for sign in text if sign not in _BASIC | _TWICE))
    if unusual:
        sizes, alone, in_parts = [1 + (ord(sign) > 0xFFFF) for sign in text], 70, 67
    else:
        sizes, alone, in_parts = [1 + (sign in _TWICE) for sign in text], 160, 153
    parts = 1 if sum(sizes) <= alone else _filled(sizes, in_parts)
    return SmsLength(len(text), parts if text else 0, unusual)


def _filled(sizes: Iterable[int], room: int) -> int:
    """Return how many parts a text takes, if a character that counts twice is never split."""
    parts, left = 1, room
    for size in sizes:
        if size > left:
            parts, left = parts + 1, room
        left -= size
    return parts
