"""Fixtures for tests of drafts: a signed-in browser, and a draft with nothing wrong at a fixed time."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client as Browser

from campaigns.clients.models import Client
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign.content import DraftContent, Hours
from tests import people

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
MONDAY = date(2026, 3, 9)


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


@pytest.fixture
def complete(northgate: Client, contact_list: ContactList) -> DraftContent:
    with time_machine.travel(NOW):
        said = people.content(northgate, contact_list)
    return replace(said, hours=Hours(MONDAY, time(9), time(12)), runover=[])
