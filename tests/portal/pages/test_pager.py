"""Below each table: how many rows there are, and a way to any page that keeps filters and sorting."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser

from campaigns.clients.models import Client
from campaigns.contacts.models import ContactList
from campaigns.drafts.models import Campaign
from tests import people
from tests.drawn import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def lists(manager: User, northgate: Client) -> list[ContactList]:
    return [
        people.contact_list(manager, northgate, people.ROWS[:1], f"List {number:02}")
        for number in range(60)
    ]


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.mark.usefixtures("lists")
def test_it_counts_the_rows_and_leads_to_any_page(browser: Browser) -> None:
    page = Page.get(browser, "/contact-lists/?sort=name")
    assert "1 to 25 of 60 contact lists" in plain(page.html)
    third = page.press("Go", page="3").text
    assert "51 to 60 of 60 contact lists" in plain(third)
    assert "List 59" in third
    assert "List 50" in third


@pytest.mark.usefixtures("lists")
def test_narrowing_keeps_the_sorting(browser: Browser) -> None:
    page = Page.get(browser, "/contact-lists/?sort=-name&page=2")
    assert page.press("Go", page="1").request["QUERY_STRING"] == "sort=-name&page=1"


def test_campaigns_are_narrowed_in_the_chosen_order(
    browser: Browser, manager: User, northgate: Client
) -> None:
    contacts = people.contact_list(manager, northgate)
    for name in ("Alpha two", "Beta", "Alpha one"):
        Campaign.start(manager, people.content(northgate, contacts, name))
    page = Page.get(browser, "/campaigns/?sort=-title")
    shown = page.press("Show", q="Alpha").text
    assert shown.index("Alpha two") < shown.index("Alpha one")
    assert "2 campaigns" in plain(shown)
    assert "Beta" not in shown
