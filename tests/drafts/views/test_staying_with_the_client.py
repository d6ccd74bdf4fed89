"""A campaign that was submitted for a client stays with it: its history is that client's."""

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client, Role
from campaigns.drafts.form.form_data import as_data
from campaigns.drafts.models import Campaign, ClientFixed
from campaigns.submissions.models import Submission, endings
from tests import people


@pytest.fixture
def reopened(submission: Submission, manager: User, harbour: Client) -> Campaign:
    """A draft of Northgate's that was submitted and undone, by somebody who manages Harbour too."""
    people.join(manager, harbour, Role.ACCOUNT_MANAGER)
    assert endings.undo(submission, manager)
    return Campaign.objects.get(pk=submission.own_campaign.pk)


def moved(campaign: Campaign, harbour: Client) -> dict[str, Any]:
    """Return what the page posts when its client and name are changed."""
    content = campaign.content()
    data = as_data(replace(content, client=harbour, call_flow=None, cli=None, contact_lists=[]))
    posted = {name: data.getlist(name) for name in data}
    return posted | {
        "version": str(campaign.version),
        "name": "Typed anew",
        "campaign": str(campaign.pk),
    }


@pytest.mark.parametrize("button", ["drafts:edit", "drafts:check", "submissions:review"])
def test_each_button_refuses_with_a_sentence_offers_a_copy_and_keeps_what_was_typed(
    browser: Browser, reopened: Campaign, harbour: Client, button: str
) -> None:
    page = browser.post(reverse(button, args=[reopened.pk]), moved(reopened, harbour))
    assert page.status_code == 422
    said = " ".join(page.text.split())
    assert "was submitted for Northgate Energy, so you can’t change its client" in said
    assert f'href="{reverse("drafts:new")}?copy={reopened.pk}"' in said
    assert 'value="Typed anew"' in said
    reopened.refresh_from_db()
    assert (reopened.client.name, reopened.name) == ("Northgate Energy", "November")


def test_autosaving_does_not_move_it_either(
    browser: Browser, reopened: Campaign, harbour: Client
) -> None:
    page = browser.post(reverse("drafts:autosave"), moved(reopened, harbour))
    assert "so you can’t change its client" in page.text
    reopened.refresh_from_db()
    assert reopened.client.name == "Northgate Energy"


def test_the_model_decides_by_the_row_as_it_is_now(
    submission: Submission, manager: User, harbour: Client
) -> None:
    """The page may have loaded the draft before the submission."""
    stale = Campaign.objects.get(pk=submission.own_campaign.pk)
    stale.was_submitted = False
    endings.undo(submission, manager)
    with pytest.raises(ClientFixed):
        stale.revise(manager, replace(stale.content(), client=harbour), stale.version)


def test_its_copy_and_a_draft_without_a_history_may_be_moved(
    browser: Browser, reopened: Campaign, draft: Campaign, harbour: Client
) -> None:
    copied = {"name": "A copy", "client": str(harbour.pk)}
    browser.post(reverse("drafts:new"), copied)
    assert Campaign.objects.get(name="A copy").client == harbour
    browser.post(reverse("drafts:edit", args=[draft.pk]), moved(draft, harbour))
    draft.refresh_from_db()
    assert draft.client == harbour
