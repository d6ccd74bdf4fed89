"""Things deleted or withdrawn while a page shows them: the page says so and keeps all that was typed."""

import re
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
from campaigns.drafts.models import Campaign
from campaigns.submissions.models import Submission
from campaigns.uploads.runs import leftover_rows
from tests import people

AUTOSAVE = reverse("drafts:autosave")
AT_TEN = datetime(2026, 3, 2, 10, 42, tzinfo=UTC)


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture
def opened(browser: Browser, draft: Campaign) -> dict[str, Any]:
    """What Mina's page holds, with a name that she has typed since."""
    data = as_data(draft.content())
    posted = {name: data.getlist(name) for name in data}
    hidden = {"campaign": str(draft.pk), "version": str(draft.version), "form_token": "page"}
    return posted | hidden | {"name": "Typed since"}


@pytest.fixture
def alan(approver: User) -> User:
    approver.first_name, approver.last_name = "Alan", "Approver"
    approver.save()
    return approver


class TestADraftThatAColleagueDeleted:
    SAID = "Alan Approver deleted the draft “December” at 10:42."

    @pytest.fixture(autouse=True)
    def deleted(self, draft: Campaign, alan: User) -> Any:
        with time_machine.travel(AT_TEN):
            Campaign.objects.get(pk=draft.pk).discard(alan)
            yield

    def test_is_reported_by_the_page_that_saves_itself(
        self, browser: Browser, opened: dict[str, Any]
    ) -> None:
        browser.force_login(User.objects.get(username="mina"))
        answer = browser.post(AUTOSAVE, opened)
        assert answer.status_code == 200
        assert f"{self.SAID} What you typed is still here, but it is not saved." in plain(
            answer.text
        )
        assert f'formaction="{reverse("drafts:new")}">Save as a new draft<' in answer.text
        assert not Campaign.objects.exists()

    @pytest.mark.parametrize("button", ["drafts:edit", "drafts:check", "submissions:review"])
    def test_is_reported_by_every_button_and_can_be_saved_as_a_new_one(
        self, browser: Browser, draft: Campaign, opened: dict[str, Any], button: str
    ) -> None:
        browser.force_login(User.objects.get(username="mina"))
        page = browser.post(reverse(button, args=[draft.pk]), opened)
        assert page.status_code == 422
        assert self.SAID in plain(page.text)
        assert 'value="Typed since"' in page.text
        assert browser.post(reverse("drafts:new"), opened).status_code == 302
        assert Campaign.objects.get().name == "Typed since"
        assert not Submission.objects.exists()

    def test_still_draws_the_form_with_everything_in_it(
        self, browser: Browser, opened: dict[str, Any]
    ) -> None:
        browser.force_login(User.objects.get(username="mina"))
        page = browser.post(reverse("drafts:redraw"), opened | {"change": "add-runover"})
        assert self.SAID in plain(page.text)
        assert 'value="Typed since"' in page.text
        assert 'name="runover-0-day"' in page.text

    def test_reveals_nothing_to_a_stranger(
        self, browser: Browser, stranger: User, draft: Campaign, opened: dict[str, Any]
    ) -> None:
        browser.force_login(stranger)
        for address in (AUTOSAVE, reverse("drafts:edit", args=[draft.pk])):
            answer = browser.post(address, opened)
            assert answer.status_code == 404
            assert "Alan" not in answer.text


class TestAListThatIsDeletedWhileItIsChosen:
    SAID = "Alan Approver deleted the contact list “Readings” at 10:42."

    @pytest.fixture(autouse=True)
    def deleted(
        self, opened: dict[str, Any], contact_list: ContactList, northgate: Client, alan: User
    ) -> Any:
        other = people.contact_list(alan, northgate, name="The other")
        opened["contact_lists"] = [str(contact_list.pk), str(other.pk)]
        with time_machine.travel(AT_TEN):
            assert contact_list.give_up(alan)
            yield

    @pytest.mark.parametrize("is_cleared", [False, True])
    def test_is_left_out_and_reported_while_the_rest_is_saved(
        self,
        browser: Browser,
        draft: Campaign,
        contact_list: ContactList,
        opened: dict[str, Any],
        is_cleared: bool,
    ) -> None:
        if is_cleared:
            leftover_rows.remove_remains(contact_list)
        browser.force_login(User.objects.get(username="mina"))
        answer = browser.post(AUTOSAVE, opened)
        assert f"{self.SAID} It is no longer part of this campaign." in plain(answer.text)
        assert f'data-gone="{opened["contact_lists"][0]}"' in answer.text
        draft.refresh_from_db()
        assert draft.name == "Typed since"
        assert [str(one.pk) for one in draft.contact_lists.all()] == opened["contact_lists"][1:]

    def test_is_reported_by_a_button_which_sends_nothing(
        self, browser: Browser, draft: Campaign, opened: dict[str, Any]
    ) -> None:
        browser.force_login(User.objects.get(username="mina"))
        for button in ("drafts:edit", "submissions:review"):
            page = browser.post(reverse(button, args=[draft.pk]), opened)
            assert page.status_code == 422
            assert self.SAID in plain(page.text)
            assert "Select a valid choice" not in page.text
            assert 'value="Typed since"' in page.text
        assert not Submission.objects.exists()


@pytest.mark.parametrize("withdrawn", ["callflows", "clis"])
def test_a_lookup_withdrawn_while_it_is_chosen_stays_and_is_reported(
    browser: Browser, draft: Campaign, opened: dict[str, Any], northgate: Client, withdrawn: str
) -> None:
    getattr(northgate, withdrawn).update(is_active=False)
    answer = browser.post(AUTOSAVE, opened)
    assert "Saved " in plain(answer.text)
    assert "is no longer available for this client" in plain(answer.text)
    draft.refresh_from_db()
    assert draft.name == "Typed since"
    assert draft.call_flow
    assert draft.cli
    page = browser.get(reverse("drafts:edit", args=[draft.pk])).text
    assert "– no longer available" in page
