"""The uses of a list. The apps above register them: contacts must not import drafts or submissions."""

from collections.abc import Iterable
from dataclasses import dataclass

from campaigns.contacts.models import ContactList
from campaigns.extension_points import Hook


@dataclass(frozen=True, slots=True)
class Use:
    """A use of a list, present or past."""

    kind: str
    """One word for people, such as "Draft"."""
    name: str
    url: str
    state: str
    is_needed: bool
    """Whether this use keeps the list from being deleted."""


uses = Hook[[ContactList], Iterable[Use]]("what contact lists are used for")


def of(contact_list: ContactList) -> list[Use]:
    return [use for found in uses(contact_list) for use in found]
