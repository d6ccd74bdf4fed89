"""Refuse telephone numbers in texts that people type and the portal keeps permanently."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.db import models

NO_NUMBER = "Leave out the telephone number. This text is kept permanently."

_DATE = re.compile(r"\b(?:\d{4}([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2(?:\d{4}|\d{2}))\b")
_BETWEEN = r"[\s().\-]{0,3}"
# Numbers as people and spreadsheets write them: with a country code after + or 00, with the UK's
# code and no +, with a leading 0, or a mobile number whose leading 0 a spreadsheet has dropped.
_NUMBER = re.compile(
    rf"""(?<!\d)(?:
        (?:\+|00)(?:{_BETWEEN}\d){{8,15}}
      | 44(?:{_BETWEEN}\d){{9,11}}
      | 0(?:{_BETWEEN}\d){{9,10}}
      | 7(?:{_BETWEEN}\d){{9}}
    )(?!\d)""",
    re.VERBOSE,
)


def holds_number(text: str) -> bool:
    """Return whether the text contains a telephone number, in digits of any script. A date doesn't count."""
    plain = "".join(map(_plain, text))
    return _NUMBER.search(_DATE.sub(" – ", plain)) is not None


def names_no_number(text: str) -> None:
    """Raise ValidationError if the text contains a telephone number. A validator for form fields."""
    if holds_number(text):
        raise ValidationError(NO_NUMBER)


class NamesNoNumber(models.Model):
    """A model base class. Forms refuse a telephone number in any field named in `kept_texts`."""

    kept_texts: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        found = [name for name in self.kept_texts if holds_number(getattr(self, name))]
        if found:
            raise ValidationError(dict.fromkeys(found, NO_NUMBER))


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    if category == "Cf":
        return ""
    return unicodedata.normalize("NFKC", character)
