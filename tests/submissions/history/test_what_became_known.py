"""What becomes known late: after another submission was frozen, a page opened or a sweep run."""

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.db import InternalError
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.asserts import assertNumQueries
from pytest_django.fixtures import Settings

from campaigns.clients.models import PartnerAccount
from campaigns.drafts.models import Campaign
from campaigns.partner.answer_parsing import Answer
from campaigns.partner.client import Exchange, Phase
from campaigns.submissions import tasks
from campaigns.submissions.answer_outcomes import judge
from campaigns.submissions.delivering import journal, queueing, restore_detection
from campaigns.submissions.freezing import freeze as freezing
from campaigns.submissions.history import partner_refusal
from campaigns.submissions.models import Delivery, Dispatch, Submission, endings, queries
from campaigns.submissions.operating import waiting_too_long
from tests import people
from tests.partner.fault_server import answering
from tests.submissions.doubts.test_settle import answer
from tests.submissions.partner import deliver_to, queued, says_yes, send, send_all, silent

pytestmark = pytest.mark.django_db(transaction=True)

State = Submission.State


@pytest.fixture(autouse=True)
def answered_at_once(settings: Settings) -> None:
    settings.SETTLE_AFTER = 0


def late(delivery: Delivery, status: int, answer: Answer, **confirmed: bool) -> bool:
    """Let the delivery's worker return late with the partner's answer."""
    exchange = Exchange(Phase.ANSWERED, 10, 10, status, answer)
    return Delivery.objects.get(pk=delivery.pk).settle(judge(exchange, **confirmed), exchange)


class TestAnEarlierSubmissionThatWasSentAfterAll:
    def test_returns_the_later_one_unsent_although_that_was_frozen_before(
        self, client: Browser, manager: User, submission: Submission
    ) -> None:
        _, first = send(submission, silent)
        answer(client, manager, submission, answer="not_created")
        assert endings.undo(submission, manager)
        later = people.submitted(Campaign.objects.get(pk=submission.own_campaign.pk), manager)
        assert later.state == State.SCHEDULED
        late(first, 201, Answer(41))
        key = Delivery.objects.get(pk=first.pk).answer_key
        answer(client, manager, submission, answer="created", campaign_id="41", delivery=key)
        later.refresh_from_db()
        assert later.release(manager, later.hold_key)
        assert deliver_to(says_yes, queued(later)).connections == []
        later.refresh_from_db()
        assert later.state == State.RETURNED
        assert "The partner has, or may have, 3 numbers of this campaign" in later.decision

    def test_is_no_obstacle_where_its_people_were_left_out(
        self, large: Submission, manager: User
    ) -> None:
        send_all(large, 41, "400 Bad")
        again = people.submitted(Campaign.objects.get(pk=large.own_campaign.pk), manager)
        send_all(again, 42, 43)
        assert again.state == State.SUBMITTED


class TestWhileTheDatabaseMayHaveForgotten:
    def test_nothing_expires_until_sending_is_resumed(
        self, submission: Submission, manager: User
    ) -> None:
        Submission.objects.update(starts_at=timezone.now() - timedelta(hours=1))
        restore_detection.hold()
        queueing.queue_all_due()
        submission.refresh_from_db()
        assert submission.state == State.SCHEDULED
        assert Dispatch.release(manager, Dispatch.current().hold_key)
        queueing.queue_all_due()
        submission.refresh_from_db()
        assert submission.state == State.EXPIRED

    def test_a_hold_of_an_administrator_keeps_nothing_from_expiring(
        self, submission: Submission, manager: User
    ) -> None:
        Submission.objects.update(starts_at=timezone.now() - timedelta(hours=1))
        Dispatch.hold("The partner moves house.", manager)
        queueing.queue_all_due()
        submission.refresh_from_db()
        assert submission.state == State.EXPIRED


class TestAPageThatIsOlderThanTheAnswer:
    @pytest.fixture
    def in_doubt(self, submission: Submission) -> Delivery:
        _, delivery = send(submission, silent)
        Delivery.objects.update(answer_status=None)
        return Delivery.objects.get(pk=delivery.pk)

    def test_can_not_deny_what_the_partner_has_confirmed(
        self, client: Browser, manager: User, submission: Submission, in_doubt: Delivery
    ) -> None:
        seen = in_doubt.answer_key
        assert late(in_doubt, 201, Answer(None, "Created."))
        page = answer(client, manager, submission, answer="not_created", delivery=seen)
        assert "after you opened the page" in " ".join(page.text.split())
        assert [each.state for each in Delivery.objects.all()] == ["needs_checking"]

    def test_settles_nothing_under_the_lock_either(self, manager: User, in_doubt: Delivery) -> None:
        seen = in_doubt.answer_key
        late(in_doubt, 201, Answer(None, "Created."))
        assert not in_doubt.was_not_created(manager, "Asked.", seen)
        assert not in_doubt.was_created(manager, 41, "Asked.", seen)

    def test_does_not_count_as_the_first_of_two_people(
        self, manager: User, approver: User, in_doubt: Delivery
    ) -> None:
        client = in_doubt.part.submission.client
        client.second_person_above = 0
        client.save()
        assert in_doubt.was_not_created(manager, "Asked.")
        late(in_doubt, 201, Answer(None, "Created."))
        in_doubt.refresh_from_db()
        assert in_doubt.denied_by is None
        assert in_doubt.was_not_created(approver, "Asked.")
        assert Delivery.objects.get(pk=in_doubt.pk).state == Delivery.State.NEEDS_CHECKING


class TestAnAnswerThatASweepHasOvertaken:
    def test_keeps_its_words(self, submission: Submission) -> None:
        delivery = queued(submission)
        Delivery.objects.update(state=Delivery.State.SENDING)
        journalled = Exchange(Phase.ANSWERED, 10, 10, 400, Answer())
        assert Delivery.objects.get().settle(judge(journalled), journalled)
        late(delivery, 400, Answer(None, "Bad.", {"name": ["is taken"]}))
        kept = Delivery.objects.get()
        assert (kept.answer_excerpt, kept.answer_errors) == ("Bad.", {"name": ["is taken"]})

    def test_is_waited_for_while_only_its_id_is_known(
        self, submission: Submission, settings: Settings
    ) -> None:
        delivery = queued(submission)
        Delivery.objects.update(state=Delivery.State.SENDING, sending_at=timezone.now())
        journal.begin(delivery)
        journal.note_campaign_id(delivery, 41)
        journal.apply(older_than=0.000001)
        assert Delivery.objects.get().state == Delivery.State.SENDING
        settings.DELIVERY_DEAD_AFTER = 0
        journal.apply(older_than=0.000001)
        assert Delivery.objects.get().campaign_id == 41

    def test_that_asks_for_a_pause_ends_the_doubt(self, submission: Submission) -> None:
        PartnerAccount.objects.update(too_many_means_not_created=True)
        delivery = queued(submission)
        Delivery.objects.update(state=Delivery.State.SENDING)
        assert Delivery.objects.get().doubt("The worker died.")
        assert late(delivery, 429, Answer(None, "Slow."), too_many_means_not_created=True)
        assert Delivery.objects.get().state == Delivery.State.NOT_SENT


def test_nothing_is_sent_when_the_database_is_read_only_at_the_fence(
    submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_: object) -> bool:
        raise InternalError

    monkeypatch.setattr(Delivery, "pass_fence", read_only)
    delivery = queued(submission)
    partner = deliver_to(says_yes, delivery)
    assert [len(each.body) for each in partner.connections] in ([], [0])
    assert delivery.state == Delivery.State.NOT_SENT


def test_a_pause_that_the_partner_asked_for_does_not_count_as_waiting_too_long(
    submission: Submission,
) -> None:
    queued(submission)
    now = timezone.now()
    Delivery.objects.update(queued_at=now - timedelta(hours=1))
    assert waiting_too_long.problem()
    PartnerAccount.objects.update(wait_until=now + timedelta(minutes=10))
    assert not waiting_too_long.problem()
    PartnerAccount.objects.update(wait_until=now - timedelta(seconds=1))
    assert not waiting_too_long.problem()
    PartnerAccount.objects.update(wait_until=now - timedelta(hours=1))
    assert waiting_too_long.problem()


def test_a_payload_damaged_since_names_nobody(submission: Submission) -> None:
    errors = '{"phoneNumbers[0].number": ["is not reachable"]}'
    _, delivery = send(submission, answering("400 Bad Request", errors))
    path = Path(default_storage.path(delivery.part.payload_file))
    rotten = gzip.decompress(path.read_bytes()).replace(b'"07700', b"07700")
    path.write_bytes(gzip.compress(rotten))
    [words] = partner_refusal.of(Delivery.objects.get())
    assert str(words.person) == "the 1st person"


def test_partly_submitted_rows_cost_no_query_each(large: Submission) -> None:
    send_all(large, 41, "400 Bad")
    [listed] = queries.listed(Submission.objects.all())
    with assertNumQueries(0):
        assert listed.get_state_display() == "Partly submitted (2 of 5)"


class TestAFreezeThatFailsAfterABacklog:
    def test_is_tried_again_however_long_it_waited(
        self, submission: Submission, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Submission.objects.update(
            state=State.PREPARING, state_at=timezone.now() - timedelta(hours=1)
        )
        monkeypatch.setattr(freezing, "freeze", self.fail)
        tasks.freeze(submission.pk)
        submission.refresh_from_db()
        assert submission.held_reason == ""
        Submission.objects.update(failing_since=timezone.now() - timedelta(hours=1))
        tasks.freeze(submission.pk)
        submission.refresh_from_db()
        assert "disk failed each time" in submission.held_reason

    @staticmethod
    def fail(_: Submission) -> bool:
        raise OSError
