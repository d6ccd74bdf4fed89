"""A test call that is pressed when the session has ended or the disk is full: nobody is called."""

import errno
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client as Browser
from django.urls import reverse

from campaigns.drafts.models import Campaign
from campaigns.submissions import payload_files
from campaigns.submissions.models import Submission
from tests.drawn import Page
from tests.submissions.test_calls.calling import page_of, plain, press

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.usefixtures("own", "script")
def test_pressed_after_the_session_has_ended_it_leads_back_to_the_page_and_calls_nobody(
    browser: Browser, draft: Campaign
) -> None:
    """A button is not sent again by itself: what it calls has to be seen again."""
    page = page_of(browser, draft)
    [button] = [each for each in page.buttons() if each.words.startswith("Call me now")]
    site = "http://testserver"
    sent_from = {"origin": site, "referer": f"{site}{page.url}"}
    answer = Browser().post(button.url, button.data, headers=sent_from)
    assert answer.status_code == 302
    signing_in = urlsplit(answer.headers["Location"])
    assert signing_in.path == reverse("account_login")
    assert parse_qs(signing_in.query) == {"next": [page.url]}
    assert not Submission.with_test_calls.exists()


@pytest.mark.usefixtures("own", "script")
def test_a_full_disk_is_said_and_leaves_nothing(
    browser: Browser, draft: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_blocks: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    page = page_of(browser, draft)
    monkeypatch.setattr(payload_files, "store", full)
    answer = press(page)
    assert answer.status_code == 507
    assert "You were not called, and nothing was stored. The portal’s disk is full" in plain(
        answer.text
    )
    assert Page(browser, page.url, answer.text).offers("Call me now on ••• 777")
    assert not Submission.with_test_calls.exists()
    monkeypatch.undo()
    assert press(page).status_code == 302
    assert Submission.with_test_calls.count() == 1
