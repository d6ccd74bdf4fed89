"""Files to download: what was refused, what was named otherwise, and the file as it came."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from campaigns import downloads
from campaigns.clients import access
from campaigns.contacts import export
from campaigns.contacts.models import ContactList
from campaigns.contacts.runs import ImportRun

FILE_GONE = "The portal no longer has the uploaded file. Upload it again if you still need it."


@require_GET
def rejected(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    contact_list = access.load(request, ContactList.objects.ready(), pk)
    return csv_file(export.rejected_rows(contact_list), f"rejected-rows-{pk}.csv")


@require_GET
def other_names(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    contact_list = access.load(request, ContactList.objects.ready(), pk)
    return csv_file(export.other_names(contact_list), f"same-number-different-names-{pk}.csv")


@require_GET
def original(request: HttpRequest, pk: int) -> HttpResponseBase:
    contact_list = access.load(request, ContactList.objects.exclude(file=""), pk)
    return as_uploaded(request, contact_list, "contacts", "contact-list")


def as_uploaded(request: HttpRequest, run: ImportRun, room: str, called: str) -> HttpResponseBase:
    """Hand out the file as it was uploaded; where it is gone, say so on the run's own page."""
    try:
        content = run.file.open("rb")
        length = run.file.size
    except OSError:
        messages.error(request, FILE_GONE)
        return redirect(f"{room}:detail", run.pk)
    # Not under the client's own name for it, which may say who is on it.
    name = f"{called}-{run.pk}{Path(run.file_name).suffix.lower()[:6]}"
    return downloads.streamed(
        downloads.blocks_of(content), name, "application/octet-stream", length
    )


def csv_file(rows: Iterable[Iterable[Any]], name: str) -> StreamingHttpResponse:
    """Return rows as a CSV file to download, written while it is sent."""
    return downloads.streamed(export.csv_lines(rows), name, "text/csv; charset=utf-8")
