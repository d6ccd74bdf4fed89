"""The page: who sees it, the tab, filters, the search, Refresh and the number of queries."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.clients.models import Client, PartnerAccount, Role
from campaigns.drafts.models import Campaign
from campaigns.results.models import CalledPerson, PartReading
from campaigns.results.views import TOO_SOON
from campaigns.submissions.models import Submission
from tests import people
from tests.partner.sandbox import SandboxProcess
from tests.results import played
from tests.results.played import campaign_of
from tests.submissions.enqueued import enqueued

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = "07700 900003"


@pytest.fixture
def read(called: Submission) -> Submission:
    played.read_back(called)
    return called


@pytest.fixture
def browser(viewer: User) -> Browser:
    browser = Browser()
    browser.force_login(viewer)
    return browser


def url_of(submission: Submission, name: str = "detail") -> str:
    return reverse(f"results:{name}", args=[campaign_of(submission)])


def numbers_in(html: str) -> set[str]:
    return set(re.findall(r"\+447700900\d{3}", html))


def test_the_tab_is_there_once_the_account_is_read_back_and_something_was_accepted(
    called: Submission, browser: Browser
) -> None:
    history = reverse("drafts:history", args=[campaign_of(called)])
    tab = f'href="{url_of(called)}"'
    assert tab in browser.get(history).text
    assert tab in browser.get(reverse("submissions:detail", args=[called.pk])).text
    PartnerAccount.objects.update(reads_back=False)
    assert tab not in browser.get(history).text


def test_reading_back_is_off_by_default_and_in_administration(
    account: PartnerAccount, admin: User
) -> None:
    assert PartnerAccount.objects.get(pk=account.pk).reads_back is False
    browser = Browser()
    browser.force_login(admin)
    form = browser.get(reverse("admin:clients_partneraccount_change", args=[account.pk])).text
    assert "Reading back" in form
    assert "only if the partner allows it" in form


def test_a_campaign_that_was_not_sent_has_no_tab(
    readable: PartnerAccount, draft: Campaign, submission: Submission, browser: Browser
) -> None:
    for campaign in (draft.pk, campaign_of(submission)):
        page = browser.get(reverse("drafts:history", args=[campaign])).text
        assert ">Results</a>" not in page.partition("Pages of this campaign")[2]
        page = browser.get(reverse("results:detail", args=[campaign])).text
        assert "There are no results yet" in page


def test_another_clients_people_are_never_shown(
    read: Submission, stranger: User, harbour: Client, manager: User
) -> None:
    browser = Browser()
    browser.force_login(stranger)
    for name in ("detail", "export_csv", "export_excel"):
        assert browser.get(url_of(read, name)).status_code == 404
    assert browser.post(url_of(read, "refresh")).status_code == 404
    # A draft that moves to another client leaves its results behind.
    Campaign.objects.filter(pk=campaign_of(read)).update(client=harbour)
    assert "There are no results yet" in browser.get(url_of(read)).text
    assert b"7700900" not in b"".join(browser.get(url_of(read, "export_csv")))
    people.join(manager, harbour, Role.VIEWER)
    browser.force_login(manager)
    assert numbers_in(browser.get(url_of(read)).text)


def test_test_calls_are_left_out(read: Submission, browser: Browser) -> None:
    Submission.with_test_calls.filter(pk=read.pk).update(
        is_test_call=True, campaign=None, test_of=read.campaign_id
    )
    assert "There are no results yet" in browser.get(url_of(read)).text
    PartReading.objects.all().delete()
    played.read_back(read)
    assert played.readings(read)[0].campaign_id is None


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("?outcome=3", {"outcome": 3}),
        ("?standing=reached", {"is_reached": True}),
        ("?standing=not-reached", {"is_reached": False}),
        ("?stage=13", {"stage": 13}),
        ("?outcome=1&stage=13", {"outcome": 1, "stage": 13}),
    ],
)
def test_a_category_filters(
    read: Submission, browser: Browser, query: str, condition: dict[str, object]
) -> None:
    wanted = set(CalledPerson.objects.filter(**condition).values_list("number", flat=True))
    assert 0 < len(wanted) < 50
    assert numbers_in(browser.get(url_of(read) + query).text) == wanted


@pytest.mark.parametrize("query", ["?outcome=x", "?stage=1.5", "?standing=all", "?outcome=²"])
def test_a_filter_that_cant_be_used_finds_nobody(
    read: Submission, browser: Browser, query: str
) -> None:
    page = browser.get(url_of(read) + query).text
    assert "Nobody was searched" in page
    assert not numbers_in(page)


def test_a_search_by_number_is_posted_and_keeps_the_filter(
    read: Submission, browser: Browser
) -> None:
    page = browser.post(url_of(read), {"q": FIRST}).text
    assert numbers_in(page) == {"+447700900003"}
    assert numbers_in(browser.post(url_of(read), {"q": "Person Number7"}).text) == {"+447700900007"}
    assert len(numbers_in(browser.post(url_of(read), {"page": "2"}).text)) == 10
    outcome = CalledPerson.objects.get(number="+447700900003").outcome
    other = 1 if outcome != 1 else 6
    assert not numbers_in(browser.post(f"{url_of(read)}?outcome={other}", {"q": FIRST}).text)
    assert not re.findall(r'(?:href|action)="[^"]*7700', page)


def test_before_the_first_reading_nothing_is_claimed(called: Submission, browser: Browser) -> None:
    page = " ".join(browser.get(url_of(called)).text.split())
    assert "60 people sent to the partner" in page
    assert "Nothing has been read from the partner yet." in page
    assert "people reached" not in page


def test_refresh_asks_once_a_minute(
    called: Submission, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from campaigns.results import tasks

    rung = enqueued(monkeypatch, tasks.read)
    assert ">Refresh<" in " ".join(browser.get(url_of(called)).text.split())
    browser.post(url_of(called, "refresh"))
    [reading] = played.readings(called)
    assert rung == [reading.pk]
    answer = browser.post(url_of(called, "refresh"), follow=True)
    assert TOO_SOON in answer.text
    assert rung == [reading.pk]
    PartReading.objects.update(asked_at=timezone.now() - timedelta(seconds=61))
    browser.post(url_of(called, "refresh"))
    assert rung == [reading.pk, reading.pk]
    assert browser.get(url_of(called, "refresh")).status_code == 405
    PartnerAccount.objects.update(reads_back=False)
    PartReading.objects.update(asked_at=None)
    browser.post(url_of(called, "refresh"))
    assert len(rung) == 2


def test_a_failed_reading_is_a_sentence_on_the_page(
    sandbox: SandboxProcess, called: Submission, browser: Browser
) -> None:
    sandbox.behave_reading("server_error", 10)
    played.read_back(called)
    page = browser.get(url_of(called)).text
    assert "The partner could not answer (status 500)." in page


def test_names_and_digits_are_shown_as_text(read: Submission, browser: Browser) -> None:
    CalledPerson.objects.filter(number="+447700900003").update(
        name="<i>Name</i>", digits='<b>"1"</b>', outcome=27, attempts=1
    )
    page = browser.post(url_of(read), {"q": FIRST}).text
    assert "<i>Name</i>" not in page
    assert "&lt;i&gt;Name&lt;/i&gt;" in page
    assert "<b>" not in page
    assert "Code 27" in page


def test_the_number_of_queries_does_not_grow_with_the_people(
    read: Submission, browser: Browser
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert browser.get(url_of(read)).status_code == 200
        return len(captured)

    many = queries()
    CalledPerson.objects.exclude(number="+447700900003").delete()
    assert many == queries() < 40


def test_the_plot_and_its_table_have_the_same_calls(read: Submission, browser: Browser) -> None:
    page = browser.get(url_of(read)).text
    attempts = re.findall(r"Attempt (\d+): (\d+) call", page)
    assert [int(attempt) for attempt, _ in attempts] == [1, 2, 3]
    assert attempts[0][1] == "60"
    table = page.partition('id="attempts-table"')[2].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    firsts = [int(re.findall(r'class="number">(\d+)<', row)[0]) for row in rows]
    assert sum(firsts) == 60
