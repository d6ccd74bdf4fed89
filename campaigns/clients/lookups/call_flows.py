"""Call flows: what a call says and texts, with a description of each parameter."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from campaigns.clients.free_text import NamesNoNumber
from campaigns.clients.lookups.lookup import Lookup
from campaigns.clients.lookups.placeholders import correction, misspelt


class CallFlow(Lookup):
    """The script of a call, with its SMS. Both texts may contain {Parameter1} to {Parameter9}."""

    kept_texts = ("name",)

    name = models.CharField(max_length=80)
    script = models.TextField(blank=True)
    sms_text = models.TextField("SMS text", blank=True)

    class Meta:
        app_label = "clients"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "partner_id"], name="a_call_flow_id_is_used_once_by_a_client"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.partner_id})"

    def clean(self) -> None:
        """Refuse a misspelt parameter: it would be read out as it is, or leave a gap."""
        super().clean()
        wrong = {
            name: [correction(field) for field in misspelt(getattr(self, name))]
            for name in ("script", "sms_text")
        }
        if any(wrong.values()):
            raise ValidationError({name: told for name, told in wrong.items() if told})


class CallFlowParameter(NamesNoNumber):
    """The description of {Parameter n} in a call flow."""

    kept_texts = ("label",)

    call_flow = models.ForeignKey(CallFlow, on_delete=models.CASCADE, related_name="parameters")
    number = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    label = models.CharField(max_length=40)
    is_required = models.BooleanField("Required", default=True)
    max_length = models.PositiveSmallIntegerField("Longest length, in characters", default=100)

    class Meta:
        app_label = "clients"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["call_flow", "number"], name="a_parameter_is_described_once"
            ),
            models.CheckConstraint(
                condition=models.Q(number__range=(1, 9)), name="parameters_are_numbered_1_to_9"
            ),
        ]

    def __str__(self) -> str:
        return f"Parameter {self.number}: {self.label}"
