"""What drafts use contact lists for."""

from collections.abc import Iterator

from django.urls import reverse

from campaigns.contacts.models import ContactList
from campaigns.contacts.uses import Use
from campaigns.drafts.models import Campaign


def of_contact_list(contact_list: ContactList) -> Iterator[Use]:
    """Yield the drafts that have the list. They lose it when it is deleted."""
    for draft in Campaign.objects.drafts().filter(contact_lists=contact_list):
        url = reverse("drafts:edit", args=[draft.pk])
        yield Use("Campaign", draft.title, url, "Draft", is_needed=False)
