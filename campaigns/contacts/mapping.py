"""How a file is read and which of its columns hold what: guessed, remembered, or chosen by a person."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from campaigns.contacts import headings, notices, remembered, spreadsheets, versions
from campaigns.contacts.heading_match import HeadingMatch
from campaigns.contacts.models import ContactList, RememberedMapping
from campaigns.contacts.notices import Stored
from campaigns.contacts.runs import UNEXPECTED, ImportRun
from campaigns.contacts.spreadsheets import (
    FileProblem,
    Inspection,
    Limits,
    Notice,
    Reading,
    Row,
    RowSource,
    Sheet,
)
from campaigns.contacts.stored import on_disk
from campaigns.contacts.tiers import COLUMNS_UNKNOWN

log = structlog.get_logger(__name__)

Corrections = Mapping[str, Any]
"""Keyword arguments of `spreadsheets.inspect`."""

_MOST_NAMED = 6
_LIST_IS_GONE = (
    "The list that this file is added to has been deleted. Upload a file with everybody."
)
_NOT_OF_THE_LIST = "The columns of this file are not those of the list that it is added to."


class ColumnProblem(Exception):
    """It can't be told which column holds the numbers. `sentence` says so and what to do."""

    code = COLUMNS_UNKNOWN

    def __init__(self, sentence: str) -> None:
        super().__init__("column problem")
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Look:
    """What a file looks like, and what its columns were called before anything was corrected."""

    inspection: Inspection
    guessed: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        found = self.inspection
        return {
            "reading": found.reading.to_json(),
            "headings": found.headings,
            "above": found.above,
            "sample": found.sample,
            "rounded": found.rounded,
            "sheets": [(sheet.name, sheet.hidden) for sheet in found.sheets],
            "hidden_rows": found.hidden_rows,
            "hidden_columns": found.hidden_columns,
            "without_value": found.without_value,
            "without_time": found.without_time,
            "unreadable": found.unreadable,
            "encoding_name": found.encoding_name,
            "notices": found.notices,
            "repeated": found.repeated,
            "unnamed": found.unnamed,
            "guessed": self.guessed,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        inspection = Inspection(
            reading=Reading.from_json(values["reading"]),
            headings=tuple(values["headings"]),
            above=_rows(values["above"]),
            sample=_rows(values["sample"]),
            rounded=_pairs(values["rounded"]),
            sheets=tuple(Sheet(*sheet) for sheet in values["sheets"]),
            hidden_rows=values["hidden_rows"],
            hidden_columns=tuple(values.get("hidden_columns", ())),
            without_value=_pairs(values.get("without_value", ())),
            without_time=_pairs(values.get("without_time", ())),
            unreadable=tuple(values.get("unreadable", ())),
            encoding_name=values["encoding_name"],
            notices=tuple(map(Notice, values["notices"])),
            repeated=tuple(values["repeated"]),
            unnamed=tuple(values["unnamed"]),
        )
        return cls(inspection, tuple(values["guessed"]))


def _pairs(values: Iterable[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((first, second) for first, second in values)


def _rows(values: Sequence[Sequence[Any]]) -> list[Row]:
    return [(number, cells) for number, cells in values]


@dataclass(frozen=True, slots=True)
class Proposal:
    """The columns a person is offered; `problem` says why there is no number column yet."""

    number: int | None
    name: int | None
    is_remembered: bool = False
    problem: str = ""
    is_fixed: bool = False
    """Whether nobody may choose others: they are those of the list that is added to."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that an import needs to know of the file. `order` is a version's: see `versions.order`."""

    reading: Reading
    headings: Sequence[str]
    number: int
    name: int | None
    notices: Sequence[Stored] = ()
    order: list[int] | None = None

    def rows(self, path: Path) -> RowSource:
        in_file = self.number if self.order is None else self.order[self.number]
        source = spreadsheets.rows(path, self.reading, limits(), in_file)
        if self.order is None:
            return source
        return versions.Aligned(source, self.order, self.reading.columns)


def limits() -> Limits:
    return Limits(bytes=settings.UPLOAD_MAX_BYTES, rows=settings.UPLOAD_MAX_ROWS)


def look(contact_list: ContactList, path: Path, corrections: Corrections) -> Look:
    """Look at the file as a person has corrected its reading, or else as was remembered.

    Raises FileProblem.
    """
    found = spreadsheets.inspect(path, limits(), **corrections)
    if corrections:
        known = contact_list.look["guessed"] if contact_list.look else found.headings
        return Look(found, tuple(known))
    before = RememberedMapping.find(contact_list.client, found.headings)
    if before and before.corrections:
        # A sheet or row that this file hasn't is no problem of this file.
        with suppress(FileProblem):
            again = spreadsheets.inspect(path, limits(), **before.corrections)
            # Files without headings are all remembered alike: this is one like the last only if it
            # shows the headings chosen then. Another's first person would be taken for headings.
            if found.reading.header_row or before.columns(again.headings, again.repeated):
                return Look(again, found.headings)
    return Look(found, found.headings)


def look_now(contact_list: ContactList) -> None:
    """Look at the file and let a person choose; a file that can't be read is refused with why."""
    look_once(contact_list, partial(look, contact_list))


def look_once(run: ImportRun, see: Callable[[Path, Corrections], Look]) -> Look | None:
    """Have `see` look at the file as it was corrected, and show a person what it saw.

    Returns None for a file that can't be read: it is refused with why. What nobody foresaw is logged
    and refused too: tried again, it would come again.
    """
    if not run.begin_look():
        return None
    try:
        with on_disk(run.file) as path:
            seen = see(path, run.corrections)
    except FileProblem as problem:
        run.refuse(problem.sentence, problem.code)
    except Exception:
        log.exception("a file could not be looked at", run=run.pk, kind=run._meta.model_name)
        run.refuse(UNEXPECTED)
    else:
        return seen if run.show(seen.to_json(), run.corrections) else None
    return None


def propose(contact_list: ContactList, seen: Look) -> Proposal:
    """Return the columns of an earlier list for a version, else the remembered, else the guessed."""
    found = seen.inspection
    if contact_list.based_on:
        return _of_a_version(contact_list.based_on, found)
    before = RememberedMapping.find(contact_list.client, seen.guessed)
    columns = before.columns(found.headings, found.repeated) if before else None
    if columns:
        return Proposal(*columns, is_remembered=True)
    return guessed(found)


def guessed(found: Inspection, wanted: str = "the one to call") -> Proposal:
    """Return the columns that headings and first rows speak for.

    `wanted` is what a person is asked to choose where several may hold the numbers.
    """
    guess = headings.guess(found.headings, [cells for _, cells in found.sample])
    if guess.number is None:
        return Proposal(None, guess.name, problem=_no_number_column(found))
    if len(guess.candidates) > 1:
        several = [found.headings[index] for index in guess.candidates]
        return Proposal(None, guess.name, problem=_several_number_columns(several, wanted))
    return Proposal(guess.number, guess.name)


def _of_a_version(base: ContactList, found: Inspection) -> Proposal:
    fit = versions.fit(base, found)
    order = fit.complete
    if order is None:
        return Proposal(None, None, problem=_misfit(base, fit), is_fixed=True)
    name = None if base.name_column is None else order[base.name_column]
    return Proposal(order[base.number_column or 0], name, is_fixed=True)


def _misfit(base: ContactList, fit: HeadingMatch) -> str:
    """Say why a file can't be added to a list, and what to do."""
    if fit.missing:
        return (
            f"The list “{base.name}” has columns that this file hasn't: {_named(fit.missing)}. "
            "Use the file of its rejected rows, with the headings as they are."
        )
    return (
        f"More than one column of this file could be {_named(fit.unclear)} of the list “{base.name}”. "
        "Use its headings exactly as they are, and each of them once."
    )


@transaction.atomic
def choose(
    contact_list: ContactList, seen: Look, columns: tuple[int, int | None], actor: User
) -> bool:
    """Settle the columns (number, name) and remember them for the client.

    Returns False, having changed nothing, if somebody has done that before.
    """
    found = seen.inspection
    chosen = contact_list.choose(
        found.reading.to_json(), found.headings, columns, notices.found(found)
    )
    if chosen:
        contact_list.tell("Confirmed the columns.", actor)
    if chosen and not contact_list.based_on_id:
        # How a file is encoded depends on the program that wrote it, not on its columns.
        kept = {k: v for k, v in contact_list.corrections.items() if k != "encoding"}
        called = remembered.names_of(columns, found.headings, found.repeated)
        RememberedMapping.keep(contact_list.client, seen.guessed, *called, kept)
    return chosen


def plan(contact_list: ContactList, path: Path) -> Plan:
    """Return how the file is read: as chosen, or as guessed where nobody was asked.

    Raises FileProblem and ColumnProblem.
    """
    if contact_list.based_on and not contact_list.based_on.is_ready:
        raise ColumnProblem(_LIST_IS_GONE)
    chosen = chosen_plan(contact_list)
    if chosen is None:
        seen = look(contact_list, path, contact_list.corrections)
        chosen = offered_plan(seen.inspection, propose(contact_list, seen))
    return _aligned(contact_list.based_on, chosen) if contact_list.based_on else chosen


def chosen_plan(run: ImportRun) -> Plan | None:
    """Return how a person has said that the file is read, or None while nobody has."""
    if run.number_column is None or not run.reading:
        return None
    reading = Reading.from_json(run.reading)
    return Plan(reading, run.headings, run.number_column, run.name_column, run.notices)


def offered_plan(found: Inspection, offered: Proposal) -> Plan:
    """Return how the file is read where nobody is asked. Raises ColumnProblem."""
    if offered.number is None:
        raise ColumnProblem(offered.problem)
    kept = notices.found(found)
    return Plan(found.reading, found.headings, offered.number, offered.name, kept)


def _aligned(base: ContactList, chosen: Plan) -> Plan:
    """Return the plan in the columns of the list that this one adds to. Raises ColumnProblem."""
    order = versions.order(base, chosen.headings)
    if order is None or base.number_column is None:
        raise ColumnProblem(_NOT_OF_THE_LIST)
    number, name = base.number_column, base.name_column
    return Plan(chosen.reading, base.headings, number, name, chosen.notices, order)


def _no_number_column(found: Inspection) -> str:
    columns, sheets = _named(found.headings), notices.of_sheets(found)
    if sheets:
        return (
            f"No column of telephone numbers was found. {sheets} Choose the sheet with the numbers. "
            f"If it is this one, with the columns {columns}, choose the column, or check which row "
            "holds the headings."
        )
    return (
        f"No column of telephone numbers was found. The columns are {columns}. "
        "Choose the one with the numbers, or check which row holds the headings."
    )


def _several_number_columns(candidates: Sequence[str], wanted: str) -> str:
    return (
        f"More than one column may hold the telephone numbers: {_named(candidates)}. "
        f"Choose {wanted}."
    )


def _named(found: Sequence[str]) -> str:
    names = ", ".join(f"“{heading[:30]}”" for heading in found[:_MOST_NAMED])
    return names + (" and others" if len(found) > _MOST_NAMED else "")
