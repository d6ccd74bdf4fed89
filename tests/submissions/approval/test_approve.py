"""Where the client asks for it, another person approves exactly what will be sent, or returns it."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Approval, Client, Event, Role
from campaigns.contacts.models import ContactList
from campaigns.drafts.models import Campaign
from campaigns.submissions.delivering import queueing
from campaigns.submissions.models import Delivery, Submission
from tests import people

pytestmark = pytest.mark.django_db(transaction=True)

State = Submission.State


@pytest.fixture
def asking(manager: User, northgate: Client, contact_list: ContactList) -> Submission:
    northgate.approval = Approval.ALWAYS
    northgate.save()
    made = people.submitted(
        Campaign.start(manager, people.content(northgate, contact_list)), manager
    )
    assert made.state == State.AWAITING_APPROVAL
    return made


def decide(browser: Browser, person: User, submission: Submission, what: str, **posted: Any) -> Any:
    browser.force_login(person)
    page = browser.post(reverse(f"submissions:{what}", args=[submission.pk]), posted, follow=True)
    submission.refresh_from_db()
    return page


@pytest.mark.parametrize(
    ("approval", "above", "state"),
    [
        (Approval.NEVER, 0, State.SCHEDULED),
        (Approval.ABOVE, 3, State.SCHEDULED),
        (Approval.ABOVE, 2, State.AWAITING_APPROVAL),
        (Approval.ALWAYS, 10**6, State.AWAITING_APPROVAL),
    ],
)
def test_the_client_decides_what_has_to_be_approved(
    manager: User,
    northgate: Client,
    contact_list: ContactList,
    approval: str,
    above: int,
    state: str,
) -> None:
    northgate.approval, northgate.approval_above = approval, above
    northgate.save()
    campaign = Campaign.start(manager, people.content(northgate, contact_list))
    assert people.submitted(campaign, manager).state == state


def test_the_approvers_home_page_asks_them_and_nobody_elses_does(
    client: Browser, approver: User, manager: User, asking: Submission
) -> None:
    client.force_login(approver)
    assert "Awaiting approval" in client.get("/").text
    client.force_login(manager)
    assert "Awaiting approval" not in client.get("/").text


def test_nothing_is_sent_before_it_is_approved(asking: Submission) -> None:
    queueing.sweep()
    assert not Delivery.objects.exists()


def test_an_approver_approves_what_the_page_showed(
    client: Browser, approver: User, asking: Submission
) -> None:
    client.force_login(approver)
    page = client.get(reverse("submissions:detail", args=[asking.pk])).text
    sha256 = asking.payload_sha256
    assert f'value="{sha256}"' in page
    decide(client, approver, asking, "approve", sha256=sha256)
    assert (asking.state, asking.decided_by) == (State.SCHEDULED, approver)
    queueing.sweep()
    assert Delivery.objects.get().state == Delivery.State.QUEUED


@pytest.mark.parametrize("seen", [[], ["0" * 64]])
def test_what_was_not_seen_is_not_approved(
    client: Browser, approver: User, asking: Submission, seen: list[str]
) -> None:
    page = decide(client, approver, asking, "approve", sha256=seen)
    assert "has changed since you opened this page" in page.text
    assert asking.state == State.AWAITING_APPROVAL


@pytest.mark.parametrize("what", ["approve", "return"])
def test_nobody_decides_about_their_own_work(
    client: Browser, manager: User, northgate: Client, asking: Submission, what: str
) -> None:
    northgate.membership_set.filter(user=manager).update(role=Role.APPROVER)
    page = decide(client, manager, asking, what, sha256=asking.payload_sha256, reason="Mine")
    assert "another person has to decide" in page.text
    assert asking.state == State.AWAITING_APPROVAL


def test_whoever_edited_the_draft_is_an_author_too(
    client: Browser, approver: User, asking: Submission
) -> None:
    asking.own_campaign.editors.add(approver)
    page = decide(client, approver, asking, "approve", sha256=asking.payload_sha256)
    assert "another person has to decide" in page.text
    assert "Return to author" not in page.text


def test_returning_it_opens_the_draft_and_tells_the_author_why(
    client: Browser, approver: User, manager: User, asking: Submission
) -> None:
    decide(client, approver, asking, "return", reason="The date is a holiday.")
    assert asking.state == State.RETURNED
    assert Campaign.objects.get(pk=asking.own_campaign.pk).is_draft
    client.force_login(manager)
    assert "The date is a holiday." in client.get(f"/submissions/{asking.pk}/").text
    assert asking.name in client.get("/").text


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("  ", "Say what needs fixing"),
        ("Ann on 07700 900101 objects", "Leave out the telephone number"),
    ],
)
def test_returning_it_needs_a_reason_without_a_number_and_keeps_what_was_typed(
    client: Browser, approver: User, asking: Submission, reason: str, said: str
) -> None:
    page = decide(client, approver, asking, "return", reason=reason)
    assert page.status_code == 422
    assert said in page.text
    assert f'value="{reason}"' in page.text
    assert asking.state == State.AWAITING_APPROVAL


def test_the_second_of_two_decisions_comes_too_late(
    client: Browser, approver: User, asking: Submission
) -> None:
    decide(client, approver, asking, "approve", sha256=asking.payload_sha256)
    page = decide(client, approver, asking, "return", reason="On second thoughts")
    assert "already been decided" in page.text
    assert asking.state == State.SCHEDULED


def test_the_undo_window_begins_with_the_approval(
    client: Browser, approver: User, northgate: Client, asking: Submission
) -> None:
    Client.objects.filter(pk=northgate.pk).update(undo_seconds=30)
    decide(client, approver, asking, "approve", sha256=asking.payload_sha256)
    assert 25 < asking.seconds_to_undo <= 30


def test_every_decision_is_recorded_with_who_and_why(
    client: Browser, approver: User, asking: Submission
) -> None:
    decide(client, approver, asking, "return", reason="The date is a holiday.")
    told = Event.objects.about(asking).last()
    assert told
    assert (told.actor, told.sentence) == (approver, "Returned it: The date is a holiday.")
