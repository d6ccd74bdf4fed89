"""Sort rows into contacts and refused ones. Knows nothing of Django."""

from collections.abc import Callable, Iterable
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


def together(batches: Iterable[Sorted]) -> Sorted:
    """Return several batches as one."""
    found = Sorted()
    for batch in batches:
        found.contacts += batch.contacts
        found.refused += batch.refused
    return found


class RowSorter:
    """Sorts one file's batches, and remembers which numbers it has seen, and where.

    Memory: about 100 bytes for each contact, for the numbers alone.
    """

    def __init__(
        self,
        checker: NumberChecker,
        number_column: int,
        name_column: int | None,
        suppressed: Callable[[list[str]], set[str]] = lambda _: set(),
    ) -> None:
        """`suppressed` returns which of some numbers must not be called; asked once for a batch."""
        self._check = checker.check
        self._suppressed = suppressed
        self._number_column = number_column
        self._name_column = name_column
        self._first_rows: dict[int, int] = {}
        self._rows = self._blank = self._refused = self._withheld = 0

    def carry_over(self, carried: Sorted) -> None:
        """Count contacts of an earlier list as seen, in no row of this file: in row 0."""
        self._rows += len(carried.contacts)
        self._first_rows.update((int(number[1:]), 0) for _, number, _, _ in carried.contacts)
        self._withhold(carried)

    def sort(self, batch: list[Row]) -> Sorted:
        """Sort the next batch. Runs once for each row: what can be done once is done outside."""
        found = Sorted()
        add, check, number_column = found.contacts.append, self._check, self._number_column
        name_column, first_row_of = self._name_column, self._first_rows.setdefault
        for row_number, cells in batch:
            number = check(cells[number_column])
            if isinstance(number, Reason):
                self._refuse(found, row_number, number, cells)
                continue
            first_row = first_row_of(int(number), row_number)
            if first_row == row_number:
                name = "" if name_column is None else cells[name_column].strip()[:NAME_MAX_LENGTH]
                add((row_number, number, name, cells))
            else:
                found.refused.append(Refused(row_number, Reason.DUPLICATE, cells, first_row))
        self._rows += len(batch)
        self._refused += len(found.refused)
        self._withhold(found)
        return found

    def _withhold(self, found: Sorted) -> None:
        numbers = [number for _, number, _, _ in found.contacts]
        self._withheld += found.withhold(self._suppressed(numbers))

    def _refuse(self, found: Sorted, row_number: int, reason: Reason, cells: list[str]) -> None:
        """Keep a row without a number that may be called, unless there is nothing in it."""
        if any(cells):
            found.refused.append(Refused(row_number, reason, cells))
        else:
            self._blank += 1

    @property
    def row_count(self) -> int:
        return self._rows

    def counts(self) -> dict[str, int]:
        """Return what became of the rows."""
        return {
            "row_count": self._rows,
            "contact_count": len(self._first_rows) - self._withheld,
            "suppressed_count": self._withheld,
            "blank_count": self._blank,
            "refused_count": self._refused,
        }
