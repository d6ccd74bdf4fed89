"""The reading of a file of numbers to suppress: guessed if the file is plain, else chosen by a person."""

from functools import partial
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from campaigns.suppression.models import Suppression
from campaigns.uploads import spreadsheets
from campaigns.uploads.chosen_columns import Columns
from campaigns.uploads.columns import mapping
from campaigns.uploads.columns.mapping import Corrections, Look, Plan, Proposal
from campaigns.uploads.runs import notices
from campaigns.uploads.spreadsheets import Limits, Notice


def limits() -> Limits:
    return Limits(bytes=settings.UPLOAD_MAX_BYTES, rows=settings.SUPPRESSION_MAX_ROWS)


def look(_suppression: Suppression, path: Path, corrections: Corrections) -> Look:
    """Inspect the file with a person's corrections. Raises FileProblem."""
    found = spreadsheets.inspect(path, limits(), **corrections)
    return Look(found, found.headings)


def look_now(suppression: Suppression) -> None:
    """Inspect the file and let a person choose, or settle the column if there is nothing to choose."""
    seen = mapping.look_once(suppression, partial(look, suppression))
    if seen and not suppression.corrections and _is_one_column(seen):
        number = propose(suppression, seen).number
        if number is not None:
            choose(suppression, seen, Columns(number))


def propose(_suppression: Suppression, seen: Look) -> Proposal:
    offered = mapping.guessed(seen.inspection, "the one with the numbers to suppress")
    return Proposal(offered.number, None, problem=offered.problem)


def _is_one_column(seen: Look) -> bool:
    """Return whether the file has one sheet with a single column, as do-not-call registers have."""
    found = seen.inspection
    return len(found.headings) == 1 and Notice.OTHER_SHEETS not in found.notices


@transaction.atomic
def choose(
    suppression: Suppression,
    seen: Look,
    columns: Columns,
    actor: User | None = None,
) -> bool:
    """Settle the column with the numbers. Return False if somebody has settled it before."""
    found = seen.inspection
    kept = notices.found(found)
    chosen = suppression.choose(found.reading.to_json(), found.headings, columns, kept)
    if chosen and actor:
        suppression.record_event("Confirmed the columns.", actor)
    return chosen


def plan(suppression: Suppression, path: Path) -> Plan:
    """Return how the file is read: as chosen, or as guessed if nobody was asked.

    Raises FileProblem and ColumnProblem.
    """
    chosen = mapping.chosen_plan(suppression)
    if chosen:
        return chosen
    seen = look(suppression, path, suppression.corrections)
    return mapping.offered_plan(seen.inspection, propose(suppression, seen))
