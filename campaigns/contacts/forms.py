from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.base import File

from campaigns.clients.free_text import holds_number, names_no_number
from campaigns.clients.models import Client
from campaigns.parameters import page_number
from campaigns.uploads.columns.mapping_form import MappingForm
from portal import files
from portal.templatetags.sizes import size

__all__ = ["AddForm", "FindForm", "MappingForm", "RenameForm", "UploadForm"]


NUMBER_IN_FILE_NAME = "The file’s name contains a telephone number. Give the list another name."


class FileForm(forms.Form):
    file = forms.FileField(
        label="File",
        required=False,
        error_messages={
            "empty": "This file is empty.",
            "missing": "Choose a file.",
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm,.xls,.ods"}),
    )
    name = forms.CharField(
        label="List name",
        max_length=80,
        required=False,
        validators=[names_no_number],
        help_text="Leave empty to use the file's name.",
    )

    def clean_file(self) -> File[bytes]:
        file: File[bytes] | None = self.cleaned_data["file"]
        if not file:
            message = "Choose a file."
            raise forms.ValidationError(message)
        if isinstance(file, files.NotWritten):
            raise forms.ValidationError(files.NOT_WRITTEN)
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            most = size(settings.UPLOAD_MAX_BYTES)
            message = f"This file is larger than {most}. Split it into several lists."
            raise forms.ValidationError(message)
        return file

    def clean(self) -> dict[str, Any]:
        """Refuse a telephone number in the file's name if that name would become the list's."""
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("file")
        is_unnamed = not cleaned.get("name") and "name" not in self.errors
        if file and is_unnamed and holds_number(Path(file.name or "").stem):
            self.add_error("name", NUMBER_IN_FILE_NAME)
        return cleaned


class UploadForm(FileForm):
    client = forms.ModelChoiceField(
        Client.objects.none(),
        required=False,
        empty_label="Choose a client",
    )

    def __init__(self, *args: Any, clients: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["client"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = clients
        only = clients[:2]
        if len(only) == 1:
            field.initial = only[0]

    def clean_client(self) -> Client:
        client: Client | None = self.cleaned_data["client"]
        if client is None:
            message = "Choose the client whose list this is."
            raise forms.ValidationError(message)
        return client


class AddForm(FileForm):
    """A file whose rows are added to a list, which makes a new list."""


class RenameForm(forms.Form):
    name = forms.CharField(
        max_length=80,
        strip=True,
        validators=[names_no_number],
        error_messages={
            "required": "Give the list a name of 1 to 80 characters.",
            "max_length": "Give the list a name of 1 to 80 characters.",
        },
    )


class FindForm(forms.Form):
    q = forms.CharField(
        label="Name or number", required=False, max_length=100, widget=forms.SearchInput
    )
    page = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_page(self) -> int:
        return page_number(self.cleaned_data["page"])
