"""The form for what the partner told a person about a delivery in doubt."""

from typing import Any

from django import forms

from campaigns.clients.free_text import names_no_number

CREATED, NOT_CREATED, CORRECTED = "created", "not_created", "corrected"
LARGEST_ID = 10**18


class SettleForm(forms.Form):
    """A person's answer to whether the partner created a campaign, or the correction of a typed ID."""

    campaign_id = forms.IntegerField(
        label="Campaign ID",
        required=False,
        min_value=1,
        max_value=LARGEST_ID,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text="Only if it was created. Copy it as the partner shows it.",
    )
    note = forms.CharField(
        label="Note",
        max_length=300,
        validators=[names_no_number],
        help_text="Who you asked, and when. No telephone numbers.",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer = self.data.get("answer", "")
        # The key of the delivery that the page showed.
        self.delivery = self.data.get("delivery", "")
        # An unlikely ID that was typed, and the one that the person has confirmed.
        self.unlikely_id: int | None = None
        self.confirmed_id: str = self.data.get("confirmed_id", "")

    @property
    def campaign_id_is_confirmed(self) -> bool:
        return str(self.cleaned_data.get("campaign_id")) == self.confirmed_id

    def clean_note(self) -> str:
        note: str = self.cleaned_data["note"]
        if not note.strip():
            message = "Say who you asked, and when."
            raise forms.ValidationError(message)
        return note.strip()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.answer not in {CREATED, NOT_CREATED, CORRECTED}:
            message = "Choose one of the two answers."
            raise forms.ValidationError(message)
        given = cleaned.get("campaign_id")
        if self.answer != NOT_CREATED and not given and "campaign_id" not in self.errors:
            self.add_error("campaign_id", "Type the ID that the partner shows.")
        if self.answer == NOT_CREATED and given:
            self.add_error("campaign_id", "A campaign that was not created has no ID.")
        return cleaned
