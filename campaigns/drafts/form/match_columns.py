"""Find the column of a list that a parameter's label means. Pure functions.

A wrong guess is heard by thousands of people, and an empty field is seen by one. So a label that matches
only in part, or that matches two columns, is left to a person.
"""

from collections.abc import Callable, Sequence
from typing import Final

from campaigns.uploads.columns.heading_match import not_known_again, signs
from campaigns.uploads.headings import key

# Each line has the names of one thing in labels and headings, without case, spaces and punctuation.
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
    """Return the one heading of a list that equals the label, or else the one that means the same.

    None if several headings do, if several columns have this heading, or if the column has no heading of
    its own.
    """
    nearest = _nearest(label, headings)
    return nearest[0] if len(nearest) == 1 and nearest[0] in distinguishable(headings) else None


def distinguishable(headings: Sequence[str]) -> list[str]:
    """Return the headings that belong to one column only and are not just the letter of its place."""
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
    """Return whether the currency and percent signs of a label and a heading agree.

    An amount in £ is never one in €. A text without a sign agrees with every sign.
    """
    return not signs(label) or not signs(heading) or signs(label) == signs(heading)


def _meaning(text: str) -> str:
    word = key(text)
    return _MEANINGS.get(word, word)
