"""Clients, their partner accounts, lookups and people, and the events of everything they own."""

from datetime import time
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from campaigns.clients.events import Event, EventQuerySet

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
    "Role",
]


def _known_time_zone(name: str) -> None:
    if name not in available_timezones():
        message = "Choose a time zone by its name, such as Europe/London."
        raise ValidationError(message)


# Where a sandbox may be besides the place that the settings name.
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _known_countries(letters: str) -> None:
    unknown = set(letters.split()) - set(phonenumbers.SUPPORTED_REGIONS)
    if unknown:
        message = f"No country has these letters: {', '.join(sorted(unknown))}."
        raise ValidationError(message)


class PartnerAccount(models.Model):
    """Where campaigns are sent to, and how."""

    class Kind(models.TextChoices):
        SANDBOX = "sandbox", "Sandbox: nobody is called"
        LIVE = "live", "Live: people's phones ring"

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    api_url = models.CharField(
        "API URL",
        max_length=200,
        validators=[
            RegexValidator(
                r"\Ahttps?://[A-Za-z0-9.\[\]:-]+\Z",
                "Use an address such as https://api.example.com",
            )
        ],
        help_text="The partner's address without a path, such as https://api.example.com",
    )
    cli_field = models.CharField(
        "Name of the CLI field",
        max_length=20,
        choices=[("cli_Id", "cli_Id"), ("defaultCli_Id", "defaultCli_Id")],
        default="cli_Id",
        help_text="The partner's pages differ; cli_Id is what its page for partners shows.",
    )
    reference_in_name = models.BooleanField(
        default=True,
        help_text="Put the portal's reference at the end of the name sent, so that a person can "
        "find the campaign at the partner's.",
    )
    held_reason = models.CharField(
        max_length=200,
        blank=True,
        help_text="While this says something, nothing is sent to this account.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="sandbox") | models.Q(api_url__startswith="https://"),
                name="a_live_account_uses_https",
                violation_error_message="A live account needs an https address.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse to call an address a sandbox that may be the partner's own."""
        host = urlsplit(self.api_url).hostname
        sandboxes = {*LOOPBACK, urlsplit(settings.SANDBOX_URL).hostname}
        if self.kind == self.Kind.SANDBOX and host not in sandboxes:
            message = "This address is not the sandbox's, so people's phones may ring: choose Live."
            raise ValidationError({"kind": message})

    def hold(self, reason: str) -> None:
        """Stop sending to this account until a person clears the reason."""
        self.held_reason = reason
        self.save(update_fields=["held_reason"])
        Event.record(self, None, f"Held everything to {self.name}: {reason}")

    @property
    def is_live(self) -> bool:
        return self.kind == self.Kind.LIVE


class Approval(models.TextChoices):
    NEVER = "never", "Never"
    ABOVE = "above", "Above a number"
    ALWAYS = "always", "Always"


class Client(models.Model):
    """The company called for."""

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
        help_text="Percent. When more of a campaign's people than this were submitted in the last "
        "24 hours, submitting it asks for a confirmation. 100: only when all of them were.",
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
        ]

    def __str__(self) -> str:
        return self.name

    def lock_submitting(self) -> None:
        """Let no other campaign of this client be submitted until the transaction under way ends."""
        list(Client.objects.select_for_update(no_key=True).filter(pk=self.pk))

    def wants_approval(self, numbers: int) -> bool:
        """Say whether a campaign that calls so many numbers has to be approved."""
        if self.approval == Approval.ABOVE:
            return numbers > self.approval_above
        return self.approval == Approval.ALWAYS

    @property
    def countries(self) -> frozenset[str]:
        """Return the regions, besides the UK's, whose numbers may be called."""
        return frozenset(self.further_countries.split())

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Role(models.IntegerChoices):
    """What a person may do for one client. Roles nest: each may do what those before it may."""

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


class Lookup(models.Model):
    """Something the partner keeps under an integer id, and the portal under a name for people."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="%(class)ss")
    partner_id = models.PositiveIntegerField("Partner's ID")
    is_active = models.BooleanField(
        "Offered", default=True, help_text="Untick to stop offering it to new campaigns."
    )

    class Meta:
        abstract = True


class CallFlow(Lookup):
    """What is said and asked in a call. The script and the SMS text use {Parameter1}..{Parameter9}."""

    name = models.CharField(max_length=80)
    script = models.TextField(blank=True)
    sms_text = models.TextField("SMS text", blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "partner_id"], name="a_call_flow_id_is_used_once_by_a_client"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.partner_id})"


class CallFlowParameter(models.Model):
    """What a call flow says at {Parameter n}."""

    call_flow = models.ForeignKey(CallFlow, on_delete=models.CASCADE, related_name="parameters")
    number = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    label = models.CharField(max_length=40)
    is_required = models.BooleanField("Required", default=True)
    max_length = models.PositiveSmallIntegerField("Longest length, in characters", default=100)

    class Meta:
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
    """A number that the called person sees."""

    number = models.CharField(max_length=20, help_text="As the called person sees it.")
    description = models.CharField(max_length=80, blank=True)

    class Meta:
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
