"""Files that could not be read: each says which tier the problem is in, and can be read another way."""

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from campaigns.clients.models import Client
from campaigns.contacts.importing import pipeline
from campaigns.contacts.models import ContactList
from campaigns.uploads.runs import problem_tiers
from campaigns.uploads.runs.import_run import Status
from campaigns.uploads.runs.leftover_rows import remove_remains
from campaigns.uploads.spreadsheets import ProblemCode

pytestmark = pytest.mark.django_db(transaction=True)

UTF_16_WITH_AN_ODD_BYTE = "Phone;Name\n07700 900001;Zoë\n".encode("utf-16-le") + b"\n"
BUTTON = "Read this file another way"


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


def failed(browser: Browser, client: Client, content: bytes) -> ContactList:
    file = SimpleUploadedFile("l.csv", content)
    browser.post("/contact-lists/upload/", {"client": client.pk, "file": file})
    made = ContactList.objects.latest("pk")
    assert made.status == Status.FAILED
    return made


def page(browser: Browser, made: ContactList, more: str = "") -> str:
    return browser.get(f"/contact-lists/{made.pk}/{more}").content.decode()


@pytest.mark.parametrize(
    ("content", "tier"),
    [
        (b"\n\n", problem_tiers.Tier.FILE),
        (b",".join([b"Phone"] * 600), problem_tiers.Tier.COLUMNS),
        (b"Phone,Name\n07700 900001," + b"x" * 40_000, problem_tiers.Tier.CELLS),
    ],
)
def test_the_page_of_a_failed_list_says_which_tier_the_problem_is_in(
    browser: Browser, northgate: Client, content: bytes, tier: problem_tiers.Tier
) -> None:
    made = failed(browser, northgate, content)
    shown = page(browser, made)
    assert f"<h2>{tier.heading}</h2>" in shown
    assert made.problem in shown.replace("&#x27;", "'")
    assert BUTTON in shown


def test_ambiguous_columns_of_a_direct_run_are_a_problem_of_the_columns(
    browser: Browser, manager: User, northgate: Client
) -> None:
    content = ContentFile(b"Mobile,Phone\n07700 900001,07700 900002\n", "l.csv")
    made = ContactList.upload(manager, northgate, "", content)
    pipeline.run(made)
    assert problem_tiers.Tier.COLUMNS.heading in page(browser, made)
    answer = browser.post(f"/contact-lists/{made.pk}/again/", {"delimiter": ","})
    assert answer.headers["Location"] == f"/contact-lists/{made.pk}/columns/"


@pytest.mark.parametrize("content", [b"%PDF-1.7 nothing of a list", b"PK\3\4 nothing either"])
def test_a_file_that_no_setting_could_make_readable_is_not_read_again(
    browser: Browser, northgate: Client, content: bytes
) -> None:
    made = failed(browser, northgate, content)
    assert BUTTON not in page(browser, made)
    browser.post(f"/contact-lists/{made.pk}/again/", {"delimiter": ";"})
    made.refresh_from_db()
    assert made.status == Status.FAILED


def test_a_file_is_read_again_with_the_settings_a_person_chose(
    browser: Browser, northgate: Client
) -> None:
    # The odd byte at the end cuts a character in half, so the guess does not recognise UTF-16.
    made = failed(browser, northgate, UTF_16_WITH_AN_ODD_BYTE)
    assert made.problem_code == ProblemCode.WRONG_ENCODING
    wrong = browser.post(f"/contact-lists/{made.pk}/again/", {"header_row": "-1"})
    assert wrong.status_code == 422
    chosen = {"encoding": "windows-1252", "delimiter": ";"}
    browser.post(f"/contact-lists/{made.pk}/again/", chosen)
    made.refresh_from_db()
    assert (made.status, made.problem_code) == (Status.FAILED, ProblemCode.NUL_BYTES)
    assert made.corrections == chosen


def test_a_file_whose_quotation_mark_was_closed_is_read_again(
    browser: Browser, northgate: Client
) -> None:
    made = failed(browser, northgate, b'Phone;Name\n07700 900001;"Ann\n')
    stored = made.file.name or ""
    made.file.storage.delete(stored)
    made.file.storage.save(stored, ContentFile(b'Phone;Name\n07700 900001;"Ann"\n'))
    form = page(browser, made, "again/")
    assert made.problem in form
    browser.post(f"/contact-lists/{made.pk}/again/", {"delimiter": ";", "header_row": "1"})
    made.refresh_from_db()
    assert (made.status, made.problem) == (Status.CHOOSING, "")
    assert made.corrections == {"delimiter": ";", "header_row": 1}
    assert "Asked for the file to be read again." in page(browser, made)


def test_a_list_that_is_read_again_loses_no_rows_to_a_late_removal(
    manager: User, northgate: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The removal begins while the list is failed and continues after it is read again."""
    content = ContentFile(b"Phone,Name\n07700 900001,Ann\n", "l.csv")
    made = ContactList.upload(manager, northgate, "", content)
    made.refuse("Nothing could be read.", ProblemCode.EMPTY)
    removed = ContactList.objects.get(pk=made.pk)
    monkeypatch.setattr(removed, "refresh_from_db", lambda: None)
    assert made.read_again(manager, {})
    assert not removed.read_again(manager, {})
    pipeline.run(made)
    remove_remains(removed)
    assert made.contacts.count() == 1
