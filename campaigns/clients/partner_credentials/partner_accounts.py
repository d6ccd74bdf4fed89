"""Partner accounts: where campaigns are sent to, and how."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from campaigns.clients.events import Event
from campaigns.clients.free_text import NamesNoNumber
from campaigns.clients.holds import Holdable
from campaigns.clients.partner_credentials import allowed_hosts


class PartnerAccount(NamesNoNumber, Holdable):
    """An account at the partner: where campaigns are sent to, and how."""

    kept_texts = ("name",)

    class Kind(models.TextChoices):
        SANDBOX = "sandbox", "Sandbox: nobody is called"
        LIVE = "live", "Live: people's phones ring"

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    api_url = models.CharField(
        "API URL",
        max_length=200,
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
    too_many_means_not_created = models.BooleanField(
        "429 means that nothing was created",
        default=False,
        help_text="Tick this only if the partner has confirmed it. A campaign that is answered with 429 "
        "(too many requests) is then sent again by itself, later. Otherwise it is refused.",
    )
    reads_back = models.BooleanField(
        "Reading back",
        default=False,
        db_default=False,
        help_text="Tick this only if the partner allows it. The portal then reads from the partner what came "
        "of the calls, and campaigns have a page of results.",
    )
    # The partner asked us to send nothing before this time.
    wait_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        app_label = "clients"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="sandbox") | models.Q(api_url__startswith="https://"),
                name="a_live_account_uses_https",
                violation_error_message="A live account needs an https address.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def described(self) -> str:
        """Return its name and kind. A name that the kind begins with says nothing more."""
        kind = self.get_kind_display()
        is_said = kind.casefold().startswith(f"{self.name}:".casefold())
        return kind if is_said else f"{self.name} ({kind})"

    def clean(self) -> None:
        """Refuse a forbidden address, and the kind "sandbox" for an address that is not the sandbox's."""
        super().clean()
        if not allowed_hosts.has_no_path(self.api_url):
            raise ValidationError({"api_url": "Use an address such as https://api.example.com"})
        if not self.is_live and not allowed_hosts.is_sandbox(self.api_url):
            message = "This address is not the sandbox's, so people's phones may ring: choose Live."
            raise ValidationError({"kind": message})
        if refusal := self.refusal_of(self.api_url):
            raise ValidationError({"api_url": refusal})

    def refusal_of(self, url: str) -> str:
        """Return a sentence that says why this account may not send to the address, or "" if it may."""
        return allowed_hosts.refusal(url, sandbox=not self.is_live)

    def hold(self, reason: str) -> None:
        """Stop sending to this account until a person clears the reason."""
        with transaction.atomic():
            if self._add_hold(reason):
                Event.record(self, None, f"Stopped sending to {self.name}: {reason}")

    def wait(self, seconds: float) -> None:
        """Send nothing to this account for this many seconds. A longer wait that was set before remains."""
        until = timezone.now() + timedelta(seconds=seconds)
        shorter = models.Q(wait_until=None) | models.Q(wait_until__lt=until)
        PartnerAccount.objects.filter(shorter, pk=self.pk).update(wait_until=until)
        self.refresh_from_db(fields=["wait_until"])

    @property
    def is_waiting(self) -> bool:
        """Return whether the time for which the partner asked us to send nothing is not over yet."""
        return self.wait_until is not None and timezone.now() < self.wait_until

    @property
    def is_live(self) -> bool:
        return self.kind == self.Kind.LIVE
