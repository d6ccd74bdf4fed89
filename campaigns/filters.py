"""The base class of the filters above lists."""

from typing import Any

import django_filters
from django.http import HttpRequest


class Filters(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of which an invalid value finds nothing, and is said at its field.

    django-filter itself ignores an invalid value. Then a person would take everything for what they
    asked for.
    """

    @property
    def qs(self) -> Any:
        """Return what the filters find."""
        return super().qs if self.is_valid() else self.queryset.none()

    @property
    def is_narrowing(self) -> bool:
        """Return whether the URL has a value for any filter."""
        return any(self.data.get(name) for name in self.filters)


def kept_parameters(request: HttpRequest, **changes: str) -> str:
    """Return the URL's query with changes: "?q=rent&tab=drafts". Of the table, the order is kept.

    A parameter that becomes empty is left out. The page is too: its number is that of other rows.
    """
    query = request.GET.copy()
    for name, value in {"page": "", **changes}.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"
