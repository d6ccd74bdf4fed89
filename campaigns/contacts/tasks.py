"""What the bulk worker does for contact lists and suppression. Each task carries one id."""

from typing import Any

import structlog
from celery import shared_task
from celery.signals import worker_ready
from django.core.files.storage import default_storage

from campaigns import doorbell
from campaigns.contacts import importing, mapping, removing
from campaigns.contacts.models import ColumnCounts, ContactList, Suppression
from campaigns.contacts.runs import Status
from campaigns.contacts.suppression import choosing, loading
from campaigns.contacts.suppression import removing as suppression_removing
from portal.files import WholeFiles

log = structlog.get_logger(__name__)


@worker_ready.connect
def remove_what_was_left_behind(**_: Any) -> None:
    """Remove the files that killed processes began and never named."""
    if isinstance(default_storage, WholeFiles) and (
        count := default_storage.remove_what_was_left_behind()
    ):
        log.info("removed files that were never whole", count=count)


@shared_task
def look_at_list(contact_list_id: int) -> None:
    """Look at an uploaded file, so that a person can choose its columns."""
    contact_list = _load(contact_list_id)
    if contact_list and contact_list.status == Status.UPLOADED:
        mapping.look_now(contact_list)


@shared_task
def import_list(contact_list_id: int) -> None:
    """Read a list, and count what is in its columns once it can be used."""
    contact_list = _load(contact_list_id)
    if contact_list:
        importing.run(contact_list)
        contact_list.refresh_from_db()
        if contact_list.is_ready:
            ColumnCounts.count_ahead(contact_list)


@shared_task
def remove_remains(contact_list_id: int) -> None:
    """Remove what is left of a list that was given up."""
    contact_list = _load(contact_list_id)
    if contact_list:
        removing.remove_remains(contact_list)


@shared_task
def look_at_suppression(suppression_id: int) -> None:
    """Look at an uploaded file of numbers; one that leaves nothing to choose is loaded next."""
    suppression = _load_suppression(suppression_id)
    if suppression.status == Status.UPLOADED:
        choosing.look_now(suppression)
        if suppression.is_queued:
            doorbell.ring(load_suppression, suppression_id)


@shared_task
def load_suppression(suppression_id: int) -> None:
    loading.run(_load_suppression(suppression_id))


@shared_task
def remove_suppression(suppression_id: int) -> None:
    """Remove what is to go of a suppression: all, once it is cancelled, or its numbers."""
    suppression_removing.go_on(_load_suppression(suppression_id))


@shared_task(expires=60)
def sweep() -> None:
    """Ring again for whatever was lost on the way, or died at it."""
    for pk in ContactList.objects.unseen().values_list("pk", flat=True):
        doorbell.ring(look_at_list, pk)
    for pk in Suppression.objects.unseen().values_list("pk", flat=True):
        doorbell.ring(look_at_suppression, pk)
    for pk in Suppression.objects.waiting().values_list("pk", flat=True):
        doorbell.ring(load_suppression, pk)
    for pk in Suppression.objects.with_remains().values_list("pk", flat=True):
        doorbell.ring(remove_suppression, pk)
    for pk in ContactList.objects.waiting().values_list("pk", flat=True):
        doorbell.ring(import_list, pk)
    for pk in ContactList.objects.with_remains().values_list("pk", flat=True):
        doorbell.ring(remove_remains, pk)


def _load(pk: int) -> ContactList | None:
    """Return the list, or None if it has been deleted since the ring."""
    lists = ContactList.objects.select_related("client__partner_account", "based_on")
    return lists.filter(pk=pk).first()


def _load_suppression(pk: int) -> Suppression:
    return Suppression.objects.select_related("client__partner_account").get(pk=pk)
