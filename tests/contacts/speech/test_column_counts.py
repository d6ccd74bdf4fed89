"""Counts of what a list's columns hold: made once, and linked to exactly the contacts counted."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.clients.models import Client
from campaigns.contacts import tasks
from campaigns.contacts.browsing import count_columns
from campaigns.contacts.browsing.count_columns import COLUMNS_AHEAD, Said
from campaigns.contacts.browsing.narrowing import EMPTY, LONGER, NOT_CONVERTED, Narrowing
from campaigns.contacts.models import ColumnCounts, Contact, ContactList
from campaigns.contacts.speech.unspeakable import Unspeakable
from tests import people

NAME, FIRST, DUE = 1, 2, 3
ROWS = (
    ("07700 900101", "Amara Ahmed", "AMARA", "45992"),
    ("07700 900102", "Ben Brown", "Ben", ""),
    ("07700 900103", "Chloe Clarke", "Chloe", "#N/A"),
    ("07700 900104", "Dev Davies", "DEVI", "  "),
    ("07700 900105", "Eve Evans", "Evangeline", "46001"),
)


@pytest.fixture
def odd(manager: User, northgate: Client) -> ContactList:
    return people.contact_list(manager, northgate, ROWS)


def test_empty_long_and_unspeakable_values_are_counted(odd: ContactList) -> None:
    found = count_columns.of(odd, [FIRST, DUE])
    assert found[FIRST].empty == 0
    assert found[FIRST].troubles == [(Unspeakable.CAPITALS, 2)]
    assert [found[FIRST].longer_than(limit) for limit in (2, 3, 5, 9, 10)] == [5, 4, 1, 1, 0]
    assert found[DUE].empty == 2
    assert found[DUE].troubles == [(Unspeakable.ERROR, 1), (Unspeakable.DAY_NUMBER, 2)]
    assert found[DUE].longer_than(0) == 3


def test_a_column_is_counted_once_and_then_read(odd: ContactList) -> None:
    first = count_columns.of(odd, [FIRST, DUE])
    Contact.objects.update(values=["", "", "", ""])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        again = count_columns.of(odd, [FIRST, DUE])
    assert len(queries) == 1
    assert {pk: counts.kinds for pk, counts in again.items()} == {
        pk: counts.kinds for pk, counts in first.items()
    }


def test_two_counts_at_once_store_one(odd: ContactList) -> None:
    count_columns.of(odd, [DUE])
    again = count_columns._count(odd, [Said(DUE)])
    assert again[Said(DUE)].empty == 2
    assert ColumnCounts.objects.get(contact_list=odd).column == DUE


@pytest.mark.django_db(transaction=True)
def test_a_list_deleted_while_it_is_counted_leaves_nothing_behind(odd: ContactList) -> None:
    gone = ContactList.objects.get(pk=odd.pk)
    Contact.objects.all().delete()
    odd.refused_rows.all().delete()
    odd.delete()
    assert count_columns.of(gone, [DUE])[DUE].empty == 0
    assert not ColumnCounts.objects.exists()


def test_the_counts_are_deleted_with_the_list(odd: ContactList, manager: User) -> None:
    count_columns.of(odd, [DUE])
    odd.give_up(manager)
    tasks.remove_remains(odd.pk)
    assert not ColumnCounts.objects.exists()


def test_the_worker_counts_all_columns_but_the_numbers_once_a_list_is_ready(
    manager: User, northgate: Client
) -> None:
    made = ContactList.upload(manager, northgate, "Odd", people.csv_file(ROWS))
    tasks.import_list(made.pk)
    columns = ColumnCounts.objects.values_list("column", flat=True)
    assert sorted(columns) == [NAME, FIRST, DUE]
    assert max(columns) < COLUMNS_AHEAD


def test_the_suggested_way_to_say_a_column_is_counted_with_the_import(
    manager: User, northgate: Client
) -> None:
    rows = [(f"07700 9001{day:02}", "Amara", "x", f"{day:02}/02/2026") for day in range(1, 29)]
    made = ContactList.upload(manager, northgate, "Due", people.csv_file(rows))
    tasks.import_list(made.pk)
    columns = set(made.column_counts.values_list("column", "say_as"))
    assert {(DUE, ""), (DUE, "date-dmy")} <= columns


def test_a_list_that_could_not_be_read_is_not_counted(manager: User, northgate: Client) -> None:
    made = ContactList.upload(
        manager, northgate, "Bad", ContentFile(b"no workbook", name="bad.xlsx")
    )
    tasks.import_list(made.pk)
    assert not ColumnCounts.objects.exists()


@pytest.mark.parametrize(("others", "warned"), [(1, True), (2, True), (3, False)])
def test_numbers_are_taken_for_days_where_at_least_half_of_them_look_like_days(
    others: int, warned: bool
) -> None:
    counts = ColumnCounts(empty=0, lengths={}, kinds={"day-number": 2}, whole_numbers=2 + others)
    assert bool(counts.troubles) is warned


@pytest.mark.parametrize(
    ("column", "what", "limit", "names"),
    [
        (DUE, EMPTY, 0, ["Ben Brown", "Dev Davies"]),
        (DUE, Unspeakable.DAY_NUMBER, 0, ["Amara Ahmed", "Eve Evans"]),
        (DUE, Unspeakable.ERROR, 0, ["Chloe Clarke"]),
        (FIRST, Unspeakable.CAPITALS, 0, ["Amara Ahmed", "Dev Davies"]),
        (FIRST, LONGER, 4, ["Amara Ahmed", "Chloe Clarke", "Eve Evans"]),
        (DUE, LONGER, 1, ["Amara Ahmed", "Chloe Clarke", "Eve Evans"]),
        (FIRST, Unspeakable.EMOJI, 0, []),
    ],
)
def test_a_narrowed_list_shows_just_the_contacts_counted(
    client: Browser, manager: User, odd: ContactList,
    column: int, what: str, limit: int, names: list[str],
) -> None:  # fmt: skip
    client.force_login(manager)
    narrowing = Narrowing(odd, column, what, limit)
    page = client.get(narrowing.url)
    shown = [contact.name for contact in page.context["found"].people]
    assert shown == names
    assert f"Only contacts with {narrowing.words}." in page.text
    counts = count_columns.of(odd, [column])[column]
    known: dict[str, int] = {EMPTY: counts.empty, LONGER: counts.longer_than(limit)}
    known.update({kind.value: count for kind, count in counts.troubles})
    assert known.get(what, 0) == len(names)


def test_a_column_is_counted_for_each_way_in_which_it_is_said(odd: ContactList) -> None:
    ways = [Said(FIRST), Said(FIRST, "name"), Said(DUE, "number"), Said(DUE, "date-dmy")]
    for _ in range(2):
        found = count_columns.of_said(odd, ways)
        assert [found[way].not_converted for way in ways] == [0, 0, 1, 3]
        assert [found[way].empty for way in ways] == [0, 0, 2, 2]
        assert [found[way].troubles for way in ways] == [
            [(Unspeakable.CAPITALS, 2)],
            [],
            [(Unspeakable.ERROR, 1)],
            [(Unspeakable.ERROR, 1), (Unspeakable.DAY_NUMBER, 2)],
        ]
        assert found[Said(DUE, "number")].longer_than(5) == 2
    assert ColumnCounts.objects.count() == len(ways)


@pytest.mark.parametrize(
    ("said", "what", "limit", "names"),
    [
        (Said(DUE, "number"), NOT_CONVERTED, 0, ["Chloe Clarke"]),
        (Said(DUE, "date-dmy"), NOT_CONVERTED, 0, ["Amara Ahmed", "Chloe Clarke", "Eve Evans"]),
        (Said(DUE, "number"), LONGER, 5, ["Amara Ahmed", "Eve Evans"]),
        (Said(DUE, "number"), EMPTY, 0, ["Ben Brown", "Dev Davies"]),
        (Said(FIRST, "name"), Unspeakable.CAPITALS, 0, []),
    ],
)
def test_a_narrowed_list_shows_the_contacts_by_what_is_said(
    client: Browser, manager: User, odd: ContactList,
    said: Said, what: str, limit: int, names: list[str],
) -> None:  # fmt: skip
    client.force_login(manager)
    narrowing = Narrowing(odd, said.column, what, limit, said.say_as)
    page = client.get(narrowing.url)
    assert [contact.name for contact in page.context["found"].people] == names
    assert f"Only contacts with {narrowing.words}." in page.text


@pytest.mark.parametrize(
    "query",
    [
        "column=4&with=empty", "column=-1&with=empty", "column=x&with=empty", "column=3",
        "column=3&with=unknown", "column=9999999&with=empty", "column=3&with=longer&than=x",
        "column=³&with=empty", "with=empty", "column=3&with=not-converted",
        "column=3&with=not-converted&as=backwards", "column=3&with=empty&as=x",
    ],
)  # fmt: skip
def test_an_address_that_means_nothing_shows_everybody(
    client: Browser, manager: User, odd: ContactList, query: str
) -> None:
    client.force_login(manager)
    page = client.get(f"{reverse('contacts:contacts', args=[odd.pk])}?{query}")
    assert len(page.context["found"].people) == len(ROWS)
    assert "Only contacts with" not in page.text


def test_zeros_in_front_of_a_position_mean_nothing(
    client: Browser, manager: User, odd: ContactList
) -> None:
    client.force_login(manager)
    address = reverse("contacts:contacts", args=[odd.pk])
    pages = [client.get(f"{address}?column={zeros}3&with=empty") for zeros in ("", "0" * 20)]
    shown = [page.context["found"].people for page in pages]
    assert len(shown[0]) < len(ROWS)
    assert [contact.pk for contact in shown[0]] == [contact.pk for contact in shown[1]]


def test_a_narrowed_list_stays_narrowed_while_it_is_paged_and_searched(
    client: Browser, manager: User, northgate: Client
) -> None:
    rows = [
        (f"07700 900{n:03}", "Even" if n % 2 else "Odd", "x", "" if n % 3 else "soon")
        for n in range(180)
    ]
    big = people.contact_list(manager, northgate, rows)
    client.force_login(manager)
    url = Narrowing(big, DUE, EMPTY).url
    pages = [client.post(url, {"q": "", "page": number}) for number in (1, 2, 3)]
    found = [contact for page in pages for contact in page.context["found"].people]
    assert [len(page.context["found"].people) for page in pages] == [50, 50, 20]
    assert [contact.row_number for contact in found] == [n + 2 for n in range(180) if n % 3]
    searched = client.post(url, {"q": "Even", "page": 1}).context["found"]
    assert len(searched.people) == 50
    assert {contact.name for contact in searched.people} == {"Even"}
    assert not re.search(r'<form[^>]*action="[^"]*contacts/"', pages[0].text)
