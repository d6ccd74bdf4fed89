"""What every uploaded file has to download: itself, and rows as CSV."""

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
    """Hand out the file as it was uploaded; where it is gone, say so on the run's own page."""
    try:
        content = run.file.open("rb")
        length = run.file.size
    except OSError:
        messages.error(request, FILE_GONE)
        return redirect(f"{app}:detail", run.pk)
    # Not under the client's own name for it, which may say who is on it.
    name = f"{called}-{run.pk}{Path(run.file_name).suffix.lower()[:6]}"
    return downloads.streamed(
        downloads.blocks_of(content), name, "application/octet-stream", length
    )


def csv_file(rows: Iterable[Iterable[Any]], name: str) -> StreamingHttpResponse:
    """Return rows as a CSV file to download, written while it is sent."""
    return downloads.streamed(csv_lines(rows), name, "text/csv; charset=utf-8")
