"""Move a row from one state to another, so that of several processes only one can."""

from collections.abc import Iterable
from typing import Any

from django.db import models


def move(row: models.Model, column: str, before: Iterable[str], **values: Any) -> bool:
    """Write `values` to a row if its `column` still has one of the states `before`.

    Return False, having changed nothing, if the row is in another state by now. The UPDATE itself checks
    the state. So only one of several processes moves the row, whatever state each of them had loaded.

    The values are also set on the object `row`, which keeps them if a surrounding transaction is rolled
    back. An expression such as `F("tries") + 1` can't be, so write it
    with a query of its own.
    """
    rows = type(row)._default_manager.filter(pk=row.pk, **{f"{column}__in": list(before)})
    if not rows.update(**values):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    return True
