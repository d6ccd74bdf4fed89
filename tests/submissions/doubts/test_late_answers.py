"""Answers that come after a person has decided: kept, recorded, and held where both can't be right."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connections
from django.test import Client as Browser
from django.urls import reverse
from pytest_django.fixtures import Settings

from campaigns.clients.models import Client, Event
from campaigns.drafts.models import Campaign
from campaigns.partner.answer_parsing import Answer
from campaigns.partner.client import Exchange, Phase
from campaigns.submissions.answer_outcomes import judge
from campaigns.submissions.delivering import journal, queueing
from campaigns.submissions.doubts import reminders
from campaigns.submissions.freezing import already_sent
from campaigns.submissions.models import Delivery, Submission, endings, queries
from tests import people
from tests.partner.fault_server import Connection, answering
from tests.submissions.doubts.test_settle import answer
from tests.submissions.partner import Partner, deliver_to, queued, says_yes, send, silent

pytestmark = pytest.mark.django_db(transaction=True)

State = Submission.State
RELEASED, ACCEPTED = Delivery.State.RELEASED, Delivery.State.ACCEPTED
QUEUED, NOT_SENT = Delivery.State.QUEUED, Delivery.State.NOT_SENT


@pytest.fixture(autouse=True)
def answered_at_once(settings: Settings) -> None:
    settings.SETTLE_AFTER = 0


@pytest.fixture
def in_doubt(submission: Submission) -> Submission:
    """A submission whose only delivery was sent and not answered, as far as the portal knows."""
    send(submission, silent)
    Delivery.objects.update(answer_status=None)
    return submission


def late(status: int, campaign_id: int | None = None) -> bool:
    """Let the first delivery's worker return late with the partner's answer."""
    exchange = Exchange(Phase.ANSWERED, 10, 10, status, Answer(campaign_id, "The partner’s text."))
    return Delivery.objects.order_by("pk")[0].settle(judge(exchange), exchange)


def first() -> Delivery:
    return Delivery.objects.order_by("pk")[0]


def page_of(browser: Browser, submission: Submission) -> str:
    page = browser.get(reverse("submissions:detail", args=[submission.pk]))
    assert page.status_code == 200
    return " ".join(page.text.split())


def nothing_is_sent(submission: Submission) -> None:
    """Sweep and deliver as workers would, and assert that nothing reaches the partner."""
    queueing.sweep()
    for delivery in Delivery.objects.filter(part__submission=submission, state=QUEUED):
        assert deliver_to(says_yes, delivery).connections == []


@pytest.mark.parametrize(
    ("typed", "status", "given", "contradicts"),
    [
        (None, 201, 41, True),
        (None, 201, None, True),
        (None, 500, 41, True),
        (None, 400, None, False),
        (None, 429, None, False),
        (None, 503, None, False),
        (4711, 201, 4711, False),
        (4711, 201, 4712, True),
        (4711, 201, None, False),
        (4711, 503, None, False),
        (4711, 400, None, True),
    ],
)
def test_every_answer_is_kept_and_recorded_and_held_where_it_contradicts(
    client: Browser,
    manager: User,
    in_doubt: Submission,
    typed: int | None,
    status: int,
    given: int | None,
    contradicts: bool,
) -> None:
    said = {"answer": "created", "campaign_id": typed} if typed else {"answer": "not_created"}
    answer(client, manager, in_doubt, **said)
    settled = in_doubt.state
    assert not late(status, given)
    kept = first()
    assert (kept.answer_status, kept.answered_id) == (status, given)
    assert kept.is_contradicted is contradicts
    assert kept.campaign_id == typed
    told = Event.objects.about(in_doubt).latest("pk")
    assert str(given or status) in told.sentence or "couldn’t read" in told.sentence
    in_doubt.refresh_from_db()
    assert in_doubt.state == (State.NEEDS_CHECKING if contradicts else settled)
    page = page_of(client, in_doubt)
    assert "The partner’s text." in page
    assert "after a person had decided" in page
    assert ("Only one of these can be right" in page) is contradicts
    if given:
        assert str(given) in page
    if typed:
        assert str(typed) in page
    if contradicts:
        nothing_is_sent(in_doubt)


def test_a_second_try_that_is_queued_is_not_sent_once_the_first_is_answered(
    client: Browser, manager: User, submission: Submission
) -> None:
    """A person releases the part while its worker still waits for the answer, which then brings an ID."""

    def yes_after_all(connection: Connection) -> None:
        connection.read_all()
        first().doubt("The worker died while it was sending.")
        answer(client, manager, submission, answer="not_created")
        connections.close_all()
        connection.answer("201 Created", '{"id": 41}')

    deliver_to(yes_after_all, queued(submission))
    submission.refresh_from_db()
    assert submission.state == State.NEEDS_CHECKING
    assert list(Delivery.objects.values_list("state", flat=True)) == [RELEASED, QUEUED]
    assert first().answered_id == 41
    nothing_is_sent(submission)


def test_an_answer_from_the_journal_counts_too_and_is_recorded_once(
    client: Browser, manager: User, in_doubt: Submission
) -> None:
    answer(client, manager, in_doubt, answer="not_created")
    exchange = Exchange(Phase.ANSWERED, 10, 10, 201, Answer(41))
    for _ in range(2):
        journal.keep(first(), judge(exchange), exchange)
        journal.apply()
    assert first().is_contradicted
    assert Event.objects.about(in_doubt).filter(sentence__contains="ID 41").count() == 1


class TestReleasedButThereIsAnId:
    @pytest.fixture
    def contradicted(self, client: Browser, manager: User, in_doubt: Submission) -> Submission:
        answer(client, manager, in_doubt, answer="not_created")
        late(201, 41)
        in_doubt.refresh_from_db()
        return in_doubt

    def settle(self, browser: Browser, person: User, submission: Submission, **posted: Any) -> Any:
        return answer(browser, person, submission, **{"delivery": first().answer_key, **posted})

    def test_it_is_created_and_is_not_sent_again(
        self, client: Browser, manager: User, contradicted: Submission
    ) -> None:
        self.settle(client, manager, contradicted, answer="created", campaign_id="41")
        assert contradicted.state == State.SUBMITTED
        assert list(Delivery.objects.values_list("state", flat=True)) == [ACCEPTED, NOT_SENT]
        assert contradicted.parts.get().deliveries.all().effective() == first()
        nothing_is_sent(contradicted)
        assert "What was sent" in page_of(client, contradicted)
        assert Delivery.objects.count() == 2

    def test_it_is_not_created_and_the_second_try_is_sent(
        self, client: Browser, manager: User, contradicted: Submission
    ) -> None:
        self.settle(client, manager, contradicted, answer="not_created")
        assert contradicted.state == State.SCHEDULED
        second = Delivery.objects.get(state=QUEUED)
        deliver_to(answering("201 Created", '{"id": 42}'), second)
        contradicted.refresh_from_db()
        assert contradicted.state == State.SUBMITTED
        assert contradicted.campaign_ids == [42]

    @pytest.mark.parametrize("answered", ["created", "not_created"])
    def test_a_page_from_before_the_answer_settles_nothing(
        self, client: Browser, manager: User, contradicted: Submission, answered: str
    ) -> None:
        posted = {"answer": answered, "campaign_id": "41" if answered == "created" else ""}
        page = self.settle(client, manager, contradicted, delivery=str(first().pk), **posted)
        assert page.status_code == 422
        assert "or the partner answered" in page.text
        assert first().is_contradicted

    def test_a_large_one_takes_two_people_again(
        self, client: Browser, manager: User, approver: User, contradicted: Submission
    ) -> None:
        Client.objects.update(second_person_above=2)
        self.settle(client, manager, contradicted, answer="not_created")
        assert contradicted.state == State.NEEDS_CHECKING
        nothing_is_sent(contradicted)
        self.settle(client, approver, contradicted, answer="not_created")
        assert contradicted.state == State.SCHEDULED

    @pytest.mark.parametrize(
        ("second", "state", "states"),
        [
            (answering("400 Bad Request"), State.SUBMITTED, [ACCEPTED, RELEASED]),
            (answering("201 Created", '{"id": 42}'), State.SUBMITTED, [RELEASED, ACCEPTED]),
        ],
    )
    def test_it_is_created_and_so_may_be_the_second(
        self,
        client: Browser,
        manager: User,
        in_doubt: Submission,
        second: Callable[[Connection], None],
        state: str,
        states: list[str],
    ) -> None:
        """The first try's ID arrives after the second try was answered."""
        answer(client, manager, in_doubt, answer="not_created")
        deliver_to(second, Delivery.objects.get(state=QUEUED))
        late(201, 41)
        in_doubt.refresh_from_db()
        assert in_doubt.state == State.NEEDS_CHECKING
        page = page_of(client, in_doubt)
        assert "campaign ID 41" in page
        assert ("campaign ID 42" in page) is (states[1] == ACCEPTED)
        self.settle(client, manager, in_doubt, answer="created", campaign_id="41")
        assert in_doubt.state == state
        assert list(Delivery.objects.values_list("state", flat=True)) == states
        assert not first().is_contradicted
        assert "41" in page_of(client, in_doubt)

    def test_it_waits_for_a_second_try_that_is_in_doubt_itself(
        self, client: Browser, manager: User, in_doubt: Submission
    ) -> None:
        answer(client, manager, in_doubt, answer="not_created")
        second = Delivery.objects.get(state=QUEUED)
        deliver_to(silent, second)
        late(201, 41)
        page = self.settle(client, manager, in_doubt, answer="created", campaign_id="41")
        assert "we don’t know yet whether the partner received that" in page.text
        assert first().state == RELEASED
        answer(client, manager, in_doubt, answer="not_created", delivery=second.answer_key)
        nothing_is_sent(in_doubt)
        self.settle(client, manager, in_doubt, answer="created", campaign_id="41")
        assert in_doubt.campaign_ids == [41]
        assert in_doubt.state == State.SUBMITTED

    def test_a_wrong_answer_about_one_of_two_tries_is_shown_at_that_one_alone(
        self, client: Browser, manager: User, in_doubt: Submission
    ) -> None:
        answer(client, manager, in_doubt, answer="not_created")
        second = Delivery.objects.get(state=QUEUED)
        deliver_to(silent, second)
        late(201, 41)
        posted = {"answer": "created", "campaign_id": "", "delivery": second.answer_key}
        page = answer(client, manager, in_doubt, **posted, note="No ID was given.")
        assert page.status_code == 422
        assert page.text.count("No ID was given.") == 1
        ids = re.findall(r'\bid="([^"]+)"', page.text)
        assert sorted(ids) == sorted(set(ids))

    def test_a_wrong_correction_of_the_other_try_is_shown_at_that_one_alone(
        self, client: Browser, manager: User, approver: User, in_doubt: Submission
    ) -> None:
        answer(client, manager, in_doubt, answer="not_created")
        second = Delivery.objects.get(state=QUEUED)
        deliver_to(silent, second)
        answer(client, manager, in_doubt, answer="created", campaign_id="4711")
        late(201, 41)
        second.refresh_from_db()
        posted = {"answer": "corrected", "campaign_id": "", "delivery": second.answer_key}
        page = answer(client, approver, in_doubt, **posted, note="No ID was given.")
        assert page.status_code == 422
        assert page.text.count("No ID was given.") == 1
        ids = re.findall(r'\bid="([^"]+)"', page.text)
        assert sorted(ids) == sorted(set(ids))

    def test_whoever_got_a_mail_gets_another(
        self, client: Browser, manager: User, in_doubt: Submission
    ) -> None:
        User.objects.filter(pk=manager.pk).update(email="mina@example.com")
        reminders.write()
        answer(client, manager, in_doubt, answer="not_created")
        reminders.write()
        assert len(mail.outbox) == 1
        late(201, 41)
        reminders.write()
        reminders.write()
        assert len(mail.outbox) == 2
        assert "the partner gave the campaign ID 41" in mail.outbox[1].body


class TestASubmissionThatHasEnded:
    @pytest.fixture
    def ended(self, client: Browser, manager: User, in_doubt: Submission) -> Submission:
        answer(client, manager, in_doubt, answer="not_created")
        assert endings.undo(in_doubt, manager)
        return in_doubt

    def test_it_needs_checking_again_and_its_draft_is_closed(
        self, client: Browser, manager: User, ended: Submission
    ) -> None:
        late(201, 41)
        ended.refresh_from_db()
        assert ended.state == State.NEEDS_CHECKING
        assert not Campaign.objects.get(pk=ended.own_campaign.pk).is_draft
        answer(
            client, manager, ended, answer="created", campaign_id="41", delivery=first().answer_key
        )
        assert ended.state == State.SUBMITTED

    def test_its_pages_say_what_was_submitted_where_the_draft_was_changed_since(
        self, client: Browser, manager: User, ended: Submission, northgate: Client
    ) -> None:
        draft = Campaign.objects.get(pk=ended.own_campaign.pk)
        other = people.contact_list(manager, northgate, name="A list chosen later")
        [first] = draft.contact_lists.all()
        changed = replace(draft.content(), contact_lists=[other])
        draft.revise(manager, changed, draft.version)
        late(201, 41)
        client.force_login(manager)
        page = client.get(reverse("drafts:edit", args=[draft.pk])).text
        assert "The draft was changed after that" in page
        page = client.get(reverse("submissions:detail", args=[ended.pk])).text
        assert f"{first.name}</bdi></a>" in page
        assert other.name not in page

    def test_its_pages_mention_no_change_of_the_draft_where_there_was_none(
        self, client: Browser, manager: User, ended: Submission
    ) -> None:
        late(201, 41)
        client.force_login(manager)
        page = client.get(reverse("drafts:edit", args=[ended.campaign_id])).text
        assert "can’t be changed" in page
        assert "The draft was changed after that" not in page

    def test_what_was_undone_is_not_sent_by_settling_it(
        self, client: Browser, manager: User, ended: Submission
    ) -> None:
        late(201, 41)
        answer(client, manager, ended, answer="not_created", delivery=first().answer_key)
        nothing_is_sent(ended)
        assert list(Delivery.objects.values_list("state", flat=True)) == [RELEASED, NOT_SENT]
        assert ended.held_reason

    def test_a_later_submission_is_held_and_leaves_its_people_out(
        self, client: Browser, manager: User, ended: Submission
    ) -> None:
        again = people.submitted(Campaign.objects.get(pk=ended.own_campaign.pk), manager)
        late(201, 41)
        again.refresh_from_db()
        assert "the partner gave the campaign ID 41" in again.held_reason
        nothing_is_sent(again)
        ended.refresh_from_db()
        assert ended.state == State.UNDONE
        assert "Campaign was created" in page_of(client, ended)
        assert already_sent.parts_sent(ended.own_campaign).get() == ended.parts.get()
        assert ended in Submission.objects.filter(queries.wants_somebody())
        answer(
            client, manager, ended, answer="created", campaign_id="41", delivery=first().answer_key
        )
        assert first().campaign_id == 41
        nothing_is_sent(again)


def test_a_typed_id_gives_way_to_the_partners(
    client: Browser, manager: User, in_doubt: Submission
) -> None:
    answer(client, manager, in_doubt, answer="created", campaign_id="4711")
    late(201, 41)
    key = first().answer_key
    answer(client, manager, in_doubt, answer="created", campaign_id="41", delivery=key)
    assert (in_doubt.state, in_doubt.campaign_ids) == (State.SUBMITTED, [41])
    answer(client, manager, in_doubt, answer="created", campaign_id="42", delivery=key)
    in_doubt.refresh_from_db()
    assert in_doubt.campaign_ids == [41]


def test_the_remaining_parts_wait(client: Browser, manager: User, large: Submission) -> None:
    deliver_to(silent, queued_first(large))
    answer(client, manager, large, answer="created", campaign_id="4711")
    assert large.state == State.SENDING
    late(201, 41)
    nothing_is_sent(large)
    large.refresh_from_db()
    assert large.state == State.NEEDS_CHECKING
    answer(client, manager, large, answer="created", campaign_id="41", delivery=first().answer_key)
    second = Delivery.objects.get(state=QUEUED)
    assert second.part.position == 2
    partner = Partner(42)
    deliver_to(partner, second)
    assert large.campaign_ids == [41, 42]


def queued_first(submission: Submission) -> Delivery:
    delivery = Delivery.queue(submission.parts.get(position=1))
    assert delivery
    return delivery


def test_an_answer_that_settles_nothing_is_shown_while_it_is_in_doubt(
    client: Browser, manager: User, in_doubt: Submission
) -> None:
    client.force_login(manager)
    for _ in range(2):
        late(503)
    assert (first().answer_status, first().state) == (503, Delivery.State.NEEDS_CHECKING)
    assert "503" in page_of(client, in_doubt)
    assert Event.objects.about(in_doubt).filter(sentence__contains="503").count() == 1
