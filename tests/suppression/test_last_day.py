"""The last day of an entry: it is effective until that day ends in the UK, for every check."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client as Browser

from campaigns.clients.models import Client
from campaigns.contacts.browsing import suppressed_now
from campaigns.contacts.browsing.suppressed_now import SuppressedNow
from campaigns.contacts.models import ContactList
from campaigns.drafts.people.counts import PeopleCount
from campaigns.submissions.freezing.recipients import Recipients
from campaigns.suppression import matching
from campaigns.suppression.models import Suppression
from tests import people

pytestmark = pytest.mark.django_db

AMARA = "+447700900101"
LAST = date(2026, 7, 14)
# Ten minutes before and after the day ends in British Summer Time, which is an hour before it does in UTC.
DURING, AFTER = (
    datetime.fromisoformat("2026-07-14T22:50Z"),
    datetime.fromisoformat("2026-07-14T23:10Z"),
)

Ask = Callable[[ContactList, User], int]


def matcher(contact_list: ContactList, _user: User) -> int:
    return len(matching.matcher(contact_list.client).among([AMARA]))


def in_force(contact_list: ContactList, _user: User) -> int:
    return matching.in_force(contact_list.client).count()


def since_the_upload(contact_list: ContactList, _user: User) -> int:
    return matching.newer_than(contact_list.uploaded_at, contact_list.client).count()


def on_the_lists_page(contact_list: ContactList, _user: User) -> int:
    return SuppressedNow.on(contact_list).contacts


def in_the_builder(contact_list: ContactList, _user: User) -> int:
    return PeopleCount.of([contact_list], contact_list.client).suppressed


def in_the_freeze(contact_list: ContactList, _user: User) -> int:
    matcher = matching.matcher(contact_list.client)
    recipients = Recipients([contact_list], {}, suppressed=matcher)
    for batch in recipients.batches():
        list(batch)
    return recipients.suppressed


def in_the_search(_list: ContactList, user: User) -> int:
    browser = Browser()
    browser.force_login(user)
    page = browser.post("/suppression/search/", {"number": "07700 900101"})
    return len(page.context["found"])


def beside_another_entry(contact_list: ContactList, user: User) -> int:
    made = Suppression.add(user, contact_list.client, AMARA, "Asked again.", None)
    return made.numbers.get().others().count()


def in_an_import(contact_list: ContactList, user: User) -> int:
    return people.contact_list(user, contact_list.client).suppressed_count


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize(("moment", "holds"), [(DURING, 1), (AFTER, 0)])
@pytest.mark.parametrize("few", [10_000, -1])
@pytest.mark.parametrize(
    "ask",
    [
        matcher,
        in_force,
        since_the_upload,
        on_the_lists_page,
        in_the_builder,
        in_the_freeze,
        in_the_search,
        beside_another_entry,
        in_an_import,
    ],
)
def test_an_entry_is_effective_through_its_last_day_for_every_check(
    manager: User,
    northgate: Client,
    monkeypatch: pytest.MonkeyPatch,
    ask: Ask,
    few: int,
    moment: datetime,
    holds: int,
) -> None:
    monkeypatch.setattr(suppressed_now, "FEW", few)
    with time_machine.travel(moment, tick=False):
        made = people.contact_list(manager, northgate)
        Suppression.add(manager, northgate, AMARA, "For a while.", LAST)
        assert ask(made, manager) == holds
