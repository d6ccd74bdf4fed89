"""The sorting of rows into contacts and refused rows. Independent of Django."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import chain

from campaigns.contacts.importing import second_numbers
from campaigns.uploads.numbers.checker import NumberChecker, Reason
from campaigns.uploads.numbers.placeholder_numbers import PLACEHOLDERS
from campaigns.uploads.spreadsheets import is_blank, is_too_long

NAME_MAX_LENGTH = 200

Row = tuple[int, list[str]]

_NUMBERS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not a contact. A duplicate has its E.164 number and its name.

    `first_row` is the row in which a duplicate's number comes first. It is None if the contact with this
    number has to be looked up for it, and 0 if the number is in no row of this file.
    """

    row_number: int
    reason: Reason
    cells: list[str]
    number: str = ""
    name: str = ""
    first_row: int | None = None
    from_second: bool = False
    """Whether its number, or the reason against it, is from the second column of numbers."""


@dataclass(slots=True)
class Sorted:
    """A sorted batch. A contact is its row number, E.164 number, name and cells."""

    contacts: list[tuple[int, str, str, list[str]]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    from_second: set[str] = field(default_factory=set)
    """The numbers of the contacts that have them from the second column."""


def together(batches: Iterable[Sorted]) -> Sorted:
    """Return several batches as one."""
    found = Sorted()
    for batch in batches:
        found.contacts += batch.contacts
        found.refused += batch.refused
        found.from_second |= batch.from_second
    return found


class RowSorter:
    """The sorter of one file's batches, which remembers the numbers it has seen.

    It takes about 70 bytes of memory for each contact, for the numbers alone.
    """

    def __init__(
        self,
        checker: NumberChecker,
        number_column: int,
        name_column: int | None,
        suppressed: Callable[[Iterable[str]], set[str]] = lambda _: set(),
        *,
        columns: int,
        second_column: int | None = None,
    ) -> None:
        """Make the sorter.

        `suppressed` returns which of some numbers must not be called; it is called once for a batch. A row
        that fills more cells than there are `columns` is refused. The `second_column` has the numbers of
        rows without one in the first.
        """
        self._check_all = checker.check_all
        self._suppressed = suppressed
        self._number_column = number_column
        self._name_column = name_column
        self._second_column = second_column
        self._columns = columns
        self._called: set[int] = set()
        self._carried: set[int] = set()
        self._withheld: dict[int, int] = {}
        self._rows = self._blank = self._refused = self._from_second = 0

    def carry_over(self, carried: Sorted) -> Sorted:
        """Sort contacts of an earlier list, which are in no row of this file."""
        found = Sorted()
        withheld = self._suppressed(number for _, number, _, _ in carried.contacts)
        for contact in carried.contacts:
            row_number, number, _, cells = contact
            if number in withheld:
                self._withheld[int(number)] = 0
                is_second = number in carried.from_second
                refused = Refused(row_number, Reason.SUPPRESSED, cells, from_second=is_second)
                found.refused.append(refused)
            else:
                self._carried.add(int(number))
                found.contacts.append(contact)
        found.from_second = carried.from_second - withheld
        self._from_second += len(found.from_second)
        self._rows += len(carried.contacts)
        return found

    def sort(self, batch: list[Row]) -> Sorted:
        """Sort the next batch. The loop runs for each row, so all that can be done once is done before it."""
        found = Sorted()
        self._rows += len(batch)
        if max([len(cells) for _, cells in batch], default=0) > self._columns:
            batch = self._without_long_rows(found, batch)
        add, called, name_column = found.contacts.append, self._called, self._name_column
        carried, kept_apart, column = self._carried, self._withheld, self._number_column
        verdicts = self._check_all([cells[column] for _, cells in batch])
        second = (
            second_numbers.take(
                batch, verdicts, self._second_column, self._check_all, self._suppressed
            )
            if self._second_column is not None
            else None
        )
        withheld = self._suppressed(x for x in verdicts if not isinstance(x, Reason))
        for (row_number, cells), number in zip(batch, verdicts, strict=True):
            if isinstance(number, Reason):
                self._refuse(found, row_number, number, cells)
                continue
            key = int(number)
            if key in called or key in carried or key in kept_apart:
                found.refused.append(self._duplicate(row_number, cells, number))
            elif number in withheld:
                kept_apart[key] = row_number
                found.refused.append(Refused(row_number, Reason.SUPPRESSED, cells))
            else:
                called.add(key)
                name = "" if name_column is None else cells[name_column].strip()[:NAME_MAX_LENGTH]
                add((row_number, number, name, cells))
        if second:
            self._mark(found, second)
        return found

    def _mark(self, found: Sorted, rows: set[int]) -> None:
        """Note which contacts and refused rows have their number, or reason, from the second column."""
        found.from_second = {number for row, number, _, _ in found.contacts if row in rows}
        found.refused = [
            replace(one, from_second=True) if one.row_number in rows else one
            for one in found.refused
        ]
        self._from_second += len(found.from_second)

    def _without_long_rows(self, found: Sorted, batch: list[Row]) -> list[Row]:
        """Refuse the rows that have too many cells, whatever they hold, and return the other rows."""
        others: list[Row] = []
        for row_number, cells in batch:
            if is_too_long(cells, self._columns):
                self._refuse(found, row_number, Reason.TOO_MANY_CELLS, cells)
            else:
                others.append((row_number, cells))
        return others

    def _duplicate(self, row_number: int, cells: list[str], number: str) -> Refused:
        self._refused += 1
        key = int(number)
        first_row = 0 if key in self._carried else self._withheld.get(key)
        name = "" if self._name_column is None else cells[self._name_column]
        return Refused(row_number, Reason.DUPLICATE, cells, number, name, first_row)

    def _refuse(self, found: Sorted, row_number: int, reason: Reason, cells: list[str]) -> None:
        """Keep a row without a callable number as refused. A blank row is only counted."""
        if not is_blank(cells):
            self._refused += 1
            found.refused.append(Refused(row_number, reason, cells))
        else:
            self._blank += 1

    @property
    def placeholders(self) -> list[str]:
        """Return the contacts' numbers that look made up, as E.164."""
        return [
            f"+{number}"
            for number in sorted(PLACEHOLDERS & self._called | PLACEHOLDERS & self._carried)
        ]

    @property
    def row_count(self) -> int:
        return self._rows

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each kind."""
        return {
            "row_count": self._rows,
            "contact_count": len(self._called) + len(self._carried),
            "suppressed_count": len(self._withheld),
            "blank_count": self._blank,
            "refused_count": self._refused,
            "second_number_count": self._from_second,
        }

    def numbers_hash(self) -> str:
        """Return the SHA-256 of the contacts' sorted numbers, in hex, or "" if there are no contacts."""
        numbers = sorted(chain(self._called, self._carried))
        digest = hashlib.sha256()
        for start in range(0, len(numbers), _NUMBERS_AT_ONCE):
            some = numbers[start : start + _NUMBERS_AT_ONCE]
            digest.update("\n".join(map(str, some)).encode() + b"\n")
        return digest.hexdigest() if numbers else ""
