"""The rows of the two downloads of suppression; `export.csv_lines` makes them safe to open."""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.utils import timezone

from campaigns.contacts.numbers import SENTENCES, Reason
from campaigns.contacts.suppression.models import (
    SuppressedNumber,
    Suppression,
    SuppressionRefusedRow,
)

_CHUNK = 2000


def suppressed_numbers(entries: QuerySet[SuppressedNumber]) -> Iterator[list[str]]:
    yield ["Number", "Client", "Why", "Until", "Added by", "Added (UK time)"]
    rows = entries.order_by("pk").values_list(
        "number",
        "suppression__client__name",
        "suppression__reason",
        "until",
        "suppression__added_by__username",
        "suppression__added_at",
    )
    for number, client, reason, until, by, at in rows.iterator(_CHUNK):
        day = until.isoformat() if until else ""
        yield [
            number,
            client or "All clients",
            reason,
            day,
            by,
            f"{timezone.localtime(at):%Y-%m-%d %H:%M}",
        ]


def refused_rows(suppression: Suppression) -> Iterator[list[str]]:
    """Yield the refused rows under the file's own headings, with row number and reason."""
    width = len(suppression.headings)
    yield ["Row", "Reason", *suppression.headings]
    for row in suppression.refused_rows.order_by("row_number").iterator(_CHUNK):
        cells = [str(cell) for cell in row.cells]
        yield [str(row.row_number), _sentence(row), *cells, *[""] * (width - len(cells))]


def with_sentences(
    rows: Iterable[SuppressionRefusedRow],
) -> list[tuple[SuppressionRefusedRow, str]]:
    return [(row, _sentence(row)) for row in rows]


def _sentence(row: SuppressionRefusedRow) -> str:
    return SENTENCES[Reason(row.reason)]
