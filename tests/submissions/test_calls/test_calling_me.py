"""*Call me first*: from the builder's preview to the partner, and back to the pages that show it."""

import csv
import io
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from campaigns.clients.models import Approval, Client, Event
from campaigns.drafts.campaign.content import Source
from campaigns.drafts.models import Campaign
from campaigns.submissions import payload_files
from campaigns.submissions.models import Delivery, OwnNumber, Submission
from campaigns.submissions.test_calls.soonest_hours import time_to_reach
from tests.drawn import Page
from tests.partner.sandbox import SandboxProcess
from tests.submissions.enqueued import enqueued
from tests.submissions.partner import deliver_by_id
from tests.submissions.test_calls.calling import OWN, ask, page_of, plain, press, url_of

pytestmark = pytest.mark.django_db(transaction=True)


def payload(submission: Submission) -> Any:
    with payload_files.open_payload(submission.parts.get().payload_file) as file:
        return json.loads(file.read())


def detail(browser: Browser, submission: Submission) -> str:
    return plain(browser.get(reverse("submissions:detail", args=[submission.pk])).text)


@pytest.mark.usefixtures("own", "script")
def test_the_builder_saves_leads_to_the_page_and_the_partner_gets_one_call(
    browser: Browser, draft: Campaign, sandbox: SandboxProcess
) -> None:
    builder = Page.get(browser, reverse("drafts:edit", args=[draft.pk]))
    answer = builder.press("Call me first", name="Typed last")
    draft.refresh_from_db()
    assert draft.name == "Typed last"
    page = Page.get(browser, answer.headers["Location"])
    said = plain(page.html)
    assert "••• 777, your number" in said
    assert "07700" not in said
    assert page.offers("Call me now on ••• 777")
    assert "Hello Amara , your reading is due on 1 December ." in said
    assert "From (CLI) 020 7946 0999" in said
    assert "900777" not in page.html
    made = press(page)
    submission = Submission.with_test_calls.get()
    assert made.headers["Location"] == reverse("submissions:detail", args=[submission.pk])
    deliver_by_id(Delivery.objects.get())
    [received] = sandbox.ledger()
    assert received["name"] == f"Test: Typed last [{submission.reference}]"
    assert (received["numbers"], received["answer_status"], received["complete"]) == (1, 201, True)
    submission.refresh_from_db()
    assert submission.state == Submission.State.SUBMITTED
    assert Campaign.objects.get().is_draft


def test_what_is_sent_is_one_call_as_soon_as_possible_with_the_values_as_spoken(
    test_call: Submission, draft: Campaign, northgate: Client
) -> None:
    sent = payload(test_call)
    assert sent["phoneNumbers"] == [
        {
            "number": "07700900777",
            "name": "Ben Brown",
            "parameters": [
                {"value": "Ben", "parameter": 1},
                {"value": "2 December", "parameter": 2},
            ],
        }
    ]
    assert sent["attempts"] == [{"interval": 0, "attemptNumber": 1}]
    assert "runoverDays" not in sent
    start = datetime.combine(
        datetime.fromisoformat(sent["startDate"]),
        datetime.strptime(sent["startTime"], "%H:%M").time(),  # noqa: DTZ007
        northgate.zone,
    )
    early = start - timezone.now() - time_to_reach(northgate)
    assert timedelta(minutes=-1) < early <= timedelta(minutes=1)
    assert sent["smsOnBusy"] == draft.sms_on_busy


@pytest.mark.usefixtures("own", "script")
def test_a_value_is_sent_as_it_is_said(browser: Browser, draft: Campaign, manager: User) -> None:
    said_as = {1: Source("column", "First name"), 2: Source("column", "Phone", say_as="digits")}
    content = draft.content()
    draft.revise(manager, replace(content, parameters=said_as), draft.version)
    page = page_of(browser, draft)
    values = [row["value"] for row in payload(ask(browser, draft))["phoneNumbers"][0]["parameters"]]
    assert values[1] == "0 7 7 0 0 9 0 0 1 0 1"
    assert values[1] in plain(page.html)


@pytest.mark.usefixtures("script")
def test_without_a_number_the_page_asks_for_it_and_comes_back(
    browser: Browser, draft: Campaign, manager: User
) -> None:
    page = page_of(browser, draft, person=3)
    assert "Call me now" not in page.html
    wrong = page.press("Save your number", number="07700")
    assert wrong.status_code == 422
    again = Page(browser, reverse("own_number"), wrong.text)
    right = again.press("Save your number", number="07700 900777")
    assert right.headers["Location"] == url_of(draft, 3)
    assert OwnNumber.objects.get(person=manager).number == OWN
    assert "Hello Chloe" in plain(page_of(browser, draft, 3).html)


def test_it_is_marked_as_a_test_wherever_it_is_shown(
    browser: Browser, test_call: Submission, draft: Campaign
) -> None:
    assert test_call.name == "Test: December"
    assert "Test call" in detail(browser, test_call)
    assert "Test: December Test call" in plain(browser.get("/submissions/").text)
    text = b"".join(browser.get("/submissions/export.csv")).decode("utf-8-sig")
    headings, row = csv.reader(io.StringIO(text))
    assert dict(zip(headings, row, strict=True))["Kind"] == "Test call"
    history = plain(browser.get(reverse("drafts:history", args=[draft.pk])).text)
    asked = "Test call. Asked for a call with the values of person 2 on the lists, as"
    assert f"{asked} [{test_call.reference}]." in history
    for event in Event.objects.about(test_call):
        assert event.sentence.startswith("Test call. ")


@pytest.mark.parametrize(("kind", "shown"), [("", {1, 2}), ("campaign", {1}), ("test", {2})])
def test_the_list_can_be_narrowed_to_either_kind(
    browser: Browser, submission: Submission, test_call: Submission, kind: str, shown: set[int]
) -> None:
    found = browser.get("/submissions/", {"kind": kind}).context["table"].rows
    both = {submission.pk: 1, test_call.pk: 2}
    assert {both[row.record.pk] for row in found} == shown


def test_others_see_the_number_masked_and_cannot_download_it(
    browser: Browser, test_call: Submission, approver: User
) -> None:
    url = reverse("submissions:payload", args=[test_call.pk, 1])
    assert b"07700900777" in b"".join(browser.get(url))
    assert "900777" not in detail(browser, test_call)
    browser.force_login(approver)
    shown = detail(browser, test_call)
    assert "••• 777" in shown
    assert "07700" not in shown
    assert "900777" not in shown
    assert "Download payload" not in shown
    refused = browser.get(url, follow=True)
    assert "Only the person who made this test call can download it" in refused.text
    assert "900777" not in refused.text


def test_no_event_has_the_number(test_call: Submission) -> None:
    sentences = " ".join(Event.objects.values_list("sentence", flat=True))
    assert "777" not in sentences


def test_it_needs_no_approval_and_no_undo_window(
    browser: Browser, own: OwnNumber, script: None, draft: Campaign
) -> None:
    Client.objects.update(approval=Approval.ALWAYS, undo_seconds=600)
    made = ask(browser, draft)
    assert made.state == Submission.State.SCHEDULED
    assert Delivery.objects.get().state == Delivery.State.QUEUED


def test_until_it_is_taken_it_can_be_undone_and_the_draft_stays(
    browser: Browser, test_call: Submission, draft: Campaign
) -> None:
    page = Page.get(browser, reverse("submissions:detail", args=[test_call.pk]))
    page.press("Undo test call")
    test_call.refresh_from_db()
    assert test_call.state == Submission.State.UNDONE
    assert Delivery.objects.get().state == Delivery.State.NOT_SENT
    assert "The phone does not ring." in detail(browser, test_call)


@pytest.mark.usefixtures("own", "script")
def test_the_same_page_posted_twice_makes_one_call(browser: Browser, draft: Campaign) -> None:
    page = page_of(browser, draft)
    first, second = press(page), press(page)
    assert first.headers["Location"] == second.headers["Location"]
    assert Submission.with_test_calls.count() == 1
    assert Delivery.objects.count() == 1


@pytest.mark.usefixtures("own", "script")
def test_the_number_can_not_be_posted(browser: Browser, draft: Campaign) -> None:
    page = page_of(browser, draft)
    [button] = [each for each in page.buttons() if each.words.startswith("Call me now")]
    others = {"number": "07700 900101", "own": "07700 900101", "to": "+447700900101"}
    browser.post(button.url, {**button.data, **others})
    assert payload(Submission.with_test_calls.get())["phoneNumbers"][0]["number"] == "07700900777"


def _edit_draft(draft: Campaign) -> None:
    draft.revise(draft.created_by, replace(draft.content(), name="Changed"), draft.version)


def _change_number(draft: Campaign) -> None:
    OwnNumber.keep(draft.created_by, "+447700900778")


def _remove_number(draft: Campaign) -> None:
    OwnNumber.remove(draft.created_by)


def _change_script(draft: Campaign) -> None:
    draft.client.callflows.update(script="Hello {Parameter1}.")


@pytest.mark.usefixtures("own", "script")
@pytest.mark.parametrize("change", [_edit_draft, _change_number, _remove_number, _change_script])
def test_what_changed_since_the_page_was_opened_is_shown_and_nobody_is_called(
    browser: Browser, draft: Campaign, change: Any
) -> None:
    page = page_of(browser, draft)
    change(draft)
    answer = press(page)
    assert answer.status_code == 409
    assert "so you were not called" in plain(answer.text)
    assert not Submission.with_test_calls.exists()


@pytest.mark.usefixtures("own", "script")
def test_at_most_five_in_an_hour(browser: Browser, draft: Campaign, clock: Any) -> None:
    page = page_of(browser, draft)
    for _ in range(5):
        ask(browser, draft)
    said = plain(page_of(browser, draft).html)
    assert "You can make 5 test calls in an hour. You can make the next one after 11:02 UK" in said
    assert press(page).status_code == 422
    assert Submission.with_test_calls.count() == 5
    clock.shift(timedelta(hours=1, minutes=1))
    ask(browser, draft)


def test_what_is_delivered_is_enqueued_at_once(
    browser: Browser,
    own: OwnNumber,
    script: None,
    draft: Campaign,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from campaigns.submissions import tasks

    rung = enqueued(monkeypatch, tasks.deliver)
    ask(browser, draft)
    assert rung == [Delivery.objects.get().pk]


def test_a_viewer_is_not_offered_it_and_may_not_make_it(
    client: Browser, viewer: User, draft: Campaign, script: None
) -> None:
    client.force_login(viewer)
    assert "Call me first" not in client.get(reverse("drafts:edit", args=[draft.pk])).text
    assert client.get(url_of(draft)).status_code == 403
    assert client.post(reverse("submissions:call_me", args=[draft.pk])).status_code == 403
