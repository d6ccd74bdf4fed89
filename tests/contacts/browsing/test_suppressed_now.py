"""Counts of the rows that an import left out as suppressed: cached until anything changes."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.clients.models import Client, PartnerAccount
from campaigns.contacts.browsing.suppressed_now import SuppressedNow
from campaigns.contacts.models import ContactList
from campaigns.suppression.models import SuppressedNumber, Suppression
from tests import people

pytestmark = pytest.mark.django_db

AMARA = "+447700900101"
LAST = date(2026, 7, 14)
# Ten minutes before and after the last day ends in the UK.
DURING, AFTER = (
    datetime.fromisoformat("2026-07-14T22:50Z"),
    datetime.fromisoformat("2026-07-14T23:10Z"),
)


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def entry(manager: User, northgate: Client) -> Suppression:
    return Suppression.add(manager, northgate, AMARA, "Asked.", None)


@pytest.fixture
def made(manager: User, northgate: Client, entry: Suppression) -> ContactList:
    """Make a list with one row left out, and count it so that the count is cached."""
    made = people.contact_list(manager, northgate)
    assert left_out(made) == (1, 0)
    return made


def left_out(contact_list: ContactList) -> tuple[int, int]:
    """Return the rows that are still suppressed and those that may be called again."""
    now = SuppressedNow.on(ContactList.objects.get(pk=contact_list.pk))
    return now.still, now.freed


def reads_rows(browser: Browser, contact_list: ContactList) -> bool:
    """Open the list's page and return whether that read the rows or looked up their numbers."""
    with CaptureQueriesContext(connection) as queries:
        page = browser.get(reverse("contacts:detail", args=[contact_list.pk]))
    assert "1 row was left out of the contacts" in page.text
    asked = ('SELECT "contacts_refusedrow"."cells"', "WHERE number IN (SELECT value")
    return any(part in query["sql"] for query in queries.captured_queries for part in asked)


def test_a_second_view_of_a_lists_page_reads_no_rows(
    client: Browser, manager: User, northgate: Client, made: ContactList
) -> None:
    client.force_login(manager)
    cache.clear()
    assert reads_rows(client, made)
    assert not reads_rows(client, made)
    Suppression.add(manager, northgate, "+447700900190", "Asked.", None)
    assert reads_rows(client, made)
    assert not reads_rows(client, made)


def test_an_entry_removed_or_added_is_seen_at_once(
    manager: User, admin: User, made: ContactList, entry: Suppression
) -> None:
    entry.numbers.get().remove(manager, "Asked to be called.")
    assert left_out(made) == (0, 1)
    Suppression.add(admin, None, AMARA, "National register.", None)
    assert left_out(made) == (1, 0)


def test_the_end_of_an_entrys_last_day_is_seen_at_once(manager: User, northgate: Client) -> None:
    with time_machine.travel(DURING, tick=False):
        Suppression.add(manager, northgate, AMARA, "For a while.", LAST)
        made = people.contact_list(manager, northgate)
        assert left_out(made) == (1, 0)
    with time_machine.travel(AFTER, tick=False):
        assert left_out(made) == (0, 1)


def test_no_count_is_cached_while_a_files_numbers_are_removed(
    made: ContactList, entry: Suppression
) -> None:
    Suppression.objects.filter(pk=entry.pk).update(status=Suppression.Status.REMOVING)
    assert left_out(made) == (1, 0)
    SuppressedNumber.objects.filter(suppression=entry).delete()
    assert left_out(made) == (0, 1)


def test_each_list_has_a_count_of_its_own(
    manager: User, northgate: Client, made: ContactList
) -> None:
    Suppression.add(manager, northgate, "+441632960102", "Asked.", None)
    assert left_out(people.contact_list(manager, northgate)) == (2, 0)
    assert left_out(made) == (1, 0)


def test_a_number_that_the_client_may_no_longer_call_is_not_counted(made: ContactList) -> None:
    """A live account calls no fictional numbers."""
    PartnerAccount.objects.update(kind=PartnerAccount.Kind.LIVE, api_url="https://partner.example")
    assert left_out(made) == (0, 0)
