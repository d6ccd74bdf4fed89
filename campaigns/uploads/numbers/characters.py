"""Plain characters in place of those that look like others or that are invisible."""

import functools
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

_LOOK_ALIKES: Mapping[str, str] = {
    "\N{MINUS SIGN}": "-",
    "\N{KATAKANA-HIRAGANA PROLONGED SOUND MARK}": "-",
    "\N{MIDDLE DOT}": ".",
    "\N{BULLET}": ".",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{MODIFIER LETTER APOSTROPHE}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
}
# Invisible characters that do not belong to Unicode's category "Format" (Cf).
_INVISIBLE = frozenset(
    "\N{COMBINING GRAPHEME JOINER}\N{HANGUL FILLER}\N{BRAILLE PATTERN BLANK}"
    "\N{VARIATION SELECTOR-15}\N{VARIATION SELECTOR-16}"
)

# Characters that are invisible in any text: control characters, zero-width characters, direction marks,
# variation selectors, surrogates, and code points that stand for no character (Unicode's
# Default_Ignorable_Code_Point, and the noncharacters).
_NOTHING_RANGES: Final = (
    (0x00, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F),
    (0x61C, 0x61C), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E),
    (0x2060, 0x206F), (0xD800, 0xDFFF), (0xFDD0, 0xFDEF), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFF0, 0xFFFB), (0x13430, 0x1345F), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF), *((plane + 0xFFFE, plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000)),
)  # fmt: skip
# Characters that are drawn as a gap, although `str.isspace` is false for them.
_GAPS: Final = "\u115f\u1160\u2800\u3164\uffa0"
_UNSEEN: Final = re.compile(
    f"[{_GAPS}{''.join(f'{chr(first)}-{chr(last)}' for first, last in _NOTHING_RANGES)}]"
)


def as_said(text: str) -> str:
    """Return a text as it is spoken and sent: only what is visible, with one space between words.

    Return "" if nothing is visible. All code that asks whether a value is empty, how long it is or what is
    sent of it uses this function.
    """
    if not (text.isascii() and text.isprintable()):
        text = _UNSEEN.sub(lambda found: " " if found[0] in _GAPS else "", text)
    return " ".join(text.split())


def plain_characters(text: str) -> str:
    """Return the text with digits, dashes, spaces and quotation marks of any script in ASCII.

    A character is replaced only if the meaning stays the same; a superscript two is not replaced. Invisible
    characters are dropped. Line breaks stay.
    """
    return text.translate(_REPAIRS)


class _Repairs:
    """A table for `str.translate`: the plain character for each character, None if it is invisible."""

    def __getitem__(self, code: int) -> str | None:
        return _plain_character(chr(code))


@functools.lru_cache(maxsize=1024)
def _plain_character(character: str) -> str | None:
    if character in _LOOK_ALIKES:
        return _LOOK_ALIKES[character]
    if "\N{FULLWIDTH EXCLAMATION MARK}" <= character <= "\N{FULLWIDTH TILDE}":
        return chr(ord(character) - 0xFEE0)
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd":
        return "-"
    if category == "Cf" or character in _INVISIBLE:
        return None
    return character if character == "\n" or not character.isspace() else " "


_REPAIRS = _Repairs()
