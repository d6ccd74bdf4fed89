"""What a list is used for. The apps above say so; contacts know nothing of drafts or submissions."""

from collections.abc import Iterable
from dataclasses import dataclass

from campaigns.contacts.models import ContactList
from campaigns.extension_points import Hook


@dataclass(frozen=True, slots=True)
class Use:
    """Something that a list is or was used for."""

    kind: str
    """In a word, for people: "Draft"."""
    name: str
    url: str
    state: str
    is_needed: bool
    """Whether the list may not be deleted because of it."""


uses = Hook[[ContactList], Iterable[Use]]("what contact lists are used for")


def of(contact_list: ContactList) -> list[Use]:
    return [use for found in uses(contact_list) for use in found]
