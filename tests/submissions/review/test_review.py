"""The review: what it shows, what has to be read, and that exactly what was reviewed is submitted."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from campaigns.clients.models import Approval, CallFlow, Cli, Client
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign import schedule
from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight import Problem, Tier
from campaigns.submissions.models import Delivery, Submission
from campaigns.submissions.review.warning_groups import groups
from campaigns.suppression.models import Suppression
from tests import people
from tests.drawn import Page


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


@pytest.fixture
def contacts(manager: User, northgate: Client) -> ContactList:
    return people.contact_list(manager, northgate)


@pytest.fixture
def draft(manager: User, northgate: Client, contacts: ContactList) -> Campaign:
    return Campaign.start(manager, people.content(northgate, contacts))


@pytest.fixture
def old_cli(draft: Campaign) -> None:
    Cli.objects.filter(client=draft.client).update(
        confirmed_at=timezone.now() - timedelta(days=100)
    )


def review_of(draft: Campaign) -> str:
    return reverse("submissions:review", args=[draft.pk])


def submit(browser: Browser, draft: Campaign, **more: Any) -> Any:
    address = reverse("submissions:submit", args=[draft.pk])
    return browser.post(address, people.reviewed(draft) | more)


def plain(page: Any) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page.text).split())


def test_the_builder_leads_to_the_review_and_sends_nothing(
    browser: Browser, draft: Campaign
) -> None:
    page = Page.get(browser, reverse("drafts:edit", args=[draft.pk]))
    answer = page.press("Review and submit", name="Typed last")
    assert answer.headers["Location"] == review_of(draft)
    draft.refresh_from_db()
    assert (draft.name, draft.is_draft) == ("Typed last", True)
    assert not Submission.objects.exists()


def test_it_says_who_is_called_what_is_said_when_and_from_which_number(
    browser: Browser, draft: Campaign, contacts: ContactList
) -> None:
    hours = draft.content().hours
    said = plain(browser.get(review_of(draft)))
    assert hours.day
    assert f"Call 3 people on {hours.day:%a %-d %b}" in said
    assert "Readings : 3 contacts, from readings.csv , uploaded" in said
    assert "1 mobile, 2 landlines" in said
    assert f"{hours.day:%a %-d %b %Y}, 09:00 to" in said
    assert "Europe/London time" in said
    assert draft.call_flow
    assert f"Call flow {draft.call_flow.name} " in said
    assert f"CLI (number people see) {draft.cli}" in said
    assert "Person 1 of 3 on the lists: Amara Ahmed , row 2 of Readings" in said
    assert "1 December" in said
    assert "Submit campaign: call 3 people on" in said


def test_people_on_several_lists_and_suppressed_ones_are_not_counted(
    browser: Browser, draft: Campaign, manager: User
) -> None:
    again = [
        ("07700 900101", "Amara Ahmed", "Amara", "1 December"),
        ("07700 900104", "D", "D", "2"),
    ]
    second = people.contact_list(manager, draft.client, again, "Second")
    draft.revise(
        manager,
        replace(draft.content(), contact_lists=[*draft.contact_lists.all(), second]),
        draft.version,
    )
    Suppression.add(manager, draft.client, "+447700900104", "Asked.", None)
    said = plain(browser.get(review_of(draft)))
    assert "Call 3 people on" in said
    assert "On several lists 1, called once" in said
    assert "Suppressed 1, left out" in said


@pytest.mark.usefixtures("old_cli")
def test_a_warning_has_to_be_ticked_and_is_kept_with_who_read_it(
    browser: Browser, draft: Campaign, manager: User
) -> None:
    page = submit(browser, draft, read=[])
    assert page.status_code == 422
    assert "1 thing to do before you submit" in plain(page)
    assert "Read this, then tick it." in plain(page)
    assert not Submission.objects.exists()
    drawn = Page(browser, review_of(draft), page.text)
    [button] = [each for each in drawn.buttons() if each.words.startswith("Submit campaign")]
    [box] = groups(_warnings(draft))
    assert drawn.press(button.words, read=box.key).status_code == 302
    [kept] = Submission.objects.get().warnings
    assert kept["read_by"] == manager.pk
    assert kept["read_at"]


def _warnings(draft: Campaign) -> list[Problem]:
    from campaigns.drafts.preflight import of_tier
    from campaigns.drafts.views.saving import problems_of

    return of_tier(Tier.WARNING, problems_of(draft))


@pytest.mark.usefixtures("old_cli")
def test_a_warning_that_says_something_else_by_now_has_to_be_read_again(
    browser: Browser, draft: Campaign
) -> None:
    read = people.reviewed(draft)["read"]
    Cli.objects.update(confirmed_at=timezone.now() - timedelta(days=200))
    assert submit(browser, draft, read=read).status_code == 422
    assert not Submission.objects.exists()


def test_what_somebody_changed_since_is_shown_and_not_submitted(
    browser: Browser, draft: Campaign, approver: User
) -> None:
    reviewed = people.reviewed(draft)
    draft.revise(approver, replace(draft.content(), name="Changed"), draft.version)
    page = browser.post(reverse("submissions:submit", args=[draft.pk]), reviewed)
    assert page.status_code == 409
    assert "changed after you opened this page" in plain(page)
    assert "Changed" in plain(page)
    assert not Submission.objects.exists()
    assert submit(browser, draft).status_code == 302


def _edit_script(draft: Campaign) -> None:
    CallFlow.objects.filter(client=draft.client).update(script="Hello {Parameter1}, pay now.")


def _renumber_cli(draft: Campaign) -> None:
    Cli.objects.filter(client=draft.client).update(number="020 7946 0111")


def _suppress_one(draft: Campaign) -> None:
    Suppression.add(draft.created_by, draft.client, "+447700900101", "Asked.", None)


def _ask_for_approval(draft: Campaign) -> None:
    Client.objects.update(approval=Approval.ALWAYS)


@pytest.mark.parametrize("change", [_edit_script, _renumber_cli, _suppress_one, _ask_for_approval])
def test_what_it_uses_and_changed_since_is_shown_and_not_submitted(
    browser: Browser, draft: Campaign, change: Callable[[Campaign], None]
) -> None:
    reviewed = people.reviewed(draft)
    change(draft)
    page = browser.post(reverse("submissions:submit", args=[draft.pk]), reviewed)
    assert page.status_code == 409
    assert "changed after you opened this page" in plain(page)
    assert not Submission.objects.exists()
    assert submit(browser, Campaign.objects.get()).status_code == 302


def test_another_person_is_not_shown_of_what_changed_since(
    browser: Browser, draft: Campaign, approver: User
) -> None:
    """Without JavaScript the whole page is drawn anew, with what somebody else has saved."""
    reviewed = people.reviewed(draft) | {"change": "person-next"}
    draft.revise(approver, replace(draft.content(), name="Changed"), draft.version)
    page = browser.post(reverse("submissions:submit", args=[draft.pk]), reviewed)
    assert page.status_code == 409
    assert "changed after you opened this page" in plain(page)


def test_people_whom_the_partner_has_are_left_out_of_the_count_only_if_they_are_on_the_lists(
    browser: Browser, draft: Campaign, manager: User
) -> None:
    """Two of three people were accepted, and the draft is submitted again for others."""
    first = people.submitted(draft, manager)
    delivery = Delivery.queue(first.parts.get())
    assert delivery
    Delivery.objects.update(state=Delivery.State.ACCEPTED, campaign_id=7)
    Submission.objects.update(state=Submission.State.PARTLY_SUBMITTED)
    Campaign.objects.update(status=Campaign.Status.DRAFT)
    again = Campaign.objects.get()
    new = people.contact_list(
        manager,
        draft.client,
        [
            ("07700 900101", "Amara Ahmed", "Amara", "1 December"),
            ("07700 900150", "New", "N", "2 December"),
        ],
        "The rest",
    )
    again.revise(manager, replace(again.content(), contact_lists=[new]), again.version)
    page = browser.get(review_of(draft))
    assert "Call 1 person on" in plain(page)
    assert "At the partner already 1, left out" in plain(page)
    assert "This person is not called: the partner already has the number." in plain(page)


def test_what_became_wrong_since_leads_back_to_the_builder(
    browser: Browser, draft: Campaign
) -> None:
    reviewed = people.reviewed(draft)
    Client.objects.update(blocking_warnings=["lookup-unconfirmed"])
    Cli.objects.update(confirmed_at=timezone.now() - timedelta(days=100))
    answer = browser.post(reverse("submissions:submit", args=[draft.pk]), reviewed)
    checked = reverse("drafts:edit", args=[draft.pk]) + "?check=1"
    assert answer.headers["Location"] == checked
    assert browser.get(review_of(draft)).headers["Location"] == checked
    assert not Submission.objects.exists()


def test_another_person_is_shown_and_ticks_stay(browser: Browser, draft: Campaign) -> None:
    Cli.objects.update(confirmed_at=timezone.now() - timedelta(days=100))
    page = Page.get(browser, review_of(draft))
    [box] = groups(_warnings(Campaign.objects.get()))
    shown = page.press("Next person", read=box.key)
    assert "Person 2 of 3 on the lists: Ben Brown" in plain(shown)
    assert "2 December" in plain(shown)
    assert re.search(r'name="read"[^>]*checked', shown.text)
    assert not Submission.objects.exists()


def test_enter_in_a_field_presses_a_button_that_submits_nothing(
    browser: Browser, draft: Campaign
) -> None:
    """A browser presses the form's first button."""
    page = browser.get(review_of(draft)).text
    form = page[page.index('<form id="review"') :]
    first = re.search(r"<button[^>]*>", form)
    assert first
    assert re.search(r'name="change"\s+value="nothing"', first[0])
    assert submit(browser, draft, change="nothing").status_code == 200
    assert not Submission.objects.exists()


@pytest.mark.parametrize(("most", "split"), [(3, ""), (2, "2 campaigns at the partner")])
def test_it_says_how_it_is_split(browser: Browser, draft: Campaign, most: int, split: str) -> None:
    Client.objects.update(most_numbers=most)
    said = plain(browser.get(review_of(draft)))
    assert ("Split into" in said) == bool(split)
    assert split in said


def test_a_client_in_another_zone_sees_both_clocks(browser: Browser, draft: Campaign) -> None:
    Client.objects.update(time_zone="America/New_York", calling_from=time(4))
    day = draft.content().hours.day
    assert day
    said = plain(browser.get(review_of(draft)))
    assert f"{day:%a %-d %b %Y}, 09:00 to 12:30 ({day:%a %-d %b}, 14:00 to 17:30 UK time)" in said
    assert "America/New_York time" in said


def test_the_approver_sees_the_same_in_names(
    browser: Browser, draft: Campaign, approver: User, contacts: ContactList
) -> None:
    Client.objects.update(approval=Approval.ALWAYS)
    assert "Request approval: call 3 people on" in plain(browser.get(review_of(draft)))
    submission = people.submitted(Campaign.objects.get(), draft.created_by)
    browser.force_login(approver)
    page = browser.get(reverse("submissions:detail", args=[submission.pk]))
    said = plain(page)
    assert draft.call_flow
    start = schedule.starts_at(draft.content().hours, draft.client.zone)
    assert f"Call 3 people on {start:%a %-d %b}" in said
    assert f"Call flow {draft.call_flow.name} " in said
    assert f"CLI (number people see) {draft.cli}" in said
    assert contacts.name in said
    decisions = Page(browser, page.request["PATH_INFO"], page.text)
    assert decisions.press("Approve").status_code == 302


def test_groups_come_gravest_first_and_each_once() -> None:
    found = [
        Problem("name", "Used.", rule="name-used", tier=Tier.WARNING),
        Problem("contact_lists", "3 are in A.", rule="people-called-same-week", tier=Tier.WARNING),
        Problem("contact_lists", "4 are in B.", rule="people-called-same-week", tier=Tier.WARNING),
    ]
    week, name = groups(found)
    assert [problem.sentence for problem in week.problems] == ["3 are in A.", "4 are in B."]
    assert name.label == "The name is already used"
    assert not week.is_missed
    read = groups(found, [week.key], is_posted=True)
    assert [(group.is_read, group.is_missed) for group in read] == [(True, False), (False, True)]
