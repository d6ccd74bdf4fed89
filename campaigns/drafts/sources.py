"""Where in a contact list a parameter's text is: the same for preview, pre-flight and freeze."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campaigns.contacts.models import ContactList
from campaigns.drafts.content import Source
from campaigns.drafts.models import ParameterSource

Sources = Mapping[int, Source]


def is_column(source: Source) -> bool:
    return source.kind == ParameterSource.Kind.COLUMN


@dataclass(frozen=True, slots=True)
class Place:
    """One of a list's columns, with what is said where it is empty ("": nothing).

    Without a column, the text that everybody hears.
    """

    column: int | None
    text: str = ""

    def said(self, values: Sequence[str]) -> str:
        """Return what a contact with these values hears."""
        if self.column is None or self.falls_back(values):
            return self.text
        return values[self.column]

    def falls_back(self, values: Sequence[str]) -> bool:
        """Say whether a contact with these values hears the fallback, since the cell is empty or blank."""
        return bool(self.column is not None and self.text and not values[self.column].strip())


def places(contact_list: ContactList, sources: Sources) -> dict[int, Place]:
    """Return where each parameter's text is, in ascending order, but for columns that the list lacks."""
    found: dict[int, Place] = {}
    for number, source in sorted(sources.items()):
        if not is_column(source):
            found[number] = Place(None, source.value)
        elif source.value in contact_list.headings:
            found[number] = Place(contact_list.headings.index(source.value), source.fallback)
    return found
