"""Uploaded files that have waited too long to be read, as shown by /healthz and on every page."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain

from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from campaigns.clients import access
from campaigns.contacts.models import ContactList
from campaigns.suppression.models import Suppression
from campaigns.uploads.runs.import_run import IMPORT_DEAD_AFTER, ImportRun, Status

# Longer than the sweeper takes to enqueue a lost task again, or a dead import for another worker.
PATIENCE = timedelta(minutes=10)
# Used while another file is being read. Files are read one after another, and reading one of the largest
# takes most of this time.
PATIENCE_BEHIND_OTHERS = timedelta(hours=1)
# Number of files that are named. The others are only counted.
NAMED = 3


def problem() -> str:
    """Return sentences for /healthz that name the waiting files by their ids."""
    waits = too_long()
    sentences = [
        f"{_kind(run)} {run.pk} has waited to be read since "
        f"{timezone.localtime(run.progress_at):%H:%M, %-d %b} (UK time)."
        for run in waits[:NAMED]
    ]
    if len(waits) > NAMED:
        sentences.append(f"So have {len(waits) - NAMED:,} more.")
    return " ".join(sentences)


def banner(request: HttpRequest) -> str:
    """Return a banner that names the waiting contact lists which the person may see, "" if there are none."""
    waits = [run.pk for run in too_long() if isinstance(run, ContactList)]
    lists = access.visible(request.user, ContactList.objects.filter(pk__in=waits))
    mine = list(lists.select_related("client").order_by("pk"))
    if not mine:
        return ""
    context = {"lists": mine[:NAMED], "more": len(mine[NAMED:])}
    return render_to_string("contacts/waiting_banner.html", context)


def too_long() -> list[ImportRun]:
    """Return the files that have waited too long to be read, oldest first."""
    waiting = [Status.UPLOADED, Status.QUEUED, Status.IMPORTING]
    silent = timezone.now() - PATIENCE
    found = list(
        chain.from_iterable(
            runs.filter(status__in=waiting, progress_at__lt=silent) for runs in _runs()
        )
    )
    # Looked up only now, since nearly always nothing waits.
    if found and _is_one_being_read():
        late = timezone.now() - PATIENCE_BEHIND_OTHERS
        found = [run for run in found if run.status == Status.IMPORTING or run.progress_at < late]
    return sorted(found, key=lambda run: run.progress_at)


def _is_one_being_read() -> bool:
    lately = timezone.now() - IMPORT_DEAD_AFTER
    return any(
        runs.filter(status=Status.IMPORTING, progress_at__gte=lately).exists() for runs in _runs()
    )


def _runs() -> "Iterator[models.QuerySet[ImportRun]]":
    yield ContactList.objects.all()
    yield Suppression.objects.all()


def _kind(run: ImportRun) -> str:
    return "Contact list" if isinstance(run, ContactList) else "Suppression file"
