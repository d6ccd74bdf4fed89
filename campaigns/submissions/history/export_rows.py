"""The rows of the export of submissions. They name no telephone number."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from campaigns.submissions.models import Submission

Cell = str | int | datetime | None

# With a time in the heading, so that a spreadsheet can sort and filter the cells as times.
HEADINGS = (
    "Reference",
    "Campaign name",
    "Client",
    "State",
    "People",
    "Accepted",
    "Campaign IDs",
    "Starts at (UK time)",
    "Submitted at (UK time)",
    "Submitted by",
    "Decided by",
    "Kind",
)
_CHUNK = 500


def rows(submissions: QuerySet[Submission]) -> Iterator[Sequence[Cell]]:
    """Yield a row for each submission, a few hundred being in memory at a time.

    `submissions` are those of `queries.listed`. Times are those of clocks in the UK, without a zone.
    """
    for submission in submissions.select_related("decided_by").iterator(_CHUNK):
        yield (
            submission.reference,
            submission.name,
            submission.client.name,
            submission.get_state_display(),
            submission.number_count,  # type: ignore[attr-defined]
            submission.accepted_numbers(),
            ", ".join(map(str, submission.campaign_ids)),
            _in_the_uk(submission.starts_at),
            _in_the_uk(submission.submitted_at),
            _name(submission.submitted_by),
            _name(submission.decided_by),
            "Test call" if submission.is_test_call else "Campaign",
        )


def text_rows(submissions: QuerySet[Submission]) -> Iterator[Sequence[Cell]]:
    """Yield the headings and the rows as CSV has them: each time as "2026-11-28 21:49"."""
    yield HEADINGS
    for row in rows(submissions):
        yield [f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else cell for cell in row]


def _in_the_uk(at: datetime) -> datetime:
    return timezone.localtime(at).replace(tzinfo=None)


def _name(person: User | None) -> str:
    return (person.get_full_name() or person.get_username()) if person else ""
