"""A guess at the single-byte encoding of a text, by the letters and signs it would have in each.

Windows-1252 is the usual one, and every byte has a meaning in it. Another encoding is suspected only if
the signs are clear: in Windows-1252 letters and signs are where nobody writes them (Ma³gorzata, JosŽ),
and in the other encoding they are not.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

USUAL: Final = "windows-1252"
SUSPECTS: Final = ("windows-1250", "iso-8859-15", "cp850", "mac-roman")
"""The most likely encoding first."""

LOSSLESS: Final = "portal.lossless"
"""The name of an error handler for `codecs`, which `encodings` registers."""

_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")
_MOST_LOOKED_AT: Final = 2_000
_BLOCK: Final = 1 << 18
_BEFORE, _AFTER = 4, 2
_FEWEST_ODD: Final = 0.1
"""The least share of characters that must be odd in Windows-1252 for another encoding to be tried."""

_CURRENCIES: Final = "£€¥"
_APOSTROPHE: Final = "\N{RIGHT SINGLE QUOTATION MARK}"
_OPENING: Final = "“„‚«¿¡"
_NEVER_BEFORE_A_LETTER: Final = "¯¨´¸¬¦¹²³±÷¶¼½¾"
_NEVER: Final = "¤ƒˆ˜ˇ˘˙˛˝◊∆⁄"
_RAISED: Final = "¹²³"
_CLANS: Final = ("Mc", "ac")
"""The last two letters before a capital in names such as McDonald and MacDonald."""


@dataclass(slots=True)
class _Score:
    well: int = 0
    odd: int = 0

    @property
    def total(self) -> int:
        return self.well - 2 * self.odd


def guess_code_page(path: Path) -> str:
    """Return the encoding of a file that is not Unicode."""
    windows = list(_windows(path))
    usual = _score(windows, USUAL)
    if usual.odd < max(1, len(windows) * _FEWEST_ODD):
        return USUAL
    scores = {suspect: _score(windows, suspect) for suspect in SUSPECTS}
    best = max(SUSPECTS, key=lambda suspect: scores[suspect].total)
    is_better = scores[best].odd < usual.odd and scores[best].total > usual.total
    return best if is_better else USUAL


def _windows(path: Path) -> Iterator[tuple[bytes, int]]:
    """Yield the first non-ASCII bytes, each with its neighbours and its position among them."""
    found = 0
    with path.open("rb") as file:
        while found < _MOST_LOOKED_AT and (block := file.read(_BLOCK)):
            for match in _NOT_ASCII.finditer(block):
                at = match.start()
                start = max(0, at - _BEFORE)
                yield block[start : at + 1 + _AFTER], at - start
                found += 1
                if found == _MOST_LOOKED_AT:
                    return


def _score(windows: Iterable[tuple[bytes, int]], encoding: str) -> _Score:
    score = _Score()
    for window, at in windows:
        text = f" {window.decode(encoding, LOSSLESS)} "
        before, character, after = text[: at + 1], text[at + 1], text[at + 2]
        if _is_odd(before, character, after):
            score.odd += 1
        elif _is_well(before, character, after):
            score.well += 1
    return score


def _is_well(before: str, character: str, after: str) -> bool:
    """Return whether a character supports an encoding: a letter, a currency with an amount, an apostrophe."""
    if character in _CURRENCIES:
        return after.isdigit() or before[-1].isdigit()
    if character == _APOSTROPHE:
        return before[-1].isalpha() and after.isalpha()
    return character.isalpha()


def _is_odd(before: str, character: str, after: str) -> bool:
    """Return whether a character is where nobody writes it."""
    if character in _NEVER or unicodedata.category(character) in {"Cc", "Co"}:
        return True
    if "LATIN" in unicodedata.name(character, "") and character not in "ªº":
        return _is_odd_letter(before, character, after)
    if character.isalpha() and character not in "ªºµ":
        return True
    if "\N{BOX DRAWINGS LIGHT HORIZONTAL}" <= character <= "\N{BLACK SQUARE}":
        return True
    if unicodedata.category(character) == "Sm" and not character.isascii() and character > "ÿ":
        return True
    return _is_odd_sign(before, character, after)


def _is_odd_letter(before: str, character: str, after: str) -> bool:
    left = before[-1]
    if left.isdigit() or after.isdigit():
        return True
    if character.isupper():
        if before[-2:] in _CLANS:
            return False
        return left.islower() or (left.isalpha() and after.islower())
    return left.isupper() and after.isupper()


def _is_odd_sign(before: str, character: str, after: str) -> bool:
    left = before[-1]
    if character in _CURRENCIES:
        return after.isalpha()
    if character in _RAISED and before[-3:].isalpha() and len(before) > 2:
        return True
    if character in _OPENING:
        return left.isalpha()
    if character in _NEVER_BEFORE_A_LETTER:
        return after.isalpha()
    if character == "\N{LEFT SINGLE QUOTATION MARK}":
        return left.islower()
    return character in "ªº°§©®†‡•¢¥»”" and left.islower() and after.islower()
