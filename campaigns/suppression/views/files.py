"""The pages of a file of numbers to suppress: upload, choice of the column, result and removal."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.clients import access
from campaigns.clients.models import Event
from campaigns.enqueue import enqueue
from campaigns.suppression import permissions, tasks
from campaigns.suppression.forms import FileForm, FileRemovalForm
from campaigns.suppression.loading import columns, foreseen_refusals
from campaigns.suppression.models import Suppression
from campaigns.suppression.views.numbers import posted, shown_to
from campaigns.uploads.columns.columns_page import ColumnsPage
from campaigns.uploads.columns.mapping_form import NumbersForm
from campaigns.uploads.downloads import rejected_rows
from campaigns.uploads.downloads.responses import as_uploaded, csv_file
from campaigns.uploads.numbers.for_client import checker_for
from campaigns.uploads.runs import notices, problem_tiers

FIRST_NUMBERS = 10
FIRST_PROBLEMS = 20

COLUMNS = ColumnsPage(
    app="suppression",
    form=NumbersForm,
    look=columns.look,
    look_now=columns.look_now,
    propose=columns.propose,
    foresee=foreseen_refusals.of_numbers,
    choose=columns.choose,
    checker=lambda one: checker_for(one.client),
    look_task=tasks.look_at_suppression,
    import_task=tasks.load_suppression,
)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Suppress every number of a file: at once if the file is plain, else once its column is chosen."""
    permissions.require_may_add(access.person(request))
    form = FileForm(posted(request), request.FILES or None, user=access.person(request))
    if form.is_valid():
        said = {"file": form.cleaned_data["file"], **form.decision()}
        upload = partial(Suppression.upload, access.person(request), **said)
        if kept := COLUMNS.keep(form, upload):
            return kept
    context = {
        "form": form,
        "max_bytes": settings.UPLOAD_MAX_BYTES,
        "max_rows": settings.SUPPRESSION_MAX_ROWS,
    }
    status = 422 if form.is_bound else 200
    return render(request, "suppression/upload.html", context, status=status)


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the file's first rows, or take a form that has it read in another way or settles the column."""
    suppression = permissions.load_to_change(request, pk)
    if suppression.is_choosing and suppression.look is not None:
        return COLUMNS.show(request, suppression)
    is_get = request.method == "GET"
    return detail(request, pk) if is_get else COLUMNS.away(request, suppression)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one suppression. htmx requests it repeatedly while anything in it changes."""
    suppression = permissions.load(request, pk)
    may_write = permissions.may_change(access.person(request), suppression)
    context = {
        "suppression": suppression,
        "tier": problem_tiers.of(suppression.problem_code),
        "events": Event.objects.about(suppression),
        "may_write": may_write,
        "may_remove_all": may_write and suppression.may_be_removed and suppression.numbers.exists(),
        **_found(request, suppression),
    }
    template = "suppression/_state.html" if request.htmx else "suppression/detail.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    if request.htmx and suppression.is_choosing and may_write:  # type: ignore[attr-defined]
        answer.headers["HX-Redirect"] = reverse("suppression:choose", args=[pk])
    return answer


def _found(request: HttpRequest, suppression: Suppression) -> dict[str, Any]:
    """Return the result of reading the file, as far as this person may know it."""
    if not permissions.may_see_numbers(access.person(request), suppression):
        return {"sees_numbers": False}
    user = access.person(request)
    refused = suppression.refused_rows.select_related("suppression")
    typed = None if suppression.file_name else suppression.numbers.first()
    others = permissions.entries_seen_by(user, typed.others()) if typed else []
    return {
        "sees_numbers": True,
        "others": shown_to(user, others),
        "numbers": suppression.numbers.order_by("pk")[:FIRST_NUMBERS],
        "problems": refused[:FIRST_PROBLEMS],
        "reasons": rejected_rows.reasons(suppression),
        "notices": notices.sentences(suppression.notices),
    }


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    suppression = permissions.load_to_change(request, pk)
    if suppression.cancel(access.person(request)):
        enqueue(tasks.remove_suppression, pk)
    else:
        messages.warning(request, "The import ended before it could be cancelled.")
    return redirect("suppression:detail", pk)


@require_http_methods(["GET", "POST"])
def remove_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove all numbers of a file that should not have been uploaded, with a reason."""
    suppression = permissions.load_to_change(request, pk)
    if not suppression.may_be_removed:
        return detail(request, pk) if request.method == "GET" else COLUMNS.to(suppression)
    form = FileRemovalForm(posted(request))
    if form.is_valid():
        if suppression.remove_all(access.person(request), form.cleaned_data["reason"]):
            enqueue(tasks.remove_suppression, pk)
        return redirect("suppression:detail", pk)
    context = {"form": form, "suppression": suppression, "left": suppression.numbers.count()}
    status = 422 if form.is_bound else 200
    return render(request, "suppression/remove_all.html", context, status=status)


@require_GET
def rejected(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    suppression = permissions.load_with_numbers(request, pk)
    return csv_file(rejected_rows.rejected_rows(suppression), f"rejected-rows-{pk}.csv")


@require_GET
def original(request: HttpRequest, pk: int) -> HttpResponseBase:
    suppression = permissions.load_with_numbers(request, pk)
    if not suppression.file:
        raise Http404
    return as_uploaded(request, suppression, "suppression", "suppression")
