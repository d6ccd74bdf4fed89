"""The form with which an approver returns a submission."""

from django import forms

from campaigns.clients.free_text import names_no_number


class ReturnForm(forms.Form):
    """The reason why an approver returns a submission to its author."""

    reason = forms.CharField(
        max_length=300,
        validators=[names_no_number],
        error_messages={"required": "Say what needs fixing before you return it."},
    )
