"""/healthz says when submissions are not being worked on."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from campaigns.submissions import dispatch
from campaigns.submissions.models import Delivery, Heartbeat, Submission

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO = timedelta(hours=1)


def healthz(client: Browser) -> tuple[int, str]:
    answer = client.get("/healthz")
    return answer.status_code, answer.text


def test_a_portal_that_has_just_begun_is_healthy(client: Browser) -> None:
    assert healthz(client)[0] == 200


def test_a_sweeper_that_has_stopped_is_said(client: Browser) -> None:
    dispatch.sweep()
    assert healthz(client)[0] == 200
    Heartbeat.objects.update(at=timezone.now() - LONG_AGO)
    status, said = healthz(client)
    assert status == 503
    assert "sweeper" in said


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
