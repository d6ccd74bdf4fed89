"""Find a parameter's text in a contact list. Preview, pre-flight and freeze all use this module."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign.content import Source
from campaigns.drafts.models import ParameterSource
from campaigns.uploads.numbers.characters import as_said

Sources = Mapping[int, Source]


def is_column(source: Source) -> bool:
    return source.kind == ParameterSource.Kind.COLUMN


@dataclass(frozen=True, slots=True)
class Place:
    """A column of a list, and the text that is said if the cell is empty ("" for nothing).

    Without a column, `text` is what everybody hears.
    """

    column: int | None
    text: str = ""

    def said(self, values: Sequence[str]) -> str:
        """Return what a contact with these values hears, or "" for nothing."""
        if self.column is None:
            return self.text
        return as_said(values[self.column]) or self.text

    def falls_back(self, values: Sequence[str]) -> bool:
        """Return whether a contact with these values hears the fallback, because the cell is empty."""
        return bool(self.column is not None and self.text and not as_said(values[self.column]))


def places(contact_list: ContactList, sources: Sources) -> dict[int, Place]:
    """Return the places of the parameters' texts, in ascending order, without columns that the list lacks."""
    found: dict[int, Place] = {}
    for number, source in sorted(sources.items()):
        if not is_column(source):
            found[number] = Place(None, as_said(source.value))
        elif source.value in contact_list.headings:
            column = contact_list.headings.index(source.value)
            found[number] = Place(column, as_said(source.fallback))
    return found


def sayer(contact_list: ContactList, sources: Sources) -> Callable[[Sequence[str]], dict[int, str]]:
    """Return a function that turns a contact's values into the texts of the parameters.

    Parameters that say nothing are left out. No other function decides what is sent as a value.
    """
    said = [
        (number, place.column, place.text)
        for number, place in places(contact_list, sources).items()
        if place.column is not None or place.text
    ]

    def say(values: Sequence[str]) -> dict[int, str]:
        # This runs once for each person of a campaign, so it makes as few calls as possible.
        return {
            number: text
            for number, column, instead in said
            if (text := instead if column is None else as_said(values[column]) or instead)
        }

    return say
