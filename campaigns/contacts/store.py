"""Write an import's rows by the quickest way that each database has (docs/performance.md)."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import orjson
from django.db import connection, models

from campaigns.contacts.models import Contact, ContactList, RefusedRow
from campaigns.contacts.rows import Sorted

# Of SQLite, which holds a statement's rows in several forms at once.
ROWS_IN_A_STATEMENT = 2_000

_CONTACT = ("contact_list", "row_number", "number", "name", "values")
_REFUSED = ("contact_list", "row_number", "reason", "first_row", "cells")


def write(contact_list: ContactList, found: Sorted) -> None:
    """Insert what was sorted, inside the caller's transaction."""
    _insert(Contact, _CONTACT, contact_list.pk, found.contacts)
    refused = [
        (row.row_number, row.reason.value, row.first_row, row.cells) for row in found.refused
    ]
    _insert(RefusedRow, _REFUSED, contact_list.pk, refused)


def _insert(
    model: type[models.Model],
    fields: tuple[str, ...],
    list_pk: int,
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Insert rows that lack their first field, the list, and whose last is a list of texts."""
    if not rows:
        return
    if connection.vendor == "postgresql":
        _copy(_copy_statement(model, fields), list_pk, rows)
    else:
        statement = _insert_statement(model, fields)
        with connection.cursor() as cursor:
            for start in range(0, len(rows), ROWS_IN_A_STATEMENT):
                some = orjson.dumps(rows[start : start + ROWS_IN_A_STATEMENT]).decode()
                cursor.execute(statement, [list_pk, some])


def _copy(statement: str, list_pk: int, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write PostgreSQL's own bulk format; measured, less than half of `executemany`'s time."""
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row((list_pk, *row[:-1], orjson.dumps(row[-1]).decode()))


@cache
def _copy_statement(model: type[models.Model], fields: tuple[str, ...]) -> str:
    return f"COPY {_table(model)} ({_columns(model, fields)}) FROM STDIN"


@cache
def _insert_statement(model: type[models.Model], fields: tuple[str, ...]) -> str:
    """Return a statement that SQLite runs over all rows at once, given as one JSON array of arrays.

    It is a quarter faster than `executemany`, and Python's other threads run meanwhile.
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
