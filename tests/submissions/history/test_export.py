"""The exports of submissions have what the filters find, on all pages, and no telephone number."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from campaigns.clients.models import Client
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign.content import DraftContent
from campaigns.drafts.models import Campaign
from campaigns.submissions.models import Submission
from campaigns.submissions.views import submission_list
from tests import people
from tests.drawn import Page
from tests.submissions.partner import send_all

pytestmark = pytest.mark.django_db(transaction=True)

CSV, EXCEL = "/submissions/export.csv", "/submissions/export.xlsx"
HEADINGS = [
    *("Reference", "Campaign name", "Client", "State", "People", "Accepted", "Campaign IDs"),
    *("Starts at (UK time)", "Submitted at (UK time)", "Submitted by", "Decided by", "Kind"),
]


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


def content(browser: Browser, url: str, asked: Any = None) -> bytes:
    answer = browser.get(url, asked)
    assert answer.status_code == 200
    assert answer.streaming
    return b"".join(answer)


def rows(browser: Browser, **asked: Any) -> list[list[str]]:
    text = content(browser, CSV, asked).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def excel_rows(browser: Browser, **asked: Any) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content(browser, EXCEL, asked)))
    return book.get_sheet_by_index(0).to_python()


@pytest.fixture
def sent(large: Submission, manager: User, approver: User) -> Submission:
    """A submission in summer that the partner has in part."""
    send_all(large, 41, 42, "400 Bad")
    User.objects.filter(pk=manager.pk).update(first_name="Mina", last_name="Sharma")
    Submission.objects.update(
        submitted_at=datetime(2026, 7, 14, 20, 49, tzinfo=UTC),
        starts_at=datetime(2026, 7, 15, 8, 0, tzinfo=UTC),
        decided_by=approver,
        name="Readings",
    )
    large.refresh_from_db()
    return large


def test_a_row_has_every_fact_and_times_of_the_uk(browser: Browser, sent: Submission) -> None:
    assert rows(browser) == [
        HEADINGS,
        [
            *(
                sent.reference,
                "Readings",
                "Northgate Energy",
                "Partly submitted (4 of 5)",
                "5",
                "4",
            ),
            *("41, 42", "2026-07-15 09:00", "2026-07-14 21:49", "Mina Sharma", "alan", "Campaign"),
        ],
    ]


def test_excel_has_the_same_with_numbers_and_times_of_its_own(
    browser: Browser, sent: Submission
) -> None:
    headings, row = excel_rows(browser)
    assert headings == HEADINGS
    assert row[4:9] == [
        *(5.0, 4.0, "41, 42"),
        *(datetime(2026, 7, 15, 9, 0), datetime(2026, 7, 14, 21, 49)),  # noqa: DTZ001
    ]
    assert [*row[:4], *row[9:]] == [*rows(browser)[1][:4], "Mina Sharma", "alan", "Campaign"]


def test_no_telephone_number_is_in_it(browser: Browser, submission: Submission) -> None:
    """Nor are the free texts in it, into which somebody may have typed one."""
    Submission.objects.update(held_reason="Call 07700 900101", decision="Not 07700 900101")
    shown = str(rows(browser)) + str(excel_rows(browser))
    assert submission.reference in shown
    assert not [number for number in ("900101", "960102", "79460103", "0999") if number in shown]


def test_a_name_that_begins_as_a_formula_does_is_a_text(
    browser: Browser, submission: Submission
) -> None:
    Submission.objects.update(name="=HYPERLINK(1)")
    assert rows(browser)[1][1] == "'=HYPERLINK(1)"
    assert excel_rows(browser)[1][1] == "=HYPERLINK(1)"


def make(manager: User, northgate: Client, contacts: ContactList, count: int) -> None:
    for number in range(count):
        content = people.content(northgate, contacts, f"Campaign {number}")
        people.submitted(Campaign.start(manager, content), manager)


def test_the_filters_count_and_the_page_does_not(
    browser: Browser,
    manager: User,
    northgate: Client,
    contact_list: ContactList,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make(manager, northgate, contact_list, 3)
    monkeypatch.setattr("campaigns.tables.ROWS_A_PAGE", 2)
    page = Page.get(browser, "/submissions/?q=Campaign&page=2&sort=name")
    assert [link.url for link in page.links() if link.words.startswith("Export")] == [
        f"{CSV}?q=Campaign",
        f"{EXCEL}?q=Campaign",
    ]
    answer = page.follow("Export CSV")
    assert b"".join(answer).count(b"Campaign ") == 3 + 2, "three rows and two headings"
    assert [row[1] for row in rows(browser, q="Campaign 1")[1:]] == ["Campaign 1"]
    assert [row[1] for row in excel_rows(browser, q="Campaign 1")[1:]] == ["Campaign 1"]
    assert rows(browser, q="Easter") == [HEADINGS]


def test_queries_do_not_grow_with_the_rows(
    browser: Browser, manager: User, northgate: Client, contact_list: ContactList
) -> None:
    def queries() -> int:
        make(manager, northgate, contact_list, 2)
        with CaptureQueriesContext(connection) as captured:
            rows(browser)
        return len(captured)

    assert queries() == queries()


@pytest.mark.parametrize("url", [CSV, EXCEL])
@pytest.mark.parametrize(
    "asked", [{"state": "x"}, {"since": "2026-03-02", "until": "2026-03-01"}, {"client": "999999"}]
)
def test_with_a_filter_that_cannot_be_used_nothing_is_exported(
    browser: Browser, submission: Submission, url: str, asked: dict[str, str]
) -> None:
    answer = browser.get(url, asked, follow=True)
    assert answer.redirect_chain[0][0].startswith("/submissions/?")
    assert "A filter has a value that can’t be used." in answer.text
    assert submission.reference not in answer.text


def test_more_rows_than_excel_holds_are_not_cut_off(
    browser: Browser, submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submission_list, "MOST_ROWS", 0)
    answer = browser.get(EXCEL, {"q": "November"}, follow=True)
    assert answer.redirect_chain == [("/submissions/?q=November", 302)]
    assert "An Excel file here has at most" in answer.text


def test_another_clients_submissions_are_not_in_it(
    client: Browser, submission: Submission, stranger: User
) -> None:
    client.force_login(stranger)
    assert rows(client) == excel_rows(client) == [HEADINGS]


def test_the_page_of_a_campaign_leads_to_the_export_of_just_its_submissions(
    browser: Browser,
    manager: User,
    northgate: Client,
    contact_list: ContactList,
    submission: Submission,
) -> None:
    make(manager, northgate, contact_list, 2)
    for url in (
        f"/submissions/{submission.pk}/",
        f"/campaigns/{submission.campaign_id}/history/",
        f"/campaigns/{submission.campaign_id}/",
    ):
        [link] = [
            link for link in Page.get(browser, url).links() if link.words.startswith("Export")
        ]
        assert link.url == f"{EXCEL}?campaign={submission.campaign_id}", url
    found = excel_rows(browser, campaign=submission.campaign_id)
    assert [row[0] for row in found[1:]] == [submission.reference]


def test_a_list_of_one_campaigns_submissions_says_so(
    browser: Browser, submission: Submission
) -> None:
    page = browser.get("/submissions/", {"campaign": submission.own_campaign.pk}).text
    assert "Only the submissions of" in page
    assert submission.own_campaign.title in page
    assert "Only the submissions of" not in browser.get("/submissions/").text


def test_a_campaign_that_was_never_submitted_has_nothing_to_export(
    browser: Browser, manager: User, northgate: Client
) -> None:
    made = Campaign.start(manager, DraftContent.blank(northgate))
    assert "Export" not in browser.get(f"/campaigns/{made.pk}/").text


def test_another_clients_campaign_is_no_filter(
    client: Browser, submission: Submission, stranger: User
) -> None:
    client.force_login(stranger)
    answer = client.get(EXCEL, {"campaign": submission.own_campaign.pk}, follow=True)
    assert "A filter has a value that can’t be used." in answer.text
