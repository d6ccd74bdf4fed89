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
    """One of a list's columns, or without one the text that everybody hears."""

    column: int | None
    text: str = ""

    def said(self, values: Sequence[str]) -> str:
        """Return what a contact with these values hears."""
        return self.text if self.column is None else values[self.column]


def places(contact_list: ContactList, sources: Sources) -> dict[int, Place]:
    """Return where each parameter's text is, in ascending order, but for columns that the list lacks."""
    found: dict[int, Place] = {}
    for number, source in sorted(sources.items()):
        if not is_column(source):
            found[number] = Place(None, source.value)
        elif source.value in contact_list.headings:
            found[number] = Place(contact_list.headings.index(source.value))
    return found
