"""Removal, in short transactions, of what is left of an import that was given up or that died."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from campaigns.uploads.runs.import_run import ImportRun, Status

ROWS_AT_ONCE = 10_000

Rows = models.QuerySet[Any]


def remove_remains(run: ImportRun) -> None:
    """Remove all that is left of a run that was given up. Doing it twice is harmless.

    The file of a failed run is kept, so that it can be inspected. A deleted run is itself deleted last.
    """
    run.refresh_from_db()
    if run.status not in run.GIVEN_UP:
        return
    # Part of each query, because the run may be read again meanwhile and must then keep its rows.
    given_up = type(run)._default_manager.filter(pk=run.pk, status__in=run.GIVEN_UP)
    for rows in run.written():
        while _remove_some(rows.filter(models.Exists(given_up))):
            pass
    if run.status == Status.FAILED:
        return
    run.forget_file()
    if run.status == Status.DELETING:
        run.delete()


def remove_of_dead_worker(run: ImportRun, token: str, written: Iterable[Rows]) -> None:
    """Remove what an earlier worker had written, while the import belongs to this worker.

    Raises ImportLost if it does not: the rows may then be the finished work of the next worker.
    """
    for rows in written:
        some = True
        while some:
            with transaction.atomic():
                run.report(token, 0, 0)
                some = _remove_some(rows)


def _remove_some(rows: Rows) -> bool:
    some = rows.model._default_manager.filter(pk__in=rows.values("pk")[:ROWS_AT_ONCE])
    return bool(some.delete()[0])
