from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.utils import timezone

from campaigns.clients.models import CallFlow, Client
from campaigns.drafts.models import Campaign
from campaigns.submissions.models import OwnNumber, Submission
from tests.submissions.test_calls.calling import OWN, ask


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Make it tomorrow morning: a sandbox process, whose clock is the machine's, takes what is later."""
    tomorrow = timezone.now() + timedelta(days=1)
    ten = tomorrow.replace(hour=10, minute=2, second=20, microsecond=0)
    with time_machine.travel(ten) as traveller:
        yield traveller


@pytest.fixture
def script(northgate: Client) -> None:
    CallFlow.objects.filter(client=northgate).update(
        script="Hello {Parameter1}, your reading is due on {Parameter2}."
    )


@pytest.fixture
def own(manager: User) -> OwnNumber:
    OwnNumber.keep(manager, OWN)
    return OwnNumber.objects.get(person=manager)


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


@pytest.fixture
def test_call(browser: Browser, own: OwnNumber, script: None, draft: Campaign) -> Submission:
    """A test call of the draft with the second person's values, made and queued, not delivered."""
    return ask(browser, draft, person=2)
