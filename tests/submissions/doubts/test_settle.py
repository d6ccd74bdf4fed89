"""Settling a doubt: one person gives the partner's ID; above a size, two have to say that there is none."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from campaigns.clients.models import Client, Event
from campaigns.partner.answer_parsing import Answer
from campaigns.partner.client import Exchange, Phase
from campaigns.submissions.answer_outcomes import judge
from campaigns.submissions.models import Delivery, Submission
from campaigns.submissions.models.delivery.decisions import TooSoon
from tests.submissions.partner import deliver_to, send, silent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.differs_by_database]

State = Submission.State
NOTE = "Asked Jo at the partner's desk at 10:40."


def doubted(submission: Submission, *, minutes_ago: int = 20) -> Delivery:
    """Send the submission, as if some minutes ago, to a partner that takes it and does not answer."""
    send(submission, silent)
    then = timezone.now() - timedelta(minutes=minutes_ago)
    Delivery.objects.update(sending_at=then, finished_at=then)
    return Delivery.objects.get()


@pytest.fixture
def in_doubt(submission: Submission) -> Submission:
    doubted(submission)
    submission.refresh_from_db()
    assert submission.state == State.NEEDS_CHECKING
    return submission


def shown_key(page: Any) -> str:
    """Return the key of the delivery that a page asks about."""
    found = re.search(r'name="delivery" value="([^"]+)"', page.text)
    assert found
    return found[1]


def answer(browser: Browser, person: User, submission: Submission, **posted: Any) -> Any:
    """Answer for the newest delivery, unless `posted` names the one that an older page showed."""
    browser.force_login(person)
    url = reverse("submissions:settle", args=[submission.pk, 1])
    newest = Delivery.objects.filter(part__submission=submission).latest("pk").answer_key
    page = browser.post(url, {"note": NOTE, "delivery": newest, **posted})
    submission.refresh_from_db()
    return page


def test_it_was_created(client: Browser, manager: User, in_doubt: Submission) -> None:
    answer(client, manager, in_doubt, answer="created", campaign_id="4711")
    delivery = Delivery.objects.get()
    assert (in_doubt.state, delivery.campaign_id) == (State.SUBMITTED, 4711)
    assert (delivery.settled_by, delivery.note) == (manager, NOTE)
    told = Event.objects.about(in_doubt).last()
    assert told
    assert told.actor == manager
    assert "ID 4711" in told.sentence
    assert NOTE in told.sentence


@pytest.mark.parametrize("partner_said", [None, 4711])
def test_a_page_says_whether_the_partner_or_a_person_says_that_it_was_created(
    client: Browser, manager: User, in_doubt: Submission, partner_said: int | None
) -> None:
    answer(client, manager, in_doubt, answer="created", campaign_id="4711")
    Delivery.objects.update(answered_id=partner_said)
    page = " ".join(client.get(reverse("submissions:detail", args=[in_doubt.pk])).text.split())
    is_on_trust = partner_said is None
    assert (
        "mina said that the partner has this campaign, with the ID 4711." in page
    ) == is_on_trust
    assert ("You don’t need to do anything." in page) != is_on_trust


def test_it_was_not_created_and_is_queued_again(
    client: Browser, manager: User, in_doubt: Submission
) -> None:
    answer(client, manager, in_doubt, answer="not_created")
    assert in_doubt.state == State.SCHEDULED
    states = list(Delivery.objects.values_list("state", flat=True))
    assert states == [Delivery.State.RELEASED, Delivery.State.QUEUED]


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({"answer": "created"}, "Type the ID that the partner shows."),
        ({"answer": "created", "campaign_id": "abc"}, "Enter a whole number in digits"),
        ({"answer": "created", "campaign_id": "-1"}, "Enter 1 or more."),
        ({"answer": "created", "campaign_id": "9" * 30}, "or less."),
        ({"answer": "not_created", "campaign_id": "7"}, "has no ID"),
        ({"answer": "not_created", "note": " "}, "Say who you asked, and when."),
        ({"answer": "perhaps"}, "Choose one of the two answers."),
        ({}, "Choose one of the two answers."),
    ],
)
def test_an_incomplete_answer_is_refused_and_nothing_typed_is_lost(
    client: Browser, manager: User, in_doubt: Submission, posted: dict[str, str], said: str
) -> None:
    page = answer(client, manager, in_doubt, **posted)
    assert page.status_code == 422
    assert said in page.text
    if posted.get("note", NOTE) == NOTE:
        assert "Asked Jo at the partner" in page.text
    assert in_doubt.state == State.NEEDS_CHECKING


def test_an_id_that_another_campaign_has_is_refused(
    client: Browser, manager: User, in_doubt: Submission, second_submission: Submission
) -> None:
    other = Delivery.queue(second_submission.parts.get())
    assert other
    Delivery.objects.filter(pk=other.pk).update(state="accepted", campaign_id=4711)
    page = answer(client, manager, in_doubt, answer="created", campaign_id="4711")
    assert "has the ID 4711" in page.text
    assert in_doubt.state == State.NEEDS_CHECKING


def test_nobody_answers_for_the_partner_before_a_quarter_of_an_hour(
    client: Browser, manager: User, submission: Submission
) -> None:
    delivery = doubted(submission, minutes_ago=14)
    page = answer(client, manager, submission, answer="not_created")
    assert "It is too early" in page.text
    with pytest.raises(TooSoon):
        delivery.was_created(manager, 4711)
    assert submission.state == State.NEEDS_CHECKING
    page = client.get(reverse("submissions:detail", args=[submission.pk]))
    assert "You can record the partner’s answer from" in page.text
    assert "Campaign was not created" not in page.text


class TestAboveTheClientsSize:
    @pytest.fixture(autouse=True)
    def two_people_for_three_numbers(self, northgate: Client) -> None:
        Client.objects.filter(pk=northgate.pk).update(second_person_above=2)

    def test_one_person_alone_releases_nothing(
        self, client: Browser, manager: User, in_doubt: Submission
    ) -> None:
        answer(client, manager, in_doubt, answer="not_created")
        page = answer(client, manager, in_doubt, answer="not_created")
        assert "Another person has to confirm it." in page.text
        assert in_doubt.state == State.NEEDS_CHECKING
        assert Delivery.objects.count() == 1

    def test_the_size_that_counts_is_that_of_the_whole_submission(
        self, client: Browser, manager: User, approver: User, large: Submission, northgate: Client
    ) -> None:
        """No part has more than two of the five people; only all together are above the client's three."""
        Client.objects.filter(pk=northgate.pk).update(second_person_above=3)
        first = Delivery.queue(large.parts.get(position=1))
        assert first
        deliver_to(silent, first)
        Delivery.objects.update(sending_at=timezone.now() - timedelta(minutes=20))
        answer(client, manager, large, answer="not_created")
        assert large.state == State.NEEDS_CHECKING
        answer(client, approver, large, answer="not_created")
        assert large.state == State.SCHEDULED

    def test_two_people_release_it(
        self, client: Browser, manager: User, approver: User, in_doubt: Submission
    ) -> None:
        answer(client, manager, in_doubt, answer="not_created")
        answer(client, approver, in_doubt, answer="not_created")
        released = Delivery.objects.order_by("pk")[0]
        assert (released.denied_by, released.settled_by) == (manager, approver)
        assert in_doubt.state == State.SCHEDULED

    def test_one_is_enough_to_say_that_it_was_created(
        self, client: Browser, manager: User, in_doubt: Submission
    ) -> None:
        answer(client, manager, in_doubt, answer="created", campaign_id="4711")
        assert in_doubt.state == State.SUBMITTED


def test_a_second_answer_changes_nothing(
    client: Browser, manager: User, approver: User, in_doubt: Submission
) -> None:
    answer(client, manager, in_doubt, answer="created", campaign_id="4711")
    page = answer(client, approver, in_doubt, answer="not_created")
    assert "already settled this" in page.text
    assert in_doubt.state == State.SUBMITTED
    assert Delivery.objects.count() == 1


class TestAPageThatShowsAnEarlierTry:
    """Two people have the page open; the second answers when a second try is in doubt too."""

    @pytest.fixture
    def old_key(self, client: Browser, manager: User, approver: User, in_doubt: Submission) -> str:
        client.force_login(approver)
        old_key = shown_key(client.get(reverse("submissions:detail", args=[in_doubt.pk])))
        answer(client, manager, in_doubt, answer="not_created")
        deliver_to(silent, Delivery.objects.latest("pk"))
        then = timezone.now() - timedelta(minutes=20)
        Delivery.objects.update(sending_at=then, finished_at=then)
        return old_key

    @pytest.mark.parametrize(
        "posted",
        [
            {"answer": "not_created"},
            {"answer": "created", "campaign_id": "4711"},
            {"answer": "created"},
            {"answer": "not_created", "delivery": ""},
            {"answer": "not_created", "delivery": "x"},
        ],
        ids=str,
    )
    def test_releases_and_settles_nothing(
        self,
        client: Browser,
        approver: User,
        in_doubt: Submission,
        old_key: str,
        posted: dict[str, str],
    ) -> None:
        page = answer(client, approver, in_doubt, **{"delivery": old_key, **posted})
        assert page.status_code == 422
        assert "was sent again, or the partner answered, after you opened the page" in page.text
        assert NOTE.replace("'", "&#x27;") in page.text
        states = list(Delivery.objects.values_list("state", flat=True))
        assert states == [Delivery.State.RELEASED, Delivery.State.NEEDS_CHECKING]
        assert in_doubt.state == State.NEEDS_CHECKING

    def test_shows_the_later_try_then_and_takes_an_answer_about_that(
        self, client: Browser, approver: User, in_doubt: Submission, old_key: str
    ) -> None:
        page = answer(client, approver, in_doubt, answer="created", delivery=old_key)
        key = shown_key(page)
        assert key != old_key
        answer(client, approver, in_doubt, answer="created", campaign_id="4711", delivery=key)
        assert in_doubt.state == State.SUBMITTED

    def test_says_that_it_is_settled_where_nothing_is_in_doubt(
        self, client: Browser, manager: User, approver: User, in_doubt: Submission, old_key: str
    ) -> None:
        answer(client, manager, in_doubt, answer="created", campaign_id="4711")
        page = answer(client, approver, in_doubt, answer="not_created", delivery=old_key)
        assert "already settled this" in page.text
        assert in_doubt.state == State.SUBMITTED


def test_a_late_worker_does_not_take_back_what_a_person_released(
    client: Browser, manager: User, in_doubt: Submission
) -> None:
    """The partner's answer comes after a person said otherwise, and does not change the state."""
    late = Delivery.objects.get()
    answer(client, manager, in_doubt, answer="not_created")
    exchange = Exchange(Phase.ANSWERED, 10, 10, 201, Answer(4711))
    assert not late.settle(judge(exchange), exchange)
    late.refresh_from_db()
    assert late.state == Delivery.State.RELEASED


def test_a_late_answer_ends_a_doubt_that_nobody_has_settled(in_doubt: Submission) -> None:
    exchange = Exchange(Phase.ANSWERED, 10, 10, 201, Answer(4711))
    assert Delivery.objects.get().settle(judge(exchange), exchange)
    in_doubt.refresh_from_db()
    assert in_doubt.state == State.SUBMITTED
