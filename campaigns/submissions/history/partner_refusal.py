"""What the partner said of a part, field by field, and the people whom it meant.

The partner names a person by the place in the part, as in `phoneNumbers[3].number`, counted from 0
([guess], as JSON paths do). The frozen bytes say who that person is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson
from django.contrib.humanize.templatetags.humanize import ordinal

from campaigns.contacts.models import Contact
from campaigns.drafts.models import Precedence
from campaigns.partner import wire
from campaigns.submissions import payload_files
from campaigns.submissions.history.refused_form_fields import PersonField, person_field
from campaigns.submissions.models import Delivery, Part
from campaigns.submissions.models.own_number import masked

# People after this place are named by their place alone: reading up to here takes a tenth of a second.
FURTHEST = 100_000


@dataclass(frozen=True, slots=True)
class Person:
    """One of a part's people. `place` counts from 1; `row` is the row in the list's file."""

    place: int
    part: str
    number: str = ""
    name: str = ""
    list_id: int | None = None
    list_name: str = ""
    row: int = 0

    def __str__(self) -> str:
        """Name the person by place and row alone, without any personal data."""
        row = f" (row {self.row} of “{self.list_name}”)" if self.list_id else ""
        of_part = f" of {self.part}" if self.part else ""
        return f"the {ordinal(self.place)} person{of_part}{row}"


@dataclass(frozen=True, slots=True)
class Words:
    """What the partner said of one field. `field` is the field's name as the partner spells it.

    `about` continues a sentence after "The partner says", as in " about …". It may be "".
    """

    field: str
    texts: list[str]
    about: str
    person: Person | None = None


Entry = Mapping[str, Any]


def of(delivery: Delivery) -> list[Words]:
    """Return what the partner's answer to a delivery says of each field, in the answer's order."""
    part, said = delivery.part, delivery.answer_errors
    meant = {name: person_field(name) for name in said}
    entries = _entries(part, {field.at for field in meant.values() if field})
    contacts = _contacts(part, {wire.e164(entry[wire.NUMBER]) for entry in entries.values()})
    found = []
    for name, texts in said.items():
        if field := meant[name]:
            entry = entries.get(field.at, {})
            person = _person(part, field.at, entry, contacts)
            found.append(Words(name, texts, f" about {_aspect(field, entry)}{person}", person))
        else:
            found.append(Words(name, texts, f" about “{name}”" if name else ""))
    return found


def _aspect(field: PersonField, entry: Entry) -> str:
    """Return which of the person's fields is meant, with "of" behind it; "" if none is known."""
    if field.name == wire.PARAMETERS:
        said = entry.get(wire.PARAMETERS, [])
        if field.position < len(said):
            return f"parameter {said[field.position][wire.PARAMETER]} of "
        return "the parameters of "
    aspects = {wire.NUMBER: "the number of ", wire.RECIPIENT_NAME: "the name of "}
    return aspects.get(field.name, "")


def _entries(part: Part, places: set[int]) -> dict[int, Entry]:
    """Return the frozen entries of the people at these places, counted from 0.

    Places without a person, or after FURTHEST, are left out. If the bytes can't be read, all are.
    """
    wanted = {at for at in places if at < min(part.number_count, FURTHEST)}
    if not wanted:
        return {}
    found = islice(payload_files.entries(part.payload_file), max(wanted) + 1)
    try:
        with payload_files.reading():
            return {at: _read(entry) for at, entry in enumerate(found) if at in wanted}
    except payload_files.Damaged:
        return {}


def _read(entry: bytes) -> Entry:
    """Decode an entry's JSON. Raises LookupError or ValueError if it is not what was written."""
    read: Entry = orjson.loads(entry)
    read[wire.NUMBER]
    return read


def _person(part: Part, at: int, entry: Entry, contacts: Mapping[str, Contact]) -> Person:
    told = part.event_prefix.removesuffix(": ").lower()
    if not entry:
        return Person(at + 1, told)
    number, name = entry[wire.NUMBER], entry.get(wire.RECIPIENT_NAME, "")
    if part.submission.is_test_call:
        return Person(at + 1, told, masked(number), name)
    contact = contacts.get(wire.e164(number))
    if contact is None:
        return Person(at + 1, told, number, name)
    found = contact.contact_list
    return Person(at + 1, told, number, name, found.pk, found.name, contact.row_number)


def _contacts(part: Part, numbers: set[str]) -> dict[str, Contact]:
    """Return the contact of each number on the submission's lists.

    If several contacts have the number, this is the one whose row was used.
    """
    submission = part.submission
    if submission.is_test_call:
        return {}
    rows = Contact.objects.filter(
        contact_list__in=submission.contact_list_ids, number__in=numbers
    ).select_related("contact_list")
    is_newest_first = submission.own_campaign.precedence == Precedence.NEWEST
    # The dictionary keeps the last of several contacts with the same number.
    last_used_first = rows.order_by("contact_list_id" if is_newest_first else "-contact_list_id")
    return {contact.number: contact for contact in last_used_first}
