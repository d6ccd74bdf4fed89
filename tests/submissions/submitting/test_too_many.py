"""A partner that answers 429, and has confirmed that it then creates nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import time_machine
from django.contrib.auth.models import User
from django.utils import timezone

from campaigns.clients.models import Client, PartnerAccount
from campaigns.contacts.models import ContactList
from campaigns.drafts.models import Campaign
from campaigns.submissions.delivering import queueing
from campaigns.submissions.models import Delivery, Submission
from tests import people
from tests.partner.fault_server import Script, answering
from tests.submissions.partner import deliver_to, says_yes, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.differs_by_database]

NOW = datetime(2026, 11, 28, 10, tzinfo=UTC)


@pytest.fixture
def confirmed(account: PartnerAccount) -> PartnerAccount:
    account.too_many_means_not_created = True
    account.save()
    return account


@pytest.fixture
def clock(confirmed: PartnerAccount) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def too_many(retry_after: str = "") -> Script:
    return answering("429 Slow", more=f"Retry-After: {retry_after}\r\n" if retry_after else "")


def queued_now() -> list[Delivery]:
    queueing.queue_all_due()
    return list(Delivery.objects.filter(state=Delivery.State.QUEUED))


def test_429_is_a_refusal_where_the_partner_has_confirmed_nothing(submission: Submission) -> None:
    _, delivery = send(submission, too_many("1"))
    assert delivery.state == Delivery.State.REFUSED
    assert delivery.partner_account.wait_until is None


def test_it_is_sent_again_once_the_pause_is_over(
    clock: time_machine.Traveller, submission: Submission
) -> None:
    partner, delivery = send(submission, too_many())
    assert (delivery.state, delivery.answer_status) == (Delivery.State.NOT_SENT, 429)
    assert submission.state == Submission.State.SCHEDULED
    clock.shift(timedelta(seconds=29))
    assert queued_now() == []
    clock.shift(timedelta(seconds=2))
    [again] = queued_now()
    deliver_to(says_yes, again)
    submission.refresh_from_db()
    assert submission.state == Submission.State.SUBMITTED
    assert len(partner.connections) == 1


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("", 30),
        ("5", 30),
        ("120", 120),
        ("99999999999999999999", 900),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 30),
        ("soon", 30),
        ("-60", 30),
    ],
)
def test_the_pause_is_as_long_as_the_partner_asks_within_reason(
    clock: time_machine.Traveller, submission: Submission, asked: str, seconds: int
) -> None:
    send(submission, too_many(asked))
    account = PartnerAccount.objects.get()
    assert account.wait_until == timezone.now() + timedelta(seconds=seconds)


def test_nothing_else_is_sent_to_the_account_during_the_pause(
    clock: time_machine.Traveller,
    submission: Submission,
    manager: User,
    northgate: Client,
    contact_list: ContactList,
) -> None:
    other = people.submitted(
        Campaign.start(manager, people.content(northgate, contact_list, "December")), manager
    )
    waiting = Delivery.queue(other.parts.get())
    assert waiting
    send(submission, too_many("300"))
    assert not Delivery.objects.get(pk=waiting.pk).claim()
    clock.shift(timedelta(seconds=301))
    assert Delivery.objects.get(pk=waiting.pk).claim()


def test_a_shorter_pause_does_not_end_a_longer_one(confirmed: PartnerAccount) -> None:
    confirmed.wait(300)
    until = confirmed.wait_until
    PartnerAccount.objects.get().wait(30)
    assert PartnerAccount.objects.get().wait_until == until


def test_after_the_last_try_a_person_decides(
    clock: time_machine.Traveller, submission: Submission
) -> None:
    send(submission, too_many())
    for _ in range(6):
        clock.shift(timedelta(seconds=601))
        [again] = queued_now()
        deliver_to(too_many(), again)
    clock.shift(timedelta(seconds=601))
    assert queued_now() == []
    submission.refresh_from_db()
    assert "Tried 7 times" in submission.held_reason
