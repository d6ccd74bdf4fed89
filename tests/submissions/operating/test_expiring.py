"""What can't be sent in time is not accepted; what no longer can be sent expires, and people are told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from smtplib import SMTPServerDisconnected

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client as Browser
from django.urls import reverse
from pytest_django.fixtures import Settings

from campaigns.clients.models import Approval, Client, Event
from campaigns.contacts.models import ContactList
from campaigns.drafts import preflight
from campaigns.drafts.campaign import schedule
from campaigns.drafts.campaign.content import DraftContent, Hours, SendAt
from campaigns.drafts.models import Campaign
from campaigns.submissions.approval.approve_or_return import approve
from campaigns.submissions.delivering import queueing, restore_detection
from campaigns.submissions.demo import story
from campaigns.submissions.models import Delivery, Submission
from campaigns.submissions.operating import expiry_letters
from tests import people
from tests.submissions.partner import next_queued

pytestmark = pytest.mark.django_db(transaction=True)

State = Submission.State
# A Friday in winter. The campaign starts at noon.
FRIDAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SWEEP = timedelta(seconds=30)


@pytest.fixture
def clock(settings: Settings) -> Iterator[time_machine.Traveller]:
    settings.SWEEP_EVERY = SWEEP.total_seconds()
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def content(
    clock: time_machine.Traveller, northgate: Client, contact_list: ContactList
) -> DraftContent:
    hours = Hours(FRIDAY, time(12), time(15))
    return replace(people.content(northgate, contact_list), hours=hours, runover=[])


@pytest.fixture
def asking(manager: User, approver: User, content: DraftContent) -> Submission:
    """A submission that awaits approval, due after its undo window once it is approved."""
    User.objects.filter(pk=manager.pk).update(email="mina@example.com")
    User.objects.filter(pk=approver.pk).update(email="alan@example.com")
    Client.objects.update(approval=Approval.ALWAYS, undo_seconds=30)
    content.client.refresh_from_db()
    return people.submitted(Campaign.start(manager, content), manager)


def set_times(client: Client, lead: int, undo: int) -> None:
    client.lead_time_minutes, client.undo_seconds = lead, undo
    client.save()


def at_the_start(content: DraftContent, now: datetime) -> list[str]:
    found = preflight.check(content, now)
    return [problem.rule for problem in found if problem.place == "start_time"]


@pytest.mark.parametrize(("lead", "undo"), [(10, 30), (10, 0), (0, 0), (60, 600)])
def test_a_start_is_accepted_while_it_leaves_lead_time_undo_window_and_a_sweep(
    content: DraftContent, lead: int, undo: int
) -> None:
    set_times(content.client, lead, undo)
    latest = NOON - timedelta(minutes=lead, seconds=undo) - SWEEP
    assert at_the_start(content, latest) == []
    assert at_the_start(content, latest + timedelta(seconds=1)) == ["start-too-soon"]


def test_the_minutes_that_are_asked_for_are_enough(content: DraftContent) -> None:
    set_times(content.client, 10, 45)
    [found] = preflight.check(content, NOON - timedelta(minutes=11))
    assert "at least 12 minutes" in found.sentence
    assert preflight.check(content, NOON - timedelta(minutes=12)) == []


@pytest.mark.parametrize("send_at", [SendAt(), SendAt(FRIDAY, time(11, 49))])
def test_what_is_accepted_at_the_last_moment_is_still_sent_by_the_sweep_after_it_is_due(
    manager: User, content: DraftContent, clock: time_machine.Traveller, send_at: SendAt
) -> None:
    set_times(content.client, 10, 30)
    content = replace(content, send_at=send_at)
    clock.move_to(NOON - content.client.notice)
    if send_at.day:
        clock.shift(timedelta(minutes=-30))
    assert preflight.check(content, datetime.now(UTC)) == []
    submission = people.submitted(Campaign.start(manager, content), manager)
    clock.move_to(submission.due_at + SWEEP)
    delivery = next_queued(submission)
    assert delivery
    assert delivery.claim()
    assert not delivery.part.submission.starts_too_soon
    assert delivery.pass_fence()


@pytest.mark.parametrize(
    ("approval", "minutes", "warned"),
    [
        (Approval.ALWAYS, 40, True),
        (Approval.ALWAYS, 41, False),
        (Approval.ABOVE, 20, False),
        (Approval.NEVER, 20, False),
    ],
)
def test_too_little_time_for_an_approval_is_a_warning(
    content: DraftContent, approval: str, minutes: int, warned: bool
) -> None:
    content.client.approval = approval
    found = preflight.check(content, NOON - timedelta(minutes=minutes))
    assert [problem.rule for problem in found] == ["little-time-to-approve"] * warned
    assert all("by Fri 20 Nov 2026, 11:49 UK time" in problem.sentence for problem in found)


def test_what_nobody_prepares_expires_when_it_can_no_longer_be_sent(
    manager: User, content: DraftContent, clock: time_machine.Traveller
) -> None:
    campaign = Campaign.start(manager, content)
    start = schedule.starts_at(content.hours, content.client.zone)
    submission = story.submit_confirmed(campaign, manager, start)
    clock.move_to(NOON - timedelta(minutes=10))
    queueing.queue_all_due()
    submission.refresh_from_db()
    assert submission.state == State.PREPARING
    clock.shift(timedelta(seconds=1))
    queueing.queue_all_due()
    submission.refresh_from_db()
    assert submission.state == State.EXPIRED
    assert Campaign.objects.get(pk=campaign.pk).is_draft


def test_what_nobody_approves_expires_when_an_approval_would_be_too_late(
    asking: Submission, clock: time_machine.Traveller
) -> None:
    clock.move_to(NOON - asking.client.notice)
    queueing.queue_all_due()
    asking.refresh_from_db()
    assert asking.state == State.AWAITING_APPROVAL
    clock.shift(timedelta(seconds=1))
    queueing.queue_all_due()
    asking.refresh_from_db()
    assert asking.state == State.EXPIRED
    assert "Expired unsent" in Event.objects.about(asking).last().sentence  # type: ignore[union-attr]


def test_an_approval_at_the_last_moment_is_still_sent(
    asking: Submission, approver: User, clock: time_machine.Traveller
) -> None:
    clock.move_to(NOON - asking.client.notice)
    assert approve(asking, approver, asking.payload_sha256)
    asking.refresh_from_db()
    clock.move_to(asking.due_at + SWEEP)
    delivery = next_queued(asking)
    assert delivery
    assert delivery.claim()
    assert delivery.pass_fence()


@pytest.mark.parametrize("late", [timedelta(minutes=-10), timedelta(hours=1)])
def test_an_approval_that_comes_too_late_is_refused_with_a_sentence_and_ends_it(
    asking: Submission,
    approver: User,
    client: Browser,
    clock: time_machine.Traveller,
    late: timedelta,
) -> None:
    client.force_login(approver)
    clock.move_to(NOON + late)
    shown = client.get(reverse("submissions:detail", args=[asking.pk])).text
    assert "too late to send this" in shown
    assert "Approve</button>" not in shown
    address = reverse("submissions:approve", args=[asking.pk])
    page = client.post(address, {"sha256": asking.payload_sha256}, follow=True).text
    assert "too late to approve this" in page
    assert "about to be sent" not in page
    asking.refresh_from_db()
    assert asking.state == State.EXPIRED
    assert asking.decided_by is None
    assert not Delivery.objects.exists()


def test_an_approval_that_comes_too_late_ends_nothing_while_the_database_may_have_forgotten(
    asking: Submission, approver: User, client: Browser, clock: time_machine.Traveller
) -> None:
    client.force_login(approver)
    clock.move_to(NOON + timedelta(hours=1))
    restore_detection.hold()
    address = reverse("submissions:approve", args=[asking.pk])
    assert (
        "too late to approve this"
        in client.post(address, {"sha256": asking.payload_sha256}, follow=True).text
    )
    asking.refresh_from_db()
    assert asking.state == State.AWAITING_APPROVAL


def test_what_is_due_and_starts_too_soon_is_not_said_to_be_about_to_be_sent(
    submission: Submission, manager: User, client: Browser
) -> None:
    client.force_login(manager)
    with time_machine.travel(submission.starts_at - timedelta(minutes=5)):
        client.force_login(manager)
        page = client.get(reverse("submissions:detail", args=[submission.pk])).text
    assert "about to be sent" not in page
    assert "too late to send this" in page


def test_the_author_and_the_approvers_are_told_once(
    asking: Submission, viewer: User, clock: time_machine.Traveller
) -> None:
    User.objects.filter(pk=viewer.pk).update(email="vera@example.com")
    expiry_letters.write()
    assert mail.outbox == []
    clock.move_to(NOON)
    queueing.sweep()
    for _ in range(2):
        expiry_letters.write()
    assert sorted(sent.to[0] for sent in mail.outbox) == ["alan@example.com", "mina@example.com"]
    for sent in mail.outbox:
        assert asking.reference in sent.subject
        assert "Nobody is called." in sent.body
        assert reverse("submissions:detail", args=[asking.pk]) in sent.body


def test_a_mail_server_that_was_away_is_tried_again(
    asking: Submission, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> int:
        raise SMTPServerDisconnected

    clock.move_to(NOON)
    queueing.sweep()
    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", away)
        expiry_letters.write()
    assert mail.outbox == []
    expiry_letters.write()
    assert len(mail.outbox) == 2


def test_the_mail_about_a_partly_sent_submission_says_so(
    large: Submission, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.filter(pk=manager.pk).update(email="mina@example.com")
    part = large.parts.all()[0]
    accepted = Delivery.State.ACCEPTED
    account = part.partner_account
    Delivery.objects.create(part=part, partner_account=account, state=accepted, campaign_id=41)
    Submission.objects.filter(pk=large.pk).update(state=State.SENDING)
    with time_machine.travel(large.starts_at):
        queueing.queue_all_due()
        expiry_letters.write()
    [sent] = mail.outbox
    assert sent.subject.startswith("The rest expired unsent:")
    assert "The rest of this campaign" in sent.body
    assert "Nobody is called" not in sent.body
