"""Make contact lists for tests: uploaded, or uploaded and imported."""

from django.contrib.auth.models import User
from django.core.files.base import ContentFile

from campaigns.clients.models import Client
from campaigns.contacts.importing import pipeline
from campaigns.contacts.models import ContactList


def uploaded(actor: User, client: Client, content: bytes, name: str = "list.csv") -> ContactList:
    return ContactList.upload(actor, client, "List", ContentFile(content, name))


def imported(actor: User, client: Client, content: bytes, name: str = "list.csv") -> ContactList:
    contact_list = uploaded(actor, client, content, name)
    pipeline.run(contact_list)
    contact_list.refresh_from_db()
    return contact_list


def many(count: int) -> bytes:
    """Return a CSV of `count` rows that repeat the same thousand numbers."""
    rows = [f"07700 {900_000 + n % 1000},Person {n}" for n in range(count)]
    return "\n".join(["Phone,Name", *rows]).encode()
