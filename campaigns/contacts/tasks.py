"""The bulk worker's tasks for contact lists. Each task carries one id."""

from typing import Any

import structlog
from celery import shared_task
from celery.signals import worker_ready
from django.core.files.storage import default_storage

from campaigns.contacts.browsing import count_columns
from campaigns.contacts.importing import list_columns, pipeline
from campaigns.contacts.models import ContactList
from campaigns.enqueue import enqueue
from campaigns.uploads.runs import leftover_rows
from campaigns.uploads.runs.import_run import Status
from portal.files import WholeFiles

log = structlog.get_logger(__name__)


@worker_ready.connect
def remove_what_was_left_behind(**_: Any) -> None:
    """Remove the unfinished files of processes that were killed."""
    if isinstance(default_storage, WholeFiles) and (
        count := default_storage.remove_what_was_left_behind()
    ):
        log.info("removed files that were never whole", count=count)


@shared_task
def look_at_list(contact_list_id: int) -> None:
    """Inspect an uploaded file, so that a person can choose its columns."""
    contact_list = _load(contact_list_id)
    if contact_list and contact_list.status == Status.UPLOADED:
        list_columns.look_now(contact_list)


@shared_task
def import_list(contact_list_id: int) -> None:
    """Read a list and, if it is then ready, count the content of its columns."""
    contact_list = _load(contact_list_id)
    if contact_list:
        pipeline.run(contact_list)
        contact_list.refresh_from_db()
        if contact_list.is_ready:
            count_columns.count_ahead(contact_list)


@shared_task
def remove_remains(contact_list_id: int) -> None:
    """Remove what is left of a list that was given up."""
    contact_list = _load(contact_list_id)
    if contact_list:
        leftover_rows.remove_remains(contact_list)


@shared_task(expires=60)
def sweep() -> None:
    """Enqueue again the tasks whose message was lost or whose worker died."""
    for pk in ContactList.objects.unseen().values_list("pk", flat=True):
        enqueue(look_at_list, pk)
    for pk in ContactList.objects.waiting().values_list("pk", flat=True):
        enqueue(import_list, pk)
    for pk in ContactList.objects.with_remains().values_list("pk", flat=True):
        enqueue(remove_remains, pk)


def _load(pk: int) -> ContactList | None:
    """Return the list, or None if it was deleted after the task was enqueued."""
    lists = ContactList.objects.select_related("client__partner_account", "based_on")
    return lists.filter(pk=pk).first()
