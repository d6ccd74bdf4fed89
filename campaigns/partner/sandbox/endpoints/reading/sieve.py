"""Filters and sorts as Sieve writes them: `filters=Name==text,CampaignStatus==1&sorts=-id`.

[public] The operators, the escapes and the trailing `*`. [guess] An unknown field or operator is refused;
Sieve itself may ignore it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

Row: TypeAlias = Mapping[str, Any]


class SieveError(ValueError):
    """The filters or sorts can't be read. The text repeats nothing of them."""


# The longer ones first, because the shorter ones begin some of them.
_TERM = re.compile(
    r"(?P<field>\w+?)(?P<operator>_-=|@=|_=|==|!=|>=|<=|>|<)(?P<star>\*?)(?P<value>.*)", re.S
)
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": lambda one, other: bool(one == other),
    "!=": lambda one, other: bool(one != other),
    ">": lambda one, other: bool(one > other),
    "<": lambda one, other: bool(one < other),
    ">=": lambda one, other: bool(one >= other),
    "<=": lambda one, other: bool(one <= other),
    "@=": lambda one, other: str(other) in str(one),
    "_=": lambda one, other: str(one).startswith(str(other)),
    "_-=": lambda one, other: str(one).endswith(str(other)),
}


def filtered(rows: Sequence[Row], filters: str) -> list[Row]:
    """Return the rows for which every term holds. Raises SieveError."""
    terms = [_term(term) for term in _split(filters, ",") if term.strip()]
    return [row for row in rows if all(holds(row) for holds in terms)]


def in_order(rows: Sequence[Row], sorts: str) -> list[Row]:
    """Return the rows in order of the fields named, each with `-` before it if downwards."""
    ordered = list(rows)
    for name in reversed([each.strip() for each in sorts.split(",") if each.strip()]):
        field = name.removeprefix("-")
        # Before the sort, so that an unknown field is refused also where there is nothing to sort.
        ordered.sort(key=_by(field), reverse=name.startswith("-"))
    return ordered


def _by(field: str) -> Callable[[Row], Any]:
    return lambda row: _value(row, field)


def _term(term: str) -> Callable[[Row], bool]:
    found = _TERM.fullmatch(term.strip())
    if not found:
        message = "is not a filter"
        raise SieveError(message)
    compare = _COMPARE[found["operator"]]
    values = [_unescaped(value) for value in _split(found["value"], "|")]
    is_any_case = bool(found["star"])

    def holds(row: Row) -> bool:
        own = _value(row, found["field"])
        return any(compare(*_alike(own, value, is_any_case)) for value in values)

    return holds


def _value(row: Row, field: str) -> Any:
    for name, value in row.items():
        if name.lower() == field.lower():
            return value
    message = "names an unknown field"
    raise SieveError(message)


def _alike(own: Any, wanted: str, is_any_case: bool) -> tuple[Any, Any]:
    """Return both as whole numbers if the row has one, else as texts."""
    if isinstance(own, int):
        if not re.fullmatch(r"\s*-?[0-9]{1,18}\s*", wanted):
            message = "needs a whole number"
            raise SieveError(message)
        return own, int(wanted)
    return (str(own).casefold(), wanted.casefold()) if is_any_case else (str(own), wanted)


def _split(text: str, separator: str) -> list[str]:
    """Split where the separator has no backslash before it. Escapes stay."""
    parts = [""]
    for piece in re.findall(r"\\.|[^\\]|\\$", text, re.DOTALL):
        if piece == separator:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _unescaped(value: str) -> str:
    return re.sub(r"\\([\\,|])", r"\1", value)
