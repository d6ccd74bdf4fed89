"""Deleting a draft: it is confirmed first, and refused for a campaign that was ever submitted."""

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Event
from campaigns.drafts.models import Campaign
from campaigns.submissions.models import Submission, endings
from tests import people


def delete(browser: Browser, draft: Campaign) -> str:
    return browser.post(reverse("drafts:delete", args=[draft.pk]), follow=True).text


def test_a_draft_is_deleted_once_a_person_has_been_asked(browser: Browser, draft: Campaign) -> None:
    pk, title = draft.pk, draft.title
    assert reverse("drafts:delete", args=[pk]) in browser.get(f"/campaigns/{pk}/").text
    assert f"Delete “{title}”?" in browser.get(reverse("drafts:delete", args=[pk])).text
    assert Campaign.objects.filter(pk=pk).exists()
    assert f"The draft “{title}” is deleted." in delete(browser, draft)
    assert not Campaign.objects.filter(pk=pk).exists()
    assert Event.objects.filter(sentence=f"Deleted the draft “{title}”.").count() == 1


@pytest.mark.parametrize("came_back", [False, True])
def test_a_campaign_that_was_submitted_is_kept(
    browser: Browser, draft: Campaign, manager: User, came_back: bool
) -> None:
    people.submitted(draft, manager)
    if came_back:
        endings.undo(Submission.objects.get(), manager)
    assert "so it can’t be deleted" in delete(browser, draft)
    assert Campaign.objects.filter(pk=draft.pk).exists()
    assert not Event.objects.filter(sentence__startswith="Deleted").exists()
    assert (
        reverse("drafts:delete", args=[draft.pk]) not in browser.get(f"/campaigns/{draft.pk}/").text
    )
