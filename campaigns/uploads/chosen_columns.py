"""The columns of a file that an import uses."""

from typing import NamedTuple


class Columns(NamedTuple):
    """Columns as indexes from 0. Only a contact list has names or a second column of numbers."""

    number: int
    name: int | None = None
    second: int | None = None
    """The column whose number is used in rows where the first one has none that can be called."""
