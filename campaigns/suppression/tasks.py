"""The bulk worker's tasks for files of numbers to suppress. Each task carries one id."""

from celery import shared_task

from campaigns.enqueue import enqueue
from campaigns.suppression.loading import columns, load, removal
from campaigns.suppression.models import Suppression
from campaigns.uploads.runs.import_run import Status


@shared_task
def look_at_suppression(suppression_id: int) -> None:
    """Inspect an uploaded file of numbers. If nothing is left to choose, it is loaded next."""
    suppression = _load_suppression(suppression_id)
    if suppression.status == Status.UPLOADED:
        columns.look_now(suppression)
        if suppression.is_queued:
            enqueue(load_suppression, suppression_id)


@shared_task
def load_suppression(suppression_id: int) -> None:
    load.run(_load_suppression(suppression_id))


@shared_task
def remove_suppression(suppression_id: int) -> None:
    """Remove the numbers that have to go, or all that is left of a cancelled suppression."""
    removal.go_on(_load_suppression(suppression_id))


@shared_task(expires=60)
def sweep() -> None:
    """Enqueue again the tasks whose message was lost or whose worker died."""
    for pk in Suppression.objects.unseen().values_list("pk", flat=True):
        enqueue(look_at_suppression, pk)
    for pk in Suppression.objects.waiting().values_list("pk", flat=True):
        enqueue(load_suppression, pk)
    for pk in Suppression.objects.with_remains().values_list("pk", flat=True):
        enqueue(remove_suppression, pk)


def _load_suppression(pk: int) -> Suppression:
    return Suppression.objects.select_related("client__partner_account").get(pk=pk)
