"""What drafts use contact lists for."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.urls import reverse

from campaigns.contacts.browsing.list_uses import Use
from campaigns.contacts.models import ContactList
from campaigns.drafts.models import Campaign


def of_contact_list(contact_list: ContactList) -> Iterator[Use]:
    """Yield the drafts that have the list. Once it is deleted they can't be submitted before a choice."""
    for draft in Campaign.objects.drafts().filter(contact_lists=contact_list):
        url = reverse("drafts:edit", args=[draft.pk])
        yield Use("Campaign", draft.title, url, "Draft", is_needed=False)


def lose_contact_list(contact_list: ContactList, actor: User) -> None:
    """Keep with every campaign that had the list that it has lost it."""
    for campaign in Campaign.objects.filter(contact_lists=contact_list):
        campaign.lose_list(contact_list, actor)
