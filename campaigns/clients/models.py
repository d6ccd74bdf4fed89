"""Clients and their members. The other models of the app have modules of their own, re-exported here."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from campaigns.clients.events import Event, EventQuerySet
from campaigns.clients.free_text import NamesNoNumber
from campaigns.clients.lookups.call_flows import CallFlow, CallFlowParameter
from campaigns.clients.lookups.clis import Cli
from campaigns.clients.partner_credentials.partner_accounts import PartnerAccount
from campaigns.clients.partner_credentials.sign_ins import PartnerSignIn

__all__ = [
    "Approval",
    "CallFlow",
    "CallFlowParameter",
    "Cli",
    "Client",
    "Event",
    "EventQuerySet",
    "Membership",
    "PartnerAccount",
    "PartnerSignIn",
    "Role",
]


def _known_time_zone(name: str) -> None:
    if name not in available_timezones():
        message = "Choose a time zone by its name, such as Europe/London."
        raise ValidationError(message)


def _known_countries(letters: str) -> None:
    unknown = set(letters.split()) - set(phonenumbers.SUPPORTED_REGIONS)
    if unknown:
        message = f"No country has these letters: {', '.join(sorted(unknown))}."
        raise ValidationError(message)


class Approval(models.TextChoices):
    NEVER = "never", "Never"
    ABOVE = "above", "Above a number"
    ALWAYS = "always", "Always"


class Client(NamesNoNumber):
    """A company on whose behalf people are called."""

    kept_texts = ("name",)

    name = models.CharField(max_length=80, unique=True)
    dm_client_id = models.CharField(
        "DM client ID",
        max_length=64,
        validators=[
            RegexValidator(
                r"\A[A-Za-z0-9_-]{1,64}\Z", "Use letters, digits, _ and - only, 64 at most."
            )
        ],
        help_text="The partner's ID of this client, sent as the header clientId.",
    )
    partner_account = models.ForeignKey(
        PartnerAccount, on_delete=models.PROTECT, related_name="clients"
    )
    time_zone = models.CharField(
        max_length=40, default="Europe/London", validators=[_known_time_zone]
    )
    calling_from = models.TimeField("Calling hours from", default=time(8))
    calling_until = models.TimeField("Calling hours until", default=time(20))
    further_countries = models.CharField(
        max_length=200,
        blank=True,
        validators=[_known_countries],
        help_text="Countries besides the United Kingdom whose numbers may be called, by their two "
        "letters, with blanks between: IE FR. Ask the partner first.",
    )
    lead_time_minutes = models.PositiveSmallIntegerField(
        default=10,
        help_text="A campaign that starts sooner than this many minutes from now is not sent.",
    )
    approval = models.CharField(
        max_length=6,
        choices=Approval.choices,
        default=Approval.NEVER,
        help_text="Whether another person, with the role of an approver, has to approve.",
    )
    approval_above = models.PositiveIntegerField(
        "Approval above", default=1_000, help_text="Numbers; counts where approval is by size."
    )
    most_numbers = models.PositiveIntegerField(
        "Most numbers in a campaign",
        default=50_000,
        validators=[MinValueValidator(1)],
        help_text="A submission of more numbers is sent to the partner as several campaigns, one "
        "after another.",
    )
    undo_seconds = models.PositiveSmallIntegerField(
        "Seconds to undo",
        default=30,
        help_text="How long a submission waits before it is sent, so that it can be undone. 0: not "
        "at all.",
    )
    second_person_above = models.PositiveIntegerField(
        "Second person above",
        default=1_000,
        help_text="Saying that a campaign of more numbers than this was not created, so that it is "
        "sent again, takes two people.",
    )
    resend_above_percent = models.PositiveSmallIntegerField(
        "Ask about people submitted before above",
        default=10,
        validators=[MaxValueValidator(100)],
        help_text="Percent. When more of a campaign's people than this are in campaigns that were sent in "
        "the last 24 hours or are still to be sent, submitting it asks for a confirmation. 100: only "
        "when all of them are.",
    )
    assumed_lines = models.PositiveSmallIntegerField(
        "Lines assumed",
        default=30,
        validators=[MinValueValidator(1)],
        help_text="How many calls go on at the same time, for the dial plan. Nothing of it is sent.",
    )
    assumed_call_seconds = models.PositiveSmallIntegerField(
        "Seconds a call is assumed to take",
        default=40,
        validators=[MinValueValidator(1)],
        help_text="From dialling to hanging up, for the dial plan. Nothing of it is sent.",
    )
    blocking_warnings = models.JSONField(
        "Warnings that are blocking",
        default=list,
        blank=True,
        help_text="With any of these, a campaign of this client can’t be submitted.",
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", related_name="clients"
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner_account", "dm_client_id"],
                name="a_dm_client_id_is_used_once_in_a_partner_account",
                violation_error_message="Another client of this account has this DM client ID.",
            ),
            models.CheckConstraint(
                condition=models.Q(calling_from__lt=models.F("calling_until")),
                name="calling_hours_end_after_they_begin",
                violation_error_message="Calling hours must end after they begin.",
            ),
            models.CheckConstraint(
                condition=models.Q(assumed_lines__gte=1, assumed_call_seconds__gte=1),
                name="a_dial_plan_assumes_a_line_and_a_second",
                violation_error_message="The dial plan needs a line and a second at least.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def lock_submitting(self) -> None:
        """Let no other campaign of this client be submitted until the current transaction ends."""
        # `no_key`: rows that refer to the client can be written meanwhile.
        list(Client.objects.select_for_update(no_key=True).filter(pk=self.pk))

    def wants_approval(self, numbers: int) -> bool:
        """Return whether a campaign with this many numbers has to be approved."""
        if self.approval == Approval.ABOVE:
            return numbers > self.approval_above
        return self.approval == Approval.ALWAYS

    @property
    def effective_sign_in(self) -> PartnerSignIn:
        """Return the client's own sign-in, else its account's, else an unsaved one of the kind NONE."""
        account = self.partner_account_id
        found = PartnerSignIn.objects.filter(
            models.Q(client=self) | models.Q(partner_account=account)
        )
        return found.order_by(models.F("client").asc(nulls_last=True)).first() or PartnerSignIn()

    @property
    def lead_time(self) -> timedelta:
        return timedelta(minutes=self.lead_time_minutes)

    @property
    def hand_over_time(self) -> timedelta:
        """Return how long before its start a campaign must be due, to keep its lead time.

        A campaign that is due may wait for the next sweep before it is sent.
        """
        return self.lead_time + timedelta(seconds=settings.SWEEP_EVERY)

    @property
    def notice(self) -> timedelta:
        """Return how long before its start a campaign must be submitted, or approved."""
        return self.hand_over_time + timedelta(seconds=self.undo_seconds)

    @property
    def countries(self) -> frozenset[str]:
        """Return the regions besides the UK whose numbers may be called, by their two letters."""
        return frozenset(self.further_countries.split())

    @property
    def calling_rules(self) -> dict[str, str]:
        """Return where and when people may be called, as texts that can be stored and compared."""
        return {
            "time_zone": self.time_zone,
            "calling_from": f"{self.calling_from:%H:%M}",
            "calling_until": f"{self.calling_until:%H:%M}",
            "countries": " ".join(sorted(self.countries)),
        }

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Role(models.IntegerChoices):
    """The rights of a person for one client. Each role includes the rights of the roles before it."""

    VIEWER = 1, "Viewer"
    ACCOUNT_MANAGER = 2, "Account manager"
    APPROVER = 3, "Approver"


class Membership(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    role = models.PositiveSmallIntegerField(choices=Role.choices, default=Role.VIEWER)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "client"], name="a_person_has_one_role_for_a_client"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.pk}"
