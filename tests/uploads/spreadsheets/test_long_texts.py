"""Texts longer than a PostgreSQL column allows: cut where that is harmless, otherwise kept whole."""

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile

from campaigns.clients.models import Client
from campaigns.contacts.importing import pipeline
from campaigns.contacts.models import ContactList
from tests.contacts import imports

pytestmark = [pytest.mark.django_db, pytest.mark.differs_by_database]

LONG = "Ångström " * 34


def test_a_name_of_300_characters_is_cut_and_its_cell_is_kept_whole(
    manager: User, northgate: Client
) -> None:
    rows = f"Phone,Name,Note\n07700 900101,{LONG},{LONG}\n07700 900101,{LONG}b,x\n"
    made = imports.imported(manager, northgate, rows.encode())
    contact = made.contacts.get()
    assert contact.name == LONG[:200].strip()
    assert contact.values[1:] == [LONG, LONG]
    assert made.refused_rows.count() == 1


def test_a_heading_of_300_characters_is_kept_whole(manager: User, northgate: Client) -> None:
    made = imports.imported(manager, northgate, f"Phone,{LONG}\n07700 900101,x\n".encode())
    assert made.headings[1] == LONG.strip()


def test_a_file_name_of_300_characters_is_cut(manager: User, northgate: Client) -> None:
    file = ContentFile(b"Phone\n07700 900101\n", name=f"{'März ' * 60}.csv")
    made = ContactList.upload(manager, northgate, "", file)
    pipeline.run(made)
    made.refresh_from_db()
    assert made.is_ready
    assert (len(made.name), len(made.file_name)) == (80, 200)
