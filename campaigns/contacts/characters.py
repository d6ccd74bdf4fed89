"""Characters that look like others, or like nothing, as the plain ones they stand for."""

import functools
import unicodedata
from collections.abc import Mapping

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
# Drawn as nothing, though Unicode does not file them under "format characters".
_INVISIBLE = frozenset(
    "\N{COMBINING GRAPHEME JOINER}\N{HANGUL FILLER}\N{BRAILLE PATTERN BLANK}"
    "\N{VARIATION SELECTOR-15}\N{VARIATION SELECTOR-16}"
)


def plain_characters(text: str) -> str:
    """Return the text with digits, dashes, spaces and quotation marks of any script in ASCII.

    Only what keeps its meaning is replaced (a superscript two stays one); characters that are drawn
    as nothing are dropped; line breaks stay.
    """
    return text.translate(_REPAIRS)


class _Repairs:
    """For `str.translate`: each character as the plain one it stands for, None if invisible."""

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
