"""Deletion of a contact list, or the reason why it can't be deleted now."""

from django.contrib.auth.models import User
from django.db import transaction

from campaigns.contacts.browsing import list_uses
from campaigns.contacts.models import ContactList
from campaigns.extension_points import Hook
from campaigns.uploads.runs.import_run import Status

deleted = Hook[[ContactList], None]("what follows, in its transaction, from deleting a list")


@transaction.atomic
def give_up(contact_list: ContactList, actor: User) -> str:
    """Delete the list. Return "", or a sentence that says why it can't be deleted."""
    # `ContactList.upload` locks the same row, so no new version of the list can begin meanwhile.
    ContactList.objects.select_for_update(no_key=True).get(pk=contact_list.pk)
    needing = [use for use in list_uses.of(contact_list) if use.is_needed]
    if needing:
        names = ", ".join(f"“{use.name}” ({use.state.lower()})" for use in needing)
        return (
            f"This list can't be deleted yet. It is needed by {names}. "
            "Delete it when that has finished, or archive it now."
        )
    made = contact_list.versions.filter(status__in=[*ContactList.UNDER_WAY, Status.CHOOSING])
    if made.exists():
        return "This list can't be deleted while a new version of it is being made."
    unread = contact_list.versions.filter(status=Status.FAILED).first()
    if unread:
        return (
            f"This list can't be deleted while its new version “{unread.name}” can still be read again. "
            "Delete that version first."
        )
    if not contact_list.give_up(actor):
        return "This list can't be deleted while it is being read. Cancel the import first."
    deleted(contact_list)
    return ""
