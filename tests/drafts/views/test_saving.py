"""Two pages with one draft: the later save overwrites nothing that its person hasn't seen."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client
from campaigns.contacts.models import ContactList
from campaigns.drafts.form.form_data import as_data
from campaigns.drafts.models import Campaign, DraftChanged
from campaigns.submissions.models import Submission
from tests import people


def version_in(page: str) -> str:
    found = re.search(r'name="version"\s+value="(\d*)"', page)
    assert found
    return found[1]


@pytest.fixture
def opened(browser: Browser, draft: Campaign) -> dict[str, Any]:
    """What Mina's page posts. She opened it before anyone else saved, and has typed another name."""
    page = browser.get(reverse("drafts:edit", args=[draft.pk])).text
    data = as_data(draft.content())
    posted = {name: data.getlist(name) for name in data}
    return posted | {"version": version_in(page), "name": "Mina’s", "campaign": str(draft.pk)}


@pytest.fixture
def saved_by_alan(opened: dict[str, Any], draft: Campaign, approver: User) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 12, 3, tzinfo=UTC)):
        draft.revise(approver, replace(draft.content(), name="Alan’s"), draft.version)


@pytest.mark.usefixtures("saved_by_alan")
@pytest.mark.parametrize("button", ["drafts:edit", "drafts:check", "submissions:review"])
def test_an_older_page_is_not_saved_over_a_newer_one(
    browser: Browser, draft: Campaign, opened: dict[str, Any], button: str
) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 12, 9, tzinfo=UTC)):
        browser.force_login(User.objects.get(username="mina"))
        page = browser.post(reverse(button, args=[draft.pk]), opened)
    assert page.status_code == 422
    said = " ".join(page.text.split())
    assert "alan saved this draft at 12:03, after you opened it." in said
    assert 'value="Mina’s"' in page.text
    assert "Not saved." in page.text
    assert version_in(page.text) == opened["version"]
    draft.refresh_from_db()
    assert draft.name == "Alan’s"
    assert not Submission.objects.exists()


@pytest.mark.usefixtures("saved_by_alan")
def test_a_person_who_has_seen_the_newer_version_may_save_over_it(
    browser: Browser, draft: Campaign, opened: dict[str, Any], approver: User
) -> None:
    address = reverse("drafts:edit", args=[draft.pk])
    refused = browser.post(address, opened).text
    assert re.search(rf'href="{address}"\s+target="_blank"', refused)
    over = re.search(r'name="over"\s+value="(\d+)"', refused)
    assert over
    draft.revise(approver, replace(draft.content(), name="Alan’s again"), draft.version)
    assert browser.post(address, opened | {"over": over[1]}).status_code == 422
    draft.refresh_from_db()
    assert draft.name == "Alan’s again"
    assert browser.post(address, opened | {"over": str(draft.version)}).status_code == 302
    draft.refresh_from_db()
    assert draft.name == "Mina’s"


@pytest.mark.parametrize("version", ["", "x", "9" * 5_000])
def test_a_page_that_names_no_version_overwrites_nothing(
    browser: Browser, draft: Campaign, opened: dict[str, Any], version: str
) -> None:
    answer = browser.post(
        reverse("drafts:edit", args=[draft.pk]), opened | {"version": version, "over": version}
    )
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.name == "December"


def test_a_save_that_is_posted_twice_is_no_conflict(
    browser: Browser, draft: Campaign, opened: dict[str, Any]
) -> None:
    for _ in range(2):
        answer = browser.post(reverse("drafts:edit", args=[draft.pk]), opened)
        assert answer.status_code == 302


@pytest.mark.usefixtures("saved_by_alan")
def test_redrawing_the_form_keeps_the_version_it_was_made_from(
    browser: Browser, opened: dict[str, Any]
) -> None:
    drawn = browser.post(reverse("drafts:redraw"), opened | {"change": "add-runover"})
    assert version_in(drawn.text) == opened["version"]


def test_a_conflict_with_another_page_of_the_same_person_says_so(
    browser: Browser, draft: Campaign, opened: dict[str, Any]
) -> None:
    address = reverse("drafts:edit", args=[draft.pk])
    browser.post(address, opened | {"name": "First"})
    page = browser.post(address, opened | {"name": "Second"})
    assert "You saved this draft on another page at " in page.text


def test_saving_keeps_a_status_that_has_changed_since_the_draft_was_loaded(
    northgate: Client, contact_list: ContactList, manager: User, draft: Campaign
) -> None:
    draft.lock()
    loaded = Campaign.objects.get(pk=draft.pk)
    draft.reopen()
    loaded.revise(manager, people.content(northgate, contact_list, "Mended"), loaded.version)
    assert loaded.is_draft
    stored = Campaign.objects.get(pk=draft.pk)
    assert (stored.name, stored.is_draft) == ("Mended", True)


def test_the_model_itself_refuses_a_change_made_from_an_older_version(
    northgate: Client, contact_list: ContactList, manager: User, draft: Campaign
) -> None:
    older = draft.version
    draft.revise(manager, people.content(northgate, contact_list, "One"), older)
    with pytest.raises(DraftChanged):
        draft.revise(manager, people.content(northgate, contact_list, "Two"), older)
