"""*Choose other columns* makes a new list of the same file, and leaves the list as it is."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client, Event
from campaigns.contacts import deletion, tasks
from campaigns.contacts.models import ContactList
from campaigns.drafts.models import Campaign
from campaigns.uploads.runs.import_run import Status
from tests import people
from tests.contacts import imports
from tests.full_disk import room_for

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "Choose other columns"
TWO = b"Phone,Name,Other phone\n07700 900001,Ann,07700 900011\nnone,Bo,07700 900012\n"


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


def chosen(browser: Browser, made: ContactList, number: str) -> ContactList:
    """Confirm the columns with this one for the numbers, and import the list."""
    data = people.columns_as_shown(made) | {"number": number, "name": "1"}
    browser.post(reverse("contacts:choose", args=[made.pk]), data)
    tasks.import_list(made.pk)
    made.refresh_from_db()
    assert made.is_ready
    return made


@pytest.fixture
def base(browser: Browser, northgate: Client) -> ContactList:
    """A list imported by its column Phone, from a file that was read with a correction."""
    file = ContentFile(b"Title\n" + TWO, "march.csv")
    browser.post(
        reverse("contacts:upload"), {"client": northgate.pk, "file": file, "name": "March"}
    )
    made = ContactList.objects.latest("pk")
    columns = people.columns_as_shown(made) | {"encoding": "windows-1252"}
    browser.post(reverse("contacts:choose", args=[made.pk]), columns)
    return chosen(browser, made, "0")


def press(browser: Browser, contact_list: ContactList) -> Any:
    return browser.post(reverse("contacts:other_columns", args=[contact_list.pk]), follow=True)


def page_of(browser: Browser, contact_list: ContactList) -> str:
    return str(browser.get(reverse("contacts:detail", args=[contact_list.pk])).text)


def numbers(contact_list: ContactList) -> list[str]:
    return list(contact_list.contacts.order_by("pk").values_list("number", flat=True))


def test_the_new_list_has_the_other_numbers_and_the_old_one_stays(
    browser: Browser, base: ContactList, draft: Campaign
) -> None:
    draft.contact_lists.add(base)
    before = ContactList.objects.filter(pk=base.pk).values().get()
    assert WORDS in page_of(browser, base)
    page = press(browser, base)
    made = ContactList.objects.latest("pk")
    assert page.redirect_chain[-1][0] == reverse("contacts:choose", args=[made.pk])
    assert "“March” stays as it is." in page.text
    assert (made.name, made.file_name, made.client) == (
        "March, other columns",
        "march.csv",
        base.client,
    )
    chosen(browser, made, "2")
    assert numbers(made) == ["+447700900011", "+447700900012"]
    assert numbers(base) == ["+447700900001"]
    assert ContactList.objects.filter(pk=base.pk).values().get() == before
    assert base in draft.contact_lists.all()
    assert made not in draft.contact_lists.all()


def test_the_file_is_read_with_the_same_corrections(browser: Browser, base: ContactList) -> None:
    assert base.corrections
    press(browser, base)
    made = ContactList.objects.latest("pk")
    assert made.corrections == base.corrections
    assert made.look
    assert made.look["headings"] == ["Phone", "Name", "Other phone"]


def test_both_lists_say_it_in_their_history(browser: Browser, base: ContactList) -> None:
    press(browser, base)
    made = ContactList.objects.latest("pk")
    (newest, *_) = Event.objects.about(made).order_by("-pk")
    assert newest.sentence.startswith("Made from the file of “March”")
    (newest, *_) = Event.objects.about(base).order_by("-pk")
    assert newest.sentence.startswith("Made “March, other columns”")


@pytest.mark.parametrize("gone", ["old", "new"])
def test_either_is_deleted_without_the_others_file(
    browser: Browser, base: ContactList, manager: User, gone: str
) -> None:
    press(browser, base)
    made = chosen(browser, ContactList.objects.latest("pk"), "2")
    assert made.file.name != base.file.name
    lost, kept = (base, made) if gone == "old" else (made, base)
    assert deletion.give_up(lost, manager) == ""
    tasks.remove_remains(lost.pk)
    assert not ContactList.objects.filter(pk=lost.pk).exists()
    assert kept.file.storage.exists(str(kept.file.name))
    assert kept.contacts.exists()


def test_once_more_makes_no_longer_name(browser: Browser, base: ContactList) -> None:
    ContactList.objects.filter(pk=base.pk).update(name="x" * 80)
    press(browser, base)
    made = chosen(browser, ContactList.objects.latest("pk"), "2")
    assert made.name == "x" * 65 + ", other columns"
    press(browser, made)
    assert ContactList.objects.latest("pk").name == made.name


def test_a_list_with_the_contacts_of_another_has_its_columns(
    browser: Browser, manager: User, northgate: Client, contact_list: ContactList
) -> None:
    file = people.csv_file([("07700 900150", "Eve", "Eve", "1 May")])
    made = ContactList.upload(manager, northgate, "Fixed", file, based_on=contact_list)
    tasks.import_list(made.pk)
    made.refresh_from_db()
    assert made.is_ready
    assert WORDS not in page_of(browser, made)
    assert "You can’t choose other columns for this list." in press(browser, made).text
    assert ContactList.objects.count() == 2


def test_a_list_that_is_not_ready_has_no_such_button(
    browser: Browser, manager: User, northgate: Client
) -> None:
    made = imports.uploaded(manager, northgate, TWO)
    assert WORDS not in page_of(browser, made)
    press(browser, made)
    assert ContactList.objects.count() == 1


def test_only_who_may_write_has_the_button(
    client: Browser, viewer: User, contact_list: ContactList
) -> None:
    client.force_login(viewer)
    assert WORDS not in page_of(client, contact_list)
    assert press(client, contact_list).status_code == 403


def test_where_the_file_is_gone_or_the_disk_is_full_a_sentence_says_so(
    browser: Browser, base: ContactList
) -> None:
    with room_for(10):
        assert "We could not save the file." in press(browser, base).text
    base.file.storage.delete(str(base.file.name))
    assert "The portal no longer has the uploaded file." in press(browser, base).text
    assert ContactList.objects.get() == base
    assert base.is_ready
    assert base.status == Status.READY
