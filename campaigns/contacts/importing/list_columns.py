"""The reading of a contact list's file: guessed, remembered for the client, or chosen by a person."""

from contextlib import suppress
from functools import partial
from pathlib import Path

from django.contrib.auth.models import User
from django.db import transaction

from campaigns.contacts.importing import versions
from campaigns.contacts.models import ContactList
from campaigns.uploads import spreadsheets
from campaigns.uploads.chosen_columns import Columns
from campaigns.uploads.columns import remembered_mapping
from campaigns.uploads.columns.heading_match import HeadingMatch
from campaigns.uploads.columns.mapping import (
    Corrections,
    Look,
    Plan,
    Proposal,
    chosen_plan,
    guessed,
    limits,
    look_once,
    named,
    offered_plan,
)
from campaigns.uploads.columns.remembered_mapping import RememberedMapping
from campaigns.uploads.runs import notices
from campaigns.uploads.runs.problem_tiers import ColumnProblem
from campaigns.uploads.spreadsheets import FileProblem, Inspection

_LIST_IS_GONE = "The list that you are adding to has been deleted. Upload a file with all contacts."
_NOT_OF_THE_LIST = "This file does not have the same columns as the list that you are adding to."


def look(contact_list: ContactList, path: Path, corrections: Corrections) -> Look:
    """Inspect the file with a person's corrections, or else with those remembered. Raises FileProblem."""
    found = spreadsheets.inspect(path, limits(), **corrections)
    if corrections:
        known = contact_list.look["guessed"] if contact_list.look else found.headings
        return Look(found, tuple(known))
    before = RememberedMapping.find(contact_list.client, found.headings)
    if before and before.corrections:
        # The remembered sheet or row may be missing in this file. Then the file is read as guessed.
        with suppress(FileProblem):
            again = spreadsheets.inspect(path, limits(), **before.corrections)
            # All files without headings are remembered under the same key. The correction applies only
            # if the file then shows the headings chosen before. Otherwise the first person of another
            # file would be taken for headings.
            if found.reading.header_row or before.columns(again.headings, again.repeated):
                return Look(again, found.headings)
    return Look(found, found.headings)


def look_now(contact_list: ContactList) -> None:
    """Inspect the file and let a person choose. A file that can't be read is refused with the reason."""
    look_once(contact_list, partial(look, contact_list))


def propose(contact_list: ContactList, seen: Look) -> Proposal:
    """Return the columns of the earlier list for a new version, else those remembered, else those guessed."""
    found = seen.inspection
    if contact_list.based_on:
        return _of_a_version(contact_list.based_on, found)
    before = RememberedMapping.find(contact_list.client, seen.guessed)
    columns = before.columns(found.headings, found.repeated) if before else None
    if columns:
        number, name, second = columns
        return Proposal(number, name, is_remembered=True, second=second)
    return guessed(found)


def _of_a_version(base: ContactList, found: Inspection) -> Proposal:
    fit = versions.fit(base, found)
    order = fit.complete
    if order is None:
        return Proposal(None, None, problem=_misfit(base, fit), is_fixed=True)
    name, second = (
        None if column is None else order[column]
        for column in (base.name_column, base.second_number_column)
    )
    return Proposal(order[base.number_column or 0], name, is_fixed=True, second=second)


def _misfit(base: ContactList, fit: HeadingMatch) -> str:
    """Return a sentence that says why a file can't be added to a list, and what to do."""
    if fit.missing:
        return (
            f"The list “{base.name}” has columns that are missing from this file: {named(fit.missing)}. "
            "Use the list's rejected rows file and don't change its headings."
        )
    return (
        f"More than one column of this file matches {named(fit.unclear)} of the list “{base.name}”. "
        "Use the list's headings exactly, and each of them once."
    )


@transaction.atomic
def choose(contact_list: ContactList, seen: Look, columns: Columns, actor: User) -> bool:
    """Settle the columns and remember them for the client.

    Return False, having changed nothing, if somebody has settled them before.
    """
    found = seen.inspection
    chosen = contact_list.choose(
        found.reading.to_json(), found.headings, columns, notices.found(found)
    )
    if chosen:
        contact_list.record_event("Confirmed the columns.", actor)
    if chosen and not contact_list.based_on_id:
        # The encoding is not remembered: it depends on the program that wrote a file, not on its columns.
        kept = {k: v for k, v in contact_list.corrections.items() if k != "encoding"}
        number, name, second = remembered_mapping.names_of(columns, found.headings, found.repeated)
        RememberedMapping.keep(contact_list.client, seen.guessed, number, name, kept, second=second)
    return chosen


def plan(contact_list: ContactList, path: Path) -> Plan:
    """Return how the file is read: as chosen, or as guessed if nobody was asked.

    Raises FileProblem and ColumnProblem.
    """
    if contact_list.based_on and not contact_list.based_on.is_ready:
        raise ColumnProblem(_LIST_IS_GONE)
    chosen = chosen_plan(contact_list)
    if chosen is None:
        seen = look(contact_list, path, contact_list.corrections)
        chosen = offered_plan(seen.inspection, propose(contact_list, seen))
    return _aligned(contact_list.based_on, chosen) if contact_list.based_on else chosen


def _aligned(base: ContactList, chosen: Plan) -> Plan:
    """Return the plan in the column order of the list that this one adds to. Raises ColumnProblem."""
    order = versions.order(base, chosen.headings)
    if order is None or base.number_column is None:
        raise ColumnProblem(_NOT_OF_THE_LIST)
    return Plan(
        chosen.reading,
        base.headings,
        base.number_column,
        base.name_column,
        chosen.notices,
        order,
        base.second_number_column,
    )
