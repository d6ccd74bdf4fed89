"""Describe what was deleted while a page with it was open: what happened, when and by whom.

The last event about a deleted object is its deletion.
"""

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import User
from django.db.models import Model

from campaigns.clients import access
from campaigns.clients.models import Client, Event, Role
from campaigns.contacts.models import ContactList
from campaigns.drafts.models import Campaign
from campaigns.uploads.runs.import_run import Status


def draft(person: User, pk: int) -> str:
    """Return a sentence about a deleted draft.

    Return "" if the draft exists, or if it belonged to none of the person's clients.
    """
    if Campaign.objects.filter(pk=pk).exists():
        return ""
    clients = access.clients_of(person, at_least=Role.ACCOUNT_MANAGER)
    return _sentence(Campaign(pk=pk), clients)


def lists(
    client: Client | None, picked: Iterable[str], there: Iterable[ContactList]
) -> Mapping[str, str]:
    """Return a sentence about each list of the client that was picked and then deleted, by its id."""
    missing = [] if client is None else sorted(set(picked) - {str(found.pk) for found in there})
    if not missing:
        return {}
    kept = ContactList.objects.exclude(status=Status.DELETING).filter(pk__in=missing)
    known = set(kept.values_list("pk", flat=True))
    told = {
        pk: _sentence(ContactList(pk=int(pk)), [client]) for pk in missing if int(pk) not in known
    }
    return {pk: sentence for pk, sentence in told.items() if sentence}


def _sentence(thing: Model, clients: Iterable[Client | None]) -> str:
    last = Event.objects.about(thing).filter(client__in=clients).order_by("pk").last()
    return last.full_sentence if last else ""
