"""Lookups: a client's call flows with their parameters, and its CLIs, as the partner has them."""

import re
from datetime import datetime

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from campaigns.clients.free_text import NamesNoNumber
from campaigns.clients.placeholders import correction, misspelt

CONFIRMED_FOR_DAYS = 90


class Lookup(NamesNoNumber):
    """A model base class: the partner knows the row by an integer ID, people know it by a name."""

    client = models.ForeignKey(
        "clients.Client", on_delete=models.CASCADE, related_name="%(class)ss"
    )
    partner_id = models.PositiveIntegerField("Partner's ID")
    is_active = models.BooleanField(
        "Offered", default=True, help_text="Untick to stop offering it to new campaigns."
    )
    # When a person last learned from the partner that the ID is right.
    confirmed_at = models.DateTimeField("Confirmed", default=timezone.now, editable=False)

    class Meta:
        app_label = "clients"
        abstract = True

    def confirm(self) -> None:
        """Save that the partner has just confirmed the ID."""
        self.confirmed_at = timezone.now()
        self.save(update_fields=["confirmed_at"])

    def is_unconfirmed(self, now: datetime) -> bool:
        """Return whether it was confirmed too many days ago to rely on, in `now`'s zone."""
        return self._days_since_confirmed(now) > CONFIRMED_FOR_DAYS

    def confirmation(self, now: datetime) -> str:
        """Return a sentence with its partner ID and how many days ago, in `now`'s zone, it was confirmed."""
        days = self._days_since_confirmed(now)
        known = f"Partner’s ID {self.partner_id}"
        if self.is_unconfirmed(now):
            return (
                f"{known}, not confirmed for {days} days: have an administrator ask whether it still "
                "stands."
            )
        ago = {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
        return f"{known}, confirmed {ago}."

    def _days_since_confirmed(self, now: datetime) -> int:
        """Return the number of calendar days, so that it changes at midnight only."""
        return (now.date() - self.confirmed_at.astimezone(now.tzinfo).date()).days


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


class Cli(Lookup):
    """A telephone number that the called person sees."""

    kept_texts = ("description",)

    number = models.CharField(max_length=20, help_text="As the called person sees it.")
    description = models.CharField(max_length=80, blank=True)

    class Meta:
        app_label = "clients"
        verbose_name = "CLI"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "partner_id"], name="a_cli_id_is_used_once_by_a_client"
            )
        ]

    def __str__(self) -> str:
        described = f"{self.number}, {self.description}" if self.description else self.number
        return f"{described} ({self.partner_id})"

    def clean(self) -> None:
        super().clean()
        if not _is_telephone_number(self.number):
            message = (
                "This is not a telephone number. Write it like 020 7946 0999 or +44 20 7946 0999."
            )
            raise ValidationError({"number": message})


def _is_telephone_number(text: str) -> bool:
    """Return whether it can be dialled: a UK number, or any number with its country code."""
    if not re.fullmatch(r"\+?[0-9 ()-]+", text):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text, "GB"))
    except phonenumbers.NumberParseException:
        return False
