"""Read times, and say them as people in the UK do: "9 am", "9:30 pm", "midday". Pure functions.

A time without "am" or "pm" is of the 24-hour clock: "2:00" is at night. Seconds are not said.
"""

import re
from typing import Final

from campaigns.drafts.spoken.said_dates import Order, read

_CLOCK: Final = re.compile(
    r"(?P<hour>\d\d?)(?:[:.](?P<minute>[0-5]\d)(?:[:.][0-5]\d(?:\.\d{1,9})?)?)?(?: ?(?P<half>[ap])\.?m\.?)?",
    re.ASCII | re.IGNORECASE,
)
_WORDS: Final = {
    "midday": "midday", "noon": "midday", "12 noon": "midday", "12 midday": "midday",
    "midnight": "midnight", "12 midnight": "midnight",
}  # fmt: skip
_NOON: Final = 12


def as_time(text: str) -> str | None:
    """Return a time of day, or the time of a date with one, as it is said. None if it is neither."""
    if said := _WORDS.get(text.lower()) or _of_clock(text):
        return said
    found = read(text, Order.DAY) or read(text, Order.MONTH)
    said = _of_clock(found.time) if found and found.time else None
    # A spreadsheet shows a date without a time as midnight of its day.
    return None if said == "midnight" else said


def _of_clock(text: str) -> str | None:
    found = _CLOCK.fullmatch(text)
    if found is None or not (found["minute"] or found["half"]):
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if hour > _NOON:
            return None
        hour = hour % _NOON + (_NOON if found["half"].lower() == "p" else 0)
    elif hour > 24 or (hour == 24 and minute):
        return None
    return _said(hour % 24, minute)


def _said(hour: int, minute: int) -> str:
    if not minute and hour % _NOON == 0:
        return "midday" if hour else "midnight"
    minutes = f":{minute:02}" if minute else ""
    return f"{hour % _NOON or _NOON}{minutes} {'pm' if hour >= _NOON else 'am'}"
