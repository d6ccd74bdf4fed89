"""A reopened draft says why: who returned it, or what the partner said, beside the field to fix."""

from dataclasses import replace
from typing import Any

import orjson
import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Approval, Client
from campaigns.drafts.form.form_data import as_data
from campaigns.drafts.models import Campaign, Precedence
from campaigns.submissions.approval.approve_or_return import return_to_author
from campaigns.submissions.delivering import deliver
from campaigns.submissions.demo.story import working_days
from campaigns.submissions.freezing import freeze
from campaigns.submissions.history import why_reopened
from campaigns.submissions.history.refused_form_fields import PersonField, person_field, place_of
from campaigns.submissions.models import Delivery, Submission, endings
from tests import people
from tests.drawn import Node, Page
from tests.partner.fault_server import Script, answering
from tests.partner.sandbox import SandboxProcess
from tests.submissions.partner import deliver_to, says_yes, send

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


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("phoneNumbers[3].number", PersonField(3, "number", 0)),
        ("$.PhoneNumbers[0].Parameters[2].Value", PersonField(0, "parameters", 2)),
        ("phone_numbers[12]", PersonField(12, "", 0)),
        ("phoneNumbers", None),
        ("phoneNumbers.number", None),
        ("runoverDays[1].date", None),
        ("", None),
    ],
)
def test_a_name_that_means_one_person_says_which(name: str, field: PersonField | None) -> None:
    assert person_field(name) == field


def refused(submission: Submission, body: dict[str, Any], status: str = "400 Bad Request") -> None:
    """Deliver the submission to a partner that refuses it with this answer."""
    send(submission, answering(status, orjson.dumps(body).decode()))
    assert submission.state == State.REFUSED


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


@pytest.mark.parametrize("shape", [lambda errors: {"errors": errors}, lambda errors: errors])
def test_both_shapes_of_the_partners_errors_are_shown_at_their_fields(
    browser: Browser, submission: Submission, shape: Any
) -> None:
    errors = {
        "StartDate": ["must be a working day"],
        "phoneNumbers[0].number": ["07700900101 can't be reached"],
        "creditLimit": ["would be exceeded <b>soon</b>"],
    }
    refused(submission, shape(errors))
    page = browser.get(reverse("drafts:edit", args=[submission.campaign_id])).text
    assert "3 things to fix" in page
    assert (
        '<a href="#id_start_date">The partner says about “StartDate”: “must be a working day”</a>'
        in page
    )
    words = "about the number of the 1st person (row 2 of “Readings”): “…101 can&#x27;t be reached”"
    assert f'<a href="#id_contact_lists_0">The partner says {words}</a>' in page
    assert (
        "The partner says about “creditLimit”: “would be exceeded &lt;b&gt;soon&lt;/b&gt;”" in page
    )
    assert page.count("must be a working day") == 2
    assert "900101" not in page


def test_the_partners_words_are_shown_until_the_draft_is_changed(
    browser: Browser, submission: Submission
) -> None:
    refused(submission, {"startDate": ["must be a working day"]})
    draft = Campaign.objects.get(pk=submission.own_campaign.pk)
    address = reverse("drafts:edit", args=[draft.pk])
    data = as_data(draft.content())
    posted = {name: data.getlist(name) for name in data} | {"version": str(draft.version)}
    browser.post(reverse("drafts:check", args=[draft.pk]), posted)
    assert "must be a working day" in browser.get(address).text
    browser.post(address, posted | {"name": "Mended"})
    fixed = browser.get(address).text
    assert "must be a working day" not in fixed
    assert "The partner refused this campaign" in fixed


def test_a_new_submission_removes_the_partners_words(manager: User, submission: Submission) -> None:
    refused(submission, {"startDate": ["must be a working day"]})
    campaign = Campaign.objects.get(pk=submission.own_campaign.pk)
    assert why_reopened.why(campaign)
    again = people.submitted(campaign, manager)
    assert why_reopened.why(campaign) is None
    endings.undo(again, manager)
    assert why_reopened.why(Campaign.objects.get(pk=campaign.pk)) is None


@pytest.mark.parametrize("body", [{}, {"message": "no"}, {"errors": ["a", "b"]}, {"name": "text"}])
def test_an_answer_without_words_for_a_field_leaves_the_form_alone(
    browser: Browser, submission: Submission, body: dict[str, Any]
) -> None:
    refused(submission, body)
    page = browser.get(reverse("drafts:edit", args=[submission.campaign_id]))
    assert page.status_code == 200
    assert "to fix" not in page.text


@pytest.fixture
def two_lists(manager: User, northgate: Client) -> Submission:
    """Four people on two lists, two to a part: the newer list comes first, and Bo is on both."""
    Client.objects.filter(pk=northgate.pk).update(most_numbers=2)
    northgate.refresh_from_db()
    older = [("07700 900101", "Al", "Smith", "1 May"), ("07700 900102", "Bo", "Old", "2 May")]
    newer = [
        ("07700 900103", "Cy", "Smith", "3 May"),
        ("07700 900102", "Bo", "New", "4 May"),
        ("07700 900104", "Di", "Smith", "5 May"),
    ]
    lists = [
        people.contact_list(manager, northgate, older, name="Older"),
        people.contact_list(manager, northgate, newer, name="Newer"),
    ]
    content = replace(people.content(northgate, lists[0]), contact_lists=lists)
    return people.submitted(Campaign.start(manager, content), manager)


def deliver_part(submission: Submission, position: int, script: Script) -> None:
    delivery = Delivery.queue(submission.parts.get(position=position))
    assert delivery
    deliver_to(script, delivery)
    submission.refresh_from_db()


def refusing(errors: dict[str, list[str]]) -> Script:
    return answering("400 Bad Request", orjson.dumps(errors).decode())


def boxes(page: Page) -> list[Node]:
    return [node for node in page.nodes if node["name"] == "contact_lists"]


def test_a_person_is_named_by_list_and_row_and_only_that_list_is_marked(
    browser: Browser, two_lists: Submission
) -> None:
    errors = {
        "phoneNumbers[1].number": ["is not reachable"],
        "phoneNumbers[1].parameters[0].value": ["is too long"],
        "phoneNumbers[7].number": ["is nobody"],
    }
    deliver_part(two_lists, 1, refusing(errors))
    assert two_lists.state == State.REFUSED
    draft = Page.get(browser, reverse("drafts:edit", args=[two_lists.campaign_id]))
    older, newer = map(str, two_lists.contact_list_ids)
    found = {box["value"]: box for box in boxes(draft)}
    assert "is-invalid" in found[newer]["class"]
    assert "is-invalid" not in found[older]["class"]
    of_bo = "about the number of the 2nd person of part 1 of 2 (row 3 of “Newer”)"
    line = f'<a href="#{found[newer]["id"]}">The partner says {of_bo}: “is not reachable”</a>'
    assert line in draft.html
    assert "says about parameter 1 of the 2nd person of part 1 of 2 (row 3" in draft.html
    assert "says about the number of the 8th person of part 1 of 2: “is nobody”" in draft.html
    shown = Page.get(browser, reverse("submissions:detail", args=[two_lists.pk]))
    answer = shown.follow("the 2nd person of part 1 of 2 (row 3 of “Newer”)")
    assert answer.context["contact_list"].name == "Newer"
    assert "07700900102" in shown.html


def test_a_person_of_a_later_part_is_found_in_that_part(
    browser: Browser, two_lists: Submission
) -> None:
    deliver_part(two_lists, 1, says_yes)
    deliver_part(two_lists, 2, refusing({"phoneNumbers[1].number": ["is not reachable"]}))
    assert two_lists.state == State.PARTLY_SUBMITTED
    page = browser.get(reverse("drafts:edit", args=[two_lists.campaign_id])).text
    assert "The partner refused part of this campaign on" in page
    assert "the 2nd person of part 2 of 2 (row 2 of “Older”): “is not reachable”" in page


def test_for_a_number_on_several_lists_the_row_that_is_used_is_named(
    browser: Browser, two_lists: Submission, manager: User
) -> None:
    campaign = two_lists.own_campaign
    endings.undo(two_lists, manager)
    campaign.refresh_from_db()
    content = replace(campaign.content(), precedence=Precedence.OLDEST)
    campaign.revise(manager, content, campaign.version)
    again = people.submitted(campaign, manager)
    deliver_part(again, 1, refusing({"phoneNumbers[1]": ["is not reachable"]}))
    page = browser.get(reverse("drafts:edit", args=[campaign.pk])).text
    assert "The partner says about the 2nd person of part 1 of 2 (row 3 of “Older”)" in page


def test_a_person_is_not_looked_for_in_a_payload_that_is_gone(
    browser: Browser, submission: Submission
) -> None:
    refused(submission, {"phoneNumbers[0].number": ["is not reachable"]})
    default_storage.delete(submission.parts.get().payload_file)
    page = browser.get(reverse("drafts:edit", args=[submission.campaign_id])).text
    assert "The partner says about the number of the 1st person: “is not reachable”" in page


def test_a_returned_draft_says_who_returned_it_and_why_until_it_is_submitted_again(
    browser: Browser, draft: Campaign, northgate: Client, approver: User, manager: User
) -> None:
    northgate.approval = Approval.ALWAYS
    northgate.save()
    awaiting = people.submitted(draft, manager)
    approver.first_name, approver.last_name = "Ann", "Approver"
    approver.save()
    assert return_to_author(awaiting, approver, "The list is <b>last month's</b>.")
    address = reverse("drafts:edit", args=[awaiting.campaign_id])
    page = browser.get(address).text
    assert "Ann Approver returned this campaign on" in page
    assert "“The list is &lt;b&gt;last month&#x27;s&lt;/b&gt;.”" in page
    campaign = Campaign.objects.get(pk=awaiting.own_campaign.pk)
    campaign.revise(manager, replace(campaign.content(), name="Mended"), campaign.version)
    assert "Ann Approver returned this campaign on" in browser.get(address).text
    endings.undo(people.submitted(campaign, manager), manager)
    assert "Ann Approver" not in browser.get(address).text


def test_a_draft_that_came_back_unsent_says_why(browser: Browser, submission: Submission) -> None:
    assert endings.send_back(submission, "Its call flow is withdrawn.")
    page = browser.get(reverse("drafts:edit", args=[submission.campaign_id])).text
    assert "This campaign was returned unsent on" in page
    assert "Its call flow is withdrawn." in page


def test_an_expired_draft_says_that_it_was_not_sent(
    browser: Browser, submission: Submission
) -> None:
    assert endings.expire(submission)
    page = browser.get(reverse("drafts:edit", args=[submission.campaign_id])).text
    assert "This campaign was not sent: it expired on" in page
    assert "Choose a later start." in page


def test_a_refused_draft_is_fixed_at_the_field_and_accepted(
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
    assert "The partner says about “creditLimit”" in page
    draft.refresh_from_db()
    content = draft.content()
    later = replace(content.hours, day=working_days(10, 1)[0])
    data = as_data(replace(content, hours=later, runover=[]))
    posted = {name: data.getlist(name) for name in data} | {"version": str(draft.version)}
    answer = people.submit_in(browser, posted, draft)
    assert answer.status_code == 302
    second = Submission.objects.exclude(pk=first.pk).get()
    sent(second)
    assert second.state == State.SUBMITTED
    ids = [row["campaign_id"] for row in sandbox.ledger()]
    assert ids == [None, second.parts.get().deliveries.get().campaign_id]


def sent(submission: Submission) -> None:
    """Freeze the submission if it isn't frozen yet, and deliver it, as workers would."""
    submission.refresh_from_db()
    freeze.freeze(submission)
    delivery = Delivery.queue(submission.parts.get())
    assert delivery
    deliver.deliver(Delivery.objects.get(pk=delivery.pk))
    submission.refresh_from_db()
