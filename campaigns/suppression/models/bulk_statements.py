"""SQL statements for millions of numbers, on SQLite and PostgreSQL.

A list of numbers is one parameter (a JSON array or an array), whatever its length. So no limit on the
number of variables applies, and the statement's text stays the same and is prepared once.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import orjson
from django.db import connection

_TABLE = "contacts_suppressednumber"
_REFUSED = "contacts_suppressionrefusedrow"


def add(suppression_id: int, scope: int, numbers: Iterable[str], until: date | None) -> None:
    """Suppress E.164 numbers in a scope. Numbers that this suppression already has are skipped.

    They are sorted, because neighbours are on the same page of the index.
    """
    values = _as_list(sorted(set(numbers)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {_TABLE} (number, suppression_id, scope, until)
            SELECT value, %s, %s, {_date()} FROM {_rows()} WHERE true
            ON CONFLICT (number, suppression_id) DO NOTHING
            """,  # noqa: S608  no part of the text comes from outside
            [suppression_id, scope, until and until.isoformat(), values],
        )


def refuse(suppression_id: int, rows: Iterable[tuple[int, str, list[str]]]) -> None:
    """Write the rows that hold no number: row number, reason, cells."""
    values = [
        (suppression_id, row_number, reason, orjson.dumps(cells).decode())
        for row_number, reason, cells in rows
    ]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {_REFUSED} (suppression_id, row_number, reason, cells) "  # noqa: S608
                "VALUES (%s, %s, %s, %s)",
                values,
            )


def among(scopes: tuple[int, int], numbers: Iterable[str], today: date) -> set[str]:
    """Return those numbers that are suppressed today in one of the two scopes."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT number FROM {_TABLE}
            WHERE number IN (SELECT value FROM {_rows()})
              AND scope IN (%s, %s) AND (until IS NULL OR until >= {_date()})
            """,  # noqa: S608  no part of the text comes from outside
            [_as_list(list(numbers)), *scopes, today.isoformat()],
        )
        return {number for (number,) in cursor.fetchall()}


def _rows() -> str:
    if connection.vendor == "postgresql":
        return "unnest(%s::text[]) AS given(value)"
    return "json_each(%s)"


def _date() -> str:
    return "%s::date" if connection.vendor == "postgresql" else "%s"


def _as_list(numbers: list[str]) -> Any:
    return numbers if connection.vendor == "postgresql" else orjson.dumps(numbers).decode()
