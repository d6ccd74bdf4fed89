"""The page of contact lists: tabs with counts, search, and the filter by client."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client, Role
from campaigns.contacts.importing import list_columns
from campaigns.contacts.models import ContactList
from tests import people
from tests.contacts import imports

pytestmark = pytest.mark.django_db

ADDRESS = "/contact-lists/"


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


@pytest.fixture
def lists(manager: User, northgate: Client) -> dict[str, ContactList]:
    """A list in every state, by its name, which is the name of its file too."""

    def named(name: str, content: bytes = b"Phone\n07700 900001\n") -> ContactList:
        made = imports.uploaded(manager, northgate, content, f"{name}.csv")
        ContactList.objects.filter(pk=made.pk).update(name=name)
        made.refresh_from_db()
        return made

    found = {name: named(name) for name in ("being read", "unconfirmed", "cancelled", "deleting")}
    for name in ("ready", "put away"):
        people.contact_list(manager, northgate, name=name)
        found[name] = ContactList.objects.latest("pk")
    found["put away"].archive(manager)
    found["failed"] = named("failed")
    found["failed"].refuse("It can’t be read.")
    found["failed and put away"] = named("failed and put away")
    found["failed and put away"].refuse("It can’t be read.")
    found["failed and put away"].archive(manager)
    list_columns.look_now(found["unconfirmed"])
    found["cancelled"].cancel(manager)
    ContactList.objects.filter(name="deleting").update(status="deleting")
    return found


def shown(browser: Browser, **asked: Any) -> set[str]:
    page = browser.get(ADDRESS, asked)
    assert page.status_code == 200
    return {row.record.name for row in page.context["table"].rows}


def counts(browser: Browser, **asked: Any) -> dict[str, int]:
    return {tab.label: tab.count for tab in browser.get(ADDRESS, asked).context["tabs"]}


def test_every_list_is_on_one_tab_and_each_tab_has_its_count(
    browser: Browser, lists: dict[str, ContactList]
) -> None:
    assert shown(browser) == {"ready", "being read"}
    assert shown(browser, tab="needs-you") == {"failed", "unconfirmed"}
    assert shown(browser, tab="archived") == {"put away", "failed and put away", "cancelled"}
    assert counts(browser) == {"Ready": 2, "Needs you": 2, "Archived": 3}


def test_the_tab_is_in_the_url_and_marked(browser: Browser, lists: dict[str, ContactList]) -> None:
    page = browser.get(ADDRESS, {"tab": "needs-you", "q": "fail", "page": "7", "sort": "name"})
    (marked,) = re.findall(r"<a [^>]*aria-current=\"page\"[^>]*>([^<]*)<", page.text)
    assert marked.strip() == "Needs you"
    links = re.findall(r'href="/contact-lists/\?([^"]*)"', page.text.replace("&amp;", "&"))
    kept = "q=fail&sort=name&tab="
    assert {f"{kept}ready", f"{kept}needs-you", f"{kept}archived"} <= set(links)
    assert 'name="tab" value="needs-you"' in " ".join(page.text.split())


@pytest.mark.parametrize("odd", ["nonsense", "", "READY"])
def test_an_unknown_tab_is_the_first(
    browser: Browser, lists: dict[str, ContactList], odd: str
) -> None:
    assert shown(browser, tab=odd) == {"ready", "being read"}


def test_the_old_address_of_archived_lists_still_works(
    browser: Browser, lists: dict[str, ContactList]
) -> None:
    assert "put away" in shown(browser, archived="")


def test_lists_are_found_by_a_part_of_their_name_or_file(
    browser: Browser, lists: dict[str, ContactList]
) -> None:
    assert shown(browser, q=" READINGS.csv ") == {"ready"}
    assert shown(browser, q="being") == {"being read"}
    assert counts(browser, q="fail") == {"Ready": 0, "Needs you": 1, "Archived": 1}
    page = browser.get(ADDRESS, {"q": "no such list"})
    assert "Nothing was found" in page.text
    assert f'href="{ADDRESS}?tab=ready"' in page.text


def test_lists_are_filtered_by_client_and_no_other_client_is_offered(
    browser: Browser, manager: User, harbour: Client, stranger: User, contact_list: ContactList
) -> None:
    people.contact_list(stranger, harbour, name="Theirs")
    assert shown(browser) == {"Readings"}
    assert shown(browser, client=harbour.pk) == set()
    people.join(manager, harbour, Role.VIEWER)
    assert shown(browser) == {"Readings", "Theirs"}
    assert shown(browser, client=harbour.pk) == {"Theirs"}
    assert counts(browser, client=harbour.pk) == {"Ready": 1, "Needs you": 0, "Archived": 0}


@pytest.mark.parametrize(
    ("tab", "said"),
    [
        ("ready", "No contact lists yet"),
        ("needs-you", "Nothing needs you"),
        ("archived", "No archived contact lists"),
    ],
)
def test_an_empty_tab_says_what_belongs_there(browser: Browser, tab: str, said: str) -> None:
    assert said in browser.get(reverse("contacts:list"), {"tab": tab}).text
