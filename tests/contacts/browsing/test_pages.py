"""The pages of contact lists: upload, result, and the download of rejected rows."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from campaigns.clients.models import Client
from campaigns.contacts import tasks
from campaigns.contacts.importing import pipeline
from campaigns.contacts.models import ContactList
from campaigns.uploads.columns import columns_page
from campaigns.uploads.spreadsheets.safe_cells import safe
from tests import people
from tests.contacts import imports

UPLOAD = "/contact-lists/upload/"


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


def post(browser: Browser, client: Client, content: bytes, name: str = "march.csv") -> str:
    file = SimpleUploadedFile(name, content)
    page = browser.post(UPLOAD, {"client": client.pk, "file": file}, follow=True)
    return page.text


def test_an_upload_leads_to_the_columns_of_a_list_named_after_the_file(
    browser: Browser, northgate: Client
) -> None:
    page = post(browser, northgate, b"Phone\n07700 900001\n")
    made = ContactList.objects.get()
    assert made.name == "march"
    assert "Check the columns" in page
    assert "Import contact list" in page


def test_a_large_file_is_opened_by_the_worker_while_the_page_waits(
    browser: Browser, northgate: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns_page, "TEXT_AT_ONCE", 10)
    page = post(browser, northgate, b"Phone\n07700 900001\n")
    made = ContactList.objects.get()
    assert "Being looked at" in page
    assert 'hx-trigger="every 500ms"' in page
    tasks.look_at_list(made.pk)
    answer = browser.get(f"/contact-lists/{made.pk}/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/contact-lists/{made.pk}/columns/"


def test_a_page_counts_the_seconds_while_a_workbook_is_unpacked(
    browser: Browser, manager: User, northgate: Client
) -> None:
    made = imports.uploaded(manager, northgate, b"Phone\n07700 900001\n")
    ContactList.objects.update(progress_at=timezone.now() - timedelta(hours=2))
    page = browser.get(reverse("contacts:detail", args=[made.pk])).text
    assert re.search(r"\(720\d so far\)", page)


def test_the_stored_file_is_not_named_after_the_uploaded_one(
    browser: Browser, northgate: Client
) -> None:
    post(browser, northgate, b"Phone\n07700 900001\n", "Mrs Smith.csv")
    made = ContactList.objects.get()
    assert "Smith" not in str(made.file.name)
    assert made.file_name == "Mrs Smith.csv"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose a file."),
        ({"file": SimpleUploadedFile("empty.csv", b"")}, "This file is empty."),
    ],
)
def test_a_missing_value_is_reported_at_its_field(
    browser: Browser, northgate: Client, data: dict[str, object], said: str
) -> None:
    page = browser.post(UPLOAD, {"client": northgate.pk, "name": "Mine", **data})
    assert page.status_code == 422
    assert said in page.text
    assert 'value="Mine"' in page.text


def test_a_file_that_is_too_large_is_refused_before_it_is_kept(
    browser: Browser, northgate: Client, settings: object
) -> None:
    settings.UPLOAD_MAX_BYTES = 10  # type: ignore[attr-defined]
    page = post(browser, northgate, b"Phone\n07700 900001\n")
    assert "larger than" in page
    assert not ContactList.objects.exists()


def test_a_list_cannot_be_uploaded_for_another_client(
    browser: Browser, northgate: Client, harbour: Client
) -> None:
    page = post(browser, harbour, b"Phone\n07700 900001\n")
    assert "Choose one of the options listed." in page
    assert not ContactList.objects.exists()


def test_the_result_shows_counts_and_the_first_problems(
    browser: Browser, contact_list: ContactList
) -> None:
    page = browser.get(reverse("contacts:detail", args=[contact_list.pk])).text
    assert "3 contacts" in page
    assert "Duplicate of row 2" in page
    assert "hx-trigger" not in page


def test_a_count_of_one_is_written_in_the_singular(
    browser: Browser, manager: User, northgate: Client
) -> None:
    file = SimpleUploadedFile("one.csv", b"Phone\n07700 900001\nnobody\n")
    one = ContactList.upload(manager, northgate, "One", file)
    pipeline.run(one)
    page = browser.get(reverse("contacts:detail", args=[one.pk])).text
    assert "Read the file: 1 contact, 1 row refused." in page
    assert '<h2 id="counts">1 contact</h2>' in page
    adding = reverse("contacts:add", args=[one.pk])
    assert "1 contact\n" in browser.get(adding).text

    browser.post(adding, {"file": SimpleUploadedFile("two.csv", b"Phone\n07700 900002\n")})
    two = ContactList.objects.latest("pk")
    columns = reverse("contacts:choose", args=[two.pk])
    assert "added to the 1 contact of" in browser.get(columns).text
    browser.post(columns, people.columns_as_shown(two))
    pipeline.run(two)
    page = browser.get(reverse("contacts:detail", args=[two.pk])).text
    assert "1 contact comes from" in page
    assert "the file has 1 row." in page
    assert "Read the file: 2 contacts, 0 rows refused." in page


def test_rejected_rows_are_downloaded_with_row_reason_and_their_own_columns(
    browser: Browser, contact_list: ContactList
) -> None:
    answer = browser.get(reverse("contacts:rejected", args=[contact_list.pk]))
    content = b"".join(answer).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert rows[0] == ["Row", "Reason", *people.HEADINGS]
    assert [row[0] for row in rows[1:]] == ["5", "6"]
    assert rows[1][2] == "not given"
    assert rows[2][1] == "Duplicate of row 2"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_download_holds_nothing_that_a_spreadsheet_would_run(start: str) -> None:
    cell = f"{start}HYPERLINK(1)"
    assert safe(cell) == f"'{cell}"


def test_a_fixed_download_can_be_imported_again(
    browser: Browser, manager: User, northgate: Client, contact_list: ContactList
) -> None:
    answer = browser.get(reverse("contacts:rejected", args=[contact_list.pk]))
    fixed = b"".join(answer).replace(b"not given", b"'+44 7700 900555")
    again = ContactList.upload(manager, northgate, "Again", SimpleUploadedFile("m.csv", fixed))
    pipeline.run(again)
    again.refresh_from_db()
    assert again.number_heading == "Phone"
    assert [contact.number for contact in again.contacts.order_by("row_number")] == [
        "+447700900555",
        "+447700900101",
    ]
