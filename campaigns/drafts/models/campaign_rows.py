"""The rows of a campaign: run-over days, call attempts, and sources of parameters.

Re-exported by `models`.
"""

from django.core.validators import MaxValueValidator
from django.db import models

from campaigns.contacts.models import SAY_AS_MAX_LENGTH
from campaigns.drafts.campaign.content import DraftContent, Hours, Source

# Characters of a fixed text or a column's heading. A column with a longer heading is not offered.
SOURCE_MAX_LENGTH = 300
# One week. A longer interval is a typing mistake.
LONGEST_INTERVAL_MINUTES = 7 * 24 * 60


class RunoverDay(models.Model):
    """A further day, on which calls go on that were not finished before."""

    campaign = models.ForeignKey("Campaign", on_delete=models.CASCADE, related_name="runover_days")
    date = models.DateField(null=True)
    start_time = models.TimeField(null=True)
    finish_time = models.TimeField(null=True)

    class Meta:
        app_label = "drafts"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Run-over day {self.date}"

    @property
    def hours(self) -> Hours:
        return Hours(self.date, self.start_time, self.finish_time)


class CallAttempt(models.Model):
    """One call to each number that was not reached before. n rows mean n calls."""

    campaign = models.ForeignKey("Campaign", on_delete=models.CASCADE, related_name="call_attempts")
    position = models.PositiveSmallIntegerField()
    interval_minutes = models.PositiveSmallIntegerField(
        "Minutes before the next attempt",
        null=True,
        validators=[MaxValueValidator(LONGEST_INTERVAL_MINUTES)],
    )

    class Meta:
        app_label = "drafts"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "position"], name="call_attempts_stand_in_one_order"
            )
        ]

    def __str__(self) -> str:
        return f"Call attempt {self.position}"


class ParameterSource(models.Model):
    """The source of the text for {Parameter n}, or a person's choice to say nothing there."""

    class Kind(models.TextChoices):
        COLUMN = "column", "Column"
        TEXT = "text", "Fixed text"
        UNUSED = "unused", "Not used"

    campaign = models.ForeignKey(
        "Campaign", on_delete=models.CASCADE, related_name="parameter_sources"
    )
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=6, choices=Kind.choices)
    value = models.CharField(max_length=SOURCE_MAX_LENGTH, blank=True)
    fallback = models.CharField(max_length=SOURCE_MAX_LENGTH, blank=True)
    # How a column's cells are said, a `SayAs`; "" says them as they are.
    say_as = models.CharField(max_length=SAY_AS_MAX_LENGTH, blank=True, default="")

    class Meta:
        app_label = "drafts"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"], name="a_parameter_has_one_source"
            ),
            models.CheckConstraint(
                condition=models.Q(number__range=(1, 9)), name="sources_are_for_parameters_1_to_9"
            ),
        ]

    def __str__(self) -> str:
        return f"Parameter {self.number}"

    @property
    def is_used(self) -> bool:
        return self.kind != self.Kind.UNUSED

    @property
    def source(self) -> Source:
        return Source(self.kind, self.value, self.fallback, self.say_as)


def write(campaign_id: int, content: DraftContent) -> None:
    """Replace the rows of a campaign by those of the content."""
    RunoverDay.objects.filter(campaign=campaign_id).delete()
    CallAttempt.objects.filter(campaign=campaign_id).delete()
    ParameterSource.objects.filter(campaign=campaign_id).delete()
    RunoverDay.objects.bulk_create(
        RunoverDay(
            campaign_id=campaign_id,
            date=hours.day,
            start_time=hours.start,
            finish_time=hours.finish,
        )
        for hours in content.runover
    )
    CallAttempt.objects.bulk_create(
        CallAttempt(campaign_id=campaign_id, position=position, interval_minutes=minutes)
        for position, minutes in enumerate(content.intervals, start=1)
    )
    ParameterSource.objects.bulk_create(
        ParameterSource(
            campaign_id=campaign_id,
            number=number,
            kind=source.kind,
            value=source.value,
            fallback=source.fallback,
            say_as=source.say_as,
        )
        for number, source in content.parameters.items()
    )
    ParameterSource.objects.bulk_create(
        ParameterSource(campaign_id=campaign_id, number=number, kind=ParameterSource.Kind.UNUSED)
        for number in content.unused
    )
