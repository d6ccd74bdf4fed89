"""The list of campaigns with its filters, and the drafts on the home page."""

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.clients.models import Client, Role
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign.content import DraftContent
from campaigns.drafts.models import Campaign
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def rent(manager: User, harbour: Client) -> Campaign:
    """A draft of another client of Mina's."""
    people.join(manager, harbour, Role.ACCOUNT_MANAGER)
    return Campaign.start(manager, replace(DraftContent.blank(harbour), name="Rent reminder"))


def names_in(page: Any) -> set[str]:
    assert page.status_code == 200
    return {row.record.title for row in page.context["table"].rows}


def listed(browser: Browser, **asked: Any) -> set[str]:
    return names_in(browser.get(reverse("drafts:list"), asked))


def test_a_row_says_how_many_people_a_draft_calls_and_who_changed_it(
    browser: Browser, draft: Campaign, manager: User, northgate: Client
) -> None:
    User.objects.filter(pk=manager.pk).update(first_name="Mina", last_name="Sharma")
    second = people.contact_list(manager, northgate, [("07700 900150", "", "", "")], name="More")
    draft.contact_lists.add(second)
    page = browser.get(reverse("drafts:list"))
    (row,) = page.context["table"].rows
    assert row.get_cell("people") == "4"
    assert row.get_cell("changed_by") == "Mina Sharma"
    headings = [str(column.header) for column in page.context["table"].columns]
    assert headings[3:] == ["People", "State", "Changed by", "Last changed"]
    labels = [str(field.label) for field in page.context["form"]]
    assert labels == ["Search", "Client", "Mine only"]


def test_a_draft_without_lists_calls_nobody(browser: Browser, rent: Campaign) -> None:
    (row,) = browser.get(reverse("drafts:list")).context["table"].rows
    assert row.get_cell("people") == "0"
    assert row.get_cell("start_date") == "Not chosen"


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("rem", {"Rent reminder"}),
        ("DECEMBER", {"December"}),
        ("e", {"December", "Rent reminder"}),
        ("  rent  ", {"Rent reminder"}),
        ("%", set()),
        ("November", set()),
    ],
)
def test_a_campaign_is_found_by_a_part_of_its_name(
    browser: Browser, draft: Campaign, rent: Campaign, q: str, found: set[str]
) -> None:
    assert listed(browser, q=q) == found


def test_the_list_is_filtered_by_client(browser: Browser, draft: Campaign, rent: Campaign) -> None:
    assert listed(browser, client=draft.client.pk) == {"December"}
    assert listed(browser, client=rent.client.pk, q="dec") == set()


def test_another_client_can_be_neither_seen_nor_filtered_by(
    browser: Browser, draft: Campaign, harbour: Client
) -> None:
    page = browser.get(reverse("drafts:list"), {"client": harbour.pk})
    assert harbour.name not in page.text


def test_mine_are_the_campaigns_that_i_made_or_edited(
    browser: Browser, draft: Campaign, manager: User, northgate: Client, contact_list: ContactList
) -> None:
    mona = people.member("mona", northgate, Role.ACCOUNT_MANAGER)
    theirs = Campaign.start(mona, people.content(northgate, contact_list, "Hers"))
    edited = Campaign.start(mona, people.content(northgate, contact_list, "Edited"))
    edited.revise(manager, replace(edited.content(), name="Edited by me"), edited.version)
    assert listed(browser) == {"December", "Hers", "Edited by me"}
    assert listed(browser, mine="on") == {"December", "Edited by me"}
    edited.revise(mona, replace(edited.content(), name="By both"), edited.version)
    assert listed(browser, mine="on") == {"December", "By both"}
    Campaign.editors.through.objects.filter(campaign=draft).delete()
    assert listed(browser, mine="on") == {"December", "By both"}
    assert theirs.name not in listed(browser, mine="on", q="e")


@pytest.mark.parametrize(
    "asked",
    [{"client": "x"}, {"client": "9" * 400}, {"q": "a\0b"}, {"client": "x", "tab": "drafts"}],
)
def test_an_invalid_filter_finds_nothing_and_says_so(
    browser: Browser, draft: Campaign, asked: dict[str, str]
) -> None:
    page = browser.get(reverse("drafts:list"), asked)
    assert names_in(page) == set()
    assert "A filter has a value that can’t be used." in page.text
    assert 'class="invalid-feedback"' in page.text
    assert "Show all" in page.text


def test_a_search_without_results_offers_to_show_all(browser: Browser, draft: Campaign) -> None:
    page = browser.get(reverse("drafts:list"), {"q": "Easter"}).text
    assert "Nothing was found" in page
    assert "Show all" in page
    assert 'value="Easter"' in page
    assert "Show all" not in browser.get(reverse("drafts:list")).text


def test_an_empty_list_says_what_to_do(client: Browser, manager: User, viewer: User) -> None:
    client.force_login(manager)
    page = client.get(reverse("drafts:list")).text
    assert "No campaigns yet" in page
    assert reverse("contacts:upload") in page
    assert 'role="search"' not in page
    client.force_login(viewer)
    page = client.get(reverse("drafts:list")).text
    assert "You will see them here" in page
    assert reverse("contacts:upload") not in page


def test_a_page_takes_as_many_queries_however_many_campaigns_it_has(
    browser: Browser, manager: User, northgate: Client, contact_list: ContactList
) -> None:
    address = reverse("drafts:list")
    Campaign.start(manager, people.content(northgate, contact_list))
    with CaptureQueriesContext(connection) as one:
        browser.get(address)
    for _ in range(5):
        Campaign.start(manager, people.content(northgate, contact_list))
    with CaptureQueriesContext(connection) as six:
        browser.get(address)
    assert len(six) == len(one)


# The home page


def test_home_shows_the_newest_drafts_and_leads_to_the_others(
    browser: Browser, manager: User, northgate: Client
) -> None:
    assert "No unfinished campaigns." in browser.get(reverse("home")).text
    for number in range(7):
        Campaign.start(manager, replace(DraftContent.blank(northgate), name=f"Draft {number}"))
    page = browser.get(reverse("home")).text
    assert [number for number in range(7) if f"Draft {number}<" in page] == [2, 3, 4, 5, 6]
    assert f'{reverse("drafts:list")}?tab=drafts">And 2 more' in page
