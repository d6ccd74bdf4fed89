from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import File
from django.utils import timezone

from campaigns.clients import access
from campaigns.clients.free_text import names_no_number
from campaigns.clients.models import Client, Role
from campaigns.uploads.numbers.checker import SENTENCES, Reason
from campaigns.uploads.numbers.for_client import checker_for
from portal import files
from portal.templatetags.sizes import size

ALL_CLIENTS = "all"


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class SuppressionForm(forms.Form):
    """The fields of every suppression: for whom, why and until when."""

    scope = forms.ChoiceField(label="Client", error_messages={"required": "Choose a client."})
    reason = forms.CharField(
        label="Why",
        max_length=200,
        validators=[names_no_number],
        help_text="Don't include numbers or names. This appears in the history.",
        error_messages={"required": "Say why these must not be called."},
    )
    until = forms.DateField(
        label="Until (optional)",
        required=False,
        widget=DateInput(),
        help_text="The last day (UK) on which it applies. Leave empty for no end date.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clients = access.clients_of(user, at_least=Role.ACCOUNT_MANAGER)
        self._clients = {
            str(client.pk): client for client in clients.select_related("partner_account")
        }
        choices = [(key, client.name) for key, client in self._clients.items()]
        if user.is_staff:
            choices.append((ALL_CLIENTS, "All clients"))
        if len(choices) > 1:
            choices.insert(0, ("", "Choose a client"))
        field = self.fields["scope"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until and until < timezone.localdate():
            message = "This date is in the past. Choose a later one, or leave it empty."
            raise forms.ValidationError(message)
        return until

    @property
    def client(self) -> Client | None:
        """Return the client chosen, or None for all clients. `scope` must be valid."""
        return self._clients.get(self.cleaned_data["scope"])

    def decision(self) -> dict[str, Any]:
        return {
            "client": self.client,
            "reason": self.cleaned_data["reason"],
            "until": self.cleaned_data["until"],
        }


class NumberForm(SuppressionForm):
    number = forms.CharField(
        label="Number",
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": "Enter the number."},
    )
    field_order = ["scope", "number", "reason", "until"]

    def clean(self) -> None:
        if "scope" in self.cleaned_data and "number" in self.cleaned_data:
            verdict = checker_for(self.client).check(self.cleaned_data["number"])
            if isinstance(verdict, Reason):
                self.add_error("number", SENTENCES[verdict])
            else:
                self.cleaned_data["number"] = verdict


class FileForm(SuppressionForm):
    file = forms.FileField(
        label="File",
        error_messages={"empty": "This file is empty.", "required": "Choose a file."},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm,.xls,.ods"}),
    )
    field_order = ["scope", "file", "reason", "until"]

    def clean_file(self) -> File[bytes]:
        file: File[bytes] = self.cleaned_data["file"]
        if isinstance(file, files.NotWritten):
            raise forms.ValidationError(files.NOT_WRITTEN)
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            most = size(settings.UPLOAD_MAX_BYTES)
            message = f"This file is larger than {most}. Split it into several files."
            raise forms.ValidationError(message)
        return file


class SearchForm(forms.Form):
    number = forms.CharField(
        label="Is this number suppressed?",
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": "Enter a telephone number."},
    )

    def clean_number(self) -> str:
        verdict = checker_for(None).check(self.cleaned_data["number"])
        if isinstance(verdict, Reason):
            raise forms.ValidationError(SENTENCES[verdict])
        return verdict


class RemovalForm(forms.Form):
    reason = forms.CharField(
        label="Why may it be called again?",
        max_length=200,
        validators=[names_no_number],
        help_text="Don't include numbers or names. This appears in the history.",
        error_messages={"required": "Say why this number may be called again."},
    )


class FileRemovalForm(RemovalForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Why may they be called again?"
        self.fields["reason"].error_messages["required"] = "Say why these may be called again."
