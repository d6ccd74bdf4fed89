"""The pages of suppressed numbers: list, search, adding, removal with a reason, and export."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.clients import access
from campaigns.suppression import csv_rows, permissions
from campaigns.suppression.forms import NumberForm, RemovalForm, SearchForm
from campaigns.suppression.models import SuppressedNumber, Suppression
from campaigns.suppression.tables import SuppressionTable
from campaigns.uploads.downloads.responses import csv_file

SUPPRESSED = "The number is now suppressed."
MAY_BE_CALLED = "The number can be called again."
STILL_SUPPRESSED = "This entry is removed, but another entry still suppresses the number."


@require_GET
def suppression_list(request: HttpRequest) -> HttpResponse:
    return _show_list(request, SearchForm())


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Show whether a number is suppressed. The number is posted, so that it is in no URL and no log."""
    form = SearchForm(request.POST)
    if not form.is_valid():
        return _show_list(request, form, status=422)
    user = access.person(request)
    entries = SuppressedNumber.objects.live().filter(number=form.cleaned_data["number"])
    found = permissions.entries_seen_by(user, entries.strictest_first())
    return _show_list(request, form, found=shown_to(user, found), searched=True)


def shown_to(user: User, entries: Iterable[SuppressedNumber]) -> list[dict[str, Any]]:
    """Return the entries in the form that `suppression/_entries.html` shows."""
    return [
        {"entry": entry, "may_remove": permissions.may_change(user, entry.suppression)}
        for entry in entries
    ]


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
        messages.success(request, f"{SUPPRESSED} {_already(request, made)}".strip())
        return redirect("suppression:detail", made.pk)
    status = 422 if form.is_bound else 200
    return render(request, "suppression/add.html", {"form": form}, status=status)


def _already(request: HttpRequest, made: Suppression) -> str:
    """Return a sentence with the strictest entry that suppressed the number before, "" if there is none."""
    others = permissions.entries_seen_by(access.person(request), made.numbers.get().others())
    first = others.first()
    if first is None:
        return ""
    until = f"until {first.until:%-d %b %Y}" if first.until else "with no end date"
    whose = "" if first.suppression.client else " for all clients"
    return f"It was already suppressed{whose} {until}, and that entry still applies."


@require_GET
def export_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Download every suppressed number that the person may read."""
    entries = permissions.numbers_seen_by(access.person(request))
    return csv_file(csv_rows.suppressed_numbers(entries), "suppressed-numbers.csv")


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one number be called again, with a reason."""
    entry = permissions.load_number(request, pk)
    form = RemovalForm(posted(request))
    if form.is_valid():
        entry.remove(access.person(request), form.cleaned_data["reason"])
        messages.success(request, STILL_SUPPRESSED if entry.others().exists() else MAY_BE_CALLED)
        return redirect("suppression:detail", entry.suppression_id)
    status = 422 if form.is_bound else 200
    others = permissions.entries_seen_by(access.person(request), entry.others())
    context = {"form": form, "entry": entry, "others": others}
    return render(request, "suppression/remove.html", context, status=status)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return the data to bind a form with: the posted data, even if it is empty, or None."""
    return request.POST if request.method == "POST" else None
