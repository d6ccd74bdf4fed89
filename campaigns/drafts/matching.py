"""Which of the lists' columns is meant by a parameter's label. Pure.

A wrong guess is heard by thousands of people, an empty field is seen by one: what is alike only in part,
or like two columns, is left to a person.
"""

from collections.abc import Callable, Iterable
from typing import Final

from campaigns.contacts.heading_match import signs
from campaigns.contacts.headings import key

# Each line is one thing, as labels and headings call it, without case, spaces and punctuation.
_SYNONYMS: Final = (
    "firstname forename givenname christianname",
    "lastname surname familyname",
    "fullname customername customerfullname",
    "dateofbirth dob birthdate",
    "postcode postalcode",
    "duedate datedue paymentduedate",
    "amountdue dueamount amountowed amountowing",
    "accountnumber accountno accountnum accno acctno",
    "reference ref referencenumber referenceno refnumber refno",
    "appointmentdate dateofappointment apptdate",
    "appointmenttime timeofappointment appttime",
)
_MEANINGS: Final = {word: line for line in _SYNONYMS for word in line.split()}


def heading_for(label: str, headings: Iterable[str]) -> str | None:
    """Return the one heading that is the label, or else the one that means the same."""
    known = list(dict.fromkeys(headings))
    if label and label in known:
        return label
    for comparable in (key, _meaning):
        alike = _alike(label, known, comparable)
        if alike:
            return alike[0] if len(alike) == 1 else None
    return None


def _alike(label: str, headings: list[str], comparable: Callable[[str], str]) -> list[str]:
    wanted = comparable(label)
    return [
        heading
        for heading in headings
        if wanted and comparable(heading) == wanted and _may_be(label, heading)
    ]


def _may_be(label: str, heading: str) -> bool:
    """Tell whether the signs in both agree: an amount in £ is none in €, and either is an amount."""
    return not signs(label) or not signs(heading) or signs(label) == signs(heading)


def _meaning(text: str) -> str:
    word = key(text)
    return _MEANINGS.get(word, word)
