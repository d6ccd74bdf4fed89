"""The builder's forms. Only the client is needed to save, since a draft may be incomplete.

No field is `required`: an asterisk at a label would say too much for saving, or too little for
submitting.

`preflight` reports, at the same fields, what a complete campaign still needs.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from campaigns.clients.free_text import names_no_number
from campaigns.clients.models import CallFlow, Cli, Client
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign.content import GROUPS, Hours
from campaigns.drafts.form.choices import Offer
from campaigns.drafts.form.form_data import is_key
from campaigns.drafts.form.widgets import (
    DateInput,
    ListBoxes,
    ListChoices,
    LookupChoice,
    PatientForm,
    TimeInput,
    redraws,
)
from campaigns.drafts.models import (
    CALLER_NAME_MAX_LENGTH,
    CONSENT_MAX_LENGTH,
    LONGEST_INTERVAL_MINUTES,
    NAME_MAX_LENGTH,
    REASON_MAX_LENGTH,
    Occasion,
    Precedence,
    Purpose,
)

# The value if the form has no such choice. Typed Any, because the field's type asks for a text, but
# the field returns the value unchanged.
NEVER: Any = Occasion.NEVER.value
SERVICE: Any = Purpose.SERVICE.value
NEWEST: Any = Precedence.NEWEST.value
# Marks a field whose change draws the dial plan again.
PLANNED = {"data-plan": True}


class CampaignForm(PatientForm):
    client = forms.ModelChoiceField(
        Client.objects.none(),
        required=False,
        empty_label="Choose a client",
        widget=forms.Select(
            attrs=redraws("choices", "zone-hint", "sending-hint", at_once=True)
            | {"data-find": "client"}
        ),
    )
    name = forms.CharField(
        label="Campaign name",
        max_length=NAME_MAX_LENGTH,
        required=False,
        help_text=f"At most {NAME_MAX_LENGTH} characters. The partner sees this name. The people "
        "called do not.",
        validators=[names_no_number],
    )
    purpose = forms.TypedChoiceField(
        choices=Purpose.choices,
        required=False,
        empty_value=SERVICE,
        widget=forms.Select(attrs=redraws("consent")),
        help_text="Service: about something they already have with the client. Marketing: selling or "
        "promoting.",
    )
    consent_source = forms.CharField(
        label="Consent source",
        max_length=CONSENT_MAX_LENGTH,
        required=False,
        help_text="Where these people agreed to marketing calls, such as a form or a contract.",
        validators=[names_no_number],
    )
    consent_date = forms.DateField(
        label="Consent date",
        required=False,
        widget=DateInput(),
        help_text="If they agreed on different days, enter the earliest.",
    )
    caller_name = forms.CharField(
        label="Caller name",
        max_length=CALLER_NAME_MAX_LENGTH,
        required=False,
        help_text="The caller name that people will hear.",
        validators=[names_no_number],
    )
    call_flow = LookupChoice(
        CallFlow.objects.none(),
        label="Call flow",
        required=False,
        empty_label="Choose a call flow",
        help_text="What is said in the call.",
        widget=forms.Select(
            attrs=redraws("parameters", "id_call_flow_helptext") | {"data-find": "call flow"}
        ),
    )
    cli = LookupChoice(
        Cli.objects.none(),
        label="CLI",
        required=False,
        empty_label="Choose a CLI",
        help_text="The number that the called person sees.",
        # The CLI has a queue of its own: it and the other fields do not delay or cancel each
        # other's requests.
        widget=forms.Select(
            attrs=redraws("id_cli_helptext") | {"hx-sync": "this:replace", "data-find": "CLI"}
        ),
    )
    contact_lists = ListChoices(
        ContactList.objects.none(),
        label="Contact lists",
        required=False,
        widget=ListBoxes(
            # Only the count's content is replaced, so that a screen reader says what is new.
            attrs=redraws("parameters", "precedence", "people-count") | PLANNED
        ),
    )
    precedence = forms.TypedChoiceField(
        label="If a number is on several lists, use",
        choices=Precedence.choices,
        required=False,
        empty_value=NEWEST,
        widget=forms.Select(attrs=redraws("preview")),
        help_text="Each number is called once, with the name and values from this list.",
    )
    start_date = forms.DateField(label="Start date", required=False, widget=DateInput(PLANNED))
    start_time = forms.TimeField(label="Start time", required=False, widget=TimeInput(PLANNED))
    finish_time = forms.TimeField(label="Finish time", required=False, widget=TimeInput(PLANNED))
    override_reason = forms.CharField(
        label="Reason to call at another time",
        max_length=REASON_MAX_LENGTH,
        required=False,
        help_text="Kept in the history with your name, and shown to the approver.",
        validators=[names_no_number],
    )
    send_date = forms.DateField(label="Send on", required=False, widget=DateInput())
    send_time = forms.TimeField(label="Send at", required=False, widget=TimeInput())
    answerphone = forms.TypedChoiceField(
        label="Answerphone message",
        choices=Occasion.choices,
        coerce=int,
        required=False,
        empty_value=NEVER,
        help_text="When to leave a message if an answerphone picks up.",
    )
    sms_on_busy = forms.TypedChoiceField(
        label="SMS on busy",
        choices=Occasion.choices,
        coerce=int,
        required=False,
        empty_value=NEVER,
        help_text="When to send the call flow's SMS if the line is busy.",
    )

    def __init__(self, data: Mapping[str, Any], *, offer: Offer, quiet: bool) -> None:
        super().__init__(data, quiet=quiet)
        self._offer("client", offer.clients)
        self._offer("call_flow", offer.call_flows)
        self._offer("cli", offer.clis)
        self._offer("contact_lists", offer.contact_lists)
        if offer.client:
            now = timezone.now().astimezone(offer.client.zone)
            self._add_confirmation("call_flow", now)
            self._add_confirmation("cli", now)

    def _offer(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = choices

    def name_gone_lists(self, gone: Mapping[str, str], *, drops: bool) -> None:
        """Set what happened to chosen lists that were deleted. `drops` leaves them out."""
        field = self.fields["contact_lists"]
        assert isinstance(field, ListChoices)
        field.gone, field.drops_gone = gone, drops

    def mark_lists(self, wrong: Iterable[int]) -> None:
        """Mark some of the contact lists as wrong, in addition to those marked before."""
        widget = self.fields["contact_lists"].widget
        assert isinstance(widget, ListBoxes)
        widget.wrong |= frozenset(wrong)

    def _add_confirmation(self, name: str, now: datetime) -> None:
        """Add to a lookup's help text when the chosen one was confirmed with the partner."""
        chosen = self.value_of(name) if is_key(str(self[name].data)) else None
        if chosen:
            self[name].help_text += f" {chosen.confirmation(now)}"

    def clean_client(self) -> Client:
        client: Client | None = self.cleaned_data["client"]
        if client is None:
            message = "Choose the client this campaign is for."
            raise forms.ValidationError(message)
        return client

    @property
    def hours(self) -> Hours:
        return Hours(*map(self.value_of, ("start_date", "start_time", "finish_time")))

    @property
    def asks_consent(self) -> bool:
        """Return whether to show the fields about consent.

        They are shown for marketing, and also while one of them has a value.
        """
        _, columns = GROUPS["consent"]
        has_some = any(self[name].value() for name in columns)
        return has_some or self["purpose"].value() == Purpose.MARKETING


class RunoverForm(PatientForm):
    day = forms.DateField(label="Date", required=False, widget=DateInput(PLANNED))
    start = forms.TimeField(label="From", required=False, widget=TimeInput(PLANNED))
    finish = forms.TimeField(label="Until", required=False, widget=TimeInput(PLANNED))

    @property
    def hours(self) -> Hours:
        return Hours(*map(self.value_of, ("day", "start", "finish")))


class CallAttemptForm(PatientForm):
    interval = forms.IntegerField(
        label="Minutes before the next attempt",
        required=False,
        min_value=0,
        max_value=LONGEST_INTERVAL_MINUTES,
        widget=forms.NumberInput(PLANNED),
    )
