"""Remove what is left of a list that was given up, in short transactions."""

from typing import Any

from django.db import models

from campaigns.contacts.models import Contact, ContactList, RefusedRow
from campaigns.contacts.runs import Status

ROWS_AT_ONCE = 10_000


def remove_remains(contact_list: ContactList) -> None:
    """Leave nothing behind of a failed, cancelled or deleted list. Doing it twice is harmless.

    The file of one that failed stays, to be looked at; of a deleted one the list itself goes too.
    """
    contact_list.refresh_from_db()
    if contact_list.status not in ContactList.GIVEN_UP:
        return
    _remove(Contact.objects.filter(contact_list=contact_list))
    _remove(RefusedRow.objects.filter(contact_list=contact_list).order_by())
    if contact_list.status == Status.FAILED:
        return
    if contact_list.file:
        contact_list.file.delete(save=False)
        ContactList.objects.filter(pk=contact_list.pk).update(file="")
    if contact_list.status == Status.DELETING:
        contact_list.delete()


def _remove(rows: models.QuerySet[Any]) -> None:
    while rows.model._default_manager.filter(pk__in=rows.values("pk")[:ROWS_AT_ONCE]).delete()[0]:
        pass
