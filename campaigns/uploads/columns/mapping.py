"""The reading of a file and the meaning of its columns, as guessed or as a person has chosen."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import structlog
from django.conf import settings

from campaigns.uploads import headings, spreadsheets
from campaigns.uploads.chosen_columns import Columns
from campaigns.uploads.columns.reordered_rows import Aligned
from campaigns.uploads.runs import notices
from campaigns.uploads.runs.import_run import UNEXPECTED, ImportRun
from campaigns.uploads.runs.notices import Stored
from campaigns.uploads.runs.problem_tiers import ColumnProblem
from campaigns.uploads.runs.stored_file import on_disk
from campaigns.uploads.spreadsheets import (
    FileProblem,
    Inspection,
    Limits,
    Notice,
    Reading,
    Row,
    RowSource,
    Sheet,
)

log = structlog.get_logger(__name__)

Corrections = Mapping[str, Any]
"""Keyword arguments of `spreadsheets.inspect`."""

_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Look:
    """The inspection of a file, and the names of its columns before any correction."""

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
    """The columns proposed to a person. `problem` says why no number column is proposed."""

    number: int | None
    name: int | None
    is_remembered: bool = False
    problem: str = ""
    is_fixed: bool = False
    """Whether nobody may choose other columns, because the list that is added to determines them."""
    second: int | None = None
    """The second column of numbers."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that an import needs to know about the file.

    `order` has, for each heading, the index of its column in the file. It is None if the columns of the file
    are already in the order of the headings.
    """

    reading: Reading
    headings: Sequence[str]
    number: int
    name: int | None
    notices: Sequence[Stored] = ()
    order: list[int] | None = None
    second: int | None = None
    """The second column of numbers."""

    def rows(self, path: Path) -> RowSource:
        number, second = self._in_file(self.number), self._in_file(self.second)
        source = spreadsheets.rows(path, self.reading, limits(), number, second)
        if self.order is None:
            return source
        return Aligned(source, self.order, self.reading.columns)

    def _in_file(self, column: int | None) -> int | None:
        return column if self.order is None or column is None else self.order[column]


def limits() -> Limits:
    return Limits(bytes=settings.UPLOAD_MAX_BYTES, rows=settings.UPLOAD_MAX_ROWS)


def look_once(run: ImportRun, see: Callable[[Path, Corrections], Look]) -> Look | None:
    """Inspect the file with `see`, using its corrections, and store what it saw for the person.

    Return None for a file that can't be read; it is refused with the reason. An unexpected exception is
    logged and the file is refused as well, because a retry would meet the same exception.
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


def guessed(
    found: Inspection,
    wanted: str = "the one to call. You can use another where it has no number",
) -> Proposal:
    """Return the columns that the headings and the first rows suggest.

    `wanted` completes the request "Choose ..." that a person sees if several columns may hold the numbers.
    """
    guess = headings.guess(found.headings, [cells for _, cells in found.sample])
    if guess.number is None:
        return Proposal(None, guess.name, problem=_no_number_column(found))
    if len(guess.candidates) > 1:
        several = [found.headings[index] for index in guess.candidates]
        return Proposal(None, guess.name, problem=_several_number_columns(several, wanted))
    return Proposal(guess.number, guess.name)


def chosen_plan(run: ImportRun) -> Plan | None:
    """Return how the file is read as a person has chosen, or None if nobody has chosen yet."""
    if run.number_column is None or not run.reading:
        return None
    reading = Reading.from_json(run.reading)
    columns = Columns(run.number_column, run.name_column, run.second_number_column)
    return _plan(reading, run.headings, columns, run.notices)


def offered_plan(found: Inspection, offered: Proposal) -> Plan:
    """Return how the file is read if nobody is asked: as proposed. Raises ColumnProblem."""
    if offered.number is None:
        raise ColumnProblem(offered.problem)
    columns = Columns(offered.number, offered.name, offered.second)
    return _plan(found.reading, found.headings, columns, notices.found(found))


def _plan(reading: Reading, found: Sequence[str], columns: Columns, kept: Sequence[Stored]) -> Plan:
    return Plan(reading, found, columns.number, columns.name, kept, second=columns.second)


def _no_number_column(found: Inspection) -> str:
    columns, sheets = named(found.headings), notices.of_sheets(found)
    if sheets:
        return (
            f"No column of telephone numbers was found. {sheets} Choose the sheet with the numbers. "
            f"If it is this sheet, with the columns {columns}, choose the column or check which row "
            "has the headings."
        )
    return (
        f"No column of telephone numbers was found. The columns are {columns}. "
        "Choose the one with the numbers, or check which row has the headings."
    )


def _several_number_columns(candidates: Sequence[str], wanted: str) -> str:
    return (
        f"More than one column may hold the telephone numbers: {named(candidates)}. "
        f"Choose {wanted}."
    )


def named(found: Sequence[str]) -> str:
    """Return the headings in quotation marks. Of many headings only the first few are named."""
    names = ", ".join(f"“{heading[:30]}”" for heading in found[:_MOST_NAMED])
    return names + (" and others" if len(found) > _MOST_NAMED else "")
