"""A new version of a list: its file once more, of which other columns are chosen. The list stays as it is."""

from django.contrib.auth.models import User
from django.core.files.base import File
from django.db import transaction

from campaigns.contacts.models import ContactList

_ENDING = ", other columns"
_LONGEST_BEGINNING = 80 - len(_ENDING)


def may_begin(contact_list: ContactList) -> bool:
    """Return whether other columns may be chosen.

    The columns of a list that others' contacts were carried into are those of the earlier list.
    """
    is_of_its_file_alone = not contact_list.carried_count and contact_list.based_on_id is None
    return contact_list.is_ready and bool(contact_list.file) and is_of_its_file_alone


def begin(contact_list: ContactList, actor: User) -> ContactList:
    """Store the list's file once more, as a new list whose columns a person will choose.

    Each list has a file of its own, so either may be deleted. The caller starts work on the new list.
    Raises OSError if the file can't be read, and NotStored if the disk does not take its copy.
    """
    name = contact_list.name.removesuffix(_ENDING)[:_LONGEST_BEGINNING].rstrip() + _ENDING
    with contact_list.file.open("rb") as stored:
        made = ContactList.upload(
            actor,
            contact_list.client,
            name,
            File(stored.file, name=contact_list.file_name),
            corrections=contact_list.corrections,
        )
    made.record_event(
        f"Made from the file of “{contact_list.name}”, to choose other columns.", actor
    )
    with transaction.atomic():
        # The last event about a deleted list is its deletion.
        if ContactList.objects.ready().select_for_update(no_key=True).filter(pk=contact_list.pk):
            contact_list.record_event(
                f"Made “{made.name}” from the same file, to choose other columns.", actor
            )
    return made
