"""One delivery to a scripted partner: the state in which it ends, and what it sent."""

import gzip
import hashlib
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import OperationalError, transaction
from django.utils import timezone

from campaigns.clients.models import Client, Event, PartnerAccount
from campaigns.drafts.models import Campaign
from campaigns.partner.answer_parsing import Answer
from campaigns.partner.client import Exchange, Phase
from campaigns.submissions import payload_files, tasks
from campaigns.submissions.answer_outcomes import judge
from campaigns.submissions.delivering import (
    changes_since_freeze,
    deliver,
    partner_headers,
    queueing,
    suppressed_since,
)
from campaigns.submissions.models import Delivery, Submission
from tests import people
from tests.partner.fault_server import Connection, FaultServer, Script, answering
from tests.submissions.enqueued import enqueued
from tests.submissions.partner import deliver_by_id, queued, send, silent

pytestmark = pytest.mark.django_db(transaction=True)

State = Submission.State


def cut_off(connection: Connection) -> None:
    connection.read_head()
    connection.reset()


def complete_requests(partner: FaultServer) -> int:
    return sum(connection.body.endswith(b"]}") for connection in partner.connections)


@pytest.mark.parametrize(
    ("script", "state", "complete"),
    [
        pytest.param(answering("201 Created", '{"id": 41}'), State.SUBMITTED, 1, id="id"),
        pytest.param(answering("200 OK", "campaign ID=41"), State.SUBMITTED, 1, id="text"),
        pytest.param(answering("201 Created", "{}"), State.NEEDS_CHECKING, 1, id="no id"),
        pytest.param(answering("302 Found"), State.NEEDS_CHECKING, 1, id="redirect"),
        pytest.param(answering("400 Bad"), State.REFUSED, 1, id="400"),
        pytest.param(answering("409 Conflict"), State.NEEDS_CHECKING, 1, id="409"),
        pytest.param(answering("429 Slow"), State.REFUSED, 1, id="429"),
        pytest.param(answering("500 Oops"), State.NEEDS_CHECKING, 1, id="500"),
        pytest.param(silent, State.NEEDS_CHECKING, 1, id="closed without an answer"),
        pytest.param(cut_off, State.NEEDS_CHECKING, 0, id="reset"),
    ],
)
def test_the_submission_becomes_what_the_exchange_proves_and_is_sent_once(
    submission: Submission, script: Script, state: str, complete: int
) -> None:
    partner, delivery = send(submission, script)
    assert submission.state == state
    assert complete_requests(partner) == complete
    for _ in range(3):
        deliver_by_id(delivery)
        queueing.sweep()
    assert len(partner.connections) == 1


def test_an_accepted_delivery_keeps_the_partners_id_and_answer(submission: Submission) -> None:
    _, delivery = send(submission, answering("201 Created", '{"id": 41, "name": "x"}'))
    assert (delivery.campaign_id, delivery.answer_status) == (41, 201)
    assert '"id": 41' in delivery.answer_excerpt
    assert delivery.bytes_sent == delivery.part.payload_bytes


def test_a_refusal_keeps_the_partners_words_and_opens_the_draft_again(
    submission: Submission,
) -> None:
    _, delivery = send(submission, answering("400 Bad", '{"errors": {"Cli_Id": ["Unknown."]}}'))
    assert delivery.answer_errors == {"Cli_Id": ["Unknown."]}
    assert Campaign.objects.get(pk=submission.own_campaign.pk).is_draft


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
def test_a_refused_sign_in_holds_the_whole_account(submission: Submission, status: str) -> None:
    send(submission, answering(status))
    assert PartnerAccount.objects.get().held_reason


def test_a_doubt_keeps_the_draft_closed(submission: Submission) -> None:
    send(submission, silent)
    assert not Campaign.objects.get(pk=submission.own_campaign.pk).is_draft


def test_an_id_that_another_campaign_has_needs_checking(
    submission: Submission, second_submission: Submission
) -> None:
    send(submission, answering("201 Created", '{"id": 41}'))
    _, delivery = send(second_submission, answering("201 Created", '{"id": 41}'))
    assert second_submission.state == State.NEEDS_CHECKING
    assert delivery.campaign_id is None
    assert "another campaign" in delivery.reason


def test_every_change_is_recorded_in_order(submission: Submission) -> None:
    send(submission, answering("201 Created", '{"id": 41}'))
    told = [event.sentence for event in Event.objects.about(submission)]
    assert told[0] == "Submitted the campaign."
    assert told[-3:] == [
        "Connecting to the partner.",
        "Sending to the partner.",
        "The partner created the campaign: ID 41.",
    ]


# What must not be sent at all


def nothing_is_sent(submission: Submission) -> Delivery:
    partner, delivery = send(submission, answering("201 Created", '{"id": 41}'))
    assert partner.connections == []
    return delivery


def test_a_submission_that_starts_too_soon_expires_unsent(submission: Submission) -> None:
    with time_machine.travel(submission.starts_at - timedelta(minutes=5)):
        nothing_is_sent(submission)
    assert submission.state == State.EXPIRED
    assert Campaign.objects.get(pk=submission.own_campaign.pk).is_draft


def test_the_sweeper_expires_what_waits_past_its_time(submission: Submission) -> None:
    with time_machine.travel(submission.starts_at - timedelta(minutes=5)):
        queueing.sweep()
    submission.refresh_from_db()
    assert submission.state == State.EXPIRED


def test_a_payload_that_is_not_what_was_frozen_holds_the_submission(
    submission: Submission,
) -> None:
    part = submission.parts.get()
    with open(default_storage.path(part.payload_file), "r+b") as file:  # noqa: PTH123
        file.seek(60)
        file.write(b"\0\0\0\0")
    assert nothing_is_sent(submission).state == Delivery.State.NOT_SENT
    assert "damaged" in submission.held_reason


@pytest.mark.parametrize(
    "step", [(changes_since_freeze, "sentence"), (suppressed_since, "suppressed_since")]
)
def test_a_database_that_fails_after_the_claim_costs_one_try_and_no_long_wait(
    submission: Submission, monkeypatch: pytest.MonkeyPatch, step: tuple[object, str]
) -> None:
    def cut_off(_: object) -> None:
        raise OperationalError

    with monkeypatch.context() as broken:
        broken.setattr(*step, cut_off)
        assert nothing_is_sent(submission).state == Delivery.State.NOT_SENT
    assert not submission.held_reason
    with time_machine.travel(timezone.now() + timedelta(seconds=60)):
        queueing.sweep()
    assert Delivery.objects.filter(state=Delivery.State.QUEUED).exists()


@pytest.mark.parametrize("held", ["submission", "account"])
def test_a_hold_stops_a_delivery_that_is_queued(submission: Submission, held: str) -> None:
    delivery = queued(submission)
    if held == "submission":
        submission.hold("Somebody wants to look.")
    else:
        PartnerAccount.objects.get().hold("Somebody wants to look.")
    with FaultServer(answering("201 Created", '{"id": 41}')) as partner:
        people.move_partner(partner.url)
        deliver_by_id(delivery)
    assert partner.connections == []
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.QUEUED
    Delivery.objects.update(state=Delivery.State.NOT_SENT)
    assert Delivery.queue(submission.parts.get()) is None


def test_a_start_that_gets_too_close_during_connecting_is_stopped_by_the_fence(
    submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = queued(submission)
    assert delivery.claim()
    with time_machine.travel(submission.starts_at - timedelta(minutes=5)):
        assert not delivery.pass_fence()


def test_claim_and_fence_are_committed_before_anything_else_can_happen(
    submission: Submission,
) -> None:
    """They refuse to be part of a larger transaction, whose end could still undo them."""
    delivery = queued(submission)
    for guard in (delivery.claim, delivery.pass_fence):
        with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
            guard()


def test_a_payload_with_other_bytes_of_the_same_length_is_not_sent(submission: Submission) -> None:
    part = submission.parts.get()
    with payload_files.open_payload(part.payload_file) as payload:
        other = payload.read().replace(b"Amara", b"Amira")
    Path(default_storage.path(part.payload_file)).write_bytes(gzip.compress(other))
    assert nothing_is_sent(submission).state == Delivery.State.NOT_SENT
    assert "damaged" in submission.held_reason


@pytest.mark.parametrize("kept_bytes", [0, payload_files.KEPT_BYTES], ids=["large", "small"])
def test_the_bytes_that_were_checked_are_sent_even_if_the_file_is_replaced(
    submission: Submission, monkeypatch: pytest.MonkeyPatch, kept_bytes: int
) -> None:
    monkeypatch.setattr(payload_files, "KEPT_BYTES", kept_bytes)
    part = submission.parts.get()
    path = Path(default_storage.path(part.payload_file))
    headers = partner_headers.headers

    def replaced_meanwhile(delivery: Delivery) -> dict[str, str]:
        path.with_suffix(".new").write_bytes(gzip.compress(b" " * part.payload_bytes))
        path.with_suffix(".new").replace(path)
        return headers(delivery)

    monkeypatch.setattr(partner_headers, "headers", replaced_meanwhile)
    partner, delivery = send(submission, answering("201 Created", '{"id": 41}'))
    assert delivery.state == Delivery.State.ACCEPTED
    [sent] = partner.connections
    assert hashlib.sha256(sent.body).hexdigest() == part.payload_sha256


def test_a_large_payload_with_other_bytes_is_not_sent(
    submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payload_files, "KEPT_BYTES", 0)
    test_a_payload_with_other_bytes_of_the_same_length_is_not_sent(submission)


def test_what_changed_between_enqueueing_and_the_claim_is_noticed(submission: Submission) -> None:
    """A worker may pause before its claim, with outdated rows in its memory."""
    delivery = queued(submission)
    early = Delivery.objects.select_related("part__submission__client").get(pk=delivery.pk)
    Client.objects.update(dm_client_id="TEST-OTHER")
    deliver.deliver(early)
    submission.refresh_from_db()
    assert early.state == Delivery.State.NOT_SENT
    assert "has changed" in submission.held_reason


def test_a_delivery_whose_task_was_lost_is_enqueued_again(
    submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = queued(submission)
    enqueued_ids = enqueued(monkeypatch, tasks.deliver)
    queueing.sweep()
    assert enqueued_ids == [], "not before it is late"
    Delivery.objects.update(queued_at=timezone.now() - timedelta(minutes=5))
    queueing.sweep()
    assert enqueued_ids == [delivery.pk]


# Which outcome may follow which state, however late it comes

ANSWERS = {
    "accepted": Exchange(Phase.ANSWERED, 9, 9, 201, Answer(41)),
    "refused": Exchange(Phase.ANSWERED, 9, 9, 400),
    "needs_checking": Exchange(Phase.SENT, 9, 9),
    "not_sent": Exchange(Phase.CONNECTING, 0, 9),
}
# A queued or claimed delivery can have been sent: the database has forgotten that it passed the fence.
MAY_FOLLOW = {
    "queued": {"accepted", "refused", "needs_checking"},
    "claimed": {"accepted", "refused", "needs_checking", "not_sent"},
    "sending": {"accepted", "refused", "needs_checking", "not_sent"},
    "needs_checking": {"accepted", "refused"},
    "refused": set(),
    "not_sent": set(),
    "released": set(),
}


@pytest.mark.parametrize("state", MAY_FOLLOW)
@pytest.mark.parametrize("outcome", ANSWERS)
def test_an_outcome_follows_only_the_states_that_it_may(
    submission: Submission, state: str, outcome: str
) -> None:
    delivery = queued(submission)
    Delivery.objects.update(state=state)
    written = delivery.settle(judge(ANSWERS[outcome]), ANSWERS[outcome])
    assert written is (outcome in MAY_FOLLOW[state])
    delivery.refresh_from_db()
    assert delivery.state == (outcome if written else state)


def test_a_partner_who_cannot_be_reached_is_tried_again_later_and_then_left_to_a_person(
    submission: Submission,
) -> None:
    tries = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(60):
            queueing.queue_due(submission)
            for delivery in Delivery.objects.filter(state=Delivery.State.QUEUED):
                tries.append(timezone.now())
                deliver_by_id(delivery)
            clock.shift(timedelta(seconds=30))
            submission.refresh_from_db()
    waits = [round((b - a).total_seconds()) for a, b in pairwise(tries)]
    assert waits == [30, 60, 120, 300, 600, 600]
    assert "7 times" in submission.held_reason


def test_sending_resumes_once_a_hold_is_released(submission: Submission, manager: Any) -> None:
    """Tries that failed before the release no longer count, or it would be held again at once."""
    then = timezone.now() - timedelta(hours=1)
    part = submission.parts.get()
    for _ in range(7):
        Delivery.objects.create(
            part=part, partner_account=part.partner_account, state="not_sent", finished_at=then
        )
    queueing.queue_due(submission)
    assert "7 times" in submission.held_reason
    submission.release(manager, submission.hold_key)
    queueing.queue_due(submission)
    submission.refresh_from_db()
    assert submission.held_reason == ""
    Delivery.objects.filter(state=Delivery.State.QUEUED).delete()
    send(submission, answering("201 Created", '{"id": 41}'))
    assert submission.state == State.SUBMITTED


# The database fails at the worst moment


def test_an_answer_waits_for_a_database_that_is_away(
    submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    settle: Callable[..., bool] = Delivery.settle
    failures = iter([True, True, False])

    def settle_at_the_third(self: Delivery, *args: Any) -> bool:
        if next(failures):
            raise OperationalError
        return settle(self, *args)

    monkeypatch.setattr(Delivery, "settle", settle_at_the_third)
    monkeypatch.setattr(deliver, "WRITE_PAUSES", (0.0, 0.0, 0.0))
    send(submission, answering("201 Created", '{"id": 41}'))
    assert submission.state == State.SUBMITTED
