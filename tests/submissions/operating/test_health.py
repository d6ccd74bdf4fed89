"""/healthz says when submissions are not being worked on."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.clients.models import Client
from campaigns.contacts.models import ContactList
from campaigns.submissions.delivering import queueing
from campaigns.submissions.models import Delivery, Heartbeat, Submission, heartbeat
from tests import people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.machine_clock]

LONG_AGO = timedelta(hours=1)


def healthz(client: Browser) -> tuple[int, str]:
    answer = client.get("/healthz")
    return answer.status_code, answer.text


def test_a_portal_that_has_just_begun_is_healthy(client: Browser) -> None:
    assert healthz(client)[0] == 200


ALL_PROCESSES = ("deliveries", "sweeps", "freezes", "bulk", "sweeper")


@pytest.fixture
def alive(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every process have sent its heartbeat just now, in a portal that has run for a day."""
    settings.HEARTBEAT_LATE_AFTER = 120
    monkeypatch.setattr(heartbeat, "_BEGAN", timezone.now() - timedelta(days=1))
    Heartbeat.beat(*ALL_PROCESSES)


@pytest.mark.parametrize(
    ("name", "said", "shown"),
    [
        ("deliveries", "worker of deliveries is not working", "Campaigns aren’t being sent"),
        ("sweeps", "worker of sweeps is not working", "Campaigns aren’t being sent"),
        ("sweeper", "sweeper has not run", "Campaigns aren’t being sent"),
        ("freezes", "worker of freezes is not working", "campaigns aren’t being prepared"),
        ("bulk", "worker of bulk is not working", "Files aren’t being read"),
    ],
)
def test_a_silent_process_is_reported_and_shown_in_plain_words(
    client: Browser, viewer: User, alive: None, name: str, said: str, shown: str
) -> None:
    client.force_login(viewer)
    assert healthz(client)[0] == 200
    assert "aren’t being" not in client.get("/").text
    Heartbeat.objects.filter(name=name).update(at=timezone.now() - timedelta(seconds=119))
    assert healthz(client)[0] == 200
    Heartbeat.objects.filter(name=name).update(at=timezone.now() - timedelta(seconds=121))
    status, problems = healthz(client)
    assert (status, said in problems) == (503, True)
    for page in ("/", "/campaigns/", "/submissions/", "/no-such-page/"):
        assert shown in client.get(page).text, page
    assert "aren’t being" not in Browser().get("/sign-in/").text


@pytest.mark.parametrize("name", ALL_PROCESSES)
def test_a_process_never_heard_of_is_reported_once_the_portal_has_run_for_a_while(
    client: Browser, alive: None, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Heartbeat.objects.filter(name=name).delete()
    assert healthz(client)[0] == 503
    monkeypatch.setattr(heartbeat, "_BEGAN", timezone.now())
    assert healthz(client)[0] == 200


def test_after_a_night_off_every_process_gets_time_to_start(
    client: Browser, alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    Heartbeat.objects.update(at=timezone.now() - LONG_AGO)
    assert healthz(client)[0] == 503
    monkeypatch.setattr(heartbeat, "_BEGAN", timezone.now())
    assert healthz(client)[0] == 200


def test_a_sweep_sends_its_heartbeat(client: Browser, alive: None) -> None:
    Heartbeat.objects.filter(name=Heartbeat.SWEEPER).update(at=timezone.now() - LONG_AGO)
    queueing.sweep()
    assert healthz(client)[0] == 200


class TestWhatWaitsTooLong:
    """/healthz names what waits by its reference, and a banner names it to those who may see it."""

    def assert_reported(self, client: Browser, viewer: User, stranger: User, found: Any) -> None:
        status, problems = healthz(client)
        name = getattr(found, "reference", f"list {found.pk}")
        assert (status, name in problems) == (503, True), problems
        assert found.name not in problems
        client.force_login(viewer)
        assert found.name in banner_on(client.get("/campaigns/").text)
        client.force_login(stranger)
        assert "Waiting too long" not in client.get("/campaigns/").text

    @pytest.mark.parametrize("state", ["claimed", "sending"])
    def test_a_delivery_that_nobody_clears_up(
        self, client: Browser, submission: Submission, viewer: User, stranger: User, state: str
    ) -> None:
        Delivery.queue(submission.parts.get())
        Delivery.objects.update(state=state, claimed_at=timezone.now() - LONG_AGO)
        self.assert_reported(client, viewer, stranger, submission)

    def test_a_delivery_that_waits_for_a_worker_unless_it_is_held(
        self, client: Browser, submission: Submission, viewer: User, stranger: User
    ) -> None:
        Delivery.queue(submission.parts.get())
        assert healthz(client)[0] == 200
        Delivery.objects.update(queued_at=timezone.now() - LONG_AGO)
        self.assert_reported(client, viewer, stranger, submission)
        submission.hold("Somebody wants to look.")
        assert healthz(client)[0] == 200

    def test_a_submission_that_nobody_prepares_unless_it_is_held(
        self, client: Browser, submission: Submission, viewer: User, stranger: User
    ) -> None:
        Submission.objects.update(state="preparing")
        assert healthz(client)[0] == 200
        Submission.objects.update(state_at=timezone.now() - LONG_AGO)
        self.assert_reported(client, viewer, stranger, submission)
        Submission.objects.update(held_reason="Somebody wants to look.")
        assert healthz(client)[0] == 200

    @pytest.mark.parametrize("status", ["uploaded", "queued", "importing"])
    def test_a_list_that_nobody_reads(
        self, client: Browser, contact_list: ContactList, viewer: User, stranger: User, status: str
    ) -> None:
        ContactList.objects.update(status=status, progress_at=timezone.now())
        assert healthz(client)[0] == 200
        ContactList.objects.update(progress_at=timezone.now() - timedelta(minutes=11))
        self.assert_reported(client, viewer, stranger, contact_list)

    def test_a_list_behind_another_that_is_being_read_has_an_hour(
        self, client: Browser, contact_list: ContactList, manager: User, northgate: Client
    ) -> None:
        reading = people.contact_list(manager, northgate, name="Before it")
        ContactList.objects.filter(pk=reading.pk).update(
            status="importing", progress_at=timezone.now()
        )
        waiting = ContactList.objects.filter(pk=contact_list.pk)
        waiting.update(status="queued", progress_at=timezone.now() - timedelta(minutes=59))
        assert healthz(client)[0] == 200
        waiting.update(progress_at=timezone.now() - timedelta(minutes=61))
        assert f"list {contact_list.pk}" in healthz(client)[1]

    def test_only_a_few_of_many_are_named_and_the_others_counted(
        self, client: Browser, manager: User, northgate: Client
    ) -> None:
        for _ in range(5):
            people.contact_list(manager, northgate)
        ContactList.objects.update(status="queued", progress_at=timezone.now() - LONG_AGO)
        assert "So have 2 more." in healthz(client)[1]


def banner_on(page: str) -> str:
    assert "Waiting too long" in page
    return page.partition("Waiting too long")[2].partition("</ul>")[0]
