"""Sentences for invalid form fields, used if a form has no sentence of its own.

They replace the sentences of Django's own fields and validators, for all forms at once.
"""

from django import forms
from django.core import validators
from django.db import models
from django.forms.formsets import BaseFormSet
from django.forms.models import InlineForeignKeyField

_CHOOSE = "Choose one of the options listed. Your choice is no longer available."
_DATE = "Enter a date, such as 27/03/2026."
_TIME = "Enter a time, such as 09:30."
_NUMBER = "Enter a number in digits, such as 20."
_ALL = "Fill in every part of this."

FIELDS: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": "Fill this in."},
    forms.IntegerField: {"invalid": "Enter a whole number in digits, such as 20."},
    forms.FloatField: {"invalid": _NUMBER},
    forms.DecimalField: {"invalid": _NUMBER},
    forms.DateField: {"invalid": _DATE},
    forms.TimeField: {"invalid": _TIME},
    forms.DateTimeField: {"invalid": "Enter a date and time, such as 27/03/2026 09:30."},
    forms.SplitDateTimeField: {"invalid_date": _DATE, "invalid_time": _TIME},
    forms.DurationField: {
        "invalid": "Enter a length of time, such as 02:30:00.",
        "overflow": "Enter between {min_days} and {max_days} days.",
    },
    forms.ChoiceField: {"invalid_choice": _CHOOSE},
    forms.MultipleChoiceField: {"invalid_choice": _CHOOSE, "invalid_list": _CHOOSE},
    forms.ModelChoiceField: {"invalid_choice": _CHOOSE},
    forms.ModelMultipleChoiceField: {
        "invalid_choice": _CHOOSE,
        "invalid_list": _CHOOSE,
        "invalid_pk_value": _CHOOSE,
    },
    InlineForeignKeyField: {"invalid_choice": "Reload the page. This belongs to something else."},
    forms.MultiValueField: {"invalid": _ALL, "incomplete": _ALL},
    forms.FileField: {
        "invalid": "The file did not arrive. Choose it again.",
        "missing": "Choose a file.",
        "empty": "This file is empty.",
        "max_length": "Give the file a name of at most %(max)d characters. Its name has %(length)d.",
        "contradiction": "Choose a file or tick the box to remove it, not both.",
    },
    forms.ImageField: {"invalid_image": "Choose a picture. This file is not one, or is damaged."},
    forms.JSONField: {"invalid": "Enter JSON."},
    forms.URLField: {"invalid": "Enter a web address, such as https://partner.example.com."},
    forms.UUIDField: {"invalid": "Enter a UUID."},
}

VALIDATORS: dict[type, str] = {
    validators.BaseValidator: "Enter %(limit_value)s.",
    validators.MaxValueValidator: "Enter %(limit_value)s or less.",
    validators.MinValueValidator: "Enter %(limit_value)s or more.",
    validators.StepValueValidator: "Enter a multiple of %(limit_value)s.",
    validators.MaxLengthValidator: "Use at most %(limit_value)d characters. This has %(show_value)d.",
    validators.MinLengthValidator: "Use at least %(limit_value)d characters. This has %(show_value)d.",
    validators.RegexValidator: "Check how this is written.",
    validators.DomainNameValidator: "Enter a host name, such as partner.example.com.",
    validators.EmailValidator: "Enter an email address, such as name@example.com.",
    validators.URLValidator: "Enter a web address, such as https://partner.example.com.",
    validators.ProhibitNullCharactersValidator: "Remove the characters that can't be seen.",
    validators.FileExtensionValidator: "Choose a file of the kind %(allowed_extensions)s.",
}

DECIMALS = {
    "invalid": _NUMBER,
    "max_digits": "Use at most %(max)s digits.",
    "max_decimal_places": "Use at most %(max)s digits after the decimal point.",
    "max_whole_digits": "Use at most %(max)s digits before the decimal point.",
}

# Sentences of models, which only the forms of the administration show.
MODELS = {
    "invalid_choice": _CHOOSE,
    "null": "Fill this in.",
    "blank": "Fill this in.",
    "unique": "Another %(model_name)s has this %(field_label)s.",
    "unique_for_date": "Another one has this %(field_label)s on that day.",
}


def install() -> None:
    """Give all fields and validators these sentences. Forms made before keep Django's own."""
    for field, words in FIELDS.items():
        field.default_error_messages = {**vars(field).get("default_error_messages", {}), **words}
    for validator, sentence in VALIDATORS.items():
        validator.message = sentence  # type: ignore[attr-defined]
    BaseFormSet.default_error_messages = {
        **BaseFormSet.default_error_messages,
        "missing_management_form": "Part of this form is missing. Reload the page and try again.",
    }
    validators.DecimalValidator.messages = DECIMALS
    models.Field.default_error_messages = {**models.Field.default_error_messages, **MODELS}
    models.BaseConstraint.default_violation_error_message = (
        "This conflicts with the rest of the form (%(name)s)."
    )
