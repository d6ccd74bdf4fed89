"""Suppressed numbers: the list, one looked up, added, or removed with a reason, and all exported."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.clients import access
from campaigns.contacts.suppression import downloads, permissions
from campaigns.contacts.suppression.entries import SuppressedNumber
from campaigns.contacts.suppression.forms import NumberForm, RemovalForm, SearchForm
from campaigns.contacts.suppression.models import Suppression
from campaigns.contacts.suppression.tables import SuppressionTable
from campaigns.contacts.views.downloads import csv_file

MAY_BE_CALLED = "The number may be called again."
STILL_SUPPRESSED = "The number is removed here, but it is suppressed for all clients too."


@require_GET
def suppression_list(request: HttpRequest) -> HttpResponse:
    return _show_list(request, SearchForm())


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Say whether a number is suppressed. It is posted, so that it stands in no URL and no log."""
    form = SearchForm(request.POST)
    if not form.is_valid():
        return _show_list(request, form, status=422)
    seen = permissions.visible(access.person(request)).values("pk")
    entries = SuppressedNumber.objects.live().filter(
        number=form.cleaned_data["number"], suppression__in=seen
    )
    entries = entries.select_related("suppression__client", "suppression__added_by")
    by_scope = groupby(entries.order_by("scope", "pk"), key=lambda entry: entry.scope)
    found = [_found(access.person(request), list(those)) for _, those in by_scope]
    return _show_list(request, form, found=found, searched=True)


def _found(user: User, entries: list[SuppressedNumber]) -> dict[str, Any]:
    """Return what holds for a number in one scope, where it can only be removed altogether."""
    first = entries[0]
    may_remove = permissions.may_change(user, first.suppression)
    return {"first": first, "entries": entries, "may_remove": may_remove}


def _show_list(
    request: HttpRequest, form: SearchForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    suppressions = permissions.visible(access.person(request)).select_related("client")
    context = {
        "table": SuppressionTable.paged(request, suppressions),
        "form": form,
        "may_write": permissions.may_add(access.person(request)),
    }
    return render(request, "suppression/list.html", context | more, status=status)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Suppress one number."""
    permissions.require_may_add(access.person(request))
    form = NumberForm(posted(request), user=access.person(request))
    if form.is_valid():
        made = Suppression.add(
            access.person(request), number=form.cleaned_data["number"], **form.decision()
        )
        messages.success(request, "The number is suppressed from now on.")
        return redirect("suppression:detail", made.pk)
    status = 422 if form.is_bound else 200
    return render(request, "suppression/add.html", {"form": form}, status=status)


@require_GET
def export_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Download every suppressed number that the person may read."""
    entries = permissions.numbers_seen_by(access.person(request))
    return csv_file(downloads.suppressed_numbers(entries), "suppressed-numbers.csv")


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one number be called again, with a reason."""
    entry = permissions.load_number(request, pk)
    form = RemovalForm(posted(request))
    if form.is_valid():
        entry.remove(access.person(request), form.cleaned_data["reason"])
        messages.success(request, STILL_SUPPRESSED if entry.still_holds() else MAY_BE_CALLED)
        return redirect("suppression:detail", entry.suppression_id)
    status = 422 if form.is_bound else 200
    every = entry.in_its_scope().select_related("suppression")
    context = {"form": form, "entry": entry, "every": every}
    return render(request, "suppression/remove.html", context, status=status)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what binds a form: whatever was posted, even if it is nothing."""
    return request.POST if request.method == "POST" else None
