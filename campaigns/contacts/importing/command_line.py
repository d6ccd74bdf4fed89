"""An import without pages, for the command line: upload, inspect, choose and read in one go."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File

from campaigns.clients.free_text import holds_number
from campaigns.clients.models import Client
from campaigns.contacts.importing import list_columns, pipeline
from campaigns.contacts.models import ContactList
from campaigns.uploads.chosen_columns import Columns
from campaigns.uploads.columns import heading_match
from campaigns.uploads.columns.mapping import Corrections, Look, Proposal
from campaigns.uploads.runs import notices
from campaigns.uploads.runs.leftover_rows import remove_remains
from campaigns.uploads.runs.notices import SHEET, Stored
from campaigns.uploads.runs.problem_tiers import COLUMNS_UNKNOWN
from campaigns.uploads.runs.stored_file import NotStored, on_disk
from campaigns.uploads.spreadsheets import FileProblem
from portal import files

OTHER_NAMES = "same_number_different_names"
SECOND_NUMBERS = "second_column_numbers"
NUMBER_COLUMN = "--number-column"
SECOND_NUMBER_COLUMN = "--second-number-column"


class NotImported(Exception):
    """Nothing was imported. The text is a sentence that says why and what to do."""

    def __init__(self, sentence: str, code: str = "") -> None:
        """Make the exception. `code` is the kind of problem: see `problem_tiers`."""
        super().__init__(sentence)
        self.code = code


def upload(client: Client, name: str, file: File[bytes]) -> ContactList:
    """Store the file as a new list. Raises NotImported.

    The reasons are a file larger than the pages would take, a telephone number in the list's name, and a
    disk that does not take the file.
    """
    if file.size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES
        message = f"The file has {file.size:,} bytes. The limit is {limit:,}. Split it."
        raise NotImported(message)
    if holds_number(name or Path(file.name or "").stem):
        message = "The list’s name contains a telephone number. Give it another with --name."
        raise NotImported(message)
    try:
        return ContactList.upload(None, client, name[:80], file)
    except NotStored:
        raise NotImported(files.NOT_WRITTEN) from None


def import_now(
    contact_list: ContactList,
    corrections: Corrections,
    number_heading: str | None,
    second_heading: str | None = None,
) -> None:
    """Read the file into the list. Raises NotImported if it can't be read or no contacts result.

    `second_heading` names the second column of numbers, and is "" for none.
    A file that can't be read leaves the list failed, with the sentence. KeyboardInterrupt cancels the import
    and leaves nothing behind.
    """
    try:
        _choose(contact_list, corrections, number_heading, second_heading)
        pipeline.run(contact_list)
    except NotImported as problem:
        contact_list.refuse(str(problem), problem.code)
        raise
    except KeyboardInterrupt:
        if contact_list.cancel(None):
            remove_remains(contact_list)
        raise
    contact_list.refresh_from_db()
    if not contact_list.is_ready:
        raise NotImported(contact_list.problem or "The import was cancelled.")
    if not contact_list.contact_count:
        raise NotImported(_nobody(contact_list))


def _nobody(contact_list: ContactList) -> str:
    """Return a sentence that nobody can be called, with the number of rows of each kind."""
    rows = contact_list.row_count
    if not rows:
        return f"List {contact_list.pk} has no contacts: there are no rows below the headings."
    counts = {
        "refused": contact_list.refused_count,
        "suppressed": contact_list.suppressed_count,
        "blank": contact_list.blank_count,
    }
    parts = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
    return f"List {contact_list.pk} has no contacts. Of {rows:,} rows: {parts}."


def _choose(
    contact_list: ContactList,
    corrections: Corrections,
    number_heading: str | None,
    second_heading: str | None,
) -> None:
    """Choose the columns as a person would on the page, but do not remember them. Raises NotImported."""
    try:
        with on_disk(contact_list.file) as path:
            seen = list_columns.look(contact_list, path, corrections)
    except FileProblem as problem:
        raise NotImported(problem.sentence, problem.code) from None
    offered = list_columns.propose(contact_list, seen)
    number = _number_column(seen, offered, number_heading)
    second = _second_column(seen, offered, number, second_heading)
    name = offered.name if offered.name not in {number, second} else None
    found = seen.inspection
    contact_list.choose(
        found.reading.to_json(), found.headings, Columns(number, name, second), notices.found(found)
    )


def _number_column(seen: Look, offered: Proposal, wanted: str | None) -> int:
    if wanted is None and offered.number is None:
        options = "--sheet, --number-column" if seen.inspection.sheets[1:] else "--number-column"
        message = f"{offered.problem} ({options})"
        raise NotImported(message, COLUMNS_UNKNOWN)
    if wanted is None:
        return offered.number or 0
    return _column_called(seen, wanted, NUMBER_COLUMN)


def _second_column(seen: Look, offered: Proposal, number: int, wanted: str | None) -> int | None:
    """Return the second column of numbers. One that is remembered belongs to its own first column."""
    if wanted is None:
        return offered.second if number == offered.number else None
    if not wanted:
        return None
    second = _column_called(seen, wanted, SECOND_NUMBER_COLUMN)
    if second == number:
        message = f"{SECOND_NUMBER_COLUMN} is the first column of numbers already. Name another."
        raise NotImported(message, COLUMNS_UNKNOWN)
    return second


def _column_called(seen: Look, wanted: str, option: str) -> int:
    headings, repeated = seen.inspection.headings, seen.inspection.repeated
    found = heading_match.match([wanted], headings, repeated)
    # In the file named on the command line, "Phone (2)" is the second "Phone", but "Phone" may be either.
    numbered = [index for index in repeated if headings[index] == " ".join(wanted.split())]
    column = numbered[0] if numbered else found.columns[0]
    if column is not None:
        return column
    named = ", ".join(f"“{heading[:30]}”" for heading in headings[:6])
    problem = (
        f"More than one column matches {option}. Write the heading exactly. "
        "If the file repeats it, give each column its own heading."
        if found.unclear
        else f"No column matches {option}."
    )
    message = f"{problem} The columns are {named}."
    raise NotImported(message, COLUMNS_UNKNOWN)


def summary(contact_list: ContactList, seconds: float) -> dict[str, Any]:
    """Return the result of an import, as the command prints it."""
    return {
        "list": contact_list.pk,
        "rows": contact_list.row_count,
        "contacts": contact_list.contact_count,
        "blank": contact_list.blank_count,
        "suppressed": contact_list.suppressed_count,
        "refused": dict(contact_list.refused_by_reason()),
        "warnings": _warnings(contact_list),
        "seconds": seconds,
    }


def _warnings(contact_list: ContactList) -> dict[str, str | int]:
    stored: list[Stored] = contact_list.notices
    found = {str(code): detail for code, detail in stored if code != SHEET}
    if contact_list.other_name_count:
        found[OTHER_NAMES] = contact_list.other_name_count
    if contact_list.second_number_count:
        found[SECOND_NUMBERS] = contact_list.second_number_count
    same = contact_list.same_numbers()
    return found | ({"same_numbers_as_list": same.pk} if same else {})
