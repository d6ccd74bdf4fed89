"""The three guards of at-most-once delivery, each alone, with controls that fail without them."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from campaigns.drafts.models import Campaign, DraftLocked
from campaigns.submissions.delivering import deliver, queueing
from campaigns.submissions.models import Delivery, Submission
from campaigns.submissions.submitting.submit import submit
from tests import people
from tests.partner.fault_server import Connection, FaultServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.differs_by_database]

RACERS = 12


def queued(submission: Submission) -> Delivery:
    delivery = Delivery.queue(submission.parts.get())
    assert delivery
    return delivery


def race(run: Callable[[], object]) -> list[object]:
    """Run it in twelve threads that start together, each with its own database connection."""
    ready = threading.Barrier(RACERS)
    results: list[object] = []

    def racer() -> None:
        ready.wait()
        try:
            results.append(run())
        finally:
            connection.close()

    threads = [threading.Thread(target=racer) for _ in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def accept(connection: Connection) -> None:
    connection.read_all()
    connection.answer("201 Created", f'{{"id": {id(connection) % 10**9 + 1}}}')


def test_only_one_of_twelve_workers_with_the_same_message_sends(submission: Submission) -> None:
    delivery = queued(submission)
    with FaultServer(accept) as partner:
        people.move_partner(partner.url)
        race(lambda: deliver.deliver(Delivery.objects.get(pk=delivery.pk)))
    assert len(partner.connections) == 1


def test_without_the_claims_condition_the_same_race_sends_more_than_once(
    submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: were claim and fence unconditional, the test above would fail."""
    monkeypatch.setattr(Delivery, "claim", lambda _: True)
    monkeypatch.setattr(Delivery, "pass_fence", lambda *_: True)
    delivery = queued(submission)
    with FaultServer(accept) as partner:
        people.move_partner(partner.url)
        race(lambda: deliver.deliver(Delivery.objects.get(pk=delivery.pk)))
    assert len(partner.connections) > 1


def test_only_one_of_twelve_claims_succeeds(submission: Submission) -> None:
    delivery = queued(submission)
    claims = race(lambda: Delivery.objects.get(pk=delivery.pk).claim())
    assert claims.count(True) == 1


def test_a_part_has_one_delivery_that_may_have_been_sent(submission: Submission) -> None:
    results = race(lambda: Delivery.queue(Submission.objects.get().parts.get()))
    assert sum(result is not None for result in results) == 1


@pytest.mark.parametrize("state", ["queued", "claimed", "sending", "refused", "needs_checking"])
def test_the_database_itself_refuses_a_second_delivery(submission: Submission, state: str) -> None:
    first = queued(submission)
    Delivery.objects.filter(pk=first.pk).update(state=state)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(part=first.part, partner_account=first.partner_account)


@pytest.mark.parametrize(
    ("state", "campaign_id"), [("accepted", None), ("refused", 41), ("queued", 41)]
)
def test_the_database_itself_ties_acceptance_to_an_id(
    submission: Submission, state: str, campaign_id: int | None
) -> None:
    delivery = queued(submission)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(state=state, campaign_id=campaign_id)


def test_a_worker_that_was_taken_for_dead_is_stopped_by_the_fence(submission: Submission) -> None:
    """While it connects, its claim is released and another delivery queued: it must send nothing."""
    first = queued(submission)
    pass_fence = Delivery.pass_fence

    def released_before_the_fence(self: Delivery, *begin: Any) -> bool:
        Delivery.objects.filter(pk=first.pk).update(claimed_at=timezone.now() - timedelta(days=1))
        queueing.sweep()
        return pass_fence(self, *begin)

    with FaultServer(accept) as partner, pytest.MonkeyPatch.context() as patch:
        people.move_partner(partner.url)
        patch.setattr(Delivery, "pass_fence", released_before_the_fence)
        deliver.deliver(Delivery.objects.get(pk=first.pk))
    first.refresh_from_db()
    assert first.state == Delivery.State.NOT_SENT
    assert [connection.body for connection in partner.connections] == [b""]


def test_a_worker_that_died_while_sending_leaves_a_doubt(submission: Submission) -> None:
    delivery = queued(submission)
    assert delivery.claim()
    assert delivery.pass_fence()
    Delivery.objects.update(sending_at=timezone.now() - timedelta(days=1))
    queueing.sweep()
    submission.refresh_from_db()
    assert submission.state == Submission.State.NEEDS_CHECKING
    assert Delivery.objects.count() == 1


def test_a_campaign_is_submitted_once_however_often_the_button_is_pressed(
    draft: Campaign, manager: object
) -> None:
    def press() -> bool:
        try:
            submit(Campaign.objects.get(pk=draft.pk), manager, timezone.now())  # type: ignore[arg-type]
        except DraftLocked:
            return False
        return True

    assert race(press).count(True) == 1
    assert Submission.objects.filter(campaign=draft).count() == 1
