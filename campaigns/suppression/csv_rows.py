"""The rows of the export of suppressed numbers. `csv_lines` makes their cells safe to open."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from campaigns.suppression.models import SuppressedNumber

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
