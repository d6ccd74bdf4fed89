"""No value of a parameter, in any address or form, causes a 500."""

from collections.abc import Iterator, Mapping
from itertools import cycle
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import QueryDict
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client, Role
from campaigns.contacts.models import ContactList
from campaigns.drafts.form import form_data
from campaigns.drafts.models import Campaign
from campaigns.parameters import LARGEST, MOST_PAGES, page_number, whole_number
from tests import people
from tests.rollback import forgotten
from tests.routes import ROUTES, Route, World

pytestmark = pytest.mark.django_db

HOSTILE = (
    *("", " ", "0", "-5", "1.5", "1e309", "NaN", "²", "٣", "true", "null", "[]", "{}"),
    *("9" * 20, "-" + "9" * 20, "9" * 5_000, "20000"),
    *("\0", "a\0b", "'\"<b>&", "%s%(x)s{0}", "../../etc/passwd", "x" * 20_000),
    *("2026-13-45", "9999-12-31", "0001-01-01", "25:99", "column:" + "x" * 500, "-----name"),
)
# Each of these is given to all parameters of a page at once.
AT_ONCE = ("", "-5", "9" * 20, "²", "NaN", "[]", "a\0b", "x" * 20_000, "9999-12-31")
# All of the builder's buttons post the same form: its parameters are tried one by one only here.
BUILDER = "drafts:edit"
# How many parameters are tried together, each with another value, where a page has many.
TOGETHER = 4


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of the parameters that the portal looks for, in an address or a form."""
    names: set[str] = set()
    for method in ("__getitem__", "getlist", "__contains__"):
        real = getattr(QueryDict, method)

        def noting(data: QueryDict, name: Any, *rest: Any, real: Any = real) -> Any:
            # A dict that can be changed is the portal's own, not the request's.
            if not data._mutable:
                names.add(str(name))
            return real(data, name, *rest)

        monkeypatch.setattr(QueryDict, method, noting)
    return names


def variants(
    names: list[str], usual: Mapping[str, Any], *, alone: bool
) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Yield the usual data with every parameter hostile at once, and then with a few `alone`."""
    for value in AT_ONCE if names else ():
        yield "all", value, dict(usual) | dict.fromkeys(names, value)
    hostile = cycle(HOSTILE)
    few = TOGETHER if len(names) > 10 else 1
    for first in range(0, len(names) if alone else 0, few):
        given: dict[str, Any] = {name: next(hostile) for name in names[first : first + few]}
        yield " ".join(given), [*given.values()], dict(usual) | given
        several = {name: ["1", "2", "x"] for name in given}
        yield " ".join(given), "several", dict(usual) | several


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_value_of_a_parameter_breaks_a_page(
    method: str, world: World, approver: User, asked_for: set[str]
) -> None:
    browser = Browser(raise_request_exception=False)
    browser.force_login(approver)
    broken = {
        f"{route.name}: {name} = {value!r:.60}"
        for route in ROUTES
        if route.role(method) is not None
        for name, value in broken_by(browser, method, route, world, asked_for)
    }
    assert not broken


def broken_by(
    browser: Browser, method: str, route: Route, world: World, asked_for: set[str]
) -> Iterator[tuple[str, Any]]:
    """Yield what breaks the route's page: a parameter and its value, or "all" with one value."""
    send = browser.get if method == "GET" else browser.post
    usual = {} if method == "GET" else dict(route.posted(world))
    url = route.url(world)
    asked_for.clear()
    with forgotten():
        send(url, usual)
    names = sorted((asked_for | usual.keys()) - {"csrfmiddlewaretoken"})
    alone = route.name == BUILDER or route.posted is not World.filled_in
    for named, value, data in variants(names, usual, alone=alone):
        # A file can be read once only.
        fresh = {name: again(value) for name, value in data.items()}
        with forgotten():
            if send(url, fresh).status_code >= 500:
                yield named, value


def again(value: Any) -> Any:
    return people.csv_file(people.ROWS) if hasattr(value, "chunks") else value


def test_no_number_in_a_path_breaks_a_page(world: World, approver: User) -> None:
    browser = Browser()
    browser.force_login(approver)
    for route in ROUTES:
        own = [str(arg) for arg in route.args(world)]
        for position in range(len(own)):
            for number in ("9" * 18, "9" * 20, "9" * 4_000):
                url = reverse(route.name, args=[*own[:position], number, *own[position + 1 :]])
                answer = browser.get(url) if route.reads is not None else browser.post(url)
                assert answer.status_code in {302, 404}, route.name


@pytest.mark.parametrize("per_page", ["-5", "0", "20000", "1", "x"])
def test_nobody_can_choose_how_long_a_page_is(per_page: str, world: World, manager: User) -> None:
    people.contact_list(manager, world.client, people.ROWS[:1], "Another")
    browser = Browser()
    browser.force_login(manager)
    for app in ("contacts", "suppression", "drafts", "submissions"):
        address = reverse(f"{app}:list")
        usual, chosen = (browser.get(address, data) for data in ({}, {"per_page": per_page}))
        assert chosen.status_code == 200, app
        assert chosen.text.count("<tr") == usual.text.count("<tr"), app
    assert browser.get(reverse("drafts:templates"), {"per_page": per_page}).status_code == 200


def test_a_page_beyond_either_end_shows_the_nearest_page(manager: User, northgate: Client) -> None:
    for number in range(30):
        people.contact_list(manager, northgate, people.ROWS[:1], f"List {number}")
    browser = Browser()
    browser.force_login(manager)
    pages = {
        page: browser.get(reverse("contacts:list"), {"page": page}).text
        for page in ("1", "2", "3", "9" * 20, "-1", "x", "0" * 20 + "1", "0" * 5_000)
    }
    assert [text.count("<tr") - 1 for text in pages.values()] == [25, 5, 5, 5, 25, 25, 25, 25]


@pytest.mark.parametrize(
    ("text", "number", "page"),
    [
        ("7", 7, 7),
        (" 0000007 ", 7, 7),
        ("0" * 5_000 + "7", 7, 7),
        ("0000002000000", 2_000_000, MOST_PAGES),
        ("0", 0, 1),
        ("0" * 5_000, 0, 1),
        ("9" * 18, 10**18 - 1, MOST_PAGES),
        ("9" * 5_000, LARGEST, MOST_PAGES),
        *((text, None, 1) for text in ("", " ", "-1", "+1", "1.0", "x", "²", "٣", None)),
    ],
)
def test_a_number_is_read_whatever_its_length(
    text: str | None, number: int | None, page: int
) -> None:
    assert (whole_number(text), page_number(text)) == (number, page)


@pytest.mark.differs_by_database
@pytest.mark.parametrize("token", ["a\0b", "x" * 20_000, "²" * 32, " "])
def test_a_form_token_that_the_portal_never_made_is_not_kept(
    token: str, manager: User, northgate: Client, contact_list: ContactList
) -> None:
    data = form_data.as_data(people.content(northgate, contact_list, "Mine"))
    posted = {name: data.getlist(name) for name in data} | {"form_token": token}
    browser = Browser()
    browser.force_login(manager)
    assert browser.post(reverse("drafts:new"), posted).status_code == 302
    assert Campaign.objects.get().form_token not in {token, None}


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
