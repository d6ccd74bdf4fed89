"""The builder's page: it saves what can be kept, and reports each problem at its field."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from campaigns.clients.models import Approval, CallFlow, Cli, Client
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign.content import Source
from campaigns.drafts.form.form_data import as_data
from campaigns.drafts.models import Campaign
from campaigns.submissions.models import Submission
from tests import people

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def posted(northgate: Client, contact_list: ContactList) -> dict[str, Any]:
    """What a browser posts for a draft with nothing wrong."""
    data = as_data(people.content(northgate, contact_list))
    return {name: data.getlist(name) for name in data}


def test_a_draft_needs_nothing_but_its_client(browser: Browser, northgate: Client) -> None:
    browser.post(reverse("drafts:new"), {"client": northgate.pk, "attempt-count": "1"})
    campaign = Campaign.objects.get()
    assert campaign.title == "Untitled campaign"
    assert campaign.is_draft


def test_without_a_client_nothing_is_saved_and_nothing_is_lost(
    browser: Browser, manager: User
) -> None:
    page = browser.post(reverse("drafts:new"), {"name": "Spring"})
    assert page.status_code == 422
    assert "Choose the client this campaign is for." in page.text
    assert 'value="Spring"' in page.text
    assert not Campaign.objects.exists()


def test_a_saved_draft_comes_back_unchanged(
    browser: Browser, posted: dict[str, Any], northgate: Client, contact_list: ContactList
) -> None:
    browser.post(reverse("drafts:new"), posted)
    said = Campaign.objects.get().content()
    assert said == people.content(northgate, contact_list)
    again = as_data(said)
    assert {name: again.getlist(name) for name in again} == posted


def test_a_fallback_is_kept_for_a_column_only(browser: Browser, posted: dict[str, Any]) -> None:
    posted |= {"parameter-1-fallback": [" customer "], "parameter-2-fallback": ["soon"]}
    posted |= {"parameter-2-source": ["text"], "parameter-2-text": ["in May"]}
    browser.post(reverse("drafts:new"), posted)
    kept = Campaign.objects.get().content().parameters
    assert kept == {1: Source("column", "First name", "customer"), 2: Source("text", "in May")}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("start_date", "tomorrow"),
        ("start_time", "9am-ish"),
        ("runover-0-day", "30/02/2027"),
        ("attempt-1-interval", "-5"),
        ("attempt-1-interval", "1e3"),
        ("attempt-1-interval", "99999999"),
        ("name", "x" * 76),
        ("answerphone", "7"),
        ("parameter-1-text", "x" * 301),
        ("parameter-1-fallback", "x" * 301),
        ("contact_lists", "9" * 25),
        ("call_flow", "9" * 25),
    ],
)
def test_a_value_that_cannot_be_kept_is_reported_at_its_field_and_shown_again(
    browser: Browser, posted: dict[str, Any], field: str, typed: str
) -> None:
    posted |= {field: [typed]}
    if field == "parameter-1-text":
        posted |= {"parameter-1-source": ["text"]}
    page = browser.post(reverse("drafts:new"), posted)
    assert page.status_code == 422
    assert re.search(rf'href="#id_{field}(_0)?"', page.text)
    if field not in {"answerphone", "contact_lists", "call_flow"}:
        assert f'value="{typed}"' in page.text
    assert not Campaign.objects.exists()


def test_submitting_an_incomplete_draft_saves_it_and_says_what_to_fix(
    browser: Browser, northgate: Client
) -> None:
    page = browser.post(
        reverse("submissions:review_new"),
        {"client": northgate.pk, "name": "Half", "attempt-count": "1"},
        follow=True,
    )
    assert "Choose a call flow." in page.text
    assert "Choose at least one contact list." in page.text
    assert Campaign.objects.get().name == "Half"
    assert not Submission.objects.exists()


def test_submitting_a_complete_draft_makes_one_submission(
    browser: Browser, posted: dict[str, Any]
) -> None:
    page = people.submit_in(browser, posted)
    submission = Submission.objects.get()
    assert page.headers["Location"] == reverse("submissions:detail", args=[submission.pk])


def test_submitting_twice_makes_one_submission_and_shows_it(
    browser: Browser, draft: Campaign, posted: dict[str, Any]
) -> None:
    reviewed, address = people.reviewed(draft), reverse("submissions:submit", args=[draft.pk])
    pages = [browser.post(address, reviewed) for _ in range(2)]
    submission = Submission.objects.get()
    shown = reverse("submissions:detail", args=[submission.pk])
    assert [page.headers["Location"] for page in pages] == [shown, shown]


@pytest.mark.parametrize("address", ["submissions:review_new", "drafts:new", "drafts:check_new"])
def test_a_new_form_that_is_posted_twice_makes_one_campaign(
    browser: Browser, posted: dict[str, Any], address: str
) -> None:
    """Post the same form again, as a double click does, or Submit after the browser's back button."""
    page = browser.get(reverse("drafts:new")).text
    found = re.search(r'name="form_token"\s+value="(\w+)"', page)
    assert found
    for _ in range(2):
        browser.post(reverse(address), posted | {"form_token": [found[1]]})
    people.submit_in(browser, posted | {"form_token": [found[1]]})
    assert Campaign.objects.count() == 1
    assert Submission.objects.count() == 1


def test_two_new_forms_make_two_campaigns(browser: Browser, posted: dict[str, Any]) -> None:
    for token in ("a" * 32, "b" * 32):
        browser.post(reverse("drafts:new"), posted | {"form_token": [token]})
    assert Campaign.objects.count() == 2


def test_a_redrawn_new_form_keeps_its_token(browser: Browser, posted: dict[str, Any]) -> None:
    page = redrawn(browser, posted | {"form_token": ["c" * 32]}, "add-attempt")
    assert f'value="{"c" * 32}"' in page


def test_a_submitted_draft_cannot_be_changed(
    browser: Browser, draft: Campaign, posted: dict[str, Any]
) -> None:
    people.submit_in(browser, posted, draft)
    page = browser.post(reverse("drafts:edit", args=[draft.pk]), posted | {"name": ["Other"]})
    assert page.status_code == 422
    draft.refresh_from_db()
    assert draft.name == "December"


def test_checking_a_draft_reports_a_start_in_the_past(
    browser: Browser, draft: Campaign, posted: dict[str, Any]
) -> None:
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    past = posted | {"start_date": [yesterday], "version": str(draft.version)}
    page = browser.post(reverse("drafts:check", args=[draft.pk]), past, follow=True)
    assert "This is in the past" in page.text


def test_a_draft_offers_only_its_clients_lookups(
    browser: Browser, draft: Campaign, harbour: Client, manager: User
) -> None:
    page = browser.get(reverse("drafts:edit", args=[draft.pk]))
    assert str(draft.call_flow) in page.text
    assert harbour.callflows.get().name not in page.text
    assert harbour.name not in page.text


def chosen_in(page: str) -> set[str]:
    """Return the names of what a page shows as chosen."""
    options = re.findall(r"<option[^>]* selected[^>]*>([^<]*)<", page)
    checked = re.findall(r"<input[^>]* checked[^>]*>\s*<label[^>]*>\s*([^<]*?)\s*<", page)
    return {*options, *checked}


@pytest.fixture
def all_chosen(draft: Campaign, contact_list: ContactList) -> set[str]:
    assert draft.call_flow
    described = {"Northgate Energy", str(draft.call_flow), str(draft.cli), "First name"}
    return described | {f"{contact_list.name} · {contact_list.origin} · 3 contacts"}


def test_a_viewer_sees_the_draft_as_it_is(
    client: Browser, draft: Campaign, viewer: User, all_chosen: set[str]
) -> None:
    client.force_login(viewer)
    page = client.get(reverse("drafts:edit", args=[draft.pk])).text
    assert all_chosen <= chosen_in(page)
    assert "Parameter 1: First name" in page
    assert "Choose a client to see" not in page


def test_a_closed_campaign_shows_what_is_no_longer_offered(
    browser: Browser, draft: Campaign, manager: User, all_chosen: set[str], northgate: Client
) -> None:
    people.submitted(draft, manager)
    northgate.callflows.update(is_active=False)
    northgate.clis.update(is_active=False)
    for contact_list in draft.contact_lists.all():
        contact_list.archive(manager)
    shown = chosen_in(browser.get(reverse("drafts:edit", args=[draft.pk])).text)
    marks = (" – no longer available", ", archived")
    assert all_chosen <= {text.replace(marks[0], "").replace(marks[1], "") for text in shown}
    assert any(text.endswith("3 contacts, archived") for text in shown)


def test_an_open_draft_offers_only_what_may_be_chosen_now(
    browser: Browser, draft: Campaign, northgate: Client
) -> None:
    northgate.clis.update(is_active=False)
    page = browser.get(reverse("drafts:edit", args=[draft.pk])).text
    assert f">{draft.cli}</option>" not in page


def test_another_clients_lookup_cannot_be_smuggled_in(
    browser: Browser, posted: dict[str, Any], harbour: Client
) -> None:
    flow = harbour.callflows.get()
    page = browser.post(reverse("drafts:new"), posted | {"call_flow": [str(flow.pk)]})
    assert page.status_code == 422
    page = browser.post(reverse("drafts:new"), posted | {"client": [str(harbour.pk)]})
    assert page.status_code == 422
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("approval", "above", "button"),
    [
        (Approval.NEVER, 0, "Submit campaign"),
        (Approval.ALWAYS, 9, "Request approval"),
        (Approval.ABOVE, 3, "Submit campaign"),
        (Approval.ABOVE, 2, "Request approval"),
    ],
)
def test_the_button_says_whether_another_person_will_have_to_approve(
    browser: Browser, draft: Campaign, approval: str, above: int, button: str
) -> None:
    Client.objects.update(approval=approval, approval_above=above)
    page = browser.get(reverse("submissions:review", args=[draft.pk])).text
    assert button in page
    assert ({"Submit campaign", "Request approval"} - {button}).pop() not in page


def test_without_javascript_a_button_shows_what_the_client_offers(
    browser: Browser, northgate: Client
) -> None:
    page = browser.get(reverse("drafts:new")).text
    assert re.search(r"<noscript>.*Show this client’s options.*</noscript>", page, re.DOTALL)
    drawn = browser.post(reverse("drafts:redraw"), {"client": northgate.pk}).text
    assert northgate.callflows.get().name in drawn


def test_reloading_a_redrawn_page_leads_to_the_campaigns(browser: Browser) -> None:
    assert browser.get(reverse("drafts:redraw")).headers["Location"] == reverse("drafts:list")


# Rows


def redrawn(browser: Browser, posted: dict[str, Any], change: str) -> str:
    page = browser.post(reverse("drafts:redraw"), posted | {"change": change})
    assert page.status_code == 200
    assert not Campaign.objects.exists()
    return page.text


def test_a_row_is_added_empty(browser: Browser, posted: dict[str, Any]) -> None:
    page = redrawn(browser, posted, "add-attempt")
    assert 'name="attempt-3-interval"' in page
    assert 'name="attempt-count" value="4"' in re.sub(r"\s+", " ", page)


def test_a_row_is_removed_and_those_after_it_move_up(
    browser: Browser, posted: dict[str, Any]
) -> None:
    page = redrawn(browser, posted, "remove-attempt-0")
    values = re.findall(r'name="attempt-\d-interval"[^>]*?value="(\d+)"', page)
    values += re.findall(r'value="(\d+)"[^>]*?name="attempt-\d-interval"', page)
    assert values == ["60", "120"]


@pytest.mark.parametrize(
    "change",
    ["", "add", "add-", "add-client", "remove-attempt", "remove-attempt-99", "remove-x-1", "-"],
)
def test_an_unknown_change_changes_nothing(
    browser: Browser, posted: dict[str, Any], change: str
) -> None:
    assert redrawn(browser, posted, change).count("-interval") == redrawn(
        browser, posted, ""
    ).count("-interval")


@pytest.mark.parametrize("field", ["client", "call_flow", "cli", "attempt-count", "runover-count"])
@pytest.mark.parametrize("digits", [25, 5_000])
def test_digits_of_any_length_are_harmless(
    browser: Browser, posted: dict[str, Any], field: str, digits: int
) -> None:
    for address in ("drafts:redraw", "drafts:new"):
        page = browser.post(reverse(address), posted | {field: "9" * digits})
        assert page.status_code in {200, 302, 422}


def test_digits_of_any_length_are_harmless_where_a_row_or_a_campaign_is_named(
    browser: Browser, posted: dict[str, Any]
) -> None:
    for name, text in (("change", "remove-attempt-" + "9" * 5_000), ("campaign", "9" * 5_000)):
        page = browser.post(reverse("drafts:redraw"), posted | {name: text})
        assert page.status_code == 200


@pytest.mark.parametrize("count", ["-1", "x", "1000000000", ""])
def test_a_wild_number_of_rows_is_harmless(
    browser: Browser, posted: dict[str, Any], count: str
) -> None:
    page = browser.post(reverse("drafts:redraw"), posted | {"attempt-count": count})
    assert page.status_code == 200


@pytest.mark.parametrize(
    ("field", "model", "partner_id"), [("call_flow", CallFlow, 101), ("cli", Cli, 11)]
)
@pytest.mark.parametrize(
    ("days", "said"), [(12, "confirmed 12 days ago."), (91, "not confirmed for 91 days.")]
)
@pytest.mark.parametrize("hour", [0, 12, 23])
def test_a_chosen_lookup_shows_its_id_and_when_it_was_confirmed(
    manager: User, browser: Browser, posted: dict[str, Any],
    field: str, model: type[CallFlow | Cli], partner_id: int, days: int, said: str, hour: int,
) -> None:  # fmt: skip
    # It is winter, and 91 days before, at the same hour by the clock, it was summer time.
    now = datetime(2026, 11, 28, hour, 30, tzinfo=LONDON)
    model.objects.update(confirmed_at=now - timedelta(days=days))
    with time_machine.travel(now, tick=False):
        browser.force_login(manager)
        page = browser.post(reverse("drafts:redraw"), posted).text
        hint = re.search(rf'<div id="id_{field}_helptext"[^>]*>(.*?)</div>', page, re.DOTALL)
        assert hint
        assert f"Partner’s ID {partner_id}, {said}" in hint[1]
        assert re.search(rf'<select[^>]*name="{field}"[^>]*aria-describedby="[^"]*_helptext', page)
        for unknown in ("", "0", "9" * 30, "x"):
            page = browser.post(reverse("drafts:redraw"), posted | {field: [unknown]}).text
            hint = re.search(rf'<div id="id_{field}_helptext"[^>]*>(.*?)</div>', page, re.DOTALL)
            assert hint
            assert "Partner’s ID" not in hint[1]
