"""Find a parameter's text in a contact list. Preview, pre-flight and freeze all use this module."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from campaigns.contacts.browsing.count_columns import Said
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign.content import Source
from campaigns.drafts.models import ParameterSource
from campaigns.drafts.spoken.say_as import converter, speaker
from campaigns.drafts.spoken.script import Origin
from campaigns.uploads.numbers.characters import as_said

Sources = Mapping[int, Source]


def is_column(source: Source) -> bool:
    return source.kind == ParameterSource.Kind.COLUMN


@dataclass(frozen=True, slots=True)
class Place:
    """A column of a list, how its cells are said, and the text that is said if a cell is empty.

    `text` may be "" for nothing. Without a column, `text` is what everybody hears.
    """

    column: int | None
    text: str = ""
    say_as: str = ""

    def origin(self, values: Sequence[str]) -> Origin:
        """Return what the text that a contact with these values hears was made from."""
        if self.column is None:
            return Origin()
        cell = as_said(values[self.column])
        if not cell:
            return Origin(is_fallback=bool(self.text))
        convert = converter(self.say_as)
        if convert is None:
            return Origin()
        said = convert(values[self.column])
        return Origin(cell="" if said in {None, cell} else cell, is_unconverted=said is None)


def places(contact_list: ContactList, sources: Sources) -> dict[int, Place]:
    """Return the places of the parameters' texts, in ascending order, without columns that the list lacks."""
    found: dict[int, Place] = {}
    for number, source in sorted(sources.items()):
        if not is_column(source):
            found[number] = Place(None, as_said(source.value))
        elif source.value in contact_list.headings:
            column = contact_list.headings.index(source.value)
            found[number] = Place(column, as_said(source.fallback), source.say_as)
    return found


def columns_of(found: Mapping[int, Place]) -> dict[int, Said]:
    """Return the columns among the places, each with how it is said, by the parameters' numbers."""
    return {
        number: Said(place.column, place.say_as)
        for number, place in found.items()
        if place.column is not None
    }


def sayer(contact_list: ContactList, sources: Sources) -> Callable[[Sequence[str]], dict[int, str]]:
    """Return a function that turns a contact's values into the texts of the parameters.

    Parameters that say nothing are left out. No other function decides what is sent as a value.
    """
    said = [
        (number, place.column, place.text, speaker(place.say_as))
        for number, place in places(contact_list, sources).items()
        if place.column is not None or place.text
    ]

    def say(values: Sequence[str]) -> dict[int, str]:
        # This runs once for each person of a campaign, so it makes as few calls as possible.
        return {
            number: text
            for number, column, instead, speak in said
            if (text := instead if column is None else speak(values[column]) or instead)
        }

    return say
