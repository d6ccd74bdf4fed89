"""The form that asks how a file that could not be read is to be read instead."""

from collections.abc import Mapping
from typing import Any

from django import forms

from campaigns.uploads.columns.mapping_form import DELIMITERS
from campaigns.uploads.spreadsheets import ENCODINGS, LAST_HEADER_ROW, Kind

_GUESSED = ("", "Detect automatically")
_TEXT_ONLY = ("delimiter", "encoding")


class ReadingForm(forms.Form):
    """The form itself. Empty fields are guessed again. The column of numbers is asked for afterwards."""

    sheet = forms.CharField(
        required=False,
        max_length=255,
        help_text="The sheet's name in the workbook. Leave empty to use the first sheet with rows.",
    )
    delimiter = forms.ChoiceField(
        label="Cells are separated by",
        required=False,
        choices=[_GUESSED, *DELIMITERS.items()],
    )
    encoding = forms.ChoiceField(required=False, choices=[_GUESSED, *ENCODINGS.items()])
    header_row = forms.IntegerField(
        label="Row with the headings",
        required=False,
        min_value=0,
        max_value=LAST_HEADER_ROW,
        help_text="Use the spreadsheet's row number. Enter 0 if there are no headings. "
        "Leave empty to find it automatically.",
    )

    def __init__(self, kind: Kind, before: Mapping[str, Any], data: Any = None) -> None:
        """Make the form.

        `before` is how the file was read when that failed; `data` is what was posted, if anything.
        """
        super().__init__(data, initial=dict(before))
        for name in ("sheet",) if kind == Kind.CSV else _TEXT_ONLY:
            del self.fields[name]

    @property
    def corrections(self) -> dict[str, Any]:
        """Return how the file is to be read, as arguments of `spreadsheets.inspect`."""
        return {name: value for name, value in self.cleaned_data.items() if value not in {None, ""}}
