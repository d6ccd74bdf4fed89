"""The one way in which a row goes from one state to another."""

from collections.abc import Iterable
from typing import Any

from django.db import models


def move(row: models.Model, column: str, before: Iterable[str], **values: Any) -> bool:
    """Write `values` to a row whose `column` still has one of the states `before`.

    False, having changed nothing, where it has another by now. That is asked in the UPDATE itself, so
    of several processes one moves the row, whatever each of them had loaded. The object is given the
    values too; an expression such as `F("tries") + 1` belongs into a query of its own.
    """
    rows = type(row)._default_manager.filter(pk=row.pk, **{f"{column}__in": list(before)})
    if not rows.update(**values):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    return True
