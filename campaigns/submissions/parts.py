"""A part: one campaign at the partner's."""

from django.db import models
from django.utils import timezone

from campaigns.clients.models import PartnerAccount
from campaigns.submissions.deliveries import Delivery


class PartQuerySet(models.QuerySet["Part"]):
    def at_the_partner(self) -> "PartQuerySet":
        """Return what the partner has, or may have as far as anybody knows."""
        states = [
            Delivery.State.SENDING,
            Delivery.State.ACCEPTED,
            Delivery.State.NEEDS_CHECKING,
        ]
        return self.filter(deliveries__state__in=states).distinct()


class Part(models.Model):
    """One campaign at the partner's, with the exact bytes that a person approved.

    The hash is the SHA-256 of the uncompressed bytes, in hex; the file is named by it.
    """

    submission = models.ForeignKey("Submission", on_delete=models.PROTECT, related_name="parts")
    position = models.PositiveSmallIntegerField()
    # Whom it was written for: if any of this is another by then, it is not sent.
    partner_account = models.ForeignKey(
        PartnerAccount, on_delete=models.PROTECT, related_name="parts"
    )
    dm_client_id = models.CharField(max_length=64)
    call_flow_id = models.PositiveIntegerField()
    cli_id = models.PositiveIntegerField()
    wire_name = models.CharField(max_length=100)
    payload_file = models.CharField(max_length=200)
    payload_sha256 = models.CharField(max_length=64)
    payload_bytes = models.PositiveBigIntegerField()
    number_count = models.PositiveIntegerField()
    # Numbers that stand in several of the campaign's lists are called once.
    repeated_count = models.PositiveIntegerField(default=0)
    # Numbers on the campaign's lists that must not be called, left out; and when that was looked up.
    suppressed_count = models.PositiveIntegerField(default=0)
    suppression_read_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)

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
    def latest(self) -> Delivery | None:
        """Return the delivery that counts: the newest."""
        return self.deliveries.order_by("-pk").first()

    @property
    def delivery_state(self) -> str | None:
        latest = self.latest
        return latest.state if latest else None

    @property
    def is_as_frozen(self) -> bool:
        """Say whether client, call flow and CLI still are what the part was written for."""
        client, campaign = self.submission.client, self.submission.campaign
        if campaign.call_flow is None or campaign.cli is None:
            return False
        return (
            self.partner_account_id == client.partner_account_id
            and self.dm_client_id == client.dm_client_id
            and self.call_flow_id == campaign.call_flow.partner_id
            and self.cli_id == campaign.cli.partner_id
        )
