"""Single values as the partner writes them. Nothing here raises: what can't be read is None, or "".

A time without a zone is UK wall clock [guess]. In the night when the clocks go back, an hour comes twice: the
first one, in summer time, is meant. In the night when they go forward, an hour is missing: a time in it is
read as if the clocks had not been changed yet, so 01:30 becomes 01:30 UTC.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")
# .NET writes year 1 for "none". The company's first campaigns are younger than this.
FIRST_YEAR = 2000
LARGEST_INTEGER = 2**63 - 1
# Below ten million.
LARGEST_PRICE_EXPONENT = 6
MOST_DECIMAL_PLACES = 20
_ISO_DATE_LENGTH = len("2026-01-31")


class Fields:
    """The fields of a JSON object, found without regard to the case of their names."""

    __slots__ = ("_fields",)

    def __init__(self, found: Mapping[str, object]) -> None:
        self._fields = {name.lower(): value for name, value in found.items()}

    def get(self, name: str) -> object:
        return self._fields.get(name.lower())

    def integer(self, name: str) -> int | None:
        return integer(self.get(name))

    def text(self, name: str) -> str:
        return text(self.get(name))

    def moment(self, name: str) -> datetime | None:
        return moment(self.get(name))

    def price(self, name: str) -> Decimal | None:
        return price(self.get(name))

    def truth(self, name: str) -> bool | None:
        value = self.get(name)
        return value if isinstance(value, bool) else None


def integer(value: object) -> int | None:
    """Read a whole number, also from text such as "27" and from 27.0."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and len(value) < 20 and value.isascii():
        digits = value.strip()
        value = int(digits) if digits.removeprefix("-").isdigit() else None
    return value if isinstance(value, int) and abs(value) <= LARGEST_INTEGER else None


def text(value: object) -> str:
    """Read a text or a number as text. NUL is replaced, because PostgreSQL stores it in no text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.replace("\0", "\ufffd") if isinstance(value, str) else ""


def moment(value: object) -> datetime | None:
    """Read a time as UTC, such as 2022-02-12T12:16:15.637, or with Z or an offset at its end."""
    if not isinstance(value, str) or len(value) <= _ISO_DATE_LENGTH:
        return None
    try:
        found = datetime.fromisoformat(value)
        if found.tzinfo is None:
            found = found.replace(tzinfo=UK, fold=0)
        found = found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.year >= FIRST_YEAR else None


def day(value: object) -> date | None:
    """Read a date, which may have a time behind it."""
    if not isinstance(value, str):
        return None
    try:
        found = date.fromisoformat(value[:_ISO_DATE_LENGTH])
    except ValueError:
        return None
    return found if found.year >= FIRST_YEAR else None


def clock(value: object) -> time | None:
    """Read a time of day such as 09:00 or 09:00:00, which may have a date before it."""
    if not isinstance(value, str):
        return None
    try:
        return time.fromisoformat(value.rpartition("T")[2]).replace(tzinfo=None)
    except ValueError:
        return None


def price(value: object) -> Decimal | None:
    """Read an amount of money. Its currency is not documented."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        # A float's text is the shortest that means it: 0.06, not 0.05999999999999999778.
        found = Decimal(str(value).strip()) if len(str(value)) < 40 else Decimal("NaN")
    except InvalidOperation:
        return None
    if not found.is_finite() or found.adjusted() > LARGEST_PRICE_EXPONENT:
        return None
    places = -int(found.as_tuple().exponent)
    return found if places <= MOST_DECIMAL_PLACES else None
