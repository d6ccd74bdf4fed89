"""Sign-ins of the portal to a partner account: with nothing, an API key, or OAuth 2.0.

A sign-in belongs to a partner account, or to one client, for which it replaces the account's. It is read
again for each delivery and is not frozen with a submission, so a changed key applies at once. The secret
and the token are stored encrypted, and leave this module only to be sent in a request.
"""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from campaigns.clients.partner_credentials import encryption
from campaigns.clients.partner_credentials.partner_accounts import PartnerAccount
from campaigns.partner import request_headers

# Headers that the portal sets itself, so no API key can go into them.
_TAKEN_HEADERS = {
    *("accept", "accept-encoding", "clientid", "connection", "content-length", "content-type"),
    *("cookie", "expect", "host", "te", "trailer", "transfer-encoding", "upgrade"),
}


class PartnerSignIn(models.Model):
    class Kind(models.TextChoices):
        NONE = request_headers.Kind.NONE.value, "None: the header clientId is enough"
        API_KEY = request_headers.Kind.API_KEY.value, "API key"
        OAUTH = request_headers.Kind.OAUTH.value, "OAuth 2.0 client credentials"

    class CredentialsIn(models.TextChoices):
        HEADER = request_headers.CredentialsIn.HEADER.value, "In the header Authorization: Basic"
        BODY = request_headers.CredentialsIn.BODY.value, "In the body"

    partner_account = models.OneToOneField(
        PartnerAccount, null=True, on_delete=models.CASCADE, related_name="sign_in"
    )
    client = models.OneToOneField(
        "Client", null=True, on_delete=models.CASCADE, related_name="sign_in"
    )
    kind = models.CharField(max_length=7, choices=Kind.choices, default=Kind.NONE)
    key_header = models.CharField(
        "Header of the API key",
        max_length=64,
        default=request_headers.BEARER_HEADER,
        help_text="Authorization carries the key as a bearer token; any other, such as api-key, as "
        "it is.",
    )
    token_url = models.CharField("Token URL", max_length=300, blank=True)
    oauth_client_id = models.CharField("Client ID at the token URL", max_length=200, blank=True)
    scope = models.CharField(max_length=200, blank=True, default=request_headers.DEFAULT_SCOPE)
    credentials_in = models.CharField(
        "Client ID and secret go",
        max_length=6,
        choices=CredentialsIn.choices,
        default=CredentialsIn.HEADER,
    )
    # An API key or a client secret, encrypted.
    secret = models.TextField(blank=True, editable=False)
    # The newest token from the token URL, encrypted, and when to ask for another one.
    token = models.TextField(blank=True, editable=False)
    renew_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        app_label = "clients"
        verbose_name = "sign-in to the partner"
        verbose_name_plural = "sign-in to the partner"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(partner_account__isnull=False, client__isnull=True)
                | models.Q(partner_account__isnull=True, client__isnull=False),
                name="a_sign_in_is_an_accounts_or_a_clients",
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    # Queries

    @classmethod
    def with_secret(cls) -> "models.QuerySet[PartnerSignIn]":
        return cls.objects.exclude(secret="").select_related("partner_account", "client")

    def problems(self, account: PartnerAccount) -> dict[str, str]:
        """Return what prevents a sign-in to the account: sentences, by the form's field."""
        found: dict[str, str] = {}
        if self.kind == self.Kind.NONE:
            return found
        if not self.has_secret:
            found["entered"] = "No secret is set for the sign-in to the partner. Enter it."
        if self.kind == self.Kind.API_KEY and not _is_free(self.key_header):
            found["key_header"] = (
                "Use Authorization, or the name of one of the partner's headers, such as api-key."
            )
        if self.kind == self.Kind.OAUTH:
            if not self.oauth_client_id:
                found["oauth_client_id"] = "Enter the client ID that the token URL asks for."
            if refusal := account.refusal_of(self.token_url):
                found["token_url"] = refusal
        return found

    # Mutators

    def keep_secret(self, secret: str) -> None:
        """Replace the secret, without saving. Raises encryption.NoKey."""
        self.secret = encryption.encrypt(secret) if secret else ""
        self.drop_token()

    def drop_token(self) -> None:
        """Clear the token, without saving: it was given for other credentials or another scope."""
        self.token, self.renew_at = "", None

    def keep_token(self, token: request_headers.Token, *, ahead: timedelta) -> None:
        """Store a token for all workers, to be renewed `ahead` of its end.

        A token that lives less than twice `ahead` is renewed after half of its life. If the sign-in was
        changed while the token was on its way, nothing is stored. Raises encryption.NoKey.
        """
        life = timedelta(seconds=token.life_seconds)
        self._same().update(
            token=encryption.encrypt(token.value),
            renew_at=timezone.now() + max(life - ahead, life / 2),
        )

    def forget_token(self) -> None:
        """Delete the stored token, which the partner did not accept. The next delivery gets a new one."""
        self._same().update(token="", renew_at=None)

    def reencrypt(self) -> None:
        """Encrypt the secret with the first key, and delete the token. Raises encryption.NoKey."""
        self._same().update(
            secret=encryption.reencrypt(self.secret) if self.secret else "", token="", renew_at=None
        )

    def _same(self) -> "models.QuerySet[PartnerSignIn]":
        """Return this row, unless its credentials or settings were changed since it was loaded."""
        return PartnerSignIn.objects.filter(
            pk=self.pk,
            secret=self.secret,
            token_url=self.token_url,
            oauth_client_id=self.oauth_client_id,
            scope=self.scope,
        )

    # Properties

    @property
    def has_secret(self) -> bool:
        return bool(self.secret)

    @property
    def owner_name(self) -> str:
        owner = self.client or self.partner_account
        return owner.name if owner else ""

    @property
    def is_the_accounts(self) -> bool:
        return self.client_id is None

    def kept_token(self, now: datetime) -> str | None:
        """Return the stored token, decrypted, while it is valid. Return None if a new one is needed."""
        if not self.token or not self.renew_at or self.renew_at <= now:
            return None
        try:
            return encryption.decrypt(self.token)
        except encryption.NoKey:
            return None

    def open_secret(self) -> str:
        """Return the secret, decrypted. Raises encryption.NoKey."""
        return encryption.decrypt(self.secret)

    def token_request(self) -> request_headers.TokenRequest:
        """Return the request for the token URL. Raises encryption.NoKey."""
        return request_headers.TokenRequest(
            self.token_url,
            self.oauth_client_id,
            self.open_secret(),
            self.scope,
            request_headers.CredentialsIn(self.credentials_in),
        )


def _is_free(header: str) -> bool:
    return (
        bool(request_headers.HEADER_NAME.fullmatch(header)) and header.lower() not in _TAKEN_HEADERS
    )
