"""Suppressed numbers: for which clients, until when, and how an import leaves them out."""

from datetime import date, timedelta
from importlib import import_module

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.clients.models import Client, Event
from campaigns.contacts.models import ContactList
from campaigns.suppression import matching
from campaigns.suppression.models import SuppressedNumber, Suppression
from tests import people

pytestmark = pytest.mark.django_db

ANN, BEN = "+447700900101", "+441632960102"


def today() -> date:
    return timezone.localdate()


def suppress(
    actor: User, client: Client | None, number: str = ANN, until: date | None = None
) -> Suppression:
    return Suppression.add(actor, client, number, "Asked not to be called.", until)


def test_a_number_is_suppressed_for_its_client_and_for_nobody_else(
    manager: User, northgate: Client, harbour: Client
) -> None:
    suppress(manager, northgate)
    assert matching.matcher(northgate).among([ANN, BEN]) == {ANN}
    assert matching.matcher(harbour).among([ANN, BEN]) == set()


def test_a_number_suppressed_for_all_is_suppressed_for_every_client(
    admin: User, northgate: Client, harbour: Client
) -> None:
    suppress(admin, None)
    for client in (northgate, harbour):
        assert matching.matcher(client).among([ANN, BEN]) == {ANN}


@pytest.mark.parametrize(("days", "holds"), [(-1, False), (0, True), (1, True)])
def test_an_entry_is_effective_through_its_last_day(
    manager: User, northgate: Client, days: int, holds: bool
) -> None:
    suppress(manager, northgate, until=today() + timedelta(days=days))
    assert matching.matcher(northgate).among([ANN]) == ({ANN} if holds else set())


def test_a_batch_of_any_size_is_one_query(
    manager: User, northgate: Client, django_assert_num_queries: object
) -> None:
    suppress(manager, northgate)
    matcher = matching.matcher(northgate)
    numbers = [f"+4420794{n:05}" for n in range(50_000)]
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert matcher.among([*numbers, ANN]) == {ANN}


@pytest.mark.parametrize("permanent_first", [True, False])
def test_adding_a_number_again_does_not_shorten_its_suppression(
    manager: User, northgate: Client, permanent_first: bool
) -> None:
    """Suppress a number permanently and again until today: it stays suppressed afterwards."""
    ends: list[date | None] = [None, today()]
    for until in ends if permanent_first else reversed(ends):
        suppress(manager, northgate, until=until)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert matching.matcher(northgate).among([ANN]) == {ANN}
        assert matching.in_force(northgate).get().until is None
    assert SuppressedNumber.objects.count() == 2
    assert Event.objects.filter(sentence__startswith="Suppressed a number").count() == 2


def test_removing_one_entry_leaves_the_others(
    manager: User, admin: User, northgate: Client, harbour: Client
) -> None:
    made = [suppress(manager, northgate), suppress(manager, northgate), suppress(admin, None)]
    for one, left in ((made[0], {ANN}), (made[2], {ANN}), (made[1], set())):
        one.numbers.get().remove(manager, "Asked.")
        assert matching.matcher(northgate).among([ANN]) == left
    assert [Event.objects.about(one).count() for one in made] == [2, 2, 2]


def test_the_strictest_entry_is_first(manager: User, admin: User, northgate: Client) -> None:
    soon, late = today() + timedelta(days=1), today() + timedelta(days=9)
    for client, until in ((northgate, soon), (northgate, None), (None, late), (None, None)):
        suppress(admin, client, until=until)
    suppress(manager, northgate, until=late)
    ordered = SuppressedNumber.objects.live().strictest_first()
    everybody, ours = 0, northgate.pk
    assert list(ordered.values_list("until", "scope")) == [
        (None, everybody),
        (None, ours),
        (late, everybody),
        (late, ours),
        (soon, ours),
    ]


def test_an_entry_that_an_earlier_release_replaced_says_that_it_no_longer_applies(
    manager: User, northgate: Client
) -> None:
    lost, kept = suppress(manager, northgate), suppress(manager, northgate, until=today())
    lost.numbers.all().delete()
    before = Event.objects.count()
    name = "0005_replaced_suppressions"
    replaced = import_module(f"campaigns.contacts.migrations.{name}")
    then = MigrationLoader(connection).project_state(("contacts", name)).apps
    for _ in range(2):
        replaced.tell(then, None)
    lost.refresh_from_db()
    kept.refresh_from_db()
    assert (lost.status, kept.status) == ("removed", "ready")
    event = Event.objects.filter(thing_id=lost.pk).latest("pk")
    assert (Event.objects.count(), event.client) == (before + 1, northgate)
    assert "no longer applies" in event.sentence


def test_the_database_allows_a_number_once_for_each_entry(manager: User, northgate: Client) -> None:
    suppress(manager, northgate)
    entry = SuppressedNumber.objects.get()
    suppress(manager, None)
    entry.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save()
    assert SuppressedNumber.objects.count() == 2


def test_a_removed_number_may_be_called_and_the_event_records_why_without_the_number(
    manager: User, northgate: Client
) -> None:
    made = suppress(manager, northgate)
    SuppressedNumber.objects.get().remove(manager, "Asked to be called again.")
    assert matching.matcher(northgate).among([ANN]) == set()
    event = Event.objects.about(made).last()
    assert event
    assert event.sentence == "Removed a number from suppression: Asked to be called again."
    assert event.actor == manager


def test_an_import_counts_suppressed_rows_separately_and_keeps_them(
    manager: User, northgate: Client
) -> None:
    suppress(manager, northgate)
    made = people.contact_list(manager, northgate)
    # The rows are Amara, Ben, Chloe, "not given" and Amara again.
    assert (made.row_count, made.contact_count, made.suppressed_count) == (5, 2, 1)
    assert made.refused_count == 2
    kept = [(row.row_number, row.reason, row.first_row) for row in made.refused_rows.all()]
    assert kept == [(2, "suppressed", None), (5, "not_a_number", None), (6, "duplicate", 2)]


def test_a_list_whose_suppressed_rows_are_not_counted_cannot_be_ready(
    manager: User, northgate: Client
) -> None:
    suppress(manager, northgate)
    people.contact_list(manager, northgate)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactList.objects.update(suppressed_count=0)


FORMS = (
    "07700 {}",
    "+44 7700 {}",
    "0044 (0)7700 {}",
    "7700{}",
    "447700{}.0",
    "(07700)-{}",
    "+44\u00a07700\u00a0{}",
)
written = st.tuples(st.sampled_from(FORMS), st.integers(900_000, 900_009))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    listed=st.lists(written, min_size=1, max_size=8),
    ours=st.sets(st.integers(900_000, 900_009)),
    everybodys=st.sets(st.integers(900_000, 900_009)),
)
def test_a_suppressed_number_is_never_a_contact_however_it_is_written(
    manager: User,
    northgate: Client,
    listed: list[tuple[str, int]],
    ours: set[int],
    everybodys: set[int],
) -> None:
    SuppressedNumber.objects.all().delete()
    for client, digits in ((northgate, ours), (None, everybodys)):
        for digit in digits:
            suppress(manager, client, f"+447700{digit}")
    rows = [(form.format(digits), "A", "A", "1 May") for form, digits in listed]
    made = people.contact_list(manager, northgate, rows)
    on_it = set(made.contacts.values_list("number", flat=True))
    expected = {digits for _, digits in listed} - ours - everybodys
    assert on_it == {f"+447700{digits}" for digits in expected}
