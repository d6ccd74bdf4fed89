"""A part of a submission: one campaign at the partner."""

import hashlib
from collections.abc import Sequence
from itertools import groupby

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from campaigns.clients.models import PartnerAccount
from campaigns.submissions import payload_files
from campaigns.submissions.models import states
from campaigns.submissions.models.states import DeliveryState
from campaigns.submissions.models.submission import Submission

SHOWN_IDS = 3


class PartQuerySet(models.QuerySet["Part"]):
    def at_the_partner(self) -> "PartQuerySet":
        """Return the parts that the partner has, or may have as far as anybody knows."""
        theirs = models.Q(deliveries__state__in=states.MAY_BE_AT_THE_PARTNERS)
        return self.filter(theirs | models.Q(deliveries__is_contradicted=True)).distinct()

    def delivery_states(self) -> list[str | None]:
        """Return the state of each part's effective delivery, in order; None for a part without deliveries.

        A part with a late answer that contradicts a person needs checking, whatever its deliveries'
        states.
        """
        rows = self.order_by("position", "pk", "deliveries__pk").values_list(
            "pk", "deliveries__state", "deliveries__is_contradicted"
        )
        return [
            _state_of([(state, is_contradicted) for _, state, is_contradicted in of_part])
            for _, of_part in groupby(rows, key=lambda row: row[0])
        ]

    def numbers(self) -> int:
        """Return how many numbers these parts have in all."""
        total: int = self.aggregate(total=models.Sum("number_count", default=0))["total"]
        return total

    def left_out(self) -> dict[str, int]:
        """Return how many numbers of the contact lists are not in these parts, by reason."""
        counts = ("repeated_count", "already_sent_count", "suppressed_count")
        return self.aggregate(**{name: models.Sum(name, default=0) for name in counts})

    def combined_hash(self) -> str:
        """Return one hash, in hex, for the bytes of these parts in their order.

        For a single part it is the part's own hash. For several it is the SHA-256 of their hex digests,
        each followed by a line feed, as `sha256sum` gives it for a file of them.
        """
        hashes = list(self.values_list("payload_sha256", flat=True))
        if len(hashes) == 1:
            return hashes[0]
        return hashlib.sha256("".join(f"{one}\n" for one in hashes).encode()).hexdigest()


class Part(models.Model):
    """One campaign at the partner, with the exact bytes that a person approved.

    `payload_sha256` is the SHA-256 of the uncompressed bytes, in hex. The file is named by it.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="parts")
    position = models.PositiveSmallIntegerField()
    # Where the part goes, and how its bytes were written. If any of this has changed by the time of
    # sending, the part is not sent.
    partner_account = models.ForeignKey(
        PartnerAccount, on_delete=models.PROTECT, related_name="parts"
    )
    account_kind = models.CharField(max_length=8, choices=PartnerAccount.Kind.choices)
    api_url = models.CharField(max_length=200)
    cli_field = models.CharField(max_length=20)
    reference_in_name = models.BooleanField()
    dm_client_id = models.CharField(max_length=64)
    call_flow_id = models.PositiveIntegerField()
    cli_id = models.PositiveIntegerField()
    # What people called them when it was frozen; empty if that was not recorded. They may be renamed since.
    call_flow_named = models.TextField(blank=True, default="", db_default="")
    cli_named = models.TextField(blank=True, default="", db_default="")
    wire_name = models.CharField(max_length=100)
    payload_file = models.CharField(max_length=200)
    payload_sha256 = models.CharField(max_length=64)
    payload_bytes = models.PositiveBigIntegerField()
    number_count = models.PositiveIntegerField()
    # The next three counts are of numbers left out of the whole submission. Only its first part has
    # them.
    # Repetitions of numbers that are on several of the campaign's lists, since each number is called
    # once.
    repeated_count = models.PositiveIntegerField(default=0)
    # Numbers that the partner has, or may have, from an earlier submission of the campaign.
    already_sent_count = models.PositiveIntegerField(default=0)
    # Suppressed numbers; and when suppression was looked up.
    suppressed_count = models.PositiveIntegerField(default=0)
    suppression_read_at = models.DateTimeField(default=timezone.now)

    objects = PartQuerySet.as_manager()

    class Meta:
        app_label = "submissions"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "position"], name="the_parts_of_a_submission_are_numbered"
            ),
            models.CheckConstraint(
                condition=models.Q(number_count__gt=0), name="a_part_has_at_least_one_number"
            ),
        ]

    def __str__(self) -> str:
        return f"Part {self.position} of submission {self.submission_id}"

    @property
    def is_whole(self) -> bool:
        """Read the frozen bytes, and return whether they still are what was frozen."""
        payload = payload_files.open_whole(
            self.payload_file, self.payload_sha256, self.payload_bytes
        )
        if payload is None:
            return False
        payload.close()
        return True

    @cached_property
    def event_prefix(self) -> str:
        """Return the beginning of an event about this part; "" if it is the only part."""
        total = Part.objects.filter(submission=self.submission_id).count()
        return f"Part {self.position} of {total}: " if total > 1 else ""


def _state_of(deliveries: Sequence[tuple[str | None, bool | None]]) -> str | None:
    """Return the state that a part has by its deliveries, each a state and `is_contradicted`.

    A part without deliveries has one row of None.
    """
    if any(is_contradicted for _, is_contradicted in deliveries):
        return DeliveryState.NEEDS_CHECKING
    return states.effective([state for state, _ in deliveries if state], state_of=str)


def some_of(campaign_ids: Sequence[int | None]) -> str:
    """Return the first few IDs for people, and how many more there are."""
    first = ", ".join(str(campaign_id) for campaign_id in campaign_ids[:SHOWN_IDS])
    more = len(campaign_ids) - SHOWN_IDS
    return f"{first} and {more} more" if more > 0 else first
