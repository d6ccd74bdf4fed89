"""The refused rows of a file, as a download under the file's own headings and as counts by reason."""

from collections.abc import Iterator
from itertools import count

from campaigns.uploads.headings import key
from campaigns.uploads.numbers.checker import SENTENCES, Reason
from campaigns.uploads.runs.import_run import ImportRun

DUPLICATES = "This number is also in an earlier row. It is called once."


def rejected_rows(run: ImportRun) -> Iterator[list[str]]:
    """Yield the refused rows under the file's own headings, with row number and reason."""
    width = len(run.headings)
    yield [*own_headings(run, "Row", "Reason"), *run.headings]
    for row in run.refused_rows.order_by("row_number").iterator():
        cells = [str(cell) for cell in row.cells]
        yield [str(row.row_number), row.sentence, *cells, *[""] * (width - len(cells))]


def own_headings(run: ImportRun, *wanted: str) -> list[str]:
    """Return headings for the portal's own columns that no heading of the file can be confused with."""
    taken = {key(heading) for heading in run.headings}
    return [next(name for name in _names(wish) if key(name) not in taken) for wish in wanted]


def _names(wish: str) -> Iterator[str]:
    yield wish
    yield f"{wish} (portal)"
    yield from (f"{wish} (portal {number})" for number in count(2))


def reasons(run: ImportRun) -> list[tuple[str, int]]:
    """Return why rows were refused, as sentences with the number of rows, the most frequent first.

    Suppressed rows are left out, because nothing is wrong with them.
    """
    refused = [one for one in run.refused_by_reason() if one[0] != Reason.SUPPRESSED]
    return [(_of_all(code), rows) for code, rows in refused]


def _of_all(code: str) -> str:
    return DUPLICATES if code == Reason.DUPLICATE else SENTENCES[Reason(code)]
