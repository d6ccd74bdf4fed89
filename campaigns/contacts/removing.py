"""Remove what is left of an import that was given up or that died, in short transactions."""

from typing import Any

from django.db import models, transaction

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
    # Of a list that is read again meanwhile, nothing may go.
    given_up = {"contact_list": contact_list, "contact_list__status__in": ContactList.GIVEN_UP}
    _remove(Contact.objects.filter(**given_up))
    _remove(RefusedRow.objects.filter(**given_up).order_by())
    if contact_list.status == Status.FAILED:
        return
    if contact_list.file:
        contact_list.file.delete(save=False)
        ContactList.objects.filter(pk=contact_list.pk).update(file="")
    if contact_list.status == Status.DELETING:
        contact_list.delete()


def remove_of_dead_worker(contact_list: ContactList, token: str) -> None:
    """Remove what an earlier worker had written, while the import is this worker's.

    Raises ImportLost where it is not: what stands there may be the next worker's finished list.
    """
    for rows in (
        Contact.objects.filter(contact_list=contact_list),
        RefusedRow.objects.filter(contact_list=contact_list).order_by(),
    ):
        some = True
        while some:
            with transaction.atomic():
                contact_list.report(token, 0, 0)
                some = _remove_some(rows)


def _remove(rows: models.QuerySet[Any]) -> None:
    while _remove_some(rows):
        pass


def _remove_some(rows: models.QuerySet[Any]) -> bool:
    some = rows.model._default_manager.filter(pk__in=rows.values("pk")[:ROWS_AT_ONCE])
    return bool(some.delete()[0])
