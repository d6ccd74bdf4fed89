"""Helpers that make a test call as a person does, and deliver it."""

import re
from typing import Any

from django.test import Client as Browser
from django.urls import reverse

from campaigns.drafts.models import Campaign
from campaigns.submissions.models import Submission
from tests.drawn import Page

OWN = "+447700900777"


def url_of(draft: Campaign, person: int = 1) -> str:
    return f"{reverse('submissions:test_call', args=[draft.pk])}?person={person}"


def page_of(browser: Browser, draft: Campaign, person: int = 1) -> Page:
    return Page.get(browser, url_of(draft, person))


def press(page: Page) -> Any:
    """Press the button that calls, whatever the number in its words."""
    [button] = [each for each in page.buttons() if each.words.startswith("Call me now on")]
    return page.press(button.words)


def ask(browser: Browser, draft: Campaign, person: int = 1) -> Submission:
    """Make a test call on the page for it, and return it as it is then."""
    answer = press(page_of(browser, draft, person))
    assert answer.status_code == 302, plain(answer.text)
    found = re.fullmatch(r"/submissions/(\d+)/", answer.headers["Location"])
    assert found
    return Submission.with_test_calls.get(pk=found[1])


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())
