"""Who is told of a test call that waits for a person, who may decide about it, and what they read."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import CallFlow, Cli, Event, Membership, Role
from campaigns.submissions.delivering import queueing
from campaigns.submissions.doubts import reminders
from campaigns.submissions.models import Delivery, Submission, endings
from tests import people
from tests.drawn import Page
from tests.submissions.partner import deliver_to, silent
from tests.submissions.test_calls.calling import plain
from tests.submissions.test_calls.test_protocol import doubted

pytestmark = pytest.mark.django_db(transaction=True)

State = Submission.State
NAME = "Test: December"


def page_of(browser: Browser, test_call: Submission) -> str:
    return browser.get(reverse("submissions:detail", args=[test_call.pk])).text


def _closed(maker: User) -> None:
    User.objects.filter(pk=maker.pk).update(is_active=False)


def _only_views(maker: User) -> None:
    Membership.objects.filter(user=maker).update(role=Role.VIEWER)


def _left_the_client(maker: User) -> None:
    Membership.objects.filter(user=maker).delete()


GONE = pytest.mark.parametrize("goes", [_closed, _only_views, _left_the_client])


@GONE
def test_a_doubt_whose_maker_can_not_settle_it_goes_to_the_approvers(
    browser: Browser, test_call: Submission, manager: User, approver: User, goes: Any
) -> None:
    delivery = doubted(test_call)
    other = people.member("mo", test_call.client, Role.ACCOUNT_MANAGER)
    User.objects.update(email="someone@example.org")
    assert list(reminders.concerned(test_call)) == [manager]
    goes(manager)
    assert list(reminders.concerned(test_call)) == [approver]
    reminders.write()
    [written] = mail.outbox
    assert "the person who asked for the test call can no longer settle it" in " ".join(
        written.body.split()
    )
    browser.force_login(other)
    assert NAME not in browser.get("/").text
    assert NAME not in browser.get("/campaigns/").text
    browser.force_login(approver)
    assert NAME in browser.get("/").text
    assert NAME in browser.get("/campaigns/").text
    page = Page.get(browser, reverse("submissions:detail", args=[test_call.pk]))
    page.press("Campaign was created", note="Asked Jo.", campaign_id="4711")
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.ACCEPTED


def test_a_held_one_waits_for_its_maker(
    browser: Browser, test_call: Submission, approver: User
) -> None:
    assert NAME not in browser.get("/").text
    test_call.hold("Asked to.")
    assert NAME in browser.get("/").text
    browser.force_login(approver)
    assert NAME not in browser.get("/").text


@GONE
def test_a_held_one_whose_maker_can_not_resume_it_waits_for_the_approvers(
    browser: Browser, test_call: Submission, manager: User, approver: User, goes: Any
) -> None:
    test_call.hold("Asked to.")
    goes(manager)
    browser.force_login(approver)
    assert NAME in browser.get("/").text


def test_approving_or_returning_one_is_not_found(
    client: Browser, test_call: Submission, approver: User
) -> None:
    client.force_login(approver)
    posted = {"sha256": test_call.payload_sha256, "reason": "No."}
    for action in ("approve", "return"):
        answer = client.post(reverse(f"submissions:{action}", args=[test_call.pk]), posted)
        assert answer.status_code == 404, action
    test_call.refresh_from_db()
    assert test_call.state == State.SCHEDULED


def test_a_hold_for_lost_access_says_what_can_be_done(test_call: Submission, manager: User) -> None:
    Membership.objects.filter(user=manager).update(role=Role.VIEWER)
    deliver_to(silent, Delivery.objects.get())
    test_call.refresh_from_db()
    assert test_call.held_reason.endswith(
        " made this test call, but no longer has the access needed for it. Ask an administrator to "
        "restore it, or undo it and make a test call of your own."
    )
    told = Event.objects.about(test_call).latest("pk").sentence
    assert told == f"Test call. Held: {test_call.held_reason}"


@pytest.mark.parametrize(
    ("model", "named"), [(CallFlow, {"name": "Winter reminder"}), (Cli, {"number": "02079460998"})]
)
def test_swapped_ids_of_two_lookups_hold_it(
    test_call: Submission, model: Any, named: dict[str, str]
) -> None:
    one = model.objects.get(client=test_call.client)
    frozen_id = one.partner_id
    model.objects.filter(pk=one.pk).update(partner_id=9001)
    model.objects.create(client=test_call.client, partner_id=frozen_id, **named)
    partner = deliver_to(silent, Delivery.objects.get())
    assert partner.connections == []
    test_call.refresh_from_db()
    what = "call flow" if model is CallFlow else "CLI"
    assert test_call.held_reason == (
        f"The {what} with the prepared ID has another name now. Undo it and make another test call."
    )


def test_a_few_refused_connections_do_not_expire_it(test_call: Submission, clock: Any) -> None:
    clock.shift(121)
    queueing.sweep()
    test_call.refresh_from_db()
    assert test_call.state == State.SCHEDULED


def test_the_page_speaks_of_a_phone_and_no_people(browser: Browser, test_call: Submission) -> None:
    page = page_of(browser, test_call)
    assert "First people" not in page
    assert 'aria-label="The phone that rings"' in page


def test_undoing_one_is_recorded_as_what_it_is(test_call: Submission, manager: User) -> None:
    endings.undo(test_call, manager)
    told = Event.objects.about(test_call).latest("pk").sentence
    assert told == "Test call. Undid it."


def test_a_name_at_the_start_of_an_event_keeps_its_capital(test_call: Submission) -> None:
    test_call.record_event("Mina Smith looked at it.")
    assert Event.objects.about(test_call).latest("pk").sentence == (
        "Test call. Mina Smith looked at it."
    )


def test_a_process_of_the_release_before_can_still_submit(submission: Submission) -> None:
    """It names no column that it does not know, and the migration runs before it is restarted."""
    Submission.objects.update(state=State.UNDONE)
    unknown = {"id", "is_test_call", "reference"}
    columns = ", ".join(
        f'"{field.column}"'
        for field in Submission._meta.concrete_fields
        if field.column not in unknown
    )
    table = Submission._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (reference, {columns}) SELECT 'ABCDEF', {columns} FROM {table}"
        )
    assert not Submission.objects.get(reference="ABCDEF").is_test_call


def test_a_damaged_file_says_what_can_be_done(browser: Browser, test_call: Submission) -> None:
    test_call.parts.update(payload_file="payloads/none")
    said = plain(page_of(browser, test_call))
    assert "Undo it and make another test call." in said
    assert "submit the draft again" not in said
