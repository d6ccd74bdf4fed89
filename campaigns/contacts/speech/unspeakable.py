"""The kinds of text that a voice is unlikely to speak well, or that look wrong in an SMS.

The code here has no side effects.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from campaigns.contacts.speech.impossible_dates import is_impossible
from campaigns.uploads.numbers.characters import as_said


class Unspeakable(StrEnum):
    CAPITALS = "capitals"
    WEB_ADDRESS = "web-address"
    EMAIL = "e-mail"
    ERROR = "spreadsheet-error"
    NULL = "null"
    DAY_NUMBER = "day-number"
    AMOUNT = "amount"
    SCIENTIFIC = "scientific"
    EMOJI = "emoji"
    BRACES = "braces"
    UNREADABLE = "unreadable"
    MARKUP = "markup"
    MERGE_FIELD = "merge-field"
    NO_DATE = "no-date"

    @property
    def words(self) -> str:
        """Return a phrase for the kind, to be put after "contacts have"."""
        return _WORDS[self]


_WORDS: Final = {
    Unspeakable.CAPITALS: "only capital letters",
    Unspeakable.WEB_ADDRESS: "a web address",
    Unspeakable.EMAIL: "an e-mail address",
    Unspeakable.ERROR: "a spreadsheet error or formula (such as #N/A)",
    Unspeakable.NULL: "a placeholder (such as NULL, TBC or -)",
    Unspeakable.DAY_NUMBER: "a date as a spreadsheet number (such as 45992)",
    Unspeakable.AMOUNT: "an amount without a currency sign",
    Unspeakable.SCIENTIFIC: "a number shortened by a spreadsheet (such as 1.23E+11)",
    Unspeakable.EMOJI: "an emoji",
    Unspeakable.BRACES: "an unmatched bracket",
    Unspeakable.UNREADABLE: "garbled characters (such as � or Ã«)",
    Unspeakable.MARKUP: "HTML (such as &amp; or <br>)",
    Unspeakable.MERGE_FIELD: "an unfilled field (such as {name})",
    Unspeakable.NO_DATE: "an impossible date or time (such as 1899-12-30)",
}
# Kinds that are wrong even in a name that is not spoken but only read by people.
UNREADABLE_IN_A_NAME: Final = frozenset(
    (
        Unspeakable.UNREADABLE,
        Unspeakable.MARKUP,
        Unspeakable.MERGE_FIELD,
        Unspeakable.ERROR,
        Unspeakable.NULL,
    )
)

# A quick test that nearly every text passes: words in small letters, digits allowed, without a year that
# means "no date" and without a word that programs write for "nothing".
_USUAL: Final = re.compile(
    r"(?=[^a-z]*[a-z])(?!.*(?:1899|19[07]0|9999|N(?:ULL|aN)|UNDEFINED|undefined|Invalid|[Pp]arameter))"
    r"(?:[^\W_]|[ ',-])*"
)
_ERROR: Final = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|GETTING_DATA"
    r"|ERROR!|UNKNOWN!|BUSY!|EXTERNAL!|PYTHON!|#+)|Err:\d{3}|=.*",
    re.IGNORECASE,
)
_NULLS: Final = frozenset(
    (
        "null", "(null)", "<null>", "\\n", "n/a", "n.a.", "n/k", "nil", "none", "(none)", "<none>",
        "undefined", "unknown", "not known", "not available", "not applicable", "not set", "blank",
        "(blank)", "empty", "(empty)", "missing", "no data", "no value", "tbc", "tba", "tbd",
        "to be confirmed", "to be advised",
    )
)  # fmt: skip
_XXX: Final = re.compile("[xX]{3,}")
# "Not a number" as Python, JavaScript and pandas write it. "Nan" is not included, because it is a name.
_NOT_A_NUMBER: Final = frozenset(("NaN", "nan", "NAN"))
# Words that a program puts into a sentence for a missing value. "Null" is a surname, so only "NULL" counts,
# and only in a text that also has small letters. "undefined" counts only at the beginning or the end,
# because "an undefined period" is English.
_NULL_WITHIN: Final = re.compile(
    r"(?<![^\W_])(?:NULL|UNDEFINED|NaN|Invalid [Dd]ate)(?![^\W_])|^undefined\b|\bundefined$"
    r"|\[object [A-Z]\w*\]"
)
# The exponent needs a sign before it, or the number a point before the "e": "12E45" is a reference.
_SCIENTIFIC: Final = re.compile(
    r"(?<![\w.,])\d+(?:(?:[.,]\d+)?e\+|[.,]\d+e-?)\d{1,3}(?!\w)", re.ASCII | re.IGNORECASE
)
# The pattern has no repetition before the dot, so that it is fast on long texts.
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
# Control characters and direction marks: they are reported although they are not sent, because it is not
# known what they hide. Also characters that stand for one that could not be read: the replacement
# character, private-use characters and box drawings, which belong to no language.
_MISREAD: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\u2500-\u257f\ue000-\uf8ff\ufffc-\uffff]"
    # A workbook's escape of a character, and a question mark within a word. Two or three question marks
    # count only before a small letter: in "What??No" a space is missing.
    r"|_x[0-9A-Fa-f]{4}_|(?<=[^\W\d_])\?(?=[^\W\d_])|(?<=[^\W\d_])\?{2,3}(?=[a-z])"
    # Escapes of programs and web addresses. A percent escape must follow a letter: "50%25" may be numbers.
    r"|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|(?<=[^\W\d_])%(?:2[0-9A-F]|[CDE][0-9A-F]%[89AB][0-9A-F])"
)


def _misread_utf8() -> re.Pattern[str]:
    """Return a pattern for UTF-8 read as Windows-1252, where the original character is a usual one."""
    further = "".join(bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xC0))
    further = f"[{re.escape(further)}\x80-\x9f]"
    romanian = "[\u02dc\u2122\u0161\u203a]"
    return re.compile(
        f"(?=[ÂÃÄÅÈÎÏÐÑáâïð√‚¬])(?:Â[\xa0-\xbf]|[ÃÄÅÎÏÐÑ]{further}|È{romanian}|â{further}{further}|á[º»]{further}"
        # A byte-order mark and emoji misread in the same way; then UTF-8 misread as Mac Roman.
        "|ï[»¿][¿½]|ðŸ|√[^\\s\\d]|‚Ä|¬£)"
    )


_MOJIBAKE: Final = _misread_utf8()
_MARKUP: Final = re.compile(
    r"&(?:[a-z]{2,8}|#\d{1,7}|#x[0-9a-f]{1,6});|(?<!<)</?[a-z][^<>]*>|<!--"
    # Entities without their semicolon. Only these, because "Q&A" and "R&D" are words.
    r"|&(?-i:amp|nbsp|quot|apos|pound|lt|gt)(?![^\W_])",
    re.I,
)
_MERGE_FIELD: Final = re.compile(
    r"\{[^{}]*\}|<<[^<>]*>>|«[^«»]*»|\[\[[^\[\]]*\]\]|\*\|[^|]*\|\*|%%?[a-z_][a-z_ ]*%|<%[^<>]*%>"
    # A name between two "$" or two "@", which is neither a price nor an address.
    r"|(?<![\w.])([$@])[a-z_](?:[\w ]*\w)?\1(?![\w.])"
    # In square brackets only usual names of fields: "[sic]" and "[rear]" are a person's own words.
    r"|\[(?:(?:insert|your|the|first|last|middle|full|given|family|customer|client|contact|company"
    r"|account|policy|due|payment|appointment|amount|phone|mobile|telephone|reference)[ _-]?){0,3}"
    r"(?:name|forename|surname|date|time|amount|number|reference|address|postcode|title|balance|due)\]",
    re.I,
)
_PARAMETER: Final = re.compile(r"parameter[ _]?[1-9]\d?", re.ASCII | re.IGNORECASE)
# The first days that spreadsheets, databases and computers can show, written where there is no date.
_NO_DATE: Final = re.compile(
    r"(?<!\d)(?:1899-12-3[01]|1900-01-0[01]|0000-00-00|0001-01-01|1970-01-01"
    r"|(?:3[01]/12|12/3[01])/1899|0?[01]/0?[01]/1900|00/00/0000|01/01/0001|0?1/0?1/1970"
    r"|3[01][ -]Dec(?:ember)?[ -](?:1899|9999)|0?[01] Jan(?:uary)? 19[07]0)(?!\d)",
    re.I,
)
_PARTNER: Final = {")": "(", "]": "[", "}": "{"}
_BRACES: Final = re.compile(r"[()\[\]{}]")
_WHOLE: Final = (
    (Unspeakable.ERROR, _ERROR),
    (Unspeakable.AMOUNT, _AMOUNT),
    (Unspeakable.MERGE_FIELD, _PARAMETER),
)
# Patterns that are searched within a text only if it has one of the signs: looking for a sign is quick.
_WITHIN: Final = (
    (Unspeakable.MARKUP, "&<", _MARKUP),
    (Unspeakable.MERGE_FIELD, "{<«[*%$@", _MERGE_FIELD),
    (Unspeakable.NO_DATE, "019", _NO_DATE),
    (Unspeakable.SCIENTIFIC, "eE", _SCIENTIFIC),
)

_ORDER: Final = list(Unspeakable).index

# 1 January 2000 to 31 December 2049, as Excel counts days from 1900.
_FIRST_DAY, _LAST_DAY = 36_526, 54_788


def unspeakable(text: str) -> tuple[Unspeakable, ...]:
    """Return every kind of trouble in a text; none if nothing of the text is spoken.

    The time is linear in the length of the text.
    """
    if _USUAL.fullmatch(text) and not (_is_placeholder(text.strip()) or _is_misread(text)):
        return ()
    said = as_said(text)
    if not said:
        return ()
    if _is_placeholder(said):
        return (Unspeakable.NULL,)
    if is_whole_number(said):
        return (Unspeakable.DAY_NUMBER,) if _FIRST_DAY <= int(said) <= _LAST_DAY else ()
    if kind := _of_all(said):
        return (kind,)
    found = sorted(_within(text, said), key=_ORDER)
    # Some people type only punctuation to leave a cell empty.
    is_empty = not found and not any(map(str.isalnum, said))
    return (Unspeakable.NULL,) if is_empty else tuple(found)


def _of_all(said: str) -> Unspeakable | None:
    """Return the kind that the text as a whole is, if any."""
    for kind, whole in _WHOLE:
        if whole.fullmatch(said):
            return kind
    return Unspeakable.NO_DATE if is_impossible(said) else None


def _is_placeholder(said: str) -> bool:
    return said.lower() in _NULLS or said in _NOT_A_NUMBER or bool(_XXX.fullmatch(said))


def is_whole_number(text: str) -> bool:
    return _WHOLE_NUMBER.fullmatch(text.strip()) is not None


def _within(text: str, said: str) -> Iterator[Unspeakable]:
    """Yield the kinds found within a text. `said` is the text as spoken: more than one number or mark."""
    if _is_misread(text):
        yield Unspeakable.UNREADABLE
    if not said.isupper() and _NULL_WITHIN.search(said):
        yield Unspeakable.NULL
    if not said.isascii() and _EMOJI.search(said):
        yield Unspeakable.EMOJI
    if kind := _shouted_or_typed(said):
        yield kind
    for kind, signs, pattern in _WITHIN:
        if any(map(said.__contains__, signs)) and pattern.search(said):
            yield kind
    if not _is_balanced(said):
        yield Unspeakable.BRACES


def _shouted_or_typed(said: str) -> Unspeakable | None:
    """Return the kind: an e-mail address, a web address, or only capital letters; else None."""
    if "@" in said and _EMAIL.search(said):
        return Unspeakable.EMAIL
    if ("." in said or "://" in said) and _WEB_ADDRESS.search(said):
        return Unspeakable.WEB_ADDRESS
    # Three capitals are more often an abbreviation, or part of a postcode or reference.
    return Unspeakable.CAPITALS if said.isupper() and _FOUR_LETTERS.search(said) else None


def _is_misread(text: str) -> bool:
    if text.isascii() and text.isprintable() and not any(map(text.__contains__, "?_%\\")):
        return False
    return bool(_MISREAD.search(text) or _MOJIBAKE.search(text))


def _is_balanced(text: str) -> bool:
    opened: list[str] = []
    for brace in _BRACES.findall(text):
        if brace not in _PARTNER:
            opened.append(brace)
        elif not opened or opened.pop() != _PARTNER[brace]:
            return False
    return not opened
