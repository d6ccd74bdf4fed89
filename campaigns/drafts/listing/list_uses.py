"""The uses of contact lists by drafts, for the app of contacts."""

from collections.abc import Iterator

from django.urls import reverse

from campaigns.contacts.browsing.list_uses import Use
from campaigns.contacts.models import ContactList
from campaigns.drafts.models import Campaign


def of_contact_list(contact_list: ContactList) -> Iterator[Use]:
    """Yield the drafts that have the list.

    The list may be deleted all the same. Then they can't be submitted before a person has decided.
    """
    for draft in Campaign.objects.drafts().filter(contact_lists=contact_list):
        url = reverse("drafts:edit", args=[draft.pk])
        yield Use("Campaign", draft.title, url, "Draft", is_needed=False)


def lose_contact_list(contact_list: ContactList) -> None:
    """Store with every campaign that had the list that the list was deleted."""
    for campaign in Campaign.objects.filter(contact_lists=contact_list):
        campaign.lose_list(contact_list)
