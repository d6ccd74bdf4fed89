"""One campaign, one page: its tabs, its buttons, and the history of its draft and its submissions."""

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.clients.models import Client, Event, Role
from campaigns.drafts.models import Campaign
from campaigns.submissions.models import Submission, endings
from tests import people
from tests.drawn import Page

pytestmark = pytest.mark.django_db


def url_of(name: str, pk: int) -> str:
    return reverse(name, args=[pk])


def tabs(page: Page) -> dict[str, str]:
    """Return where each tab leads; the chosen one is marked by a star."""
    within = [
        n for n in page.nodes if any(_label(one) == "Pages of this campaign" for one in n.around)
    ]
    links = [node for node in within if node.element.name == "a"]
    return {
        f"{'*' if node['aria-current'] == 'page' else ''}{node.words}": node["href"]
        for node in links
    }


def _label(element: Any) -> str:
    return dict(element.attributes).get("aria-label") or ""


def sentences(browser: Browser, campaign: int, page: int = 1) -> list[str]:
    shown = browser.get(url_of("drafts:history", campaign), {"page": page})
    assert shown.status_code == 200
    return [row.get_cell("sentence") for row in shown.context["table"].paginated_rows]


def test_a_draft_has_a_plan_and_a_history(browser: Browser, draft: Campaign) -> None:
    plan, history = url_of("drafts:edit", draft.pk), url_of("drafts:history", draft.pk)
    assert tabs(Page.get(browser, plan)) == {"*Plan": plan, "History": history}
    assert tabs(Page.get(browser, history)) == {"Plan": plan, "*History": history}


def test_a_new_campaign_has_no_pages_until_it_is_saved(browser: Browser, draft: Campaign) -> None:
    assert tabs(Page.get(browser, reverse("drafts:new"))) == {}
    blank = {"client": draft.client_id, "name": "Typed", "form_token": "page"}
    answer = browser.post(reverse("drafts:autosave"), blank).text
    made = Campaign.objects.latest("pk")
    assert made.name == "Typed"
    assert f'href="{url_of("drafts:history", made.pk)}"' in answer
    assert '<div id="pages" hx-swap-oob="only-changes">' in answer


def test_a_submitted_campaign_leads_to_what_was_sent_last(
    browser: Browser, submission: Submission, manager: User
) -> None:
    assert endings.undo(submission, manager)
    newest = people.submitted(Campaign.objects.get(), manager)
    campaign = newest.own_campaign.pk
    plan, history = url_of("drafts:edit", campaign), url_of("drafts:history", campaign)
    sent = url_of("submissions:detail", newest.pk)
    assert tabs(Page.get(browser, plan)) == {"*Plan": plan, "Sent": sent, "History": history}
    assert tabs(Page.get(browser, history)) == {"Plan": plan, "Sent": sent, "*History": history}
    for shown in (submission, newest):
        page = Page.get(browser, url_of("submissions:detail", shown.pk))
        assert tabs(page) == {"Plan": plan, "*Sent": sent, "History": history}


def test_each_page_offers_to_copy_it_and_to_save_it_as_a_template(
    browser: Browser, submission: Submission, viewer: User
) -> None:
    campaign = submission.own_campaign.pk
    pages = [
        url_of("drafts:edit", campaign),
        url_of("drafts:history", campaign),
        url_of("submissions:detail", submission.pk),
    ]
    for page in pages:
        shown = Page.get(browser, page)
        assert shown.offers("Copy campaign")
        assert shown.offers("Save as template")
        assert not shown.offers("Delete draft")
    browser.force_login(viewer)
    for page in pages:
        shown = Page.get(browser, page)
        assert not shown.offers("Copy campaign")
        assert tabs(shown)


def test_the_history_has_the_draft_and_all_its_submissions_the_newest_first(
    browser: Browser, submission: Submission, manager: User, draft: Campaign
) -> None:
    assert endings.undo(submission, manager)
    people.submitted(submission.own_campaign, manager)
    told = sentences(browser, submission.own_campaign.pk)
    assert told[-1] == "Started the draft."
    assert told[0] == "Prepared 3 numbers for sending."
    assert told.count("Prepared 3 numbers for sending.") == 2
    assert len([one for one in told if one.startswith("Submitted the campaign")]) == 2
    assert told.index("Undid the submission.") < told.index("Started the draft.")
    assert sentences(browser, draft.pk) == ["Started the draft."]


def test_a_row_says_who_did_it_and_when(browser: Browser, submission: Submission) -> None:
    User.objects.filter(username="mina").update(first_name="Mina", last_name="Sharma")
    table = browser.get(url_of("drafts:history", submission.own_campaign.pk)).context["table"]
    assert [str(column.header) for column in table.columns] == ["When (UK time)", "What", "Who"]
    who = {row.get_cell("sentence"): row.get_cell("actor") for row in table.rows}
    assert who["Started the draft."] == "Mina Sharma"
    assert who["Prepared 3 numbers for sending."] == "The portal"


def test_a_long_history_has_pages_and_as_many_queries(browser: Browser, draft: Campaign) -> None:
    with CaptureQueriesContext(connection) as short:
        sentences(browser, draft.pk)
    for number in range(60):
        Event.record(draft, draft.client_id, f"Event {number}.", draft.created_by)
    with CaptureQueriesContext(connection) as long:
        first = sentences(browser, draft.pk)
    assert len(short) == len(long)
    assert (first[0], len(first)) == ("Event 59.", 25)
    assert sentences(browser, draft.pk, page=3)[-1] == "Started the draft."


def test_what_happened_at_another_client_is_not_told(
    browser: Browser, draft: Campaign, manager: User, stranger: User, harbour: Client
) -> None:
    """Before it is submitted, a draft may be moved to another client."""
    Event.record(draft, draft.client_id, "Northgate’s own.", manager)
    people.join(manager, harbour, Role.ACCOUNT_MANAGER)
    content = replace(draft.content(), client=harbour, call_flow=None, cli=None, contact_lists=[])
    draft.revise(manager, content, draft.version)
    assert sentences(browser, draft.pk)[-1] == "Started the draft."
    browser.force_login(stranger)
    assert sentences(browser, draft.pk) == ["Saved the draft."]
