"""The fastest way to write an import's rows, for each database (docs/performance.md)."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import orjson
from django.db import connection, models

from campaigns.contacts.importing import duplicates
from campaigns.contacts.importing.sort_rows import Sorted
from campaigns.contacts.models import Contact, ContactList, RefusedRow

# For SQLite only, to save memory: it holds a statement's rows in several forms at once.
ROWS_IN_A_STATEMENT = 2_000

_CONTACT = ("contact_list", "row_number", "number", "name", "values")
_FROM_SECOND = "from_second_column"
_REFUSED = ("contact_list", "row_number", "reason", "first_row", "has_other_name", "cells")


def write(contact_list: ContactList, found: Sorted) -> None:
    """Insert the sorted rows, inside the caller's transaction."""
    second = (
        [number in found.from_second for _, number, _, _ in found.contacts]
        if found.from_second
        else []
    )
    _insert(Contact, _CONTACT, contact_list.pk, found.contacts, second)
    repeated = {row.number for row in found.refused if row.number}
    known = duplicates.Known(_contacts(contact_list.pk, sorted(repeated)))
    refused = [
        (row.row_number, row.reason.value, known.first_row(row), known.is_other(row), row.cells)
        for row in found.refused
    ]
    second = [row.from_second for row in found.refused]
    _insert(RefusedRow, _REFUSED, contact_list.pk, refused, second if any(second) else [])


def spare_the_disk() -> None:
    """Let commits of this connection return before they are on the disk, until the connection is closed.

    Use it only for rows that a power cut may take. An import's rows are such rows until the list is ready:
    the power cut ends the worker too, and the next worker starts again from the file. The commit that makes
    the list ready is on another connection and waits for all that was committed before it.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET synchronous_commit TO off")
        else:
            cursor.execute("PRAGMA synchronous=NORMAL")


def _contacts(list_pk: int, numbers: list[str]) -> dict[str, tuple[int, str]]:
    """Return row number and name of the list's contacts with these numbers, by number."""
    if not numbers:
        return {}
    values: Any = numbers
    condition = "number = ANY(%s)"
    if connection.vendor != "postgresql":
        values = orjson.dumps(numbers).decode()
        condition = "number IN (SELECT value FROM json_each(%s))"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT number, row_number, name FROM {_table(Contact)}"  # noqa: S608
            f" WHERE contact_list_id = %s AND {condition}",
            [list_pk, values],
        )
        return {number: (row_number, name) for number, row_number, name in cursor.fetchall()}


def _insert(
    model: type[models.Model],
    fields: tuple[str, ...],
    list_pk: int,
    rows: Sequence[tuple[Any, ...]],
    second: Sequence[bool],
) -> None:
    """Insert rows. They come without their first field, the list; their last field is a list of texts.

    `second` says of each row whether its number is from the second column. It is empty if none is: then
    their field is left out, which costs nothing.
    """
    if not rows:
        return
    if second:
        fields = (*fields[:-1], _FROM_SECOND, fields[-1])
        rows = [
            (*row[:-1], is_second or None, row[-1])
            for row, is_second in zip(rows, second, strict=True)
        ]
    if connection.vendor == "postgresql":
        _copy(_copy_statement(model, fields), list_pk, rows)
    else:
        statement = _insert_statement(model, fields)
        with connection.cursor() as cursor:
            for start in range(0, len(rows), ROWS_IN_A_STATEMENT):
                some = orjson.dumps(rows[start : start + ROWS_IN_A_STATEMENT]).decode()
                cursor.execute(statement, [list_pk, some])


def _copy(statement: str, list_pk: int, rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows by PostgreSQL's COPY, which was measured to take less than half of `executemany`'s time."""
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row((list_pk, *row[:-1], orjson.dumps(row[-1]).decode()))


@cache
def _copy_statement(model: type[models.Model], fields: tuple[str, ...]) -> str:
    return f"COPY {_table(model)} ({_columns(model, fields)}) FROM STDIN"


@cache
def _insert_statement(model: type[models.Model], fields: tuple[str, ...]) -> str:
    """Return a statement with which SQLite inserts all rows at once, given as one JSON array of arrays.

    It is a quarter faster than `executemany`, and Python's other threads can run meanwhile.
    """
    values = ", ".join(f"json_extract(value, '$[{index}]')" for index in range(len(fields) - 1))
    return (
        f"INSERT INTO {_table(model)} ({_columns(model, fields)})"  # noqa: S608
        f" SELECT %s, {values} FROM json_each(%s)"
    )


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _columns(model: type[models.Model], fields: tuple[str, ...]) -> str:
    found = [model._meta.get_field(name) for name in fields]
    return ", ".join(connection.ops.quote_name(str(field.column)) for field in found)  # type: ignore[union-attr]
