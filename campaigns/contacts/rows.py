"""Sort rows into contacts and refused ones. Knows nothing of Django."""

from dataclasses import dataclass, field

from campaigns.contacts.numbers import NumberChecker, Reason

NAME_MAX_LENGTH = 200

Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is no contact. `first_row` is set for a duplicate: where the number stands first."""

    row_number: int
    reason: Reason
    cells: list[str]
    first_row: int | None = None


@dataclass(slots=True)
class Sorted:
    """One batch, sorted. A contact is its row number, E.164 number, name and cells."""

    contacts: list[tuple[int, str, str, list[str]]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def withhold(self, numbers: set[str]) -> int:
        """Keep apart the contacts with these numbers, which must not be called; return how many."""
        if not numbers:
            return 0
        before = len(self.refused)
        called = []
        for contact in self.contacts:
            row_number, number, _, cells = contact
            if number in numbers:
                self.refused.append(Refused(row_number, Reason.SUPPRESSED, cells))
            else:
                called.append(contact)
        self.contacts = called
        return len(self.refused) - before


class RowSorter:
    """Sorts one file's batches, and remembers which numbers it has seen, and where.

    Memory: about 100 bytes for each contact, for the numbers alone.
    """

    def __init__(self, checker: NumberChecker, number_column: int, name_column: int | None) -> None:
        self._check = checker.check
        self._number_column = number_column
        self._name_column = name_column
        self._first_rows: dict[int, int] = {}
        self._rows = self._blank = self._refused = 0

    def sort(self, batch: list[Row]) -> Sorted:
        found = Sorted()
        for row_number, cells in batch:
            self._rows += 1
            if not any(cells):
                self._blank += 1
                continue
            number = self._check(cells[self._number_column])
            if isinstance(number, Reason):
                found.refused.append(Refused(row_number, number, cells))
                continue
            first_row = self._first_rows.setdefault(int(number[1:]), row_number)
            if first_row == row_number:
                found.contacts.append((row_number, number, self._name(cells), cells))
            else:
                found.refused.append(Refused(row_number, Reason.DUPLICATE, cells, first_row))
        self._refused += len(found.refused)
        return found

    def _name(self, cells: list[str]) -> str:
        if self._name_column is None:
            return ""
        return cells[self._name_column].strip()[:NAME_MAX_LENGTH]

    def counts(self, withheld: int) -> dict[str, int]:
        """Return what became of the rows; `withheld` contacts were suppressed."""
        return {
            "row_count": self._rows,
            "contact_count": len(self._first_rows) - withheld,
            "suppressed_count": withheld,
            "blank_count": self._blank,
            "refused_count": self._refused,
        }
