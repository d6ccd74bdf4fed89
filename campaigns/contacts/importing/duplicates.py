"""The contacts that duplicate rows repeat."""

from collections.abc import Mapping

from campaigns.contacts.importing.sort_rows import NAME_MAX_LENGTH, Refused


class Known:
    """The contacts that some refused rows repeat: number -> row number and name."""

    def __init__(self, contacts: Mapping[str, tuple[int, str]]) -> None:
        self._contacts = contacts

    def first_row(self, row: Refused) -> int | None:
        """Return the row in which a duplicate's number comes first, or None if the row is not a duplicate."""
        if row.first_row is not None or not row.number:
            return row.first_row
        return self._contacts[row.number][0]

    def is_other(self, row: Refused) -> bool:
        """Return whether a duplicate has another name than the contact. A row without a name has none."""
        name = _key(row.name)
        if not name or row.number not in self._contacts:
            return False
        return name != _key(self._contacts[row.number][1])


def _key(name: str) -> str:
    """Return a name for comparison: without case and spaces, and cut to the length that is stored."""
    return "".join(name.strip()[:NAME_MAX_LENGTH].split()).casefold()
