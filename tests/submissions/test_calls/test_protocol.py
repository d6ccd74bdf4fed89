"""A test call is delivered by the same protocol as any campaign: at most once, and every doubt is shown."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from campaigns.clients.models import Membership, Role
from campaigns.drafts.models import Campaign
from campaigns.submissions.delivering import queueing
from campaigns.submissions.doubts import reminders
from campaigns.submissions.models import Delivery, DoubtMail, OwnNumber, Part, Submission
from campaigns.submissions.operating import expiry_letters, resume_sending
from campaigns.submissions.test_calls.make import Blocked, make
from campaigns.suppression.models import Suppression
from tests import people
from tests.drawn import Page
from tests.partner.fault_server import FaultServer
from tests.submissions.delivering.test_guards import race
from tests.submissions.partner import Partner, deliver_by_id, deliver_to, says_yes, send_all, silent
from tests.submissions.test_calls.calling import OWN, ask, page_of, plain

pytestmark = pytest.mark.django_db(transaction=True)

State = Submission.State


def doubted(test_call: Submission) -> Delivery:
    deliver_to(silent, Delivery.objects.get())
    then = timezone.now() - timedelta(minutes=20)
    Delivery.objects.update(sending_at=then, finished_at=then)
    test_call.refresh_from_db()
    assert test_call.state == State.NEEDS_CHECKING
    return Delivery.objects.get()


def test_the_sweeper_delivers_what_was_not_queued(test_call: Submission) -> None:
    Delivery.objects.all().delete()
    queueing.sweep()
    assert Delivery.objects.get().state == Delivery.State.QUEUED


def test_a_late_one_expires_unsent_without_an_email(
    test_call: Submission, clock: Any, manager: User, draft: Campaign
) -> None:
    User.objects.update(email="someone@example.org")
    clock.shift(timedelta(minutes=5))
    queueing.sweep()
    test_call.refresh_from_db()
    assert test_call.state == State.EXPIRED
    expiry_letters.write()
    assert mail.outbox == []
    assert Campaign.objects.get(pk=draft.pk).is_draft


def test_a_doubt_is_shown_to_its_maker_alone_and_settled_as_any(
    browser: Browser, test_call: Submission, manager: User, approver: User
) -> None:
    delivery = doubted(test_call)
    User.objects.update(email="someone@example.org")
    assert "Test: December" in browser.get("/").text
    page = Page.get(browser, reverse("submissions:detail", args=[test_call.pk]))
    assert "whether the partner received this test call" in plain(page.html)
    reminders.write()
    [written] = mail.outbox
    assert f"Needs checking: Test: December [{test_call.reference}]" in written.subject
    assert "This test call needs checking." in written.body
    assert "900777" not in written.body
    assert DoubtMail.objects.get().person == manager
    browser.force_login(approver)
    assert "Test: December" not in browser.get("/").text
    browser.force_login(manager)
    page.press("Campaign was created", note="Asked Jo.", campaign_id="4711")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.campaign_id) == (Delivery.State.ACCEPTED, 4711)
    test_call.refresh_from_db()
    assert test_call.state == State.SUBMITTED


def test_one_that_was_not_created_is_sent_again_once(
    browser: Browser, test_call: Submission
) -> None:
    doubted(test_call)
    page = Page.get(browser, reverse("submissions:detail", args=[test_call.pk]))
    page.press("Campaign was not created", note="Asked Jo.")
    assert [each.state for each in Delivery.objects.order_by("pk")] == ["released", "queued"]
    partner = Partner(12)
    with FaultServer(partner) as server:
        people.move_partner(server.url)
        deliver_by_id(Delivery.objects.latest("pk"))
    assert partner.numbers() == [["777"]]


def test_a_number_that_is_suppressed_meanwhile_is_not_called(
    browser: Browser, test_call: Submission, draft: Campaign, manager: User
) -> None:
    Suppression.add(manager, draft.client, OWN, "Asked.", None)
    partner = deliver_to(silent, Delivery.objects.get())
    assert partner.connections == []
    test_call.refresh_from_db()
    assert test_call.state == State.RETURNED
    page = browser.get(reverse("submissions:detail", args=[test_call.pk]))
    said = plain(page.text)
    assert "The number was suppressed after the test call was asked for." in said
    assert "The test call was not sent." in said


def test_a_maker_who_lost_the_access_is_not_called(test_call: Submission, manager: User) -> None:
    Membership.objects.filter(user=manager).update(role=Role.VIEWER)
    partner = deliver_to(silent, Delivery.objects.get())
    assert partner.connections == []
    test_call.refresh_from_db()
    assert "no longer has the access" in test_call.held_reason


def test_a_withdrawn_cli_holds_it(test_call: Submission, draft: Campaign) -> None:
    draft.client.clis.update(is_active=False)
    partner = deliver_to(silent, Delivery.objects.get())
    assert partner.connections == []
    test_call.refresh_from_db()
    assert test_call.held_reason == "Its call flow or CLI is no longer available."


def test_a_refusal_shows_the_partners_words_and_no_number(
    browser: Browser, test_call: Submission, approver: User
) -> None:
    from tests.partner.fault_server import answering

    said = '{"errors": {"phoneNumbers[0].number": ["is not reachable"]}}'
    deliver_to(answering("400 Bad Request", said), Delivery.objects.get())
    browser.force_login(approver)
    page = browser.get(reverse("submissions:detail", args=[test_call.pk]))
    assert "is not reachable" in page.text
    assert "900777" not in page.text
    assert "07700900" not in page.text


def test_two_test_calls_of_one_draft_have_names_of_their_own(
    browser: Browser, test_call: Submission, draft: Campaign
) -> None:
    draft.client.partner_account.reference_in_name = False
    draft.client.partner_account.save()
    ask(browser, draft)
    names = list(Part.objects.values_list("wire_name", flat=True))
    assert len(set(names)) == 2
    assert all(name.startswith("Test: December [") for name in names)


def test_the_longest_name_fits(
    browser: Browser, own: object, script: None, draft: Campaign
) -> None:
    Campaign.objects.update(name="N" * 75)
    ask(browser, draft)
    assert len(Part.objects.get().wire_name) == len("Test: ") + 75 + len(" [ABCDEF]")


def test_resuming_sending_lists_it_among_what_goes(test_call: Submission) -> None:
    from campaigns.submissions.models import Dispatch

    Dispatch.hold("Asked to.")
    assert [one.submission.pk for one in resume_sending.plan().sends] == [test_call.pk]


def test_a_test_call_and_the_campaign_after_it_both_go_out(
    test_call: Submission, draft: Campaign, manager: User
) -> None:
    deliver_to(silent, Delivery.objects.get())
    submission = people.submitted(Campaign.objects.get(pk=draft.pk), manager)
    partner = send_all(submission, 41)
    assert partner.numbers() == [["101", "102", "103"]]
    submission.refresh_from_db()
    assert submission.state == State.SUBMITTED


def test_only_one_of_twelve_workers_with_the_same_message_sends(test_call: Submission) -> None:
    delivery = Delivery.objects.get()
    with FaultServer(says_yes) as partner:
        people.move_partner(partner.url)
        race(lambda: deliver_by_id(delivery))
    assert len(partner.connections) == 1
    test_call.refresh_from_db()
    assert test_call.state == State.SUBMITTED


@pytest.mark.differs_by_database
def test_pressed_twice_at_the_same_moment_it_is_made_once(
    browser: Browser, own: OwnNumber, script: None, draft: Campaign, manager: User
) -> None:
    page = page_of(browser, draft)
    [button] = [each for each in page.buttons() if each.words.startswith("Call me now on")]
    seen, token = button.data["seen"][0], button.data["form_token"][0]
    made = race(lambda: make(Campaign.objects.get(), manager, 1, seen, token).pk)
    assert len(set(made)) == 1
    assert Submission.with_test_calls.count() == 1


@pytest.mark.differs_by_database
def test_the_sixth_at_the_same_moment_is_not_made(
    browser: Browser, own: OwnNumber, script: None, draft: Campaign, manager: User
) -> None:
    page = page_of(browser, draft)
    [button] = [each for each in page.buttons() if each.words.startswith("Call me now on")]

    def another() -> int:
        try:
            seen = button.data["seen"][0]
            return make(Campaign.objects.get(), manager, 1, seen, uuid4().hex).pk
        except Blocked:
            return 0

    race(another)
    assert Submission.with_test_calls.count() == 5
