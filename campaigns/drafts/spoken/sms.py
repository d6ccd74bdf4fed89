"""How long an SMS is. Pure.

A text in the GSM alphabet (3GPP TS 23.038) has 160 characters in one message and 153 in each part of
several, and some signs count twice; any other text has 70 and 67 UTF-16 code units.
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
    """`characters` are as people count them; `parts` is how many messages are paid for.

    `unusual` are the characters, each once, for which the whole text takes more room.
    """

    characters: int
    parts: int
    unusual: str


def length(text: str) -> SmsLength:
    """Return how long the text is; of an empty text, no part."""
    unusual = "".join(dict.fromkeys(sign for sign in text if sign not in _BASIC | _TWICE))
    if unusual:
        sizes, alone, in_parts = [1 + (ord(sign) > 0xFFFF) for sign in text], 70, 67
    else:
        sizes, alone, in_parts = [1 + (sign in _TWICE) for sign in text], 160, 153
    parts = 1 if sum(sizes) <= alone else _filled(sizes, in_parts)
    return SmsLength(len(text), parts if text else 0, unusual)


def _filled(sizes: Iterable[int], room: int) -> int:
    """Return how many parts it takes when a sign of two stands whole in one of them."""
    parts, left = 1, room
    for size in sizes:
        if size > left:
            parts, left = parts + 1, room
        left -= size
    return parts
