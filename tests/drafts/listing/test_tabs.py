"""The tabs above the list of campaigns: their counts, their links, and one state a row."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.clients.models import Client
from campaigns.contacts.models import ContactList
from campaigns.drafts.listing.tabs import TABS
from campaigns.drafts.models import Campaign
from campaigns.submissions.models import Submission, endings
from tests import people
from tests.drawn import Page

pytestmark = pytest.mark.django_db

LIST = "/campaigns/"


def counts(browser: Browser, **asked: Any) -> dict[str, int]:
    return {tab.label: tab.count for tab in browser.get(LIST, asked).context["tabs"]}


def names(browser: Browser, **asked: Any) -> set[str]:
    page = browser.get(LIST, asked)
    assert page.status_code == 200
    return {row.record.title for row in page.context["table"].rows}


def states(browser: Browser) -> list[str]:
    """Return the words in the column of states, row by row."""
    rows = browser.get(LIST).context["table"].rows
    return [row.get_cell("status").partition(">")[2].partition("<")[0] for row in rows]


def test_every_tab_has_the_number_of_its_campaigns(
    browser: Browser, draft: Campaign, submission: Submission
) -> None:
    found = {"All": 2, "Drafts": 1, "Needs you": 0, "Scheduled": 1, "Submitted": 0}
    assert counts(browser) == found
    assert list(counts(browser)) == list(found)
    assert names(browser) == {"December", "November"}
    assert names(browser, tab="drafts") == {"December"}
    assert names(browser, tab="scheduled") == {"November"}
    assert names(browser, tab="submitted") == names(browser, tab="needs-you") == set()


def test_counts_are_those_of_what_the_filters_find(
    browser: Browser, draft: Campaign, submission: Submission
) -> None:
    assert counts(browser, q="dec")["All"] == counts(browser, q="dec", tab="scheduled")["All"] == 1
    assert counts(browser, q="dec")["Scheduled"] == 0
    for tab in TABS:
        label = TABS[tab][0]
        assert counts(browser)[label] == len(names(browser, tab=tab))


def test_a_tab_keeps_the_filters_and_a_filter_keeps_the_tab(
    browser: Browser, draft: Campaign, submission: Submission
) -> None:
    page = Page.get(browser, f"{LIST}?q=e&mine=on&page=3&sort=-title&tab=scheduled")
    [drafts] = {link.url for link in page.links() if link.words == "Drafts 1"}
    assert drafts == f"{LIST}?q=e&mine=on&sort=-title&tab=drafts"
    [everything] = {link.url for link in page.links() if link.words == "All 2"}
    assert everything == f"{LIST}?q=e&mine=on&sort=-title"
    shown = page.press("Show", q="nov")
    assert parse_qs(shown.request["QUERY_STRING"]) == {
        "tab": ["scheduled"],
        "q": ["nov"],
        "mine": ["on"],
        "sort": ["-title"],
    }
    assert shown.text.count('aria-current="page"') == 1
    current = [node for node in page.nodes if node["aria-current"] == "page"]
    assert [node.words for node in current] == ["Scheduled 1"]


def test_a_tab_that_does_not_exist_says_so_and_shows_nothing(
    browser: Browser, draft: Campaign
) -> None:
    page = browser.get(LIST, {"tab": "sent"})
    assert not page.context["table"].rows
    assert "names a tab that does not exist" in page.text


@pytest.mark.parametrize("tab", [tab for tab in TABS if tab not in {"", "drafts"}])
def test_an_empty_tab_says_what_belongs_there(browser: Browser, draft: Campaign, tab: str) -> None:
    page = browser.get(LIST, {"tab": tab}).text
    assert "are shown here." in page
    assert "No campaigns yet" not in page
    assert "Show all" in page


def test_a_row_has_one_state(
    browser: Browser, draft: Campaign, submission: Submission, manager: User
) -> None:
    assert sorted(states(browser)) == ["Draft", "Scheduled to send"]
    submission.hold("Held by a test.")
    assert sorted(states(browser)) == ["Draft", "Scheduled to send, held"]
    assert endings.undo(submission, manager)
    assert sorted(states(browser)) == ["Draft", "Undone, draft open"]
    page = browser.get(LIST).text
    table = page[page.index("<tbody") : page.index("</tbody")]
    assert table.count('class="state') == 2


def test_the_last_change_is_said_as_people_say_it(browser: Browser, draft: Campaign) -> None:
    Campaign.objects.update(changed_at=datetime(2026, 3, 2, 21, 49, tzinfo=UTC))
    with time_machine.travel(datetime(2026, 3, 2, 22, 0, tzinfo=UTC)):
        # Signed in anew, since the session of the test's own time is not valid then.
        person = Browser()
        person.force_login(draft.created_by)
        page = person.get(LIST).text
    assert 'title="2 Mar 2026 21:49 UK time">21:49 today</time>' in page


def test_tabs_are_counted_with_as_many_queries_however_many_campaigns_there_are(
    browser: Browser, manager: User, northgate: Client, contact_list: ContactList
) -> None:
    def queries() -> int:
        people.submitted(
            Campaign.start(manager, people.content(northgate, contact_list)), manager
        ).hold("Held.")
        Campaign.start(manager, people.content(northgate, contact_list))
        with CaptureQueriesContext(connection) as captured:
            browser.get(reverse("drafts:list"), {"tab": "needs-you", "mine": "on"})
        return len(captured)

    browser.get(LIST)
    assert queries() == queries() == queries()
