"""A mistyped campaign ID: whose it is, who may correct it, and when an unlikely ID is asked about."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse
from pytest_django.fixtures import Settings

from campaigns.clients.models import Client, Event
from campaigns.drafts.models import Campaign
from campaigns.submissions.models import Delivery, Submission
from tests import people
from tests.partner.fault_server import answering
from tests.submissions.doubts.test_settle import NOTE, answer
from tests.submissions.partner import send, silent

pytestmark = pytest.mark.django_db(transaction=True)

State = Submission.State
MISTYPED = "4712"


@pytest.fixture(autouse=True)
def answered_at_once(settings: Settings) -> None:
    settings.SETTLE_AFTER = 0


@pytest.fixture
def mistyped(client: Browser, manager: User, submission: Submission) -> Submission:
    """Mina has typed 4712 in place of 4711."""
    send(submission, silent)
    answer(client, manager, submission, answer="created", campaign_id=MISTYPED)
    assert submission.state == State.SUBMITTED
    return submission


def correct(
    browser: Browser, person: User, submission: Submission, campaign_id: str, **posted: Any
) -> Any:
    key = submission.parts.get().deliveries.get().answer_key
    said = {"answer": "corrected", "delivery": key, "campaign_id": campaign_id}
    return answer(browser, person, submission, **said | posted)


def page_of(browser: Browser, person: User, submission: Submission) -> str:
    browser.force_login(person)
    page = browser.get(reverse("submissions:detail", args=[submission.pk]))
    return " ".join(page.text.split())


class TestTheCampaignToWhichTheIdBelongs:
    """The partner gives the mistyped ID to another campaign, to which it belongs."""

    @pytest.fixture
    def robbed(self, mistyped: Submission, second_submission: Submission) -> Submission:
        send(second_submission, answering("201 Created", f'{{"id": {MISTYPED}}}'))
        assert second_submission.state == State.NEEDS_CHECKING
        return second_submission

    def test_shows_which_campaign_has_the_id_with_a_link(
        self, client: Browser, manager: User, robbed: Submission, mistyped: Submission
    ) -> None:
        link = (
            f'<a href="{reverse("submissions:detail", args=[mistyped.pk])}">'
            f"“{mistyped.name}” [{mistyped.reference}]</a> has the ID {MISTYPED}"
        )
        page = page_of(client, manager, robbed)
        assert f"The partner gave the campaign ID {MISTYPED}." in page
        assert link in page
        page = answer(client, manager, robbed, answer="created", campaign_id=MISTYPED)
        assert link in page.text
        assert robbed.state == State.NEEDS_CHECKING

    def test_gets_the_id_once_the_other_is_corrected(
        self,
        client: Browser,
        manager: User,
        approver: User,
        robbed: Submission,
        mistyped: Submission,
    ) -> None:
        correct(client, approver, mistyped, "4711")
        assert mistyped.campaign_ids == [4711]
        answer(client, manager, robbed, answer="created", campaign_id=MISTYPED)
        assert (robbed.state, robbed.campaign_ids) == (State.SUBMITTED, [int(MISTYPED)])

    def test_shows_nothing_of_another_clients_campaign(
        self, client: Browser, harbour: Client, stranger: User, mistyped: Submission
    ) -> None:
        contacts = people.contact_list(stranger, harbour)
        draft = Campaign.start(stranger, people.content(harbour, contacts, "Harbour"))
        theirs = people.submitted(draft, stranger)
        send(theirs, answering("201 Created", f'{{"id": {MISTYPED}}}'))
        page = page_of(client, stranger, theirs)
        assert "A campaign of another client has the ID 4712" in page
        assert mistyped.name not in page
        assert mistyped.reference not in page


class TestCorrecting:
    def test_another_person_does_it_with_a_reason_which_is_recorded(
        self, client: Browser, approver: User, mistyped: Submission
    ) -> None:
        assert "Correct the campaign ID" in page_of(client, approver, mistyped)
        correct(client, approver, mistyped, "4711")
        delivery = Delivery.objects.get()
        assert (delivery.campaign_id, delivery.settled_by) == (4711, approver)
        assert mistyped.state == State.SUBMITTED
        told = Event.objects.about(mistyped).latest("pk")
        assert told.sentence == f"Corrected the campaign ID from 4712 to 4711. {NOTE}"
        assert told.actor == approver

    def test_whoever_typed_the_id_may_not_correct_it(
        self, client: Browser, manager: User, mistyped: Submission
    ) -> None:
        page = page_of(client, manager, mistyped)
        assert "Another person has to correct it." in page
        assert 'value="corrected"' not in page
        refused = correct(client, manager, mistyped, "4711")
        assert "You recorded this ID." in refused.text
        assert mistyped.campaign_ids == [4712]

    @pytest.mark.parametrize(
        ("posted", "said"),
        [
            ({"note": ""}, "Say who you asked, and when."),
            ({"campaign_id": ""}, "Type the ID that the partner shows."),
            ({"campaign_id": "x"}, "Enter a whole number in digits"),
        ],
    )
    def test_an_incomplete_correction_is_refused_and_what_was_typed_is_kept(
        self,
        client: Browser,
        approver: User,
        mistyped: Submission,
        posted: dict[str, str],
        said: str,
    ) -> None:
        posted = {"campaign_id": "4711", **posted}
        page = correct(client, approver, mistyped, **posted)
        assert page.status_code == 422
        assert said in page.text
        assert 'value="4711"' in page.text or "Asked Jo" in page.text
        assert mistyped.campaign_ids == [4712]

    def test_a_page_that_showed_another_id_corrects_nothing(
        self, client: Browser, manager: User, approver: User, mistyped: Submission
    ) -> None:
        old_key = Delivery.objects.get().answer_key
        correct(client, approver, mistyped, "4711")
        page = correct(client, manager, mistyped, "4713", delivery=old_key)
        assert page.status_code == 422
        assert "already settled this" in page.text
        delivery = Delivery.objects.get()
        assert not delivery.correct_id(manager, old_key, 4713, NOTE)
        assert mistyped.campaign_ids == [4711]

    def test_an_id_that_the_partner_gave_can_not_be_corrected(
        self, client: Browser, approver: User, submission: Submission
    ) -> None:
        send(submission, answering("201 Created", '{"id": 41}'))
        assert "Correct the campaign ID" not in page_of(client, approver, submission)
        assert correct(client, approver, submission, "42").status_code == 422
        assert submission.campaign_ids == [41]

    def test_an_id_of_another_campaign_is_refused_and_that_campaign_named(
        self,
        client: Browser,
        approver: User,
        mistyped: Submission,
        second_submission: Submission,
    ) -> None:
        send(second_submission, answering("201 Created", '{"id": 4711}'))
        page = correct(client, approver, mistyped, "4711")
        assert f"“{second_submission.name}” [{second_submission.reference}]" in page.text
        assert mistyped.campaign_ids == [4712]


class TestAnIdFarFromTheOthersOfItsWeek:
    @pytest.fixture
    def in_doubt(self, submission: Submission, second_submission: Submission) -> Submission:
        send(second_submission, answering("201 Created", '{"id": 41250}'))
        send(submission, silent)
        return submission

    @pytest.mark.parametrize("typed", ["4126", "412600", "1"])
    def test_is_asked_about_once(
        self, client: Browser, manager: User, in_doubt: Submission, typed: str
    ) -> None:
        page = answer(client, manager, in_doubt, answer="created", campaign_id=typed)
        assert "IDs that week are around 41250" in page.text
        assert in_doubt.state == State.NEEDS_CHECKING
        [box] = re.findall(r'name="confirmed_id"\s+value="(\d+)"', page.text)
        other = {"answer": "created", "campaign_id": "9", "confirmed_id": box}
        answer(client, manager, in_doubt, **other)
        assert in_doubt.state == State.NEEDS_CHECKING, "the box is about the ID that was typed"
        answer(client, manager, in_doubt, **other | {"campaign_id": typed})
        assert in_doubt.campaign_ids == [int(typed)]

    def test_is_asked_about_in_a_correction_too(
        self, client: Browser, manager: User, approver: User, in_doubt: Submission
    ) -> None:
        answer(client, manager, in_doubt, answer="created", campaign_id="41260")
        page = correct(client, approver, in_doubt, "4126")
        assert "IDs that week" in page.text
        correct(client, approver, in_doubt, "4126", confirmed_id="4126")
        assert in_doubt.campaign_ids == [4126]

    @pytest.mark.parametrize("typed", ["40250", "41249", "42250"])
    def test_a_near_one_is_not_asked_about(
        self, client: Browser, manager: User, in_doubt: Submission, typed: str
    ) -> None:
        answer(client, manager, in_doubt, answer="created", campaign_id=typed)
        assert in_doubt.campaign_ids == [int(typed)]

    def test_ids_of_another_week_do_not_matter(
        self, client: Browser, manager: User, in_doubt: Submission
    ) -> None:
        theirs = Delivery.objects.get(campaign_id=41250)
        assert theirs.sending_at
        Delivery.objects.filter(pk=theirs.pk).update(
            sending_at=theirs.sending_at - timedelta(days=8)
        )
        answer(client, manager, in_doubt, answer="created", campaign_id="4126")
        assert in_doubt.campaign_ids == [4126]
