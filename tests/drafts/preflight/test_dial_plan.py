"""The dial plan on the builder's page, drawn from what is in the form, saved or not."""

import re
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Approval, Client
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign.content import DraftContent, Hours
from campaigns.drafts.form.form_data import as_data
from campaigns.drafts.models import Campaign
from campaigns.submissions.demo import story
from tests import people

HINT = "later finish time to see when each attempt happens."
THU, FRI, CHRISTMAS = date(2026, 12, 3), date(2026, 12, 4), date(2026, 12, 25)


@pytest.fixture
def content(northgate: Client, contact_list: ContactList) -> DraftContent:
    return replace(
        people.content(northgate, contact_list),
        hours=Hours(THU, time(9), time(20)),
        runover=[Hours(FRI, time(9), time(20))],
        intervals=[600, 75, 0],
    )


@pytest.fixture
def posted(content: DraftContent) -> dict[str, Any]:
    data = as_data(content)
    return {name: data.getlist(name) for name in data}


def plan_in(page: str) -> str:
    """Return the words of the dial plan's section."""
    section = page.partition('aria-labelledby="plan-heading"')[2].partition("</section>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", section))


def drawn(browser: Browser, posted: dict[str, Any], **changed: str) -> str:
    page = browser.post(reverse("drafts:redraw"), posted | changed)
    assert page.status_code == 200
    return plan_in(page.text)


def test_the_plan_says_in_words_which_attempts_move(
    browser: Browser, content: DraftContent, manager: User
) -> None:
    campaign = Campaign.start(manager, content)
    said = plan_in(browser.get(reverse("drafts:edit", args=[campaign.pk])).text)
    assert (
        "Attempt 3 is due at 20:15 on Thu 3 Dec, after the window closes, so it moves to 09:00 on "
        "Fri 4 Dec." in said
    )
    assert "Estimated: 3 numbers, 30 lines, 40 seconds a call, nobody answering" in said
    assert "All times are Europe/London time." in said


def test_the_tables_say_what_the_picture_shows(browser: Browser, posted: dict[str, Any]) -> None:
    said = drawn(browser, posted)
    assert "Attempt 1 Thu 3 Dec, 09:00 Thu 3 Dec, 09:00 3" in said
    assert "Attempt 2 Thu 3 Dec, 19:00 Thu 3 Dec, 19:00 3" in said
    assert "Attempt 3 Fri 4 Dec, 09:00 Fri 4 Dec, 09:00 3" in said
    assert "Thu 3 Dec 09:00 to 20:00 1, 2 –" in said


def test_the_picture_is_named_and_has_no_style_of_its_own(
    browser: Browser, posted: dict[str, Any]
) -> None:
    page = browser.post(reverse("drafts:redraw"), posted).text
    svg = re.search(r"<svg.*?</svg>", page, re.DOTALL)
    assert svg
    assert 'role="img"' in svg[0]
    named_by = re.search(r'aria-labelledby="([^"]*)"', svg[0])
    assert named_by
    for name in named_by[1].split():
        assert page.count(f'id="{name}"') == 1
    assert "style=" not in svg[0]


def test_the_plan_is_redrawn_from_the_form_and_nothing_is_saved(
    browser: Browser, posted: dict[str, Any]
) -> None:
    assert "Attempt 3 will not happen" in drawn(browser, posted, **{"runover-0-day": ""})
    sooner = drawn(browser, posted, **{"attempt-1-interval": "30"})
    assert "Every attempt is within the calling windows." in sooner
    assert not Campaign.objects.exists()


def test_a_removed_row_changes_the_plan(browser: Browser, posted: dict[str, Any]) -> None:
    assert "Attempt 3 will not happen" in drawn(browser, posted, change="remove-runover-0")
    assert "Attempt 3 " not in drawn(browser, posted, change="remove-attempt-1")


@pytest.mark.parametrize("missing", ["client", "contact_lists", "start_date", "finish_time"])
def test_without_people_or_hours_the_plan_says_what_it_needs(
    browser: Browser, posted: dict[str, Any], missing: str
) -> None:
    assert HINT in drawn(browser, {**posted, missing: ""})


def test_a_list_of_another_client_is_not_counted(
    browser: Browser, posted: dict[str, Any], harbour: Client, stranger: User
) -> None:
    theirs = people.contact_list(stranger, harbour)
    assert HINT in drawn(browser, posted, contact_lists=str(theirs.pk))


@pytest.mark.parametrize(
    ("field", "typed", "shown"),
    [
        ("start_date", "0002-12-03", False),
        ("start_date", "9999-12-31", False),
        ("start_date", "0001-01-01", False),
        ("start_date", "tomorrow", False),
        ("start_time", "20:00", False),
        ("start_time", "9 o'clock", False),
        ("runover-0-day", "0002-12-04", True),
        ("runover-0-day", "9999-12-31", True),
        ("runover-0-start", "x", True),
        ("attempt-0-interval", "-1", True),
        ("attempt-0-interval", "1e3", True),
        ("attempt-1-interval", "9" * 5_000, True),
        ("attempt-1-interval", "", True),
        ("attempt-2-interval", "", True),
    ],
)
def test_half_typed_and_wrong_values_are_left_out(
    browser: Browser, posted: dict[str, Any], field: str, typed: str, shown: bool
) -> None:
    assert (HINT not in drawn(browser, posted, **{field: typed})) is shown


def test_a_missing_wait_is_reported(browser: Browser, posted: dict[str, Any]) -> None:
    said = drawn(browser, posted, **{"attempt-1-interval": ""})
    assert "Enter the minutes after call 2 to see when attempt 3 happens." in said


def test_a_form_that_could_not_be_saved_is_planned_too(
    browser: Browser, posted: dict[str, Any]
) -> None:
    page = browser.post(reverse("drafts:new"), posted | {"answerphone": "7"})
    assert page.status_code == 422
    assert "Attempt 3 is due at 20:15" in plan_in(page.text)


def test_all_but_a_few_findings_are_folded_away(
    browser: Browser, posted: dict[str, Any], northgate: Client
) -> None:
    """Plan one line and an hour a call, so that each attempt keeps the next waiting."""
    northgate.assumed_lines, northgate.assumed_call_seconds = 1, 3600
    northgate.save()
    waits = {f"attempt-{row}-interval": "5" for row in range(7)}
    said = drawn(browser, posted, **waits, **{"attempt-count": "7"})
    before, _, folded = said.partition("3 more notes")
    assert before.count("still uses all lines") == 3
    assert before.count("does not finish on") == 1
    assert folded.count("still uses all lines") == 3


def test_a_bank_holiday_is_reported(browser: Browser, posted: dict[str, Any]) -> None:
    said = drawn(browser, posted, **{"runover-0-day": CHRISTMAS.isoformat()})
    assert "Fri 25 Dec is a bank holiday: Christmas Day." in said


def test_the_client_has_the_number_of_lines_and_the_length_of_a_call(
    browser: Browser, posted: dict[str, Any], northgate: Client
) -> None:
    northgate.assumed_lines, northgate.assumed_call_seconds = 1, 3 * 3600
    northgate.save()
    said = drawn(browser, posted)
    assert "1 line, 10,800 seconds a call, nobody answering before the last call. " in said
    assert "Calling everyone once takes about 9 h." in said
    assert "Attempt 1 Thu 3 Dec, 09:00 Thu 3 Dec, 15:00 3" in said
    shown = browser.get(reverse("clients:detail", args=[northgate.pk])).text
    assert "1 line, 10800 seconds a call" in re.sub(r"\s+", " ", shown)


@pytest.mark.parametrize("field", ["assumed_lines", "assumed_call_seconds"])
def test_lines_and_call_length_cannot_be_zero(northgate: Client, field: str) -> None:
    setattr(northgate, field, 0)
    with pytest.raises(ValidationError):
        northgate.full_clean()
    with pytest.raises(IntegrityError):
        northgate.save()


def test_times_are_those_of_the_clients_zone(
    browser: Browser, posted: dict[str, Any], northgate: Client
) -> None:
    northgate.time_zone = "America/New_York"
    northgate.save()
    said = drawn(browser, posted, start_date="2026-11-26")
    assert "All times are America/New_York time." in said
    assert "Attempt 1 Thu 26 Nov, 09:00" in said
    assert "Thu 26 Nov is a bank holiday: Thanksgiving Day." in said


def test_a_viewer_sees_the_plan(
    client: Browser, content: DraftContent, manager: User, viewer: User
) -> None:
    campaign = Campaign.start(manager, content)
    client.force_login(viewer)
    assert "Attempt 3 is due" in plan_in(
        client.get(reverse("drafts:edit", args=[campaign.pk])).text
    )


def test_an_approver_sees_the_plan_with_the_numbers_that_will_be_called(
    client: Browser, content: DraftContent, manager: User, approver: User, northgate: Client
) -> None:
    northgate.approval = Approval.ALWAYS
    northgate.save()
    first, second = story.working_days(7, 2)
    soon = replace(
        content,
        hours=replace(content.hours, day=first),
        runover=[replace(content.hours, day=second)],
    )
    submission = people.submitted(Campaign.start(manager, soon), manager)
    client.force_login(approver)
    page = client.get(reverse("submissions:detail", args=[submission.pk])).text
    assert "When people are called" in page
    assert "Attempt 3 is due at 20:15" in page
    assert "Estimated: 3 numbers, 30 lines" in page
