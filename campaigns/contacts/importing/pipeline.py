"""The import of an uploaded file: read once, every row becomes a contact or a refused row, or is blank.

Rows are committed in short transactions while the file is read, so that other writers get their turn. The
list becomes ready in the last transaction. If a worker dies, another one deletes the rows written so far
and starts again from the file.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from django.db import transaction

from campaigns.contacts.importing import bulk_insert, list_columns, second_numbers, versions
from campaigns.contacts.importing.sort_rows import RowSorter, Sorted, together
from campaigns.contacts.models import ContactList
from campaigns.suppression import matching
from campaigns.uploads.columns.mapping import Plan
from campaigns.uploads.columns.opt_out_columns import OptOuts
from campaigns.uploads.numbers.for_client import checker_for
from campaigns.uploads.runs import notices, one_worker
from campaigns.uploads.runs.leftover_rows import remove_of_dead_worker
from campaigns.uploads.runs.writer_thread import OneBehind
from campaigns.uploads.spreadsheets import Kind

# At most about 10,000 rows, so that other writers of an embedded database wait a tenth of a second at
# most. If the writer is idle fewer rows are written, but enough that a transaction's own cost is small.
MOST_BATCHES_IN_A_TRANSACTION = 20
FEWEST_BATCHES_IN_A_TRANSACTION = 8


def run(contact_list: ContactList) -> None:
    """Import the list, unless another worker has it. A problem with the file is stored on the list.

    The columns are those that a person has chosen, or else the guessed ones. An unexpected exception fails
    the list and is then raised.
    """
    one_worker.carry_out(contact_list, partial(_read, contact_list))


def _read(contact_list: ContactList, token: str, path: Path) -> None:
    plan = list_columns.plan(contact_list, path)
    remove_of_dead_worker(contact_list, token, contact_list.written())
    checker = checker_for(contact_list.client)
    must_not_be_called = matching.matcher(contact_list.client)
    sorter = RowSorter(
        checker,
        plan.number,
        plan.name,
        must_not_be_called.among,
        columns=len(plan.headings),
        second_column=plan.second,
    )
    opt_outs = OptOuts(plan.headings, but=(plan.number, plan.name, plan.second))
    marked = _marked_columns(plan)
    carried = _carry_over(contact_list, token, sorter, opt_outs)
    source = plan.rows(path)
    held: list[Sorted] = []
    with OneBehind(bulk_insert.spare_the_disk) as behind:
        for batch in source:
            held.append(sorter.sort(batch))
            if marked:
                second_numbers.clear_markers((found[3] for found in held[-1].contacts), marked)
            opt_outs.note(contact[3] for contact in held[-1].contacts)
            if _is_time_to_write(len(held), behind):
                behind.call(_commit, contact_list, token, held, source.progress, sorter.row_count)
                held = []
        numbers_hash = sorter.numbers_hash()
        behind.wait()
    _commit(contact_list, token, held, 1.0, sorter.row_count)
    counts = {**sorter.counts(), "carried_count": carried}
    told = [
        *notices.of_rows(source.short_rows),
        *notices.of_contacts(opt_outs.found, _rows_of(contact_list, sorter.placeholders)),
    ]
    plan = replace(plan, notices=[*plan.notices, *told])
    _finish(contact_list, token, plan, numbers_hash, counts)


def _rows_of(contact_list: ContactList, numbers: Sequence[str]) -> list[int]:
    """Return the row numbers of the contacts with these numbers."""
    contacts = contact_list.contacts.filter(number__in=numbers).order_by("row_number")
    return list(contacts.values_list("row_number", flat=True)) if numbers else []


def _marked_columns(plan: Plan) -> tuple[int, ...]:
    """Return the columns in which contacts may have markers of the reader."""
    if plan.second is None or plan.reading.kind == Kind.CSV:
        return ()
    return plan.number, plan.second


def _is_time_to_write(batches: int, behind: OneBehind) -> bool:
    if batches >= MOST_BATCHES_IN_A_TRANSACTION:
        return True
    return batches >= FEWEST_BATCHES_IN_A_TRANSACTION and behind.is_idle


def _carry_over(contact_list: ContactList, token: str, sorter: RowSorter, opt_outs: OptOuts) -> int:
    """Write the contacts of the list that this one is based on, and return their number."""
    count = 0
    for found in versions.carried(contact_list.based_on) if contact_list.based_on else ():
        count += len(found.contacts)
        carried = sorter.carry_over(found)
        opt_outs.note(contact[3] for contact in carried.contacts)
        _commit(contact_list, token, [carried], 0.0, sorter.row_count)
    return count


def _commit(
    contact_list: ContactList, token: str, held: list[Sorted], fraction: float, rows: int
) -> None:
    with transaction.atomic():
        contact_list.report(token, fraction, rows)
        bulk_insert.write(contact_list, together(held))


def _finish(
    contact_list: ContactList,
    token: str,
    plan: Plan,
    numbers_hash: str,
    counts: dict[str, int],
) -> None:
    contact_list.finish(
        token,
        headings=list(plan.headings),
        reading=plan.reading.to_json(),
        number_column=plan.number,
        name_column=plan.name,
        second_number_column=plan.second,
        notices=list(plan.notices),
        other_name_count=contact_list.refused_rows.filter(has_other_name=True).count(),
        numbers_hash=numbers_hash,
        **counts,
    )
