"""A file is taken whatever the length of its name, of which the beginning and the extension are kept."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client as Browser

from campaigns.clients.models import Client
from campaigns.contacts.models import ContactList
from campaigns.suppression.models import Suppression
from portal.files import LONGEST_NAME, shortened_name
from tests import people
from tests.uploads.runs.test_full_disk import forms

pytestmark = pytest.mark.django_db

NAMES = {
    "Spring.csv": "Spring.csv",
    "x" * 5_000 + ".csv": "x" * (LONGEST_NAME - 5) + "….csv",
    "x" * 201 + ".XLSX": "x" * (LONGEST_NAME - 6) + "….XLSX",
    "No. " + "é" * 240: "No. " + "é" * (LONGEST_NAME - 5) + "…",
    "." + "é" * 240: "." + "é" * (LONGEST_NAME - 2) + "…",
    "a.b " + "é" * 5_000 + ".csv": "a.b " + "é" * (LONGEST_NAME - 9) + "….csv",
}


@pytest.mark.parametrize(("name", "kept"), NAMES.items(), ids=[name[:9] for name in NAMES])
def test_a_name_keeps_its_beginning_and_its_extension(name: str, kept: str) -> None:
    assert shortened_name(name) == kept
    assert shortened_name(kept) == kept
    assert len(kept) <= LONGEST_NAME


@pytest.fixture
def browser(manager: User) -> Browser:
    browser = Browser()
    browser.force_login(manager)
    return browser


@pytest.mark.parametrize(("name", "kept"), NAMES.items(), ids=[name[:9] for name in NAMES])
def test_every_upload_takes_a_file_with_any_name(
    name: str, kept: str, browser: Browser, northgate: Client, contact_list: ContactList
) -> None:
    for address, typed in forms(northgate, contact_list).items():
        page = browser.post(address, typed | {"file": named(name)}, follow=True)
        assert page.status_code == 200, address
        assert kept in page.text, address
    assert Suppression.objects.latest("pk").file_name == kept
    made = ContactList.objects.latest("pk")
    assert made.file_name == kept
    assert len(Path(str(made.file)).name) < 50


def test_a_list_has_its_name_from_a_long_one(browser: Browser, northgate: Client) -> None:
    posted: dict[str, Any] = {"client": northgate.pk, "file": named("x" * 5_000 + ".csv")}
    browser.post("/contact-lists/upload/", posted)
    assert ContactList.objects.get().name == "x" * 79 + "…"


def test_a_name_that_no_browser_sends_is_refused_in_words(
    browser: Browser, northgate: Client, contact_list: ContactList
) -> None:
    count = ContactList.objects.count()
    for address, typed in forms(northgate, contact_list).items():
        page = browser.post(address, typed | {"file": named("x" * 40_000 + ".csv")})
        assert page.status_code == 400, address
        assert "shorten the name" in page.text, address
    assert (ContactList.objects.count(), Suppression.objects.count()) == (count, 0)


def test_the_command_takes_any_name_too(northgate: Client, tmp_path: Path) -> None:
    path = tmp_path / ("x" * 250 + ".csv")
    path.write_bytes(people.csv_file(people.ROWS).read())
    call_command("import_contacts", client=northgate.dm_client_id, file=path)
    assert ContactList.objects.get().file_name == "x" * (LONGEST_NAME - 5) + "….csv"


def named(name: str) -> ContentFile[bytes]:
    return ContentFile(people.csv_file(people.ROWS).read(), name=name)
