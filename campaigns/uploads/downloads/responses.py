"""Downloads that every uploaded file has: the file itself, and rows as CSV."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect

from campaigns import downloads
from campaigns.uploads.downloads.csv_lines import csv_lines
from campaigns.uploads.runs.import_run import ImportRun

FILE_GONE = "The portal no longer has the uploaded file. Upload it again if you still need it."


def as_uploaded(request: HttpRequest, run: ImportRun, app: str, called: str) -> HttpResponseBase:
    """Return the file as it was uploaded. If it is gone, redirect to the run's own page with a message."""
    try:
        content = run.file.open("rb")
        length = run.file.size
    except OSError:
        messages.error(request, FILE_GONE)
        return redirect(f"{app}:detail", run.pk)
    # The original name is not used, because it may say who is in the file.
    name = f"{called}-{run.pk}{Path(run.file_name).suffix.lower()[:6]}"
    return downloads.streamed(
        downloads.blocks_of(content), name, "application/octet-stream", length
    )


def csv_file(rows: Iterable[Iterable[Any]], name: str) -> StreamingHttpResponse:
    """Return rows as a CSV file to download. The rows are written while the response is sent."""
    return downloads.streamed(csv_lines(rows), name, "text/csv; charset=utf-8")
