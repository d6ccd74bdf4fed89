"""Put the capital letters of names right: "MR SMITH" is "Mr Smith". Pure functions.

A word in which somebody has chosen capital and small letters is left as it is. Beside such words, one in
capitals is a surname as forms and registers write them: "Chloe WALKER".
"""

import re
from typing import Final

# A run of letters with their accents, and what an apostrophe joins to it.
_LETTERS: Final = r"(?:[^\W\d_]|[\u0300-\u036f])+"
_WORD: Final = re.compile(rf"{_LETTERS}(?:['’]{_LETTERS})*")
_LETTER: Final = re.compile(r"[^\W\d_]")
_NOT_A_NAME: Final = re.compile(r"[\d@_]")
# Written small within a name, and large at its beginning and its end.
_PARTICLES: Final = frozenset(
    ("de", "da", "dos", "das", "du", "del", "della", "des", "la", "le", "van", "von", "der", "den",
     "zu", "ter", "bin", "ibn", "bint", "of", "the", "and")
)  # fmt: skip
_KEPT_LARGE: Final = frozenset(("ii", "iii", "iv", "mbe", "obe", "cbe", "llp", "uk", "usa", "nhs"))
# Words without vowels that are no initials.
_NO_INITIALS: Final = frozenset(
    ("mr", "mrs", "ms", "mx", "dr", "st", "jr", "sr", "ng", "ltd", "plc", "mc", "phd", "rt", "hm")
)
_INITIALS: Final = re.compile("[bcdfghjklmnpqrstvwxz]{2,3}")
# "Mac" before a capital letter. A rule would also find Mackey, Macey and Machin.
_MACS: Final = frozenset(
    ("alister", "allister", "arthur", "askill", "aulay", "bride", "callum", "cormack", "diarmid",
     "donald", "dougall", "dowell", "ewan", "farlane", "gowan", "gregor", "innes", "intosh",
     "intyre", "isaac", "iver", "kay", "kenzie", "kinlay", "kinnon", "lachlan", "laren", "lean",
     "leod", "millan", "nab", "namara", "naughton", "neil", "neill", "nicol", "phail", "pherson",
     "queen", "rae", "taggart", "vicar")
)  # fmt: skip
_SHORTEST_MC: Final = 4
# Letters. Shorter words in capitals beside others are initials: "JP Walker".
_SHORTEST_SURNAME: Final = 3


def as_name(text: str) -> str | None:
    """Return a name with its capitals put right. None if it has no letter, or what no name has."""
    if _NOT_A_NAME.search(text) or not _LETTER.search(text):
        return None
    if not (text.isupper() or text.islower()):
        return " ".join(
            _word(word, False) if _is_shouted(word) else word for word in text.split(" ")
        )
    words = text.split(" ")
    last = len(words) - 1
    return " ".join(_word(word, 0 < place < last) for place, word in enumerate(words))


def _is_shouted(word: str) -> bool:
    return word.isupper() and len(_LETTER.findall(word)) >= _SHORTEST_SURNAME


def _word(word: str, is_within: bool) -> str:
    if is_within and word.lower() in _PARTICLES:
        return word.lower()
    return _WORD.sub(lambda found: _name(found[0].lower()), word)


def _name(name: str) -> str:
    """Return one name of small letters, between two hyphens or blanks, with its capitals."""
    if name in _KEPT_LARGE or (_INITIALS.fullmatch(name) and name not in _NO_INITIALS):
        return name.upper()
    for apostrophe in "'’":
        before, found, after = name.partition(apostrophe)
        # "O'Brien", but "Smith's".
        if found and len(before) == 1 and len(after) > 1:
            return f"{before.upper()}{apostrophe}{_name(after)}"
    if name.startswith("mc") and len(name) >= _SHORTEST_MC:
        return f"Mc{_capital(name[2:])}"
    if name.startswith("mac") and name[3:] in _MACS:
        return f"Mac{_capital(name[3:])}"
    return _capital(name)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
