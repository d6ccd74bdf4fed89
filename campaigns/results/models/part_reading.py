"""How far the results of a part have been read, by which worker, and when they are read next."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.shortening import shortened
from campaigns.submissions.models import Part

# A worker renews its claim with each page. Another may go on once a claim has run out.
CLAIM = timedelta(minutes=5)
# How long a message to the workers may wait before it counts as lost.
RING_AGAIN = timedelta(minutes=5)
ASK_AGAIN = timedelta(minutes=1)
LONGEST_PROBLEM = 300


class ReadingLost(Exception):
    """Another worker has taken over the reading, or its people have been forgotten."""


class ReadingQuerySet(models.QuerySet["PartReading"]):
    def due(self) -> "ReadingQuerySet":
        """Return those that are to be read now, of accounts that may be read, and that no worker has."""
        now = timezone.now()
        return self.filter(
            _is_free(now),
            due_at__lte=now,
            forgotten_at=None,
            part__partner_account__reads_back=True,
        )

    def to_ring(self) -> "ReadingQuerySet":
        """Return the due ones for which no message to the workers is on its way."""
        late = timezone.now() - RING_AGAIN
        return self.due().filter(Q(rung_at=None) | Q(rung_at__lt=late))

    def ask(self) -> int:
        """Make them due now, except those asked for in the last minute. Return how many are due."""
        now = timezone.now()
        rested = Q(asked_at=None) | Q(asked_at__lt=now - ASK_AGAIN)
        return self.filter(rested, forgotten_at=None).update(
            asked_at=now, due_at=now, rung_at=now, failures=0
        )


class PartReading(models.Model):
    """The reading of one part, again and again, page by page.

    `page` is the page to read next, from 1. `started_at` and `finished_at` are of the latest reading that
    did. `problem` is a sentence for people about the latest failure, "" after a success.
    """

    part = models.OneToOneField(Part, on_delete=models.CASCADE, related_name="reading")
    # The partner's campaign that was read. A person can correct the ID of a part.
    campaign_id = models.PositiveBigIntegerField(null=True)
    # Whether the part's own numbers and names have been written as people.
    is_prepared = models.BooleanField(default=False)
    page = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # Whether the latest reading is certain to have had everybody.
    is_complete = models.BooleanField(default=True)
    # Numbers that the partner's campaign has and the part has not. They are not kept.
    unknown_count = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=LONGEST_PROBLEM, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, db_index=True)
    rung_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    token = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)
    # The counts that stay when the people are forgotten (`counts.Counts`).
    kept_counts = models.JSONField(null=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        app_label = "results"

    def __str__(self) -> str:
        return f"Reading of part {self.part_id}"

    def claim(self) -> str:
        """Take the reading for this worker if it is due. Return the token, or "" if it can't be taken."""
        token, now = secrets.token_hex(8), timezone.now()
        due = PartReading.objects.due().filter(pk=self.pk).values("pk")
        claimed = PartReading.objects.filter(_is_free(now), pk__in=due)
        if not claimed.update(token=token, claimed_until=now + CLAIM, rung_at=None):
            return ""
        self.refresh_from_db()
        return token

    def write(self, claimed_as: str, **values: Any) -> None:
        """Write values and renew the claim `claimed_as`. Raises ReadingLost if it is another's by now."""
        values = {"claimed_until": timezone.now() + CLAIM, **values}
        mine = PartReading.objects.filter(pk=self.pk, token=claimed_as, forgotten_at=None)
        if not (claimed_as and mine.update(**values)):
            raise ReadingLost
        self.refresh_from_db()

    def finish(self, token: str, due_at: datetime | None, *, is_complete: bool) -> None:
        """Note that everybody was read. Raises ReadingLost."""
        self._release(
            token,
            page=1,
            finished_at=timezone.now(),
            is_complete=is_complete,
            problem="",
            failures=0,
            due_at=due_at,
        )

    def pause(self, token: str) -> None:
        """Let a worker go on at once with the page that comes next. Raises ReadingLost."""
        self._release(token, due_at=timezone.now())

    def fail(self, token: str, problem: str, due_at: datetime | None) -> None:
        """Note why nothing could be read, and when to try again. Raises ReadingLost."""
        self._release(
            token,
            problem=shortened(problem, LONGEST_PROBLEM),
            failures=min(self.failures + 1, 1_000),
            due_at=due_at,
        )

    def _release(self, token: str, **values: Any) -> None:
        self.write(token, token="", claimed_until=None, rung_at=None, **values)

    @property
    def is_under_way(self) -> bool:
        """Return whether a worker reads it, or is about to."""
        now = timezone.now()
        is_claimed = self.claimed_until is not None and self.claimed_until > now
        return is_claimed or (self.due_at is not None and self.due_at <= now)


def _is_free(now: datetime) -> Q:
    return Q(claimed_until=None) | Q(claimed_until__lt=now)
