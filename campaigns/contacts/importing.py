"""Read an uploaded file into contacts and refused rows, once, so that every row is accounted for.

Rows are committed as they are read, in short transactions, so that other writers get their turn. The
list becomes ready in the last one. A worker that dies leaves a list that another starts again from the
file: what had been written is deleted first.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models.fields.files import FieldFile

from campaigns.contacts import headings, spreadsheets, suppression
from campaigns.contacts.models import ContactList, ImportLost
from campaigns.contacts.numbers import NumberChecker
from campaigns.contacts.rows import RowSorter, Sorted
from campaigns.contacts.spreadsheets import FileProblem, Inspection, Limits
from campaigns.contacts.store import clear, write

log = structlog.get_logger(__name__)

# Some 10,000 rows: the other writers of an embedded database wait a tenth of a second at most.
BATCHES_IN_A_TRANSACTION = 20


def run(contact_list: ContactList) -> None:
    """Import the list, unless another worker has it. A file-level problem is said on the list."""
    token = contact_list.claim_import()
    if not token:
        return
    try:
        with on_disk(contact_list.file) as path:
            _read(contact_list, token, path)
    except FileProblem as problem:
        contact_list.fail(token, problem.sentence)
    except ImportLost:
        log.warning("another worker took the import over", contact_list=contact_list.pk)


def _read(contact_list: ContactList, token: str, path: Path) -> None:
    limits = Limits(bytes=settings.UPLOAD_MAX_BYTES, rows=settings.UPLOAD_MAX_ROWS)
    inspection = spreadsheets.inspect(path, limits)
    columns = headings.guess(inspection.headings, [cells for _, cells in inspection.sample])
    if columns.number is None:
        contact_list.fail(token, _no_number_column(inspection))
        return
    clear(contact_list)
    checker = NumberChecker(allow_fictional=not contact_list.client.partner_account.is_live)
    sorter = RowSorter(checker, columns.number, columns.name)
    must_not_be_called = suppression.matcher(contact_list.client)
    withheld = 0
    source = spreadsheets.rows(path, inspection.reading, limits)
    held: list[Sorted] = []
    for batch in source:
        found = sorter.sort(batch)
        numbers = [number for _, number, _, _ in found.contacts]
        withheld += found.withhold(must_not_be_called.among(numbers))
        held.append(found)
        if len(held) == BATCHES_IN_A_TRANSACTION:
            _commit(contact_list, token, held, source.progress)
            held = []
    _commit(contact_list, token, held, 1.0)
    contact_list.finish(
        token,
        headings=list(inspection.headings),
        number_column=columns.number,
        name_column=columns.name,
        **sorter.counts(withheld),
    )


def _commit(contact_list: ContactList, token: str, held: list[Sorted], fraction: float) -> None:
    with transaction.atomic():
        contact_list.report(token, fraction)
        for found in held:
            write(contact_list, found)


def _no_number_column(inspection: Inspection) -> str:
    found = ", ".join(f"“{heading[:40]}”" for heading in inspection.headings[:8])
    return (
        f"No column of telephone numbers was found. The columns are {found}. "
        "Name the column with the numbers “Phone” and upload the file again."
    )


@contextmanager
def on_disk(file: FieldFile) -> Iterator[Path]:
    """Give the stored file a path, copying it from storage that is not a disk."""
    try:
        local = file.path
    except NotImplementedError:
        with tempfile.NamedTemporaryFile() as copy, file.open("rb") as stored:
            shutil.copyfileobj(stored, copy)
            copy.flush()
            yield Path(copy.name)
    else:
        yield Path(local)
