"""A submission waits a while before it is sent, and can be undone until it is."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from campaigns.clients.models import Client
from campaigns.contacts.models import ContactList
from campaigns.drafts.models import Campaign
from campaigns.submissions.delivering import deliver, queueing
from campaigns.submissions.freezing import freeze
from campaigns.submissions.models import Delivery, Submission, endings
from campaigns.submissions.submitting.submit import submit
from tests import people
from tests.partner.fault_server import FaultServer
from tests.submissions.delivering.test_guards import race
from tests.submissions.partner import queued

pytestmark = pytest.mark.django_db(transaction=True)

State = Submission.State


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def waiting(
    clock: time_machine.Traveller, manager: User, northgate: Client, contact_list: ContactList
) -> Submission:
    """A frozen submission whose client allows half a minute to undo it."""
    northgate.undo_seconds = 30
    northgate.save()
    return people.submitted(
        Campaign.start(manager, people.content(northgate, contact_list)), manager
    )


def test_nothing_is_queued_before_the_window_has_passed(
    waiting: Submission, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(seconds=29))
    queueing.sweep()
    assert not Delivery.objects.exists()
    clock.shift(timedelta(seconds=1))
    queueing.queue_all_due()
    assert Delivery.objects.get().state == Delivery.State.QUEUED


def test_undoing_it_opens_the_draft_again_and_nothing_is_ever_sent(
    client: Browser, manager: User, waiting: Submission, clock: time_machine.Traveller
) -> None:
    client.force_login(manager)
    client.post(reverse("submissions:undo", args=[waiting.pk]))
    waiting.refresh_from_db()
    assert waiting.state == State.UNDONE
    assert Campaign.objects.get(pk=waiting.own_campaign.pk).is_draft
    clock.shift(timedelta(minutes=5))
    queueing.sweep()
    assert not Delivery.objects.exists()


def test_a_delivery_that_was_queued_is_not_sent_after_an_undo(
    waiting: Submission, manager: User, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(minutes=1))
    queueing.queue_all_due()
    assert endings.undo(waiting, manager)
    with FaultServer(lambda connection: connection.read_all()) as partner:
        people.move_partner(partner.url)
        deliver.deliver(Delivery.objects.get())
    assert partner.connections == []


def test_undoing_is_too_late_once_it_is_being_sent(
    client: Browser, manager: User, waiting: Submission, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(minutes=1))
    queueing.queue_all_due()
    assert Delivery.objects.get().claim()
    client.force_login(manager)
    page = client.post(reverse("submissions:undo", args=[waiting.pk]), follow=True)
    assert "It was too late to undo this." in page.text
    waiting.refresh_from_db()
    assert waiting.state == State.SENDING


def test_undo_and_claim_at_the_same_moment_never_both_succeed(
    submission: Submission, manager: User
) -> None:
    delivery = queued(submission)
    turns = iter(range(12))

    def undo_or_claim() -> str:
        if next(turns) % 2:
            return (
                "undone" if endings.undo(Submission.objects.get(pk=submission.pk), manager) else ""
            )
        return "claimed" if Delivery.objects.get(pk=delivery.pk).claim() else ""

    succeeded = [result for result in race(undo_or_claim) if result]
    assert len(succeeded) == 1


def test_undoing_during_the_freeze_leaves_no_part(
    manager: User, northgate: Client, contact_list: ContactList
) -> None:
    campaign = Campaign.start(manager, people.content(northgate, contact_list))
    made = submit(campaign, manager, timezone.now() + timedelta(days=7))
    late = Submission.objects.get(pk=made.pk)
    endings.undo(made, manager)
    assert not freeze.freeze(late)
    made.refresh_from_db()
    assert (made.state, made.parts.count()) == (State.UNDONE, 0)


def test_after_an_undo_the_campaign_can_be_submitted_again(
    submission: Submission, manager: User
) -> None:
    endings.undo(submission, manager)
    again = people.submitted(Campaign.objects.get(pk=submission.own_campaign.pk), manager)
    assert again.state == State.SCHEDULED


def test_the_page_counts_down_and_offers_the_undo(
    client: Browser, manager: User, viewer: User, waiting: Submission
) -> None:
    client.force_login(manager)
    page = client.get(reverse("submissions:detail", args=[waiting.pk])).text
    assert "30 seconds" in page
    assert "Undo submission" in page
    client.force_login(viewer)
    assert (
        "Undo submission" not in client.get(reverse("submissions:detail", args=[waiting.pk])).text
    )
