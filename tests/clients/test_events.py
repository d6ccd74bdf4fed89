"""Events are append-only: nothing can change or delete one, in any way."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from campaigns.clients.events import LONGEST
from campaigns.clients.models import Client, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(northgate: Client, manager: User) -> Event:
    return Event.record(northgate, northgate.pk, "Changed the calling hours.", manager)


def save_again(event: Event) -> None:
    event.sentence = "Changed nothing."
    event.save()


def save_one_field(event: Event) -> None:
    event.actor = None
    event.save(update_fields=["actor"])


def save_a_copy_in_its_place(event: Event) -> None:
    Event(pk=event.pk, thing=event.thing, sentence="Something else.").save()


def delete(event: Event) -> None:
    event.delete()


def update_in_bulk(event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(sentence="Something else.")


def delete_in_bulk(event: Event) -> None:
    Event.objects.filter(pk=event.pk).delete()


@pytest.mark.parametrize(
    "change",
    [
        save_again,
        save_one_field,
        save_a_copy_in_its_place,
        delete,
        update_in_bulk,
        delete_in_bulk,
    ],
)
def test_an_event_can_be_neither_changed_nor_deleted(
    event: Event, manager: User, change: Callable[[Event], None]
) -> None:
    with pytest.raises(TypeError, match="never changed"):
        change(event)
    kept = Event.objects.get(pk=event.pk)
    assert (kept.sentence, kept.actor) == ("Changed the calling hours.", manager)


@pytest.mark.parametrize("letter", ["x", "q\u0301"], ids=["plain", "with a combining mark"])
def test_a_sentence_that_is_too_long_is_cut_to_what_its_column_takes(
    letter: str, northgate: Client, manager: User
) -> None:
    made = Event.record(northgate, northgate.pk, letter * 600, manager)
    assert len(made.sentence) == LONGEST
    assert made.sentence.endswith("…")
