"""Convert between drafts and the builder's form data, which is as a browser posts it."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from django.db import models
from django.http import QueryDict

from campaigns.clients.models import Client
from campaigns.drafts.campaign.content import DraftContent, Hours
from campaigns.drafts.models import MOST_CALL_ATTEMPTS, MOST_RUNOVER_DAYS, ParameterSource

MOST_ROWS = {"runover": MOST_RUNOVER_DAYS, "attempt": MOST_CALL_ATTEMPTS}
MOST_EDITS = 2**31 - 1
TOKEN_LENGTH = 32
# Digits. Every number of this length fits into a primary key.
LONGEST_KEY = 18
# The beginning of a parameter's choice that is a column.
COLUMN_PREFIX = f"{ParameterSource.Kind.COLUMN.value}:"
TEXT = ParameterSource.Kind.TEXT.value
UNUSED = ParameterSource.Kind.UNUSED.value


def is_key(text: str) -> bool:
    """Return whether a posted text can be a primary key.

    Neither `int` nor a database takes digits of any length.
    """
    return text.isdecimal() and len(text) <= LONGEST_KEY


def as_key(text: str) -> int | None:
    """Return a posted text as a primary key, or None if it can't be one."""
    return int(text) if is_key(text) else None


def every(data: Mapping[str, Any], name: str) -> list[str]:
    """Return all values that were posted under a name."""
    return data.getlist(name) if isinstance(data, QueryDict) else list(data.get(name, []))


def posted_edit(data: Mapping[str, Any]) -> int:
    """Return how many edits the page had counted, but no more than the database can store."""
    return min(as_key(str(data.get("edit", ""))) or 0, MOST_EDITS)


def posted_token(data: Mapping[str, Any]) -> str:
    """Return the token that the portal gave to a new form, or "" for a text that can't be one."""
    token = str(data.get("form_token", ""))
    return token if len(token) <= TOKEN_LENGTH and token.isascii() and token.isalnum() else ""


def row_count(data: Mapping[str, Any], rows: str) -> int:
    given = str(data.get(f"{rows}-count", "0"))
    return min(int(given), MOST_ROWS[rows]) if is_key(given) else 0


def as_data(content: DraftContent) -> QueryDict:
    """Return a draft as form data, as if a person had just filled in the form."""
    data = QueryDict(mutable=True)
    data.update({name: _text(value) for name, value in content.columns.items()})
    data.setlist("contact_lists", [str(chosen.pk) for chosen in content.contact_lists])
    data["runover-count"] = "0"
    for row, hours in enumerate(content.runover):
        put_runover(data, row, hours)
    put_intervals(data, content.intervals or [None])
    for number, source in content.parameters.items():
        is_text = source.kind == ParameterSource.Kind.TEXT
        data[f"parameter-{number}-source"] = TEXT if is_text else COLUMN_PREFIX + source.value
        data[f"parameter-{number}-text"] = source.value if is_text else ""
        data[f"parameter-{number}-fallback"] = source.fallback
        data[f"parameter-{number}-say_as"] = source.say_as
    for number in content.unused:
        data[f"parameter-{number}-source"] = UNUSED
    return data


def as_template(content: DraftContent) -> dict[str, str]:
    """Return the fields that a template keeps of a draft: those with a value, without client and lists."""
    data = as_data(content.as_template())
    names = data.keys() - {"client", "contact_lists"}
    return {name: str(data[name]) for name in sorted(names) if data[name]}


def from_template(client: Client, fields: Mapping[str, str]) -> QueryDict:
    """Return the data of a new draft's form, filled in from a template."""
    data = blank_data(client)
    for name, text in fields.items():
        data[name] = text
    return data


def blank_data(client: Client | None) -> QueryDict:
    """Return the data of a new draft's form."""
    if client:
        return as_data(DraftContent.blank(client))
    data = QueryDict(mutable=True)
    put_intervals(data, [None])
    return data


def put_runover(data: QueryDict, row: int, hours: Hours) -> None:
    """Write a run-over day into a row that exists, or into a new row after the last."""
    prefix = f"runover-{row}-"
    data[f"{prefix}day"] = _text(hours.day)
    data[f"{prefix}start"] = _text(hours.start)
    data[f"{prefix}finish"] = _text(hours.finish)
    data["runover-count"] = str(max(row_count(data, "runover"), row + 1))


def put_intervals(data: QueryDict, intervals: Sequence[int | None]) -> None:
    """Replace all call attempts. Intervals are in minutes."""
    data["attempt-count"] = str(len(intervals))
    for row, minutes in enumerate(intervals):
        data[f"attempt-{row}-interval"] = "" if minutes is None else str(minutes)


def change_rows(data: QueryDict, change: str) -> QueryDict:
    """Return the data with one row added ("add-runover") or removed ("remove-runover-2")."""
    changed = data.copy()
    action, _, what = change.partition("-")
    rows, _, position = what.partition("-")
    if rows not in MOST_ROWS:
        return changed
    count = row_count(data, rows)
    if action == "add":
        changed[f"{rows}-count"] = str(min(count + 1, MOST_ROWS[rows]))
    elif action == "remove" and is_key(position) and int(position) < count:
        _remove_row(changed, rows, int(position), count)
    return changed


def _remove_row(data: QueryDict, rows: str, gone: int, count: int) -> None:
    """Remove a row by moving every later row up by one."""
    fields = {"runover": ("day", "start", "finish"), "attempt": ("interval",)}[rows]
    for row in range(gone, count):
        for name in fields:
            data[f"{rows}-{row}-{name}"] = data.get(f"{rows}-{row + 1}-{name}", "")
    data[f"{rows}-count"] = str(count - 1)


def _text(value: object) -> str:
    """Return a value as a browser posts it: rows by their ids, days and times in ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)
