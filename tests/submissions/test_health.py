"""/healthz says when submissions are not being worked on."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.submissions import dispatch, heartbeats
from campaigns.submissions.models import Delivery, Heartbeat, Submission

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO = timedelta(hours=1)


def healthz(client: Browser) -> tuple[int, str]:
    answer = client.get("/healthz")
    return answer.status_code, answer.text


def test_a_portal_that_has_just_begun_is_healthy(client: Browser) -> None:
    assert healthz(client)[0] == 200


EVERYBODY = ("deliveries", "sweeps", "bulk", "sweeper")


@pytest.fixture
def alive(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make all that the banner asks after have just been heard of, in a portal that runs for a day."""
    settings.HEARTBEAT_LATE_AFTER = 120
    monkeypatch.setattr(heartbeats, "_BEGAN", timezone.now() - timedelta(days=1))
    Heartbeat.beat(*EVERYBODY)


@pytest.mark.parametrize(
    ("name", "said", "shown"),
    [
        ("deliveries", "worker of deliveries is dead", "Campaigns aren’t being sent"),
        ("sweeps", "worker of sweeps is dead", "Campaigns aren’t being sent"),
        ("sweeper", "sweeper has not run", "Campaigns aren’t being sent"),
        ("bulk", "worker of bulk is dead", "Files aren’t being read"),
    ],
)
def test_a_process_that_was_not_heard_of_is_said_and_shown_in_plain_words(
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


@pytest.mark.parametrize("name", EVERYBODY)
def test_one_that_was_never_heard_of_is_said_once_the_portal_runs_for_a_while(
    client: Browser, alive: None, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Heartbeat.objects.filter(name=name).delete()
    assert healthz(client)[0] == 503
    monkeypatch.setattr(heartbeats, "_BEGAN", timezone.now())
    assert healthz(client)[0] == 200


def test_what_was_silent_for_a_night_gets_its_time_when_the_portal_starts_again(
    client: Browser, alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    Heartbeat.objects.update(at=timezone.now() - LONG_AGO)
    assert healthz(client)[0] == 503
    monkeypatch.setattr(heartbeats, "_BEGAN", timezone.now())
    assert healthz(client)[0] == 200


def test_a_sweep_is_heard_of(client: Browser, alive: None) -> None:
    Heartbeat.objects.filter(name=Heartbeat.SWEEPER).update(at=timezone.now() - LONG_AGO)
    dispatch.sweep()
    assert healthz(client)[0] == 200


@pytest.mark.parametrize("state", ["claimed", "sending"])
def test_a_delivery_that_nobody_clears_up_is_said(
    client: Browser, submission: Submission, state: str
) -> None:
    Delivery.queue(submission.parts.get())
    Delivery.objects.update(state=state, claimed_at=timezone.now() - LONG_AGO)
    assert "too long" in healthz(client)[1]


def test_a_delivery_that_waits_for_a_worker_is_said_unless_it_is_held(
    client: Browser, submission: Submission
) -> None:
    Delivery.queue(submission.parts.get())
    Delivery.objects.update(queued_at=timezone.now() - LONG_AGO)
    assert "waits for a worker" in healthz(client)[1]
    submission.hold("Somebody wants to look.")
    assert healthz(client)[0] == 200
