"""The form for a person's own number."""

from typing import Any

from django import forms
from django.contrib.auth.models import User

from campaigns.clients import access
from campaigns.uploads.numbers.checker import NumberChecker
from campaigns.uploads.numbers.reasons import SENTENCES, Reason

# What the sentences for rows of a file say differently of one number that a person types.
_TYPED = {
    Reason.EMPTY: "Enter your number.",
    Reason.SHORTENED: "This is not a telephone number. Enter it in digits.",
    Reason.FORMULA_WITHOUT_VALUE: "This is not a telephone number. Enter it in digits.",
    Reason.NOT_A_NUMBER: "This is not a telephone number. Enter it in digits.",
    Reason.SEVERAL_NUMBERS: "This is more than one number. Enter one.",
    Reason.PREMIUM_RATE: "This is a premium rate or personal (070) number. Enter another one.",
    Reason.SHARED_COST: "This is an 084 or 087 or other shared-cost number. Enter another one.",
    Reason.FOREIGN: "None of your clients calls this country. Enter a UK number.",
}


class OwnNumberForm(forms.Form):
    number = forms.CharField(
        label="Your number",
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text="Test calls ring this number. Nobody else sees all of it.",
        error_messages={"required": "Enter your number."},
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._person = person

    def clean_number(self) -> str:
        verdict = _checker(self._person).check(self.cleaned_data["number"])
        if isinstance(verdict, Reason):
            raise forms.ValidationError(_TYPED.get(verdict, SENTENCES[verdict]))
        return verdict


def _checker(person: User) -> NumberChecker:
    """Return a checker that allows what any of the person's clients may call.

    Whether one client may call the number is checked again when a test call for it is made.
    """
    clients = access.clients_of(person).select_related("partner_account")
    return NumberChecker(
        allow_fictional=any(not one.partner_account.is_live for one in clients),
        countries=frozenset[str]().union(*(one.countries for one in clients)),
    )
