"""The base class of the tables in every app."""

from typing import Any, ClassVar, Self

import django_tables2
from django.http import HttpRequest

from campaigns.parameters import page_number

ROWS_A_PAGE = 25


class Table(django_tables2.Table):  # type: ignore[misc]
    """A sortable, paged table whose cells carry their column's heading, for narrow screens.

    `rows_noun` is what the line below the table counts.
    """

    rows_noun = "row"

    caption: ClassVar[str]
    """What the table is of. Screen readers say it; the heading of the page is what others see."""

    class Meta:
        attrs = {"class": "table table-hover align-middle"}
        orderable = True

    @classmethod
    def paged(cls, request: HttpRequest, rows: Any, **kwargs: Any) -> Self:
        """Return the page of rows that the URL asks for, sorted as the URL asks.

        The number of rows on a page is fixed.
        """
        # The constructor must not get the request: django-tables2 would then take the number of
        # rows on a page from the URL.
        table = cls(rows, **kwargs)
        table.request = request
        asked = request.GET.getlist(table.prefixed_order_by_field)
        known = [name for name in asked if name.removeprefix("-") in table.columns.names()]
        table.order_by = known or table.order_by
        table.paginate(per_page=ROWS_A_PAGE)
        page = page_number(request.GET.get(table.prefixed_page_field))
        table.page = table.paginator.get_page(page)
        return table

    @property
    def asked_besides_the_page(self) -> list[tuple[str, str]]:
        """Return the names and values of the address, without the page: filters and sorting."""
        return [asked for asked in self._asked() if asked[0] != self.prefixed_page_field]

    @property
    def asked_order(self) -> list[tuple[str, str]]:
        """Return the sorting that the address asks for. A form of filters keeps it in hidden fields."""
        return [asked for asked in self._asked() if asked[0] == self.prefixed_order_by_field]

    def _asked(self) -> list[tuple[str, str]]:
        given = self.request.GET
        return [(name, value) for name in given for value in given.getlist(name)]
