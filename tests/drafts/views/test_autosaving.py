"""A draft that saves itself while it is filled in: nothing is lost, and nothing overwritten unseen."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client, Event
from campaigns.drafts.campaign.content import DraftContent, Hours
from campaigns.drafts.form.form_data import as_data, blank_data
from campaigns.drafts.models import Campaign
from tests import people

AUTOSAVE = reverse("drafts:autosave")
EVENT = "Saved the draft."
Posted = dict[str, Any]


def posted(content: DraftContent, **hidden: str) -> Posted:
    data = as_data(content)
    return {name: data.getlist(name) for name in data} | hidden


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture
def opened(draft: Campaign) -> Callable[..., Posted]:
    """Return a function for what a page posts that opened the draft before, with a name typed since."""
    version, content = str(draft.version), draft.content()

    def page(name: str, token: str = "page", **hidden: str) -> Posted:
        said = replace(content, name=name)
        return posted(said, campaign=str(draft.pk), form_token=token, version=version, **hidden)

    return page


def saved_name(draft: Campaign) -> str:
    draft.refresh_from_db()
    return draft.name


def test_what_is_typed_is_saved_and_the_page_gets_the_new_version(
    browser: Browser, draft: Campaign, opened: Callable[..., Posted]
) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 10, 42, tzinfo=UTC)):
        answer = browser.post(AUTOSAVE, opened("Typed"))
    assert saved_name(draft) == "Typed"
    assert "Saved 10:42" in plain(answer.text)
    assert f'name="version" value="{draft.version}"' in answer.text
    assert "HX-Replace-Url" not in answer.headers


def test_a_new_form_becomes_a_draft_whose_address_the_page_takes(
    browser: Browser, northgate: Client
) -> None:
    new = posted(replace(DraftContent.blank(northgate), name="Begun"), form_token="page")
    answer = browser.post(AUTOSAVE, new)
    made = Campaign.objects.get()
    assert answer.headers["HX-Replace-Url"] == reverse("drafts:edit", args=[made.pk])
    assert f'name="campaign" value="{made.pk}"' in answer.text
    # The page's own buttons still post a new form.
    browser.post(reverse("drafts:new"), new | {"name": "Gone on", "version": "1"})
    assert [campaign.name for campaign in Campaign.objects.all()] == ["Gone on"]


def test_a_form_in_which_nothing_was_typed_makes_no_draft(
    browser: Browser, northgate: Client
) -> None:
    for client in (None, northgate):
        data = blank_data(client)
        answer = browser.post(AUTOSAVE, {name: data.getlist(name) for name in data})
        assert "Not saved yet." in answer.text
    assert not Campaign.objects.exists()


def test_a_value_that_cannot_be_kept_is_named_and_changes_nothing(
    browser: Browser, draft: Campaign, opened: Callable[..., Posted]
) -> None:
    before = saved_name(draft)
    answer = browser.post(AUTOSAVE, opened("Typed") | {"start_date": "the ninth"})
    assert "Not saved. Fix this first: Enter a date, such as 27/03/2026." in plain(answer.text)
    assert 'href="#id_start_date"' in answer.text
    assert saved_name(draft) == before


def test_a_draft_that_somebody_else_has_saved_since_is_not_overwritten(
    browser: Browser, draft: Campaign, opened: Callable[..., Posted], approver: User
) -> None:
    draft.revise(approver, replace(draft.content(), name="Alan’s"), draft.version, "alan")
    page = opened("Typed")
    answer = browser.post(AUTOSAVE, page)
    assert "alan saved this draft" in answer.text
    assert "Replace with my version" in answer.text
    assert 'name="version"' not in answer.text
    assert saved_name(draft) == "Alan’s"
    browser.post(reverse("drafts:edit", args=[draft.pk]), page | {"over": str(draft.version)})
    assert saved_name(draft) == "Typed"


def test_a_button_pressed_before_the_answer_to_an_autosave_is_no_conflict(
    browser: Browser, draft: Campaign, opened: Callable[..., Posted]
) -> None:
    browser.post(AUTOSAVE, opened("First"))
    pressed = browser.post(reverse("drafts:edit", args=[draft.pk]), opened("Second"))
    assert pressed.status_code == 302
    assert saved_name(draft) == "Second"


def test_a_button_replaces_what_its_page_autosaves_at_the_same_moment(
    draft: Campaign, manager: User
) -> None:
    pressed, content, version = Campaign.objects.get(), draft.content(), draft.version
    for number in range(2):
        said = replace(content, name=f"Typed {number}")
        draft.revise(manager, said, draft.version, "page", by_itself=True)
    pressed.revise(manager, replace(content, name="Pressed"), version, "page")
    assert saved_name(draft) == "Pressed"


def test_an_autosave_that_arrives_late_does_not_undo_a_button(
    browser: Browser, draft: Campaign, opened: Callable[..., Posted]
) -> None:
    browser.post(reverse("drafts:edit", args=[draft.pk]), opened("Pressed"))
    browser.post(AUTOSAVE, opened("Typed before"))
    assert saved_name(draft) == "Pressed"


def test_an_autosave_never_replaces_a_later_edit_of_its_page(
    browser: Browser, draft: Campaign, opened: Callable[..., Posted]
) -> None:
    browser.post(AUTOSAVE, opened("Typ", edit="3"))
    browser.post(AUTOSAVE, opened("Typed", edit="5"))
    assert saved_name(draft) == "Typed"
    browser.post(AUTOSAVE, opened("Type", edit="4"))
    assert saved_name(draft) == "Typed"


@pytest.mark.parametrize("edit", ["", "x", "-1", "9" * 30])
def test_an_odd_count_of_edits_is_harmless(
    browser: Browser, draft: Campaign, opened: Callable[..., Posted], edit: str
) -> None:
    assert browser.post(AUTOSAVE, opened("Typed", edit=edit)).status_code == 200
    assert saved_name(draft) == "Typed"


def test_a_new_draft_saved_twice_before_the_answer_has_the_later_edit(
    browser: Browser, northgate: Client
) -> None:
    for edit, name in (("1", "Be"), ("2", "Begun")):
        new = posted(
            replace(DraftContent.blank(northgate), name=name), form_token="page", edit=edit
        )
        browser.post(AUTOSAVE, new)
    assert Campaign.objects.get().name == "Begun"


def test_a_button_that_is_refused_keeps_the_pages_count_of_edits(
    browser: Browser, draft: Campaign, opened: Callable[..., Posted]
) -> None:
    page = opened("Typed", edit="7") | {"start_date": "the ninth"}
    refused = browser.post(reverse("drafts:edit", args=[draft.pk]), page).text
    assert 'name="edit" value="7"' in refused


def test_two_pages_of_one_person_can_conflict(
    browser: Browser, draft: Campaign, opened: Callable[..., Posted]
) -> None:
    browser.post(AUTOSAVE, opened("On one", "one"))
    answer = browser.post(AUTOSAVE, opened("On another", "another"))
    assert "You saved this draft on another page" in answer.text
    assert saved_name(draft) == "On one"


def test_a_page_that_saves_again_and_again_records_one_event(
    browser: Browser, draft: Campaign, opened: Callable[..., Posted]
) -> None:
    for name in ("A", "Al", "All"):
        draft.refresh_from_db()
        browser.post(AUTOSAVE, opened(name) | {"version": str(draft.version)})
    assert Event.objects.about(draft).filter(sentence=EVENT).count() == 1
    draft.refresh_from_db()
    browser.post(AUTOSAVE, opened("Else", "later") | {"version": str(draft.version)})
    assert Event.objects.about(draft).filter(sentence=EVENT).count() == 2


def test_a_submitted_campaign_stays_as_it_is(
    browser: Browser, draft: Campaign, opened: Callable[..., Posted], manager: User
) -> None:
    before, page = saved_name(draft), opened("Typed")
    people.submitted(draft, manager)
    assert "Not saved: this campaign has been submitted." in browser.post(AUTOSAVE, page).text
    assert saved_name(draft) == before


def test_the_summary_says_who_how_many_when_and_what_is_wrong(
    browser: Browser, draft: Campaign, opened: Callable[..., Posted]
) -> None:
    hours = Hours(date(2026, 3, 9), time(9), time(12))
    said = replace(draft.content(), name="", hours=hours, runover=[Hours(date(2026, 3, 10))])
    page = posted(said, campaign=str(draft.pk), version=str(draft.version))
    with time_machine.travel(datetime(2026, 3, 2, 10, tzinfo=UTC)):
        summary = plain(browser.post(AUTOSAVE, page).text)
    count = sum(chosen.contact_count for chosen in said.contact_lists)
    for line in (
        f"Client {draft.client} Call flow {draft.call_flow} CLI {draft.cli}",
        f"Calls {count} contact",
        "When Mon 9 Mar, 09:00 to 12:00 Tue 10 Mar Europe/London time",
        "3 things to fix",
        "Give the campaign a name.",
        "Enter the start time of run-over day 1.",
    ):
        assert line in summary


def test_a_checked_page_gets_what_is_still_wrong(
    browser: Browser, draft: Campaign, opened: Callable[..., Posted]
) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 10, tzinfo=UTC)):
        answer = browser.post(AUTOSAVE, opened("", checked="yes") | {"cli": ""})
    wrong = re.search(r'data-wrong="([^"]*)"', answer.text)
    assert wrong
    assert {"name", "cli"} <= set(wrong[1].split())
    assert 'id="mends"' in answer.text
    assert 'role="alert"' not in answer.text
