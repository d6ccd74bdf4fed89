"""What a voice, or an SMS, makes a mess of: kinds of text that are unlikely to be spoken well. Pure."""

import re
from enum import StrEnum
from typing import Final


class Unspeakable(StrEnum):
    CAPITALS = "capitals"
    WEB_ADDRESS = "web-address"
    EMAIL = "e-mail"
    ERROR = "spreadsheet-error"
    NULL = "null"
    DAY_NUMBER = "day-number"
    AMOUNT = "amount"
    EMOJI = "emoji"
    BRACES = "braces"

    @property
    def words(self) -> str:
        """Return what it is, to be put after "contacts have"."""
        return _WORDS[self]


_WORDS: Final = {
    Unspeakable.CAPITALS: "nothing but capital letters",
    Unspeakable.WEB_ADDRESS: "a web address",
    Unspeakable.EMAIL: "an e-mail address",
    Unspeakable.ERROR: "a spreadsheet’s error (such as #N/A)",
    Unspeakable.NULL: "a computer’s word for nothing (such as NULL)",
    Unspeakable.DAY_NUMBER: "a spreadsheet’s number of a day (such as 45992)",
    Unspeakable.AMOUNT: "an amount without a currency sign",
    Unspeakable.EMOJI: "an emoji",
    Unspeakable.BRACES: "a bracket without its partner",
}

# Nearly every text, found by one look: words in small letters, with digits among them.
_USUAL: Final = re.compile(r"(?=[^a-z]*[a-z])[\w ',-]*")
_ERROR: Final = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|GETTING_DATA"
    r"|#+)",
    re.IGNORECASE,
)
_NULLS: Final = frozenset(
    ("null", "(null)", "<null>", "n/a", "none", "undefined", "(blank)", "\\n")
)
# As Python and JavaScript write it; "Nan" is a name.
_NOT_A_NUMBER: Final = "NaN"
# Written without repetition before the dot, so that no long text takes long.
_WEB_ADDRESS: Final = re.compile(
    r"https?://\S|\bwww\.\S|[a-z0-9]\.(?:co\.uk|org\.uk|gov\.uk|com|org|net|info|io|eu|uk)(?![a-z0-9@])",
    re.IGNORECASE,
)
_EMAIL: Final = re.compile(r"[^\s@]@[^\s@]+\.[^\s@]")
_WHOLE_NUMBER: Final = re.compile(r"\d{1,18}", re.ASCII)
_AMOUNT: Final = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)\.\d{1,2}", re.ASCII)
_FOUR_LETTERS: Final = re.compile(r"[^\W\d_]{4}")
_EMOJI: Final = re.compile(
    "[\N{MAHJONG TILE EAST WIND}-\U0001faff\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\u20e3\ufe0f]"
)
_PARTNER: Final = {")": "(", "]": "[", "}": "{"}
_BRACES: Final = re.compile(r"[()\[\]{}]")

# 1 January 2000 to 31 December 2049, as Excel counts days from 1900.
_FIRST_DAY, _LAST_DAY = 36_526, 54_788


def unspeakable(text: str) -> tuple[Unspeakable, ...]:
    """Return every kind of trouble in a text, none for an empty one. Takes time linear in its length."""
    bare = text.strip()
    if bare.lower() in _NULLS or bare == _NOT_A_NUMBER:
        return (Unspeakable.NULL,)
    if _USUAL.fullmatch(bare):
        return ()
    if _ERROR.fullmatch(bare):
        return (Unspeakable.ERROR,)
    if is_whole_number(bare):
        return (Unspeakable.DAY_NUMBER,) if _FIRST_DAY <= int(bare) <= _LAST_DAY else ()
    if _AMOUNT.fullmatch(bare):
        return (Unspeakable.AMOUNT,)
    return tuple(_within(bare))


def is_whole_number(text: str) -> bool:
    return _WHOLE_NUMBER.fullmatch(text.strip()) is not None


def _within(text: str) -> list[Unspeakable]:
    """Return what is found in a text that is more than one number or mark."""
    found = []
    if _EMAIL.search(text):
        found.append(Unspeakable.EMAIL)
    elif _WEB_ADDRESS.search(text):
        found.append(Unspeakable.WEB_ADDRESS)
    elif text.isupper() and _FOUR_LETTERS.search(text):
        # Three are more often an abbreviation, and stand in postcodes and references.
        found.append(Unspeakable.CAPITALS)
    if _EMOJI.search(text):
        found.append(Unspeakable.EMOJI)
    if not _is_balanced(text):
        found.append(Unspeakable.BRACES)
    return found


def _is_balanced(text: str) -> bool:
    opened: list[str] = []
    for brace in _BRACES.findall(text):
        if brace not in _PARTNER:
            opened.append(brace)
        elif not opened or opened.pop() != _PARTNER[brace]:
            return False
    return not opened
