"""Read an uploaded file into contacts and refused rows, once, so that every row is accounted for.

Rows are committed as they are read, in short transactions, so that other writers get their turn. The
list becomes ready in the last one. A worker that dies leaves a list that another starts again from the
file: what had been written is deleted first.
"""

from pathlib import Path

import structlog
from django.db import OperationalError, transaction

from campaigns.contacts import finishing, garbage, mapping, suppression, versions
from campaigns.contacts.behind import OneBehind
from campaigns.contacts.checking import checker_for
from campaigns.contacts.mapping import ColumnProblem, Plan
from campaigns.contacts.models import ContactList, ImportLost
from campaigns.contacts.numbers import NumberChecker
from campaigns.contacts.removing import remove_of_dead_worker, remove_remains
from campaigns.contacts.rows import RowSorter, Sorted, together
from campaigns.contacts.runs import UNEXPECTED
from campaigns.contacts.spreadsheets import FileProblem
from campaigns.contacts.store import write
from campaigns.contacts.stored import on_disk

log = structlog.get_logger(__name__)

# Some 10,000 rows: the other writers of an embedded database wait a tenth of a second at most.
BATCHES_IN_A_TRANSACTION = 20


def run(contact_list: ContactList) -> None:
    """Import the list, unless another worker has it. What is wrong with the file is said on it.

    The columns are those that a person has chosen, or else the guessed ones. Raises what nobody
    foresaw, once the list has failed by it: tried again, it would come again.
    """
    token = contact_list.claim_import()
    if not token:
        return
    try:
        with on_disk(contact_list.file) as path, garbage.searched_rarely():
            _read(contact_list, token, path)
    except (FileProblem, ColumnProblem) as problem:
        _fail(contact_list, token, problem.sentence, problem.code)
    except ImportLost:
        log.warning("the import was cancelled or taken over", contact_list=contact_list.pk)
        remove_remains(contact_list)
    except OperationalError:
        # The database was away or busy: the sweeper rings again, three times at most.
        raise
    except Exception:
        _fail(contact_list, token, UNEXPECTED)
        raise


def _fail(contact_list: ContactList, token: str, sentence: str, code: str = "") -> None:
    try:
        contact_list.fail(token, sentence, code)
    except ImportLost:
        log.warning("the import was cancelled or taken over", contact_list=contact_list.pk)
    remove_remains(contact_list)


def _read(contact_list: ContactList, token: str, path: Path) -> None:
    plan = mapping.plan(contact_list, path)
    remove_of_dead_worker(contact_list, token)
    checker = checker_for(contact_list.client)
    must_not_be_called = suppression.matcher(contact_list.client)
    sorter = RowSorter(checker, plan.number, plan.name, must_not_be_called.among)
    carried = _carry_over(contact_list, token, sorter)
    source = plan.rows(path)
    held: list[Sorted] = []
    with OneBehind() as behind:
        for batch in source:
            held.append(sorter.sort(batch))
            if len(held) == BATCHES_IN_A_TRANSACTION:
                behind.call(_commit, contact_list, token, held, source.progress, sorter.row_count)
                held = []
        behind.wait()
    _commit(contact_list, token, held, 1.0, sorter.row_count)
    _finish(contact_list, token, plan, checker, {**sorter.counts(), "carried_count": carried})


def _carry_over(contact_list: ContactList, token: str, sorter: RowSorter) -> int:
    """Take over the contacts of the list that this one is based on, and count them."""
    count = 0
    for found in versions.carried(contact_list.based_on) if contact_list.based_on else ():
        count += len(found.contacts)
        sorter.carry_over(found)
        _commit(contact_list, token, [found], 0.0, sorter.row_count)
    return count


def _commit(
    contact_list: ContactList, token: str, held: list[Sorted], fraction: float, rows: int
) -> None:
    with transaction.atomic():
        contact_list.report(token, fraction, rows)
        write(contact_list, together(held))


def _finish(
    contact_list: ContactList,
    token: str,
    plan: Plan,
    checker: NumberChecker,
    counts: dict[str, int],
) -> None:
    contact_list.number_column, contact_list.name_column = plan.number, plan.name

    def report() -> None:
        contact_list.report(token, 1.0, counts["row_count"])

    other_names = finishing.mark_other_names(contact_list, checker, report)
    contact_list.finish(
        token,
        headings=list(plan.headings),
        reading=plan.reading.to_json(),
        number_column=plan.number,
        name_column=plan.name,
        notices=list(plan.notices),
        other_name_count=other_names,
        numbers_hash=finishing.numbers_hash(contact_list),
        **counts,
    )
