"""A list that is deleted while a campaign uses it: the rest is not called until a person agrees."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client, Event
from campaigns.contacts import deletion
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign.content import DraftContent
from campaigns.drafts.form.form_data import as_data
from campaigns.drafts.models import Campaign
from campaigns.drafts.views import saving
from campaigns.submissions.models import Submission, endings
from campaigns.uploads.runs import leftover_rows
from tests import people

pytestmark = pytest.mark.django_db

OTHERS = [(f"07700 90020{n}", "Ina", "Ina", "9 May") for n in range(3)]


@pytest.fixture
def other(manager: User, northgate: Client) -> ContactList:
    return people.contact_list(manager, northgate, OTHERS, "March")


@pytest.fixture
def draft(
    manager: User, approver: User, northgate: Client, contact_list: ContactList, other: ContactList
) -> Campaign:
    """A draft with two lists, one of which Alan has deleted with all its contacts."""
    said = people.content(northgate, contact_list)
    made = Campaign.start(
        manager, DraftContent(**{**fields(said), "contact_lists": [contact_list, other]})
    )
    approver.first_name = "Alan"
    approver.save()
    assert deletion.give_up(other, approver) == ""
    leftover_rows.remove_remains(other)
    return made


def fields(said: DraftContent) -> dict[str, Any]:
    return {name: getattr(said, name) for name in DraftContent.__dataclass_fields__}


def rules(campaign: Campaign) -> set[str]:
    return {problem.rule for problem in saving.problems_of(Campaign.objects.get(pk=campaign.pk))}


def posted(campaign: Campaign) -> dict[str, Any]:
    """Return what the page of the saved draft posts."""
    saved = Campaign.objects.get(pk=campaign.pk)
    data = as_data(saved.content())
    named = {"campaign": str(saved.pk), "version": str(saved.version), "form_token": "page"}
    return {name: data.getlist(name) for name in data} | named | people.confirming(saved)


def plain(page: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def test_a_lost_list_is_blocking_and_recorded_with_who_deleted_it(
    browser: Browser, draft: Campaign
) -> None:
    assert "list-lost" in rules(draft)
    recorded = Event.objects.about(draft).latest("pk")
    assert recorded.sentence == "Lost the contact list “March”, because it was deleted."
    assert recorded.actor is not None
    assert recorded.actor.username == "alan"
    page = browser.get(reverse("drafts:edit", args=[draft.pk]), {"check": "1"})
    assert "Alan deleted the contact list “March” at" in plain(page)
    assert "until you choose another list or continue without it" in plain(page)


@pytest.mark.parametrize("is_removed", [False, True])
def test_every_page_says_the_same_of_a_deleted_list_and_says_it_once(
    browser: Browser,
    approver: User,
    draft: Campaign,
    contact_list: ContactList,
    is_removed: bool,
) -> None:
    opened = posted(draft)
    with time_machine.travel(datetime(2026, 3, 2, 10, 42, tzinfo=UTC)):
        assert deletion.give_up(contact_list, approver) == ""
    if is_removed:
        leftover_rows.remove_remains(contact_list)
    said = "Alan deleted the contact list “Readings” on 2 Mar 2026 at 10:42."
    of_a_page_open_before = browser.post(reverse("drafts:check", args=[draft.pk]), opened)
    checked = browser.get(reverse("drafts:edit", args=[draft.pk]), {"check": "1"})
    copied = browser.get(reverse("drafts:new"), {"copy": draft.pk})
    for page in (of_a_page_open_before, checked, copied):
        assert said in plain(page)
        assert "used any more" not in plain(page)
    lost = [problem for problem in saving.problems_of(draft) if "Readings" in problem.sentence]
    assert [problem.rule for problem in lost] == ["list-lost"]


def test_a_list_that_is_deleted_and_marked_nowhere_blocks_too(
    draft: Campaign, contact_list: ContactList, approver: User
) -> None:
    assert contact_list.give_up(approver)
    assert {"list-lost", "people-missing"} <= rules(draft)


@pytest.mark.parametrize("is_removed", [False, True])
def test_a_list_deleted_after_the_form_was_read_is_marked_once(
    manager: User, approver: User, northgate: Client, contact_list: ContactList, is_removed: bool
) -> None:
    """The form was read while the list still existed."""
    draft = Campaign.start(manager, people.content(northgate, contact_list))
    new = people.contact_list(manager, northgate, OTHERS, "April")
    both = replace(draft.content(), contact_lists=[contact_list, new])
    pk = new.pk
    assert deletion.give_up(new, approver) == ""
    if is_removed:
        leftover_rows.remove_remains(new)
        new.pk = pk
    for _ in range(2):
        draft.revise(manager, both, draft.version)
        assert [lost.name for lost in draft.lost_lists.all()] == ["April"]
        assert list(draft.contact_lists.all()) == [contact_list]
        assert rules(draft) & {"list-lost", "people-missing"} == {"list-lost"}
    started = Campaign.start(manager, both)
    assert "list-lost" in rules(started)
    told = Event.objects.about(draft).get(sentence__startswith="Lost")
    assert told.actor == approver


def test_a_deleted_list_is_renamed_and_archived_by_nobody_and_stays_deleted_by_who_did_it(
    browser: Browser, manager: User, approver: User, northgate: Client, contact_list: ContactList
) -> None:
    """A page that was loaded before still has the buttons."""
    draft = Campaign.start(manager, people.content(northgate, contact_list))
    new = people.contact_list(manager, northgate, OTHERS, "April")
    both = replace(draft.content(), contact_lists=[contact_list, new])
    assert deletion.give_up(new, approver) == ""
    browser.post(reverse("contacts:rename", args=[new.pk]), {"name": "Renamed"})
    browser.post(reverse("contacts:archive", args=[new.pk]))
    new.refresh_from_db()
    assert (new.name, new.archived_at) == ("April", None)
    draft.revise(manager, both, draft.version)
    [lost] = draft.lost_lists.all()
    assert (lost.name, lost.deleted_by) == ("April", approver)


def test_a_draft_with_a_lost_list_is_not_submitted_and_saving_keeps_the_problem(
    browser: Browser, draft: Campaign
) -> None:
    address = reverse("submissions:review", args=[draft.pk])
    page = browser.post(address, posted(draft), follow=True)
    assert "Choose another list, or continue without it." in plain(page)
    assert not Submission.objects.exists()
    for address in (reverse("drafts:autosave"), reverse("drafts:edit", args=[draft.pk])):
        browser.post(address, posted(draft) | {"name": "Another name"})
        assert "list-lost" in rules(draft)


def test_a_person_can_continue_without_the_lost_list(browser: Browser, draft: Campaign) -> None:
    page = browser.get(reverse("drafts:edit", args=[draft.pk]))
    address = reverse("drafts:continue_without", args=[draft.pk])
    assert f'formaction="{address}"' in page.text
    assert browser.post(address, posted(draft) | {"name": "Typed since"}).status_code == 302
    assert "list-lost" not in rules(draft)
    assert Campaign.objects.get(pk=draft.pk).name == "Typed since"
    assert "Continued without “March”." in [e.sentence for e in Event.objects.about(draft)]
    assert "Alan deleted" not in browser.get(reverse("drafts:edit", args=[draft.pk])).text


def test_a_person_can_choose_another_list_instead(
    browser: Browser, draft: Campaign, manager: User, northgate: Client, contact_list: ContactList
) -> None:
    new = people.contact_list(manager, northgate, OTHERS, "April")
    lists = [str(contact_list.pk), str(new.pk)]
    browser.post(reverse("drafts:edit", args=[draft.pk]), posted(draft) | {"contact_lists": lists})
    assert "list-lost" not in rules(draft)


def test_a_copy_names_the_lost_list_too(browser: Browser, draft: Campaign) -> None:
    page = browser.get(reverse("drafts:new"), {"copy": draft.pk})
    assert "Alan deleted the contact list “March”" in plain(page)
    assert "The campaign you copied used it too." in plain(page)


def test_a_copy_of_a_sent_campaign_names_the_lost_list_too(
    browser: Browser,
    manager: User,
    approver: User,
    contact_list: ContactList,
    submission: Submission,
) -> None:
    endings.undo(submission, manager)
    Campaign.objects.update(status=Campaign.Status.SUBMITTED)
    assert deletion.give_up(contact_list, approver) == ""
    leftover_rows.remove_remains(contact_list)
    page = browser.get(reverse("drafts:new"), {"copy": submission.own_campaign.pk})
    assert "alan deleted the contact list “Readings”" in plain(page)


def test_the_page_for_deleting_says_what_happens_to_drafts(
    browser: Browser, draft: Campaign, contact_list: ContactList
) -> None:
    page = browser.get(reverse("contacts:delete", args=[contact_list.pk]))
    assert draft.title in page.text
    assert (
        "A draft that uses this list can’t be submitted until someone chooses another list or "
        "continues without this one."
    ) in plain(page)


def test_a_list_that_cannot_be_deleted_is_not_lost(
    draft: Campaign, manager: User, contact_list: ContactList
) -> None:
    ContactList.objects.filter(pk=contact_list.pk).update(status="reading")
    contact_list.refresh_from_db()
    assert deletion.give_up(contact_list, manager)
    assert [lost.name for lost in draft.lost_lists.all()] == ["March"]


def test_an_archived_list_of_a_copy_is_marked(
    browser: Browser, manager: User, draft: Campaign, contact_list: ContactList
) -> None:
    contact_list.archive(manager)
    page = browser.get(reverse("drafts:new"), {"copy": draft.pk})
    assert "· 3 contacts, archived" in page.text
    assert "list-archived" in rules(draft)
    contact_list.archive(manager, back=True)
    assert "list-archived" not in rules(draft)
