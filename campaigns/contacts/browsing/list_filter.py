"""The tabs and filters of the page of contact lists. They are in the URL, and none takes a phone number."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from campaigns.clients import access
from campaigns.contacts.models import ContactList
from campaigns.filters import Filters, kept_parameters
from campaigns.tabs import Tab
from campaigns.uploads.runs.import_run import Status

READY, NEEDS_YOU, ARCHIVED = "ready", "needs-you", "archived"
LABELS = {READY: "Ready", NEEDS_YOU: "Needs you", ARCHIVED: "Archived"}

_NEEDS_YOU = [Status.FAILED, Status.CHOOSING]
# A cancelled import needs nobody and can be used for nothing, so it is with what was put away.
_PUT_AWAY = Q(archived_at__isnull=False) | Q(status=Status.CANCELLED)
# A list that is being read becomes ready by itself, so it is with those that are.
_HAS: dict[str, Q] = {
    READY: ~_PUT_AWAY & ~Q(status__in=_NEEDS_YOU),
    NEEDS_YOU: ~_PUT_AWAY & Q(status__in=_NEEDS_YOU),
    ARCHIVED: _PUT_AWAY,
}


class ContactListFilter(Filters):
    q = django_filters.CharFilter(
        label="Search",
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "List or file name"}),
    )
    client = django_filters.ModelChoiceFilter(
        queryset=lambda request: access.clients_of(request.user), empty_label="All clients"
    )

    class Meta:
        model = ContactList
        fields = ("q", "client")

    def search(self, lists: QuerySet[ContactList], _name: str, text: str) -> Any:
        """Find lists by a part of their name or of their file's name."""
        text = text.strip()
        return lists.filter(Q(name__icontains=text) | Q(file_name__icontains=text))


class Narrowed:
    """The lists that a person asks for: those of one tab, narrowed by the filters."""

    def __init__(self, request: HttpRequest, lists: QuerySet[ContactList]) -> None:
        lists = lists.exclude(status=Status.DELETING)
        self._request = request
        self._filter = ContactListFilter(request.GET, queryset=lists, request=request)
        self.form = self._filter.form
        self.tab = _tab(request)

    @property
    def lists(self) -> Any:
        return self._filter.qs.filter(_HAS[self.tab])

    @property
    def is_narrowed(self) -> bool:
        return self._filter.is_narrowing

    def tabs(self) -> Iterator[Tab]:
        """Yield every tab with the number of its lists that the filters leave."""
        counts = {name: Count("pk", filter=has) for name, has in _counted()}
        found = self._filter.qs.order_by().aggregate(**counts)
        for name, label in LABELS.items():
            query = kept_parameters(self._request, tab=name, **{ARCHIVED: ""})
            url = reverse("contacts:list") + query
            yield Tab(label, url, name == self.tab, found[_key(name)])


def _tab(request: HttpRequest) -> str:
    if ARCHIVED in request.GET:
        # The address that this tab had before there were tabs.
        return ARCHIVED
    asked = request.GET.get("tab", "")
    return asked if asked in LABELS else READY


def _counted() -> Iterator[tuple[str, Q]]:
    return ((_key(name), has) for name, has in _HAS.items())


def _key(name: str) -> str:
    return f"in_{name.replace('-', '_')}"
