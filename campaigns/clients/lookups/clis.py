"""CLIs: the telephone numbers that a client's calls come from."""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django.db import models

from campaigns.clients.lookups.lookup import Lookup


class Cli(Lookup):
    """A telephone number that the called person sees."""

    kept_texts = ("description",)

    number = models.CharField(max_length=20, help_text="As the called person sees it.")
    description = models.CharField(max_length=80, blank=True)

    class Meta:
        app_label = "clients"
        verbose_name = "CLI"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "partner_id"], name="a_cli_id_is_used_once_by_a_client"
            )
        ]

    def __str__(self) -> str:
        described = f"{self.number}, {self.description}" if self.description else self.number
        return f"{described} ({self.partner_id})"

    def clean(self) -> None:
        super().clean()
        if not _is_telephone_number(self.number):
            message = (
                "This is not a telephone number. Write it like 020 7946 0999 or +44 20 7946 0999."
            )
            raise ValidationError({"number": message})


def _is_telephone_number(text: str) -> bool:
    """Return whether it can be dialled: a UK number, or any number with its country code."""
    if not re.fullmatch(r"\+?[0-9 ()-]+", text):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text, "GB"))
    except phonenumbers.NumberParseException:
        return False
