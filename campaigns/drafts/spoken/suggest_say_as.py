"""Suggest how a column is said, from its heading and a sample of its cells. Pure functions.

A wrong suggestion is heard by thousands of people, so one that is not plain from the cells is not made.
Cells that are said well as they are need none.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from campaigns.contacts.speech.unspeakable import Unspeakable, unspeakable
from campaigns.drafts.spoken import said_dates
from campaigns.drafts.spoken.said_amounts import has_currency
from campaigns.drafts.spoken.said_dates import Order, Read
from campaigns.drafts.spoken.say_as import ORDERS, SayAs, say
from campaigns.uploads.numbers.characters import as_said, plain_characters

# The share of the cells that must be what is suggested. The others may be typing mistakes or "TBC".
_MOST: Final = 0.9
# Years of dates further apart than this matter, as of births, and a date is said without its year.
_NEAR_YEARS: Final = 1
_SHORTEST_REFERENCE: Final = 6
_CLOCK: Final = re.compile(
    r"\d\d?:\d\d(?::\d\d)?(?: ?[ap]\.?m\.?)?|\d\d?(?:\.\d\d)? ?[ap]\.?m\.?", re.I
)
_TWO_DECIMALS: Final = re.compile(r"-?[\d,]+\.\d\d", re.ASCII)
_DAYS: Final = tuple(day[:3].lower() for day in said_dates.WEEKDAYS)
_DIGITS: Final = re.compile(r"\d+", re.ASCII)
_NAME: Final = re.compile(r"(?:[^\W\d_]|[ '’.-])+")
_WORD_OF_MONEY: Final = re.compile(
    r"£|amount|balance|price|cost|fee|payment|owed|owing|total|charge|bill|arrears|deposit|rent|\bgbp\b",
    re.I,
)
_FOREIGN: Final = re.compile(r"[€$]|\b(?:eur|euros?|usd|dollars?)\b", re.I)
_WORD_OF_NAME: Final = re.compile(r"name|surname|salutation|\btitle\b|customer|contact", re.I)
_WORD_OF_NUMBER: Final = re.compile(
    r"amount|units?\b|quantity|\bcount|points|usage|kwh|reading", re.I
)


@dataclass(frozen=True, slots=True)
class Hint:
    """How to say a column: `say_as`, or `AS_IT_IS` for nothing to suggest.

    `orders` are the ways in which its dates can be read. `asks` is whether there are dates and nothing tells
    which of both it is.
    """

    say_as: SayAs = SayAs.AS_IT_IS
    orders: tuple[Order, ...] = tuple(Order)
    asks: bool = False


def hint(heading: str, cells: Iterable[str]) -> Hint:
    """Return the suggestion for a column with this heading and these cells."""
    texts = [said for cell in cells if (said := as_said(cell))]
    # What is no value, such as "TBC", tells nothing.
    texts = [text for text in texts if Unspeakable.NULL not in unspeakable(text)]
    if not texts:
        return Hint()
    if dates := _dates(texts):
        return dates
    kind = next((kind for kind, is_one in _KINDS if is_one(heading, texts)), SayAs.AS_IT_IS)
    is_changed = any(say(kind, text) not in {None, text} for text in texts)
    return Hint(kind) if is_changed else Hint()


def _dates(texts: Sequence[str]) -> Hint | None:
    """Return what to suggest for a column of dates, or None if it is none.

    Nothing is suggested if a time or a year that matters would be left out.
    """
    plain = [plain_characters(text) for text in texts]
    both = [tuple(said_dates.read(text, order) for order in Order) for text in plain]
    found = [day or month for day, month in both]
    if not _is_most(sum(map(bool, found)), len(texts)):
        return None
    orders = _orders(both)
    dates = [one for one in found if one]
    years = {one.year for one in dates if one.year}
    if (years and max(years) - min(years) > _NEAR_YEARS) or any(one.has_time for one in dates):
        return Hint(orders=orders)
    if all(one and text in one.said for one, text in zip(found, texts, strict=True)):
        return Hint(orders=orders)
    if len(orders) > 1:
        return Hint(orders=orders, asks=True)
    say_as = SayAs.DAY_DATE_DAY_FIRST if all(map(_names_day, plain)) else SayAs.DATE_DAY_FIRST
    return Hint(ORDERS[say_as] if orders == (Order.MONTH,) else say_as, orders)


def _orders(both: Iterable[tuple[Read | None, ...]]) -> tuple[Order, ...]:
    """Return the ways in which a column can be read, from its dates read with the day and the month first."""
    differing = [(day, month) for day, month in both if day != month]
    only_day = any(month is None for _, month in differing)
    only_month = any(day is None for day, _ in differing)
    if only_day != only_month:
        return (Order.DAY if only_day else Order.MONTH,)
    return tuple(Order) if differing else (Order.DAY,)


def _names_day(text: str) -> bool:
    return text.lower().startswith(_DAYS)


def _is_most(some: int, every: int) -> bool:
    return some >= _MOST * every


def _all_match(pattern: re.Pattern[str], texts: Sequence[str]) -> bool:
    return _is_most(sum(bool(pattern.fullmatch(text)) for text in texts), len(texts))


def _are_times(_: str, texts: Sequence[str]) -> bool:
    return _all_match(_CLOCK, texts) and _convert(SayAs.TIME, texts)


def _are_money(heading: str, texts: Sequence[str]) -> bool:
    """Return whether they are amounts: with a currency, or with pence under a heading that means money."""
    if not _convert(SayAs.MONEY, texts):
        return False
    if all(map(has_currency, texts)):
        return True
    if _FOREIGN.search(heading) or any("€" in text or "$" in text for text in texts):
        return False
    return bool(_WORD_OF_MONEY.search(heading)) and _all_match(_TWO_DECIMALS, texts)


def _are_references(heading: str, texts: Sequence[str]) -> bool:
    """Return whether nobody counts with them: they have zeros before them, or are long and of one length."""
    if _WORD_OF_NUMBER.search(heading) or _WORD_OF_MONEY.search(heading):
        return False
    lengths = {len(text) for text in texts}
    if not all(map(_DIGITS.fullmatch, texts)) or any(
        Unspeakable.DAY_NUMBER in unspeakable(text) for text in texts
    ):
        return False
    has_zeros = any(text[0] == "0" and len(text) > 1 for text in texts)
    return has_zeros or (len(lengths) == 1 and lengths.pop() >= _SHORTEST_REFERENCE)


def _are_names(heading: str, texts: Sequence[str]) -> bool:
    """Return whether they are names that somebody typed without small letters, or without capitals."""
    if not _WORD_OF_NAME.search(heading) or not _all_match(_NAME, texts):
        return False
    return _is_most(sum(text.isupper() or text.islower() for text in texts), len(texts))


def _convert(kind: SayAs, texts: Sequence[str]) -> bool:
    return _is_most(sum(say(kind, text) is not None for text in texts), len(texts))


_KINDS: Final = (
    (SayAs.TIME, _are_times),
    (SayAs.MONEY, _are_money),
    (SayAs.DIGITS, _are_references),
    (SayAs.NAME, _are_names),
)
