"""The ways to say a cell: as a date, as money, as a name. Pure functions.

`say` turns a cell into what is said, or into None if it can't be converted; nothing is guessed. What has been
converted is converted to itself.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache, partial
from typing import Final

from campaigns.contacts.speech.unspeakable import Unspeakable, unspeakable
from campaigns.drafts.spoken.said_amounts import as_digits, as_money, as_number
from campaigns.drafts.spoken.said_dates import Order, read
from campaigns.drafts.spoken.said_names import as_name
from campaigns.drafts.spoken.said_times import as_time
from campaigns.uploads.numbers.characters import as_said, plain_characters


class SayAs(StrEnum):
    """A way to say a column's cells. The values are stored with campaigns, so they never change."""

    AS_IT_IS = ""
    DATE_DAY_FIRST = "date-dmy"
    DATE_MONTH_FIRST = "date-mdy"
    DAY_DATE_DAY_FIRST = "day-date-dmy"
    DAY_DATE_MONTH_FIRST = "day-date-mdy"
    TIME = "time"
    MONEY = "money"
    NUMBER = "number"
    DIGITS = "digits"
    NAME = "name"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def order(self) -> Order | None:
        """Return which part of a date written in numbers comes first. None if it is no date."""
        return _ORDER.get(self)

    @property
    def noun(self) -> str:
        """Return what a cell must be for this, to be put after "can't be read as"."""
        return _NOUNS[self]


_LABELS: Final = {
    SayAs.AS_IT_IS: "As it is",
    SayAs.DATE_DAY_FIRST: "Date (1 December)",
    SayAs.DATE_MONTH_FIRST: "Date (1 December)",
    SayAs.DAY_DATE_DAY_FIRST: "Day and date (Tuesday 1 December)",
    SayAs.DAY_DATE_MONTH_FIRST: "Day and date (Tuesday 1 December)",
    SayAs.TIME: "Time (9:30 am)",
    SayAs.MONEY: "Money (£1,234.50)",
    SayAs.NUMBER: "Number (1,234)",
    SayAs.DIGITS: "Digit by digit (1 2 3 4)",
    SayAs.NAME: "Name (Mr Smith)",
}
_NOUNS: Final = {
    SayAs.AS_IT_IS: "text",
    SayAs.DATE_DAY_FIRST: "a date (day first)",
    SayAs.DATE_MONTH_FIRST: "a date (month first)",
    SayAs.DAY_DATE_DAY_FIRST: "a day and date (day first)",
    SayAs.DAY_DATE_MONTH_FIRST: "a day and date (month first)",
    SayAs.TIME: "a time",
    SayAs.MONEY: "an amount of money",
    SayAs.NUMBER: "a number",
    SayAs.DIGITS: "digits",
    SayAs.NAME: "a name",
}
# The same date, read with the day first and with the month first.
ORDERS: Final = {
    SayAs.DATE_DAY_FIRST: SayAs.DATE_MONTH_FIRST,
    SayAs.DAY_DATE_DAY_FIRST: SayAs.DAY_DATE_MONTH_FIRST,
}
_ORDER: Final = dict.fromkeys(ORDERS, Order.DAY) | dict.fromkeys(ORDERS.values(), Order.MONTH)
_IDS: Final = frozenset(kind.value for kind in SayAs)

MOST_KEPT_CELLS: Final = 5_000

Converter = Callable[[str], str | None]
Speaker = Callable[[str], str]


def _date(order: Order) -> Converter:
    return lambda text: found.as_date if (found := read(text, order)) else None


def _day_and_date(order: Order) -> Converter:
    return lambda text: found.as_day_and_date if (found := read(text, order)) else None


_OF_PLAIN_TEXT: Final[dict[SayAs, Converter]] = {
    SayAs.DATE_DAY_FIRST: _date(Order.DAY),
    SayAs.DATE_MONTH_FIRST: _date(Order.MONTH),
    SayAs.DAY_DATE_DAY_FIRST: _day_and_date(Order.DAY),
    SayAs.DAY_DATE_MONTH_FIRST: _day_and_date(Order.MONTH),
    SayAs.TIME: as_time,
    SayAs.MONEY: as_money,
    SayAs.NUMBER: as_number,
    SayAs.DIGITS: as_digits,
}
# Troubles that saying it otherwise can put right. A cell with another one, such as "N/A" or "1899-12-30", is
# no value, and must not be made to look like one.
_CURABLE: Final = frozenset((Unspeakable.CAPITALS, Unspeakable.AMOUNT, Unspeakable.DAY_NUMBER))


def known(say_as: str) -> SayAs:
    """Return the way to say it, or `AS_IT_IS` for a text that is none."""
    return SayAs(say_as) if say_as in _IDS else SayAs.AS_IT_IS


def say(say_as: str, cell: str) -> str | None:
    """Return what is said for a cell, or None if the cell is empty or can't be converted."""
    said = as_said(cell)
    kind = known(say_as)
    if kind == SayAs.AS_IT_IS or not said:
        return said or None
    if not _CURABLE.issuperset(unspeakable(cell)):
        return None
    if kind == SayAs.NAME:
        return as_name(said)
    plain = said if said.isascii() else as_said(plain_characters(said))
    return _OF_PLAIN_TEXT[kind](plain)


def converter(say_as: str) -> Converter | None:
    """Return the function that converts a column's cells, or None if they are said as they are.

    It remembers cells, since most columns repeat them, and forgets them when it is no longer used.
    """
    kind = known(say_as)
    if kind == SayAs.AS_IT_IS:
        return None
    return lru_cache(MOST_KEPT_CELLS)(partial(say, kind))


def speaker(say_as: str) -> Speaker:
    """Return the function that turns a column's cells into what is said.

    A cell that can't be converted is said as it is, and an empty one is "".
    """
    convert = converter(say_as)
    return as_said if convert is None else lambda cell: convert(cell) or as_said(cell)
