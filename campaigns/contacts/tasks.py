"""What the bulk worker does for contact lists. Each task carries one id."""

from celery import shared_task

from campaigns.contacts import importing
from campaigns.contacts.models import ContactList, Suppression
from campaigns.contacts.suppression import loading


@shared_task
def import_list(contact_list_id: int) -> None:
    importing.run(
        ContactList.objects.select_related("client__partner_account").get(pk=contact_list_id)
    )


@shared_task
def load_suppression(suppression_id: int) -> None:
    loading.run(
        Suppression.objects.select_related("client__partner_account").get(pk=suppression_id)
    )


@shared_task(expires=60)
def sweep() -> None:
    """Ring again for every import and load whose ring was lost or whose worker died."""
    for pk in Suppression.objects.waiting().values_list("pk", flat=True):
        load_suppression.delay(pk)
    for pk in ContactList.objects.waiting().values_list("pk", flat=True):
        import_list.delay(pk)
