"""The draft that waits while a person uploads a contact list for it, for the app of contacts."""

from django.contrib.auth.models import User
from django.urls import reverse

from campaigns.clients import access
from campaigns.clients.models import Role
from campaigns.contacts.browsing.waiting_draft import WaitingDraft
from campaigns.drafts.models import Campaign


def find(person: User, pk: int) -> WaitingDraft | None:
    """Return the draft, or None unless it is still a draft and the person may edit it."""
    clients = access.clients_of(person, at_least=Role.ACCOUNT_MANAGER)
    drafts = Campaign.objects.drafts().select_related("client")
    found = drafts.filter(pk=pk, client__in=clients).first()
    if found is None:
        return None
    return WaitingDraft(pk, found.title, reverse("drafts:edit", args=[pk]), found.client)
