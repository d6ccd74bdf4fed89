"""The form of a sign-in to the partner, below an account or a client in Django's admin.

A secret can be entered but is never shown: the page says only whether one is set. Leaving the field empty
keeps the secret.
"""

from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet

from campaigns.clients.models import Client, PartnerAccount
from campaigns.clients.partner_credentials import encryption
from campaigns.clients.partner_credentials.sign_ins import PartnerSignIn
from campaigns.partner import request_headers

LONGEST_SECRET = 2_000


class SignInForm(forms.ModelForm[PartnerSignIn]):
    entered = forms.CharField(
        label="Secret",
        required=False,
        max_length=LONGEST_SECRET,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
    )
    clear = forms.BooleanField(label="Remove the secret", required=False)

    class Meta:
        model = PartnerSignIn
        fields = (
            "kind",
            "key_header",
            "token_url",
            "oauth_client_id",
            "scope",
            "credentials_in",
        )

    def __init__(self, *args: Any, account: PartnerAccount | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.fields["entered"].help_text = (
            "A secret is set. Leave this empty to keep it."
            if self.instance.has_secret
            else "No secret is set. Enter the API key, or the client secret for the token URL."
        )

    def clean_entered(self) -> str:
        secret: str = self.cleaned_data["entered"]
        if secret and not request_headers.HEADER_VALUE.fullmatch(secret):
            message = "Use only letters, digits and symbols, without spaces or accents."
            raise forms.ValidationError(message)
        return secret

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("entered") and cleaned.get("clear"):
            self.add_error("entered", "Enter a new secret or remove the old one, not both.")
        if cleaned.get("entered") and cleaned.get("kind") == PartnerSignIn.Kind.NONE:
            self.add_error("kind", "Choose what the secret is for: an API key or OAuth 2.0.")
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        self._place_secret()
        if self.account is None:
            return
        for field, sentence in self.instance.problems(self.account).items():
            if field not in self.errors:
                self.add_error(field, sentence)

    def _place_secret(self) -> None:
        entered = self.cleaned_data.get("entered", "")
        try:
            # A new kind without a new secret clears the old secret: it must not be sent to where
            # the other kind sends its secret.
            if entered or self.cleaned_data.get("clear") or "kind" in self.changed_data:
                self.instance.keep_secret(entered)
            elif self.changed_data:
                self.instance.drop_token()
        except encryption.NoKey as problem:
            self.add_error("entered", str(problem))


class SignInFormSet(BaseInlineFormSet[PartnerSignIn, PartnerAccount | Client, SignInForm]):
    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return super().get_form_kwargs(index) | {"account": self._account()}

    def _account(self) -> PartnerAccount | None:
        """Return the account as it is on the page. It may be unsaved, and even invalid."""
        if isinstance(self.instance, PartnerAccount):
            return self.instance
        return self.instance.partner_account if self.instance.partner_account_id else None
