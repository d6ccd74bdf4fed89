"""A file's first rows as the table that a person chooses columns by."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from campaigns.contacts.mapping import Proposal
from campaigns.contacts.spreadsheets import Inspection, Row

ROWS = 10
ROWS_ABOVE = 3
COLUMNS = 40


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    role: str
    """"Number", "Name", or "" for any other."""


@dataclass(frozen=True, slots=True)
class Preview:
    columns: Sequence[Column]
    heading_row: int
    """The sheet's row with the headings, 0 for none."""
    above: Sequence[tuple[int, str]]
    """What is written in the rows above the headings."""
    rows: Sequence[Row]
    more_columns: int

    @classmethod
    def of(cls, found: Inspection, proposal: Proposal) -> Self:
        roles = {proposal.name: "Name", proposal.number: "Number"}
        columns = [Column(heading, roles.get(i, "")) for i, heading in enumerate(found.headings)]
        return cls(
            columns[:COLUMNS],
            found.reading.header_row,
            [
                (number, " ".join(filter(None, cells)))
                for number, cells in found.above[-ROWS_ABOVE:]
            ],
            _cut(found.sample[:ROWS]),
            max(0, len(columns) - COLUMNS),
        )


def _cut(rows: Sequence[Row]) -> list[Row]:
    return [(number, cells[:COLUMNS]) for number, cells in rows]
