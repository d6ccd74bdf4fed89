"""The demo's spreadsheets. All numbers are from Ofcom's ranges for drama, so they belong to nobody."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import cycle, islice

from django.contrib.auth.models import User
from django.core.files.base import ContentFile

from campaigns.clients.models import Client
from campaigns.contacts.importing import pipeline
from campaigns.contacts.models import ContactList

_FIRST = ("Amara", "Ben", "Chloe", "Dev", "Eilidh", "Farah", "George", "Hannah", "Idris", "Jo")
_LAST = ("Ahmed", "Brown", "Clarke", "Davies", "Evans", "Fraser", "Green")
# Faulty values, since files of clients have some rows with something wrong.
_ODD = ("", "4.47722E+11", "not given", "0909 879 0000", "07700 9000")


def upload(
    actor: User, client: Client, name: str, count: int, suppressed: Sequence[str]
) -> ContactList:
    """Upload and import a list of `count` contacts, the suppressed ones, and a few rows that are refused."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Phone number", "Name", "First name", "Due date", "Account"])
    for row in _rows(count, suppressed):
        writer.writerow(row)
    file = ContentFile(text.getvalue().encode(), name=f"{name}.csv")
    contact_list = ContactList.upload(actor, client, name, file)
    pipeline.run(contact_list)
    contact_list.refresh_from_db()
    return contact_list


def _rows(count: int, suppressed: Sequence[str]) -> Iterator[list[str]]:
    people = ((first, last) for last in cycle(_LAST) for first in _FIRST)
    numbers = [*islice(fictional_numbers(), count), *suppressed, *_ODD, "07700 900000"]
    for position, (number, (first, last)) in enumerate(zip(numbers, people, strict=False)):
        due = f"{1 + position % 28} December"
        yield [number, f"{first} {last}", first, due, f"NG-{10_000 + position}"]


def fictional_numbers() -> Iterator[str]:
    """Yield 3,000 numbers, in the forms in which people write them."""
    for number in range(1000):
        yield f"07700 {900_000 + number}"
    for number in range(1000):
        yield f"+44 1632 {960_000 + number}"
    for number in range(1000):
        yield f"(020) 7946 {number:04}"
