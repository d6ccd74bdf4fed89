"""Mobiles and landlines on contact lists, counted by the beginnings of their numbers."""

import pytest
from django.contrib.auth.models import User

from campaigns.clients.models import Client
from campaigns.contacts.browsing.number_kinds import NumberKinds
from campaigns.contacts.models import Contact, ContactList
from tests import people


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+447700900101", "1 mobile"),
        ("+447100000000", "1 mobile"),
        ("+447624900000", "1 mobile"),
        ("+447999999999", "1 mobile"),
        ("+441632960101", "1 landline"),
        ("+442079460101", "1 landline"),
        ("+447000900101", "1 other number"),
        ("+447600900101", "1 other number"),
        ("+443069990101", "1 other number"),
        ("+448081570101", "1 other number"),
        ("+353209170101", "1 other number"),
    ],
)
def test_each_beginning_has_its_kind(
    manager: User, northgate: Client, number: str, kind: str
) -> None:
    made = people.contact_list(manager, northgate, people.ROWS[:1])
    Contact.objects.filter(contact_list=made).update(number=number)
    # Counts are cached by it, since a list never changes.
    made.numbers_hash = number
    assert NumberKinds.on([made], 1).sentence == kind


def test_a_number_on_two_lists_is_counted_once(manager: User, northgate: Client) -> None:
    lists: list[ContactList] = [
        people.contact_list(manager, northgate, name=name) for name in ("A", "B")
    ]
    assert NumberKinds.on(lists, 3).sentence == "1 mobile, 2 landlines"
