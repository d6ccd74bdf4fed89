"""What every list in every room has in common."""

from typing import Any, Self

import django_tables2
from django.http import HttpRequest

ROWS_A_PAGE = 25


class Table(django_tables2.Table):  # type: ignore[misc]
    """A sortable, paged table whose cells carry their column's heading, for narrow screens."""

    class Meta:
        attrs = {"class": "table table-hover align-middle"}
        orderable = True

    @classmethod
    def paged(cls, request: HttpRequest, rows: Any, **kwargs: Any) -> Self:
        table = cls(rows, request=request, **kwargs)
        django_tables2.RequestConfig(
            request, paginate={"per_page": ROWS_A_PAGE, "silent": True}
        ).configure(table)
        return table
