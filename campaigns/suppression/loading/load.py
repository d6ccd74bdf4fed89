"""The loading of a file of numbers to suppress: plain one-column files as well as any spreadsheet.

Loading a file twice is harmless, because each suppression holds a number once. So if a worker dies,
another one reads the file from its beginning, and the numbers written so far stay suppressed meanwhile.
"""

from functools import partial
from pathlib import Path

from django.db import transaction

from campaigns.batches import in_batches
from campaigns.suppression.loading import columns
from campaigns.suppression.models import Suppression, bulk_statements
from campaigns.uploads import spreadsheets
from campaigns.uploads.numbers.checker import Reason
from campaigns.uploads.numbers.for_client import checker_for
from campaigns.uploads.runs import notices, one_worker
from campaigns.uploads.runs.leftover_rows import remove_of_dead_worker
from campaigns.uploads.spreadsheets import (
    Batch,
    FileProblem,
    ProblemCode,
    is_blank,
    is_too_long,
)

# About 40,000 numbers in one statement. Unsorted numbers touch most pages of the index each time, so
# larger blocks write fewer pages in all. Other writers wait half a second at most.
BATCHES_IN_A_TRANSACTION = 80


def run(suppression: Suppression) -> None:
    """Load the file, unless another worker has it. A problem with the file is stored for its page.

    The column is the one that a person has chosen, or else the guessed one. An unexpected exception fails
    the load and is then raised.
    """
    one_worker.carry_out(suppression, partial(_read, suppression))


def _read(suppression: Suppression, token: str, path: Path) -> None:
    plan = columns.plan(suppression, path)
    remove_of_dead_worker(suppression, token, [suppression.refused_rows.order_by()])
    source = spreadsheets.rows(path, plan.reading, columns.limits(), plan.number)
    load = _Load(suppression, plan.number, columns=len(plan.headings))
    for batches in in_batches(source, BATCHES_IN_A_TRANSACTION):
        load.sort(batches)
        with transaction.atomic():
            suppression.report(token, source.progress, load.row_count)
            load.write()
    suppression.finish(
        token,
        headings=list(plan.headings),
        reading=plan.reading.to_json(),
        number_column=plan.number,
        notices=[*plan.notices, *notices.of_rows(source.short_rows, load.long_rows)],
        **load.counts(),
    )


class _Load:
    """The sorter and counter of a file's rows: numbers and refused rows. It holds one block only."""

    def __init__(self, suppression: Suppression, column: int, *, columns: int) -> None:
        self._suppression = suppression
        self._check = checker_for(suppression.client).check
        self._column = column
        self._columns = columns
        # Rows with a number and too many cells. The number is suppressed all the same: suppressing one
        # too many does less harm than missing one.
        self.long_rows = 0
        self.row_count = self._blank = self._refused_count = 0
        self._numbers: list[str] = []
        self._refused: list[tuple[int, str, list[str]]] = []

    def sort(self, batches: list[Batch]) -> None:
        self._numbers, self._refused = [], []
        for batch in batches:
            self.row_count += len(batch)
            for row_number, cells in batch:
                verdict = self._check(cells[self._column])
                is_long = is_too_long(cells, self._columns)
                if not isinstance(verdict, Reason):
                    if is_long:
                        self._refuse_other_numbers(row_number, cells)
                    self._numbers.append(verdict)
                    self.long_rows += is_long
                elif is_long:
                    self._refused.append((row_number, Reason.TOO_MANY_CELLS.value, cells))
                elif not is_blank(cells):
                    self._refused.append((row_number, verdict.value, cells))
                else:
                    self._blank += 1
        self._refused_count += len(self._refused)

    def _refuse_other_numbers(self, row: int, cells: list[str]) -> None:
        """Raise FileProblem if a cell without a heading holds a number, which would not be suppressed."""
        surplus = map(self._check, cells[self._columns :])
        if not all(isinstance(verdict, Reason) for verdict in surplus):
            raise FileProblem(ProblemCode.SEVERAL_NUMBERS, row=row)

    def write(self) -> None:
        one = self._suppression
        if self._numbers:
            bulk_statements.add(one.pk, one.scope, self._numbers, one.until)
        bulk_statements.refuse(one.pk, self._refused)

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each kind.

        The numbers written are counted in the database. All other rows with a number repeat one of these.
        """
        found = self._suppression.numbers.count()
        return {
            "row_count": self.row_count,
            "number_count": found,
            "already_count": self.row_count - self._blank - self._refused_count - found,
            "blank_count": self._blank,
            "refused_count": self._refused_count,
        }
