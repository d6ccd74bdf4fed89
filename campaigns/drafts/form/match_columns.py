"""Which of the lists' columns is meant by a parameter's label. Pure.

A wrong guess is heard by thousands of people, an empty field is seen by one: what is alike only in part,
or like two columns, is left to a person.
"""

from collections.abc import Callable, Sequence
from typing import Final

from campaigns.uploads.columns.heading_match import not_known_again, signs
from campaigns.uploads.headings import key

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


def heading_for(label: str, headings: Sequence[str]) -> str | None:
    """Return the one of a list's headings that is the label, or else the one that means the same.

    None where that is one of several columns with this heading, or has no heading of its own.
    """
    nearest = _nearest(label, headings)
    return nearest[0] if len(nearest) == 1 and nearest[0] in distinguishable(headings) else None


def distinguishable(headings: Sequence[str]) -> list[str]:
    """Return those of a list's headings that are one column's own, and not the letter of its place."""
    doubtful = not_known_again(headings)
    return [heading for index, heading in enumerate(headings) if index not in doubtful]


def _nearest(label: str, headings: Sequence[str]) -> list[str]:
    same = [heading for heading in headings if label and heading == label]
    found = (_alike(label, headings, comparable) for comparable in (key, _meaning))
    return same or next(filter(None, found), [])


def _alike(label: str, headings: Sequence[str], comparable: Callable[[str], str]) -> list[str]:
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
