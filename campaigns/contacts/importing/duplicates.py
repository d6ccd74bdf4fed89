"""What a row repeats whose number stands in the list already."""

from collections.abc import Mapping

from campaigns.contacts.importing.sort_rows import NAME_MAX_LENGTH, Refused


class Known:
    """The contacts, by number, that some refused rows repeat: row number and name of each."""

    def __init__(self, contacts: Mapping[str, tuple[int, str]]) -> None:
        self._contacts = contacts

    def first_row(self, row: Refused) -> int | None:
        """Return where a duplicate's number stands first; None for what is no duplicate."""
        if row.first_row is not None or not row.number:
            return row.first_row
        return self._contacts[row.number][0]

    def is_other(self, row: Refused) -> bool:
        """Tell whether a duplicate names somebody else; one without a name names nobody."""
        name = _key(row.name)
        if not name or row.number not in self._contacts:
            return False
        return name != _key(self._contacts[row.number][1])


def _key(name: str) -> str:
    """Return a name as two are compared: without case and spaces, and no longer than it is kept."""
    return "".join(name.strip()[:NAME_MAX_LENGTH].split()).casefold()
