"""The people of a part: what came of calling each, with every call and SMS.

All of it is personal data, and `forgetting.forget` deletes it. Prices are in the partner's currency, which is
not documented.
"""

from django.db import models

from campaigns.partner.codes import Outcome, Stage
from campaigns.submissions.models import Part

LONGEST_NAME = 200
LONGEST_NUMBER = 40
LONGEST_DIGITS = 40


class CalledPerson(models.Model):
    """One number of a part, and the latest of what came of calling it.

    `outcome` and `stage` are the partner's codes for the last call, None before the first one and where the
    partner gave none. `seconds` and `price` are of all calls together, without SMS.
    """

    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="people")
    number = models.CharField(max_length=LONGEST_NUMBER)
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    # The partner's own id of the number; None before it was read.
    partner_id = models.BigIntegerField(null=True)
    is_reached = models.BooleanField(default=False)
    outcome = models.BigIntegerField(null=True)
    stage = models.BigIntegerField(null=True)
    digits = models.CharField(max_length=LONGEST_DIGITS, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    seconds = models.PositiveBigIntegerField(default=0)
    price = models.DecimalField(max_digits=16, decimal_places=6, null=True)

    class Meta:
        app_label = "results"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["part", "number"], name="a_number_is_once_in_the_results_of_a_part"
            )
        ]
        indexes = [
            models.Index(fields=["part", "outcome"], name="results_people_by_outcome"),
            models.Index(fields=["part", "stage"], name="results_people_by_stage"),
            models.Index(
                fields=["part", "is_reached", "attempts"], name="results_people_by_reached"
            ),
        ]

    def __str__(self) -> str:
        return f"Person {self.pk} of part {self.part_id}"

    @staticmethod
    def delete_of(part: Part) -> None:
        """Delete all people of a part, with their calls and SMS."""
        for model in (Call, Sms, CalledPerson):
            model.objects.filter(part=part).delete()

    @property
    def standing(self) -> str:
        if self.is_reached:
            return "Reached"
        return "Not reached" if self.attempts else "Not called yet"

    @property
    def outcome_words(self) -> str:
        return Outcome.words_for(self.outcome)

    @property
    def stage_words(self) -> str:
        """Return the last stage in words; "" if the conversation came to none."""
        return Stage.words_for(self.stage) if self.stage else ""


class Call(models.Model):
    """One call to a person. `attempt` counts from 1."""

    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(CalledPerson, on_delete=models.CASCADE, related_name="calls")
    attempt = models.PositiveIntegerField()
    started_at = models.DateTimeField(null=True)
    outcome = models.BigIntegerField(null=True)
    stage = models.BigIntegerField(null=True)
    digits = models.CharField(max_length=LONGEST_DIGITS, blank=True)
    is_transfer = models.BooleanField(default=False)
    seconds = models.PositiveIntegerField(null=True)
    price = models.DecimalField(max_digits=16, decimal_places=6, null=True)

    class Meta:
        app_label = "results"
        ordering = ["attempt", "started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "attempt", "started_at"], name="a_call_is_kept_once"
            )
        ]
        indexes = [
            models.Index(fields=["part", "attempt", "outcome"], name="results_calls_by_attempt")
        ]

    def __str__(self) -> str:
        return f"Call {self.pk}"


class Sms(models.Model):
    """One SMS to a person, in the partner's order. `pieces` is how many it was charged as."""

    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(CalledPerson, on_delete=models.CASCADE, related_name="smss")
    position = models.PositiveIntegerField()
    status = models.BigIntegerField(null=True)
    price = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    pieces = models.PositiveIntegerField(null=True)

    class Meta:
        app_label = "results"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["person", "position"], name="an_sms_is_kept_once")
        ]
        indexes = [models.Index(fields=["part", "status"], name="results_sms_by_status")]

    def __str__(self) -> str:
        return f"SMS {self.pk}"
