"""Whatever anybody writes into a parameter, of any address or form, is never a 500."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import cycle, islice
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.http import QueryDict
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client, Role
from campaigns.contacts.models import ContactList
from campaigns.drafts import form_data
from campaigns.drafts.models import Campaign
from tests import people
from tests.routes import ROUTES, Route, World

pytestmark = pytest.mark.django_db

HOSTILE = (
    *("", " ", "0", "-5", "1.5", "1e309", "NaN", "²", "٣", "true", "null", "[]", "{}"),
    *("9" * 20, "-" + "9" * 20, "9" * 5_000, "20000"),
    *("\0", "a\0b", "\ud800", "'\"<b>&", "%s%(x)s{0}", "../../etc/passwd", "x" * 20_000),
    *("2026-13-45", "9999-12-31", "0001-01-01", "25:99", "column:" + "x" * 500, "-----name"),
)
# Each parameter alone is given so many of them, another few at the next parameter.
ALONE = 3


def values() -> Iterator[str]:
    return cycle(HOSTILE)


@contextmanager
def forgotten() -> Iterator[None]:
    """Undo what is done inside, so that every request meets the same rows."""
    undone = transaction.atomic()
    # What has to be committed at once may be undone here too, as in every test.
    undone._from_testcase = True  # type: ignore[attr-defined]
    with undone:
        yield
        transaction.set_rollback(True)


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of the parameters that the portal looks for, in an address or a form."""
    names: set[str] = set()
    for method in ("__getitem__", "getlist", "__contains__"):
        real = getattr(QueryDict, method)

        def noting(data: QueryDict, name: Any, *rest: Any, real: Any = real) -> Any:
            names.add(str(name))
            return real(data, name, *rest)

        monkeypatch.setattr(QueryDict, method, noting)
    return names


def variants(names: list[str], usual: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the usual data with every parameter hostile at once, and with each alone."""
    for value in HOSTILE:
        yield dict(usual) | dict.fromkeys(names, value)
    hostile = values()
    for name in names:
        for value in islice(hostile, ALONE):
            yield dict(usual) | {name: value}
        yield dict(usual) | {name: ["1", "2", "x"]}


@pytest.mark.parametrize("route", ROUTES, ids=[route.name for route in ROUTES])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_value_of_a_parameter_breaks_a_page(
    route: Route, method: str, world: World, approver: User, asked_for: set[str]
) -> None:
    if route.role(method) is None:
        pytest.skip("It knows no such method.")
    browser = Browser()
    browser.force_login(approver)
    send = browser.get if method == "GET" else browser.post
    usual = {} if method == "GET" else dict(route.posted(world))
    url = route.url(world)
    asked_for.clear()
    with forgotten():
        send(url, usual)
    names = sorted((asked_for | usual.keys()) - {"csrfmiddlewaretoken"})
    for data in variants(names, usual):
        # A file can be read once only.
        fresh = {name: again(value) for name, value in data.items()}
        with forgotten():
            assert send(url, fresh).status_code < 500


def again(value: Any) -> Any:
    return people.csv_file(people.ROWS) if hasattr(value, "chunks") else value


@pytest.mark.parametrize("number", ["9" * 18, "9" * 20, "9" * 4_000])
def test_no_number_in_a_path_breaks_a_page(number: str, world: World, approver: User) -> None:
    browser = Browser()
    browser.force_login(approver)
    for route in ROUTES:
        if route.names_an_object:
            own = [str(arg) for arg in route.args(world)]
            for position in range(len(own)):
                url = reverse(route.name, args=[*own[:position], number, *own[position + 1 :]])
                answer = browser.get(url) if route.reads is not None else browser.post(url)
                assert answer.status_code in {302, 404}, route.name


@pytest.mark.parametrize("per_page", ["-5", "0", "20000", "1", "x"])
@pytest.mark.parametrize(
    "name",
    ["contacts:list", "suppression:list", "drafts:list", "drafts:templates", "submissions:list"],
)
def test_nobody_chooses_how_long_a_page_is(
    name: str, per_page: str, world: World, manager: User
) -> None:
    browser = Browser()
    browser.force_login(manager)
    usual, chosen = (browser.get(reverse(name), data) for data in ({}, {"per_page": per_page}))
    assert chosen.status_code == 200
    assert chosen.text.count("<tr") == usual.text.count("<tr")


def test_a_page_beyond_the_last_shows_the_last_and_one_before_the_first_the_first(
    manager: User, northgate: Client
) -> None:
    for number in range(30):
        people.contact_list(manager, northgate, people.ROWS[:1], f"List {number}")
    browser = Browser()
    browser.force_login(manager)
    pages = {
        page: browser.get(reverse("contacts:list"), {"page": page}).text
        for page in ("1", "2", "3", "9" * 20, "-1", "x")
    }
    assert [text.count("<tr") - 1 for text in pages.values()] == [25, 5, 5, 5, 25, 25]


def test_a_form_token_of_somebody_elses_draft_makes_a_draft_of_ones_own(
    manager: User, northgate: Client, contact_list: ContactList, world: World
) -> None:
    colleague = people.member("mona", northgate, Role.ACCOUNT_MANAGER)
    theirs = Campaign.start(colleague, people.content(northgate, contact_list, "Hers"), "token")
    data = form_data.as_data(people.content(northgate, contact_list, "His"))
    posted = {name: data.getlist(name) for name in data} | {"form_token": "token"}
    browser = Browser()
    browser.force_login(manager)
    for name in ("drafts:new", "drafts:autosave", "drafts:check_new"):
        before = set(Campaign.objects.values_list("pk", flat=True))
        assert browser.post(reverse(name), posted).status_code < 400, name
        made = Campaign.objects.exclude(pk__in=before).get()
        assert (made.name, made.created_by) == ("His", manager)
    theirs.refresh_from_db()
    assert theirs.name == "Hers"
