"""Suppression: who must not be called. Add, upload, look up, export, and remove with a reason."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns import doorbell
from campaigns.clients import access
from campaigns.clients.models import Event
from campaigns.contacts import export, tasks
from campaigns.contacts.suppression import downloads, permissions
from campaigns.contacts.suppression.forms import FileForm, NumberForm, RemovalForm, SearchForm
from campaigns.contacts.suppression.models import SuppressedNumber, Suppression
from campaigns.contacts.suppression.tables import SuppressionTable

FIRST_NUMBERS = 10
FIRST_PROBLEMS = 20


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
    found = [
        (entry, permissions.may_change(access.person(request), entry.suppression))
        for entry in entries.select_related("suppression__client", "suppression__added_by")
    ]
    return _show_list(request, form, found=found, searched=True)


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
    form = NumberForm(_posted(request), user=access.person(request))
    if form.is_valid():
        made = Suppression.add(
            access.person(request), number=form.cleaned_data["number"], **form.decision()
        )
        messages.success(request, "The number is suppressed from now on.")
        return redirect("suppression:detail", made.pk)
    status = 422 if form.is_bound else 200
    return render(request, "suppression/add.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Suppress every number of a file."""
    permissions.require_may_add(access.person(request))
    form = FileForm(_posted(request), request.FILES or None, user=access.person(request))
    if form.is_valid():
        made = Suppression.upload(
            access.person(request), file=form.cleaned_data["file"], **form.decision()
        )
        doorbell.ring(tasks.load_suppression, made.pk)
        return redirect("suppression:detail", made.pk)
    context = {
        "form": form,
        "max_bytes": settings.UPLOAD_MAX_BYTES,
        "max_rows": settings.SUPPRESSION_MAX_ROWS,
    }
    status = 422 if form.is_bound else 200
    return render(request, "suppression/upload.html", context, status=status)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one suppression. htmx asks for it again and again while its file is read."""
    suppression = permissions.load(request, pk)
    sees_numbers = permissions.may_see_numbers(access.person(request), suppression)
    numbers = (
        suppression.numbers.order_by("pk") if sees_numbers else SuppressedNumber.objects.none()
    )
    refused = suppression.refused_rows.all() if sees_numbers else ()
    context = {
        "suppression": suppression,
        "numbers": numbers[:FIRST_NUMBERS],
        "problems": downloads.with_sentences(refused[:FIRST_PROBLEMS]),
        "events": Event.objects.about(suppression),
        "sees_numbers": sees_numbers,
        "may_write": permissions.may_change(access.person(request), suppression),
    }
    template = "suppression/_state.html" if request.htmx else "suppression/detail.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@require_GET
def rejected(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    suppression = permissions.load_with_numbers(request, pk)
    return _csv(downloads.refused_rows(suppression), f"rejected-rows-{pk}")


@require_GET
def export_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Download every suppressed number that the person may read."""
    entries = permissions.numbers_seen_by(access.person(request))
    return _csv(downloads.suppressed_numbers(entries), "suppressed-numbers")


def _posted(request: HttpRequest) -> QueryDict | None:
    """Return what binds a form: whatever was posted, even if it is nothing."""
    return request.POST if request.method == "POST" else None


def _csv(rows: Iterator[list[str]], name: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        export.csv_lines(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one number be called again, with a reason."""
    entry = permissions.load_number(request, pk)
    form = RemovalForm(_posted(request))
    if form.is_valid():
        entry.remove(access.person(request), form.cleaned_data["reason"])
        messages.success(request, "The number may be called again.")
        return redirect("suppression:detail", entry.suppression_id)
    status = 422 if form.is_bound else 200
    return render(request, "suppression/remove.html", {"form": form, "entry": entry}, status=status)
