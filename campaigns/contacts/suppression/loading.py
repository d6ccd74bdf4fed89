"""Read a file of numbers to suppress: plain one-column files as well as any spreadsheet.

Doing it twice does no harm, since a number stands once for each scope; so a worker that died is
followed by one that reads the file from its beginning, and what was written stays in force between.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import structlog
from django.conf import settings
from django.db import OperationalError, transaction

from campaigns.contacts import headings, notices, spreadsheets
from campaigns.contacts.checking import checker_for
from campaigns.contacts.numbers import Reason
from campaigns.contacts.runs import UNEXPECTED
from campaigns.contacts.spreadsheets import Batch, FileProblem, Inspection, Limits, RowSource
from campaigns.contacts.stored import on_disk
from campaigns.contacts.suppression import store
from campaigns.contacts.suppression.models import LoadLost, Suppression

log = structlog.get_logger(__name__)

# Some 40,000 numbers in one statement. Numbers in no order touch most of the index's pages each time,
# so larger blocks write less; other writers wait half a second at most.
BATCHES_IN_A_TRANSACTION = 80


def run(suppression: Suppression) -> None:
    """Load the file, unless another worker has it. A file-level problem is said on the page.

    Raises what nobody foresaw, once the load has failed by it: tried again, it would come again.
    """
    token = suppression.claim_load()
    if not token:
        return
    try:
        with on_disk(suppression.file) as path:
            _read(suppression, token, path)
    except FileProblem as problem:
        _fail(suppression, token, problem.sentence)
    except LoadLost:
        log.warning("another worker took the load over", suppression=suppression.pk)
    except OperationalError:
        # The database was away or busy: the sweeper rings again, three times at most.
        raise
    except Exception:
        _fail(suppression, token, UNEXPECTED)
        raise


def _fail(suppression: Suppression, token: str, sentence: str) -> None:
    try:
        suppression.fail(token, sentence)
    except LoadLost:
        log.warning("another worker took the load over", suppression=suppression.pk)


def _read(suppression: Suppression, token: str, path: Path) -> None:
    limits = Limits(bytes=settings.UPLOAD_MAX_BYTES, rows=settings.SUPPRESSION_MAX_ROWS)
    inspection = spreadsheets.inspect(path, limits)
    column = _number_column(inspection)
    if column is None:
        suppression.fail(token, _no_number_column(inspection))
        return
    with transaction.atomic():
        # Of a worker that died; but a load that was taken over meanwhile has rows of another's.
        suppression.report(token, 0)
        suppression.refused_rows.all().delete()
    source = spreadsheets.rows(path, inspection.reading, limits, column)
    load = _Load(suppression, column)
    for batches in _together(source):
        load.sort(batches)
        with transaction.atomic():
            suppression.report(token, source.progress)
            load.write()
    suppression.finish(token, headings=list(inspection.headings), **load.counts())


def _number_column(inspection: Inspection) -> int | None:
    guess = headings.guess(inspection.headings, [cells for _, cells in inspection.sample])
    only_one = len(inspection.headings) == 1
    return 0 if only_one and guess.number is None and inspection.sample else guess.number


def _no_number_column(inspection: Inspection) -> str:
    sheets = notices.of_sheets(inspection)
    if sheets:
        return (
            f"No column of telephone numbers was found. {sheets} "
            "Upload a file with nothing but the sheet that holds the numbers."
        )
    return (
        "No column of telephone numbers was found. "
        "Name the column with the numbers “Phone” and upload the file again."
    )


def _together(source: RowSource) -> Iterator[list[Batch]]:
    batches = iter(source)
    while some := list(islice(batches, BATCHES_IN_A_TRANSACTION)):
        yield some


class _Load:
    """Sorts a file's rows into numbers and refused ones, and counts them. Holds one block only."""

    def __init__(self, suppression: Suppression, column: int) -> None:
        self._suppression = suppression
        self._check = checker_for(suppression.client).check
        self._column = column
        self._rows = self._blank = self._refused_count = 0
        self._numbers: list[str] = []
        self._refused: list[tuple[int, str, list[str]]] = []

    def sort(self, batches: list[Batch]) -> None:
        self._numbers, self._refused = [], []
        for batch in batches:
            self._rows += len(batch)
            for row_number, cells in batch:
                verdict = self._check(cells[self._column])
                if not isinstance(verdict, Reason):
                    self._numbers.append(verdict)
                elif any(cells):
                    self._refused.append((row_number, verdict.value, cells))
                else:
                    self._blank += 1
        self._refused_count += len(self._refused)

    def write(self) -> None:
        one = self._suppression
        if self._numbers:
            store.add(one.pk, one.scope, self._numbers, one.until)
        store.refuse(one.pk, self._refused)

    def counts(self) -> dict[str, int]:
        """Count what is in force by the file itself; whatever else was a number was there before."""
        found = self._suppression.numbers.count()
        return {
            "row_count": self._rows,
            "number_count": found,
            "already_count": self._rows - self._blank - self._refused_count - found,
            "blank_count": self._blank,
            "refused_count": self._refused_count,
        }
