"""Files to download: what was refused, what was named otherwise, and the file as it came."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_GET

from campaigns.clients import access
from campaigns.contacts import export
from campaigns.contacts.models import ContactList
from campaigns.contacts.runs import ImportRun


@require_GET
def rejected(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    contact_list = access.load(request, ContactList.objects.ready(), pk)
    return csv_file(export.rejected_rows(contact_list), f"rejected-rows-{pk}.csv")


@require_GET
def other_names(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    contact_list = access.load(request, ContactList.objects.ready(), pk)
    return csv_file(export.other_names(contact_list), f"same-number-different-names-{pk}.csv")


@require_GET
def original(request: HttpRequest, pk: int) -> FileResponse:
    contact_list = access.load(request, ContactList.objects.exclude(file=""), pk)
    return as_uploaded(contact_list, "contact-list")


def as_uploaded(run: ImportRun, called: str) -> FileResponse:
    """Hand out the file as it was uploaded, never to be shown in the browser."""
    try:
        content = run.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    # Not under the client's own name for it, which may say who is on it.
    name = f"{called}-{run.pk}{Path(run.file_name).suffix.lower()[:6]}"
    return FileResponse(
        content, as_attachment=True, filename=name, content_type="application/octet-stream"
    )


def csv_file(rows: Iterable[Iterable[Any]], name: str) -> StreamingHttpResponse:
    """Return rows as a CSV file to download, written while it is sent."""
    return StreamingHttpResponse(
        export.csv_lines(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
