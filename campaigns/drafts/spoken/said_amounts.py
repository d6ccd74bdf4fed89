"""Read amounts of money, numbers and references, and say them without losing a digit. Pure functions.

A number with zeros before it is a reference, a group of digits that is no thousand is not understood, and
"12,50" may be either: none of them is said as a number or as money.
"""

import re
from typing import Final

_NUMBER: Final = r"(?P<whole>\d{1,3}(?:,\d{3}){1,5}|\d{1,18})?(?:\.(?P<part>\d{1,18}))?"
_PLAIN: Final = re.compile(rf"(?P<minus>-)?{_NUMBER}", re.ASCII)
_SIGNS: Final = {"£": "£", "€": "€", "$": "$", "gbp": "£", "eur": "€", "usd": "$"}
_CURRENCY: Final = r"£|€|\$|GBP|EUR|USD"
_MONEY: Final = re.compile(
    rf"(?P<minus>-)?(?P<before>{_CURRENCY})? ?(?P<within>-)?{_NUMBER}(?: ?(?P<after>{_CURRENCY}))?",
    re.ASCII | re.IGNORECASE,
)
_IN_BRACKETS: Final = re.compile(r"\((?P<amount>[^()-]*)\)")
# Digits, with single capital letters or a few of them among the digits, as references have them.
_REFERENCE: Final = re.compile(r"(?=[^\d]*\d)(?!.*[A-Z]{5})[\dA-Z](?:[ /-]?[\dA-Z])*", re.ASCII)
_SEPARATORS: Final = str.maketrans("", "", " /-")
# What an amount without a sign is in.
POUNDS: Final = "£"


def as_number(text: str) -> str | None:
    """Return a number with commas between its thousands, or None."""
    found = _PLAIN.fullmatch(text)
    whole = _whole(found) if found else None
    if found is None or whole is None:
        return None
    return f"{found['minus'] or ''}{whole}{_fraction(found['part'] or '')}"


def as_money(text: str) -> str | None:
    """Return an amount of money with its sign: pounds if it has none. None if it is no amount."""
    in_brackets = _IN_BRACKETS.fullmatch(text)
    found = _MONEY.fullmatch(in_brackets["amount"] if in_brackets else text)
    whole = _whole(found) if found else None
    if found is None or whole is None:
        return None
    signs = {_SIGNS[one.lower()] for one in (found["before"], found["after"]) if one}
    part = found["part"] or ""
    if len(signs) > 1 or len(part) > 2 or (found["minus"] and found["within"]):
        return None
    minus = "-" if in_brackets or found["minus"] or found["within"] else ""
    return (
        f"{minus}{signs.pop() if signs else POUNDS}{whole}{_fraction(part and part.ljust(2, '0'))}"
    )


def has_currency(text: str) -> bool:
    """Return whether an amount says what it is in."""
    found = _MONEY.fullmatch(text)
    return bool(found and (found["before"] or found["after"]))


def as_digits(text: str) -> str | None:
    """Return a number or a reference with a space between its digits and letters, or None."""
    return " ".join(text.translate(_SEPARATORS)) if _REFERENCE.fullmatch(text) else None


def _whole(found: re.Match[str]) -> str | None:
    """Return the whole part with commas between its thousands. None if it would lose a zero."""
    digits = (found["whole"] or "").replace(",", "")
    if not digits:
        return "0" if found["part"] else None
    return None if len(digits) > 1 and digits[0] == "0" else f"{int(digits):,}"


def _fraction(digits: str) -> str:
    return f".{digits}" if digits else ""
