"""What a list is used for. Later rooms say so; contacts know nothing of drafts or submissions.

A room sets on its AppConfig `contact_list_uses = (dotted path, ...)`: each a function
`(contact list) -> Iterable[Use]`. It may set `contact_list_deleted`, a dotted path
`(contact list, actor)`, which is called in the transaction that deletes a list.
"""

from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.module_loading import import_string

from campaigns.contacts.models import ContactList
from campaigns.uploads.runs.import_run import Status


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


def of(contact_list: ContactList) -> list[Use]:
    paths = (
        path
        for config in apps.get_app_configs()
        for path in getattr(config, "contact_list_uses", ())
    )
    return [use for path in paths for use in import_string(path)(contact_list)]


@transaction.atomic
def give_up(contact_list: ContactList, actor: User) -> str:
    """Delete the list. Returns a sentence saying why it can't be, "" when it is deleted."""
    ContactList.objects.select_for_update().get(pk=contact_list.pk)
    needing = [use for use in of(contact_list) if use.is_needed]
    if needing:
        names = ", ".join(f"“{use.name}” ({use.state.lower()})" for use in needing)
        return (
            f"This list can't be deleted yet: it is needed by {names}. "
            "Delete it when that is over, or archive it now."
        )
    made = contact_list.versions.filter(status__in=[*ContactList.UNDER_WAY, Status.CHOOSING])
    if made.exists():
        return "This list can't be deleted while a new version of it is being made."
    unread = contact_list.versions.filter(status=Status.FAILED).first()
    if unread:
        return (
            f"This list can't be deleted while its new version “{unread.name}” may be read again. "
            "Delete that version first."
        )
    if not contact_list.give_up(actor):
        return "This list can't be deleted while it is being read. Cancel the import first."
    for config in apps.get_app_configs():
        if path := getattr(config, "contact_list_deleted", ""):
            import_string(path)(contact_list, actor)
    return ""
