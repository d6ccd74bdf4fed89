"""What the partner refuses is shown where it is mended, until it is mended."""

from dataclasses import replace
from typing import Any

import orjson
import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.drafts.form_data import as_data
from campaigns.drafts.models import Campaign
from campaigns.submissions import deliver, freeze, refusals
from campaigns.submissions.demo.story import working_days
from campaigns.submissions.models import Delivery, Submission
from campaigns.submissions.places import place_of
from tests import people
from tests.partner.fault_server import answering
from tests.partner.sandbox import SandboxProcess
from tests.submissions.partner import send

pytestmark = pytest.mark.django_db(transaction=True)

State = Submission.State


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("name", "name"),
        ("Name", "name"),
        ("startDate", "start_date"),
        ("STARTDATE", "start_date"),
        ("$.startTime", "start_time"),
        ("finish_time", "finish_time"),
        ("callflow_Id", "call_flow"),
        ("CallFlow_Id", "call_flow"),
        ("CallFlowId", "call_flow"),
        ("cli_Id", "cli"),
        ("defaultCli_Id", "cli"),
        ("answerMachineDetected", "answerphone"),
        ("AnswerPhoneMessage", "answerphone"),
        ("SMSOnBusy", "sms_on_busy"),
        ("phoneNumbers", "contact_lists"),
        ("phoneNumbers[3].number", "contact_lists"),
        ("PhoneNumbers[3].Parameters[0].Value", "contact_lists"),
        ("runoverDays", "runover-0-day"),
        ("runoverDays[1].date", "runover-1-day"),
        ("RunoverDays[1].StartTime", "runover-1-start"),
        ("runoverDays[0].finishTime", "runover-0-finish"),
        ("runoverDays[2].date", ""),
        ("attempts", "attempt-0-interval"),
        ("attempts[1].interval", "attempt-1-interval"),
        ("attempts[2].attemptNumber", ""),
        ("clientId", ""),
        ("", ""),
        ("$", ""),
        ("[7]", ""),
        ("runoverDays[99999999999999999999].date", ""),
    ],
)
def test_each_of_the_partners_names_has_its_field(name: str, place: str) -> None:
    assert place_of(name, runover_days=2, call_attempts=2) == place


def refused(submission: Submission, body: dict[str, Any], status: str = "400 Bad Request") -> None:
    """Deliver the submission to a partner that refuses it with this answer."""
    send(submission, answering(status, orjson.dumps(body).decode()))
    assert submission.state == State.REFUSED


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


@pytest.mark.parametrize("shape", [lambda errors: {"errors": errors}, lambda errors: errors])
def test_both_shapes_of_the_partners_errors_stand_at_their_fields(
    browser: Browser, submission: Submission, shape: Any
) -> None:
    errors = {
        "StartDate": ["must be a working day"],
        "phoneNumbers[0].number": ["07700900101 can't be reached"],
        "creditLimit": ["would be exceeded <b>soon</b>"],
    }
    refused(submission, shape(errors))
    page = browser.get(reverse("drafts:edit", args=[submission.campaign_id])).text
    assert "3 things to mend" in page
    assert (
        '<a href="#id_start_date">The partner says of “StartDate”: “must be a working day”</a>'
        in page
    )
    words = "The partner says of “phoneNumbers[0].number”: “…101 can&#x27;t be reached”"
    assert f'<a href="#id_contact_lists_0">{words}</a>' in page
    assert "The partner says of “creditLimit”: “would be exceeded &lt;b&gt;soon&lt;/b&gt;”" in page
    assert page.count("must be a working day") == 2
    assert "900101" not in page


def test_the_words_stand_until_the_draft_says_something_else(
    browser: Browser, submission: Submission
) -> None:
    refused(submission, {"startDate": ["must be a working day"]})
    draft = Campaign.objects.get(pk=submission.campaign_id)
    address = reverse("drafts:edit", args=[draft.pk])
    data = as_data(draft.content())
    posted = {name: data.getlist(name) for name in data} | {"version": str(draft.version)}
    browser.post(reverse("drafts:check", args=[draft.pk]), posted)
    assert "must be a working day" in browser.get(address).text
    browser.post(address, posted | {"name": "Mended"})
    assert "must be a working day" not in browser.get(address).text


def test_a_new_submission_takes_the_words_away(manager: User, submission: Submission) -> None:
    refused(submission, {"startDate": ["must be a working day"]})
    campaign = Campaign.objects.get(pk=submission.campaign_id)
    assert refusals.of_draft(campaign)
    again = people.submitted(campaign, manager)
    assert refusals.of_draft(campaign) is None
    again.undo(manager)
    assert refusals.of_draft(Campaign.objects.get(pk=campaign.pk)) is None


@pytest.mark.parametrize("body", [{}, {"message": "no"}, {"errors": ["a", "b"]}, {"name": "text"}])
def test_an_answer_without_words_for_a_field_leaves_the_form_alone(
    browser: Browser, submission: Submission, body: dict[str, Any]
) -> None:
    refused(submission, body)
    page = browser.get(reverse("drafts:edit", args=[submission.campaign_id]))
    assert page.status_code == 200
    assert "to mend" not in page.text


def test_from_refused_to_mended_at_the_field_to_accepted(
    browser: Browser, sandbox: SandboxProcess, draft: Campaign, manager: User
) -> None:
    sandbox.behave("refuse_fields")
    first = people.submitted(draft, manager)
    sent(first)
    assert first.state == State.REFUSED
    address = reverse("drafts:edit", args=[draft.pk])
    page = browser.get(address).text
    for field in ("start_date", "runover-0-start", "contact_lists_0"):
        assert f'<a href="#id_{field}">The partner says' in page
    assert "The partner says of “creditLimit”" in page
    draft.refresh_from_db()
    content = draft.content()
    later = replace(content.hours, day=working_days(10, 1)[0])
    data = as_data(replace(content, hours=later, runover=[]))
    posted = {name: data.getlist(name) for name in data} | {"version": str(draft.version)}
    answer = browser.post(reverse("submissions:submit", args=[draft.pk]), posted)
    assert answer.status_code == 302
    second = Submission.objects.exclude(pk=first.pk).get()
    sent(second)
    assert second.state == State.SUBMITTED
    ids = [row["campaign_id"] for row in sandbox.ledger()]
    assert ids == [None, second.parts.get().deliveries.get().campaign_id]


def sent(submission: Submission) -> None:
    """Freeze it if it isn't yet, and deliver it, as workers would."""
    submission.refresh_from_db()
    freeze.freeze(submission)
    delivery = Delivery.queue(submission.parts.get())
    assert delivery
    deliver.deliver(Delivery.objects.get(pk=delivery.pk))
    submission.refresh_from_db()
