"""People whom the partner has from an earlier submission of a campaign are never sent to it again."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client
from campaigns.contacts.models import ContactList
from campaigns.drafts.models import Campaign
from campaigns.submissions import payload_files, tasks
from campaigns.submissions.freezing import already_sent
from campaigns.submissions.models import Delivery, Submission, endings
from campaigns.submissions.submitting.submit import submit
from campaigns.suppression.models import Suppression
from tests import people
from tests.submissions.partner import send_all

pytestmark = pytest.mark.django_db(transaction=True)

State = Submission.State


@pytest.fixture
def partly(large: Submission) -> Submission:
    """Five people in three parts: the partner has the first two people and refused the next two."""
    send_all(large, 41, "400 Bad")
    assert large.state == State.PARTLY_SUBMITTED
    return large


def submitted_again(submission: Submission, manager: User) -> Submission:
    """Submit the draft, which is open again, and freeze it as a worker does."""
    campaign = Campaign.objects.get(pk=submission.own_campaign.pk)
    assert campaign.is_draft
    made = submit(campaign, manager, submission.starts_at)
    tasks.freeze(made.pk)
    made.refresh_from_db()
    return made


def frozen(submission: Submission) -> list[str]:
    parts = submission.parts.all()
    return [number[-3:] for part in parts for number in payload_files.numbers(part.payload_file)]


def test_the_rest_is_submitted_again_and_what_the_partner_has_is_left_out_and_counted(
    partly: Submission, manager: User, client: Browser
) -> None:
    client.force_login(manager)
    builder = client.get(reverse("drafts:edit", args=[partly.campaign_id])).text
    assert "The partner already has 2 numbers of this campaign" in builder
    assert "from an earlier submission (ID 41)" in builder
    again = submitted_again(partly, manager)
    assert frozen(again) == ["103", "104", "105"]
    assert again.parts.all().left_out()["already_sent_count"] == 2
    page = " ".join(client.get(reverse("submissions:detail", args=[again.pk])).text.split())
    assert (
        "2 numbers are left out: an earlier submission of this campaign already sent them to the "
        "partner (ID 41)" in page
    )
    partner = send_all(again, 42, 43)
    assert partner.numbers() == [["103", "104"], ["105"]]
    assert again.state == State.SUBMITTED


def test_pages_mention_no_one_left_out_where_nobody_is(
    large: Submission, manager: User, client: Browser
) -> None:
    endings.undo(large, manager)
    client.force_login(manager)
    assert "left out" not in client.get(reverse("drafts:edit", args=[large.campaign_id])).text
    again = submitted_again(large, manager)
    assert frozen(again) == ["101", "102", "103", "104", "105"]
    assert "left out" not in client.get(reverse("submissions:detail", args=[again.pk])).text


@pytest.mark.parametrize(
    ("state", "left_out"),
    [
        ("accepted", True),
        ("sending", True),
        ("needs_checking", True),
        ("refused", False),
        ("not_sent", False),
        ("released", False),
    ],
)
def test_only_people_whom_the_partner_may_have_are_left_out(
    large: Submission, state: str, left_out: bool
) -> None:
    part = large.parts.get(position=1)
    Delivery.objects.create(
        part=part,
        partner_account=part.partner_account,
        state=state,
        campaign_id=41 if state == "accepted" else None,
    )
    expected = {447700900101, 447700900102} if left_out else set()
    assert already_sent.numbers_sent(list(already_sent.parts_sent(large.own_campaign))) == expected


def test_another_campaign_with_the_same_people_leaves_nobody_out(
    partly: Submission, manager: User
) -> None:
    content = Campaign.objects.get(pk=partly.own_campaign.pk).content()
    other = Campaign.start(manager, replace(content, name="Another"))
    assert len(frozen(people.submitted(other, manager))) == 5


def test_each_number_is_in_one_accepted_part_after_any_number_of_submissions(
    partly: Submission, manager: User
) -> None:
    again = submitted_again(partly, manager)
    send_all(again, 42, "400 Bad")
    assert again.state == State.PARTLY_SUBMITTED
    last = submitted_again(again, manager)
    assert last.parts.all().left_out()["already_sent_count"] == 4
    assert send_all(last, 43).numbers() == [["105"]]
    accepted = Delivery.objects.filter(state=Delivery.State.ACCEPTED)
    numbers = [
        number
        for delivery in accepted
        for number in payload_files.numbers(delivery.part.payload_file)
    ]
    assert sorted(numbers) == [f"+447700900{n}" for n in range(101, 106)]


def test_where_nobody_is_left_the_submission_is_returned_and_says_so(
    partly: Submission, manager: User, northgate: Client, client: Browser
) -> None:
    for number in ("+447700900103", "+447700900104", "+447700900105"):
        Suppression.add(manager, northgate, number, "Asked not to be called.", None)
    again = submitted_again(partly, manager)
    assert again.state == State.RETURNED
    assert again.decision == (
        "Nobody is left to call: the partner already has 2 numbers on its lists, from an "
        "earlier submission of this campaign, and 3 numbers on its lists are suppressed."
    )
    assert not again.parts.exists()


def test_a_number_counts_for_one_reason_only(
    partly: Submission, manager: User, northgate: Client, five: ContactList
) -> None:
    rows = [("07700 900101", "P", "P", "1 May"), ("07700 900105", "P", "P", "1 May")]
    second = people.contact_list(manager, northgate, rows, "Second")
    Suppression.add(manager, northgate, "+447700900101", "Asked not to be called.", None)
    Suppression.add(manager, northgate, "+447700900103", "Asked not to be called.", None)
    campaign = Campaign.objects.get(pk=partly.own_campaign.pk)
    fixed = replace(campaign.content(), contact_lists=[five, second])
    campaign.revise(manager, fixed, campaign.version)
    again = submitted_again(partly, manager)
    assert frozen(again) == ["105", "104"]
    assert again.parts.all().left_out() == {
        "repeated_count": 2,
        "already_sent_count": 2,
        "suppressed_count": 1,
    }


def test_an_earlier_payload_that_can_not_be_read_holds_the_new_submission(
    partly: Submission, manager: User
) -> None:
    """Nobody can know then whom the partner has, so a person has to check before anybody is called."""
    first = partly.parts.get(position=1)
    first.payload_file = "payloads/gone.json.gz"
    first.save()
    campaign = Campaign.objects.get(pk=partly.own_campaign.pk)
    made = submit(campaign, manager, partly.starts_at)
    tasks.freeze(made.pk)
    made.refresh_from_db()
    assert (made.state, made.parts.count()) == (State.PREPARING, 0)
    assert made.held_reason == tasks.UNKNOWN_WHO_IS_LEFT
