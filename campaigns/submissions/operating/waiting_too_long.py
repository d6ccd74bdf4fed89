"""Submissions that have waited too long for a worker: by reference for /healthz, and on every page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from campaigns.clients import access
from campaigns.submissions.models import Delivery, Dispatch, Submission

# How many seconds a worker may take to begin a task that was enqueued for it. Two intervals of the
# sweeps are added.
PATIENCE_SECONDS = 120
# The most submissions that are named. Of further ones only the number is shown.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Wait:
    """A submission that has waited too long.

    `what` follows "has" in a sentence, and says what it has waited for or been doing.
    """

    submission: Submission
    what: str
    since: datetime


def too_long() -> list[Wait]:
    """Return what waits too long, or is under way for longer than the sweeper allows."""
    return [*_unprepared(), *_unsent(), *_never_ending()]


def problem() -> str:
    """Return, for /healthz, what waits too long, by the portal's own references; "" if nothing does."""
    waits = too_long()
    sentences = [
        f"Submission {wait.submission.reference} has {wait.what} since "
        f"{timezone.localtime(wait.since):%H:%M, %-d %b} (UK time)."
        for wait in waits[:NAMED]
    ]
    if len(waits) > NAMED:
        sentences.append(f"So have {len(waits) - NAMED:,} more.")
    return " ".join(sentences)


def banner(request: HttpRequest) -> str:
    """Return the banner that tells people which of their campaigns wait too long; "" if none."""
    found = too_long()
    named = Submission.with_test_calls.filter(pk__in=[wait.submission.pk for wait in found])
    mine = set(access.visible(request.user, named).values_list("pk", flat=True))
    waits = [wait for wait in found if wait.submission.pk in mine]
    if not waits:
        return ""
    context = {"waits": waits[:NAMED], "more": len(waits[NAMED:])}
    return render_to_string("submissions/waiting_banner.html", context)


def _patience() -> datetime:
    return timezone.now() - timedelta(seconds=2 * settings.SWEEP_EVERY + PATIENCE_SECONDS)


def _unprepared() -> Iterator[Wait]:
    found = Submission.objects.filter(
        state=Submission.State.PREPARING, held_reason="", state_at__lt=_patience()
    )
    for submission in found.select_related("client").order_by("pk"):
        yield Wait(submission, "waited to be prepared", submission.state_at)


def _unsent() -> Iterator[Wait]:
    # A delivery that waits because the partner asked for a pause does not wait too long.
    pause_is_over = Q(partner_account__wait_until=None) | Q(
        partner_account__wait_until__lt=_patience()
    )
    queued = Delivery.objects.filter(
        pause_is_over,
        state=Delivery.State.QUEUED,
        queued_at__lt=_patience(),
        part__submission__state__in=[Submission.State.SCHEDULED, Submission.State.SENDING],
        part__submission__held_reason="",
        partner_account__held_reason="",
    )
    found = list(_with_submission(queued))
    # Looked up only now, since nearly always nothing waits.
    if found and not Dispatch.is_held():
        for delivery in found:
            yield Wait(delivery.part.submission, "waited to be sent", delivery.queued_at)


def _never_ending() -> Iterator[Wait]:
    dead = timezone.now() - timedelta(
        seconds=settings.DELIVERY_DEAD_AFTER + 2 * settings.SWEEP_EVERY
    )
    sending = [Delivery.State.CLAIMED, Delivery.State.SENDING]
    found = Delivery.objects.filter(state__in=sending, claimed_at__lt=dead)
    for delivery in _with_submission(found):
        since = delivery.claimed_at or delivery.queued_at
        yield Wait(delivery.part.submission, "been under way for too long,", since)


def _with_submission(found: "models.QuerySet[Delivery]") -> "models.QuerySet[Delivery]":
    return found.select_related("part__submission__client").order_by("pk")
