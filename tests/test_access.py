"""Who may see and do what: every route of the portal, for every kind of person, with real objects."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client, Event, Role
from campaigns.contacts.models import ContactList
from campaigns.drafts.models import Campaign, CampaignTemplate
from campaigns.submissions.models import Submission
from campaigns.suppression.models import SuppressedNumber, Suppression
from tests import people
from tests.rollback import forgotten
from tests.routes import OPEN, ROUTES, Route, World, in_the_resolver

COLLEAGUES = ("Wilhelmina Quillfeather", "Alaric Thistlewood", "Veronique Umberslade")
METHODS = ("GET", "PUT", "DELETE", "POST")
MODELS = (ContactList, Campaign, CampaignTemplate, Submission, Suppression, SuppressedNumber)


Alone = Callable[[Route], AbstractContextManager[None]]


@pytest.fixture
def alone(subtests: pytest.Subtests) -> Alone:
    """Test each route with the same rows, which take long to make, and continue after one fails."""

    @contextmanager
    def alone(route: Route) -> Iterator[None]:
        with subtests.test(route.name), forgotten():
            yield

    return alone


def test_the_table_has_every_route_of_the_portal_and_no_other() -> None:
    assert in_the_resolver() == {route.name for route in ROUTES} | OPEN


def test_whoever_is_not_signed_in_is_sent_to_sign_in(alone: Alone, world: World) -> None:
    for route in ROUTES:
        with alone(route):
            for method in METHODS:
                answer = ask(None, method, route, world)
                assert answer.status_code == 302, method
                assert answer.headers["Location"].startswith(reverse("account_login")), method


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("account_login", 200),
        ("account_logout", 302),
        ("account_inactive", 200),
        pytest.param("healthz", 200, marks=pytest.mark.machine_clock),
    ],
)
def test_these_few_routes_are_open(name: str, status: int, db: None) -> None:
    assert Browser().get(reverse(name)).status_code == status


def test_for_a_stranger_nothing_of_the_client_exists(
    alone: Alone, world: World, stranger: User
) -> None:
    before = everything(world)
    for route in ROUTES:
        expected = {method: 404 for method in METHODS if route.role(method)} | dict(
            route.stranger or {}
        )
        with alone(route):
            for method in METHODS:
                answer = ask(stranger, method, route, world)
                wanted = expected[method] if route.role(method) else 405
                assert answer.status_code == wanted, method
                assert_tells_nothing(answer, world)
            assert everything(world) == before


def test_what_is_kept_from_strangers_is_shown_to_members(world: World, viewer: User) -> None:
    """Rule out that strangers are shown nothing only because nobody is."""
    browser = Browser()
    browser.force_login(viewer)
    shown = browser.get(reverse("contacts:contacts", args=[world.contact_list.pk])).text
    shown += browser.get(reverse("submissions:detail", args=[world.submission.pk])).text
    for name in ("Amara Ahmed", "Ben Brown", "Chloe Clarke", COLLEAGUES[0]):
        assert name in shown


def test_a_viewer_may_read_and_not_write(alone: Alone, world: World, viewer: User) -> None:
    before = everything(world)
    for route in ROUTES:
        with alone(route):
            for method in METHODS:
                found = ask(viewer, method, route, world).status_code
                assert found == wanted_of(Role.VIEWER, method, route), method
            assert everything(world) == before


def test_a_viewer_who_manages_another_client_may_still_not_write_here(
    alone: Alone, world: World, viewer: User, harbour: Client
) -> None:
    people.join(viewer, harbour, Role.ACCOUNT_MANAGER)
    before = everything(world)
    writes_here = lambda one: one.names_an_object and (one.writes or Role.VIEWER) > Role.VIEWER  # noqa: E731
    for route in filter(writes_here, ROUTES):
        with alone(route):
            assert ask(viewer, "POST", route, world).status_code == 403
            assert everything(world) == before


@pytest.mark.parametrize("role", [Role.ACCOUNT_MANAGER, Role.APPROVER])
def test_account_managers_and_approvers_may_do_what_their_role_says(
    alone: Alone, world: World, manager: User, approver: User, role: Role
) -> None:
    person = manager if role == Role.ACCOUNT_MANAGER else approver
    for route in ROUTES:
        with alone(route):
            for method in METHODS:
                least = route.role(method)
                wanted = {403} if least and role < least else wanted_of_writers(method, route)
                assert ask(person, method, route, world).status_code in wanted, method


def test_an_id_that_never_existed_looks_like_another_clients(
    alone: Alone, world: World, approver: User
) -> None:
    """Somebody who may do everything gets the stranger's answer for an unused id."""
    browser = Browser()
    browser.force_login(approver)
    for route in filter(lambda one: one.names_an_object, ROUTES):
        address = reverse(route.name, args=[pk + 999_999 for pk in route.args(world)])
        with alone(route):
            method = "GET" if route.reads else "POST"
            assert browser.generic(method, address).status_code == 404


class TestTheAdministration:
    @pytest.fixture
    def addresses(self, world: World) -> list[str]:
        client, account = world.client.pk, world.client.partner_account_id
        return [
            reverse("admin:index"),
            reverse("admin:auth_user_changelist"),
            reverse("admin:clients_client_change", args=[client]),
            reverse("admin:clients_client_delete", args=[client]),
            reverse("admin:clients_partneraccount_change", args=[account]),
            reverse("admin:clients_callflow_add"),
            reverse("admin:clients_cli_changelist"),
            reverse("admin:clients_event_changelist"),
            reverse("admin:jsi18n"),
        ]

    def test_is_closed_to_whoever_is_not_signed_in(self, addresses: list[str]) -> None:
        assert set().union(*statuses(None, addresses).values()) == {302}

    def test_is_closed_to_those_who_are_not_staff(
        self, addresses: list[str], approver: User, viewer: User
    ) -> None:
        for person in (approver, viewer):
            for address, found in statuses(person, addresses).items():
                assert found <= {302, 403}, address

    def test_ends_with_a_403_for_those_who_are_not_staff(self, approver: User) -> None:
        browser = Browser()
        browser.force_login(approver)
        assert browser.get(reverse("admin:index"), follow=True).status_code == 403

    def test_is_open_to_an_administrator(self, addresses: list[str], admin: User) -> None:
        for address, found in statuses(admin, addresses).items():
            assert 200 in found, address

    def test_gives_an_administrator_no_way_into_a_clients_campaigns(
        self, admin: User, world: World
    ) -> None:
        address = reverse("drafts:edit", args=[world.draft.pk])
        browser = Browser()
        browser.force_login(admin)
        assert browser.get(address).status_code == 404

    def test_lets_nobody_change_or_delete_an_event(self, admin: User, world: World) -> None:
        event = Event.objects.about(world.draft)[0]
        browser = Browser()
        browser.force_login(admin)
        for action in ("change", "delete"):
            address = reverse(f"admin:clients_event_{action}", args=[event.pk])
            assert browser.post(address, {"post": "yes"}).status_code == 403


@pytest.fixture(autouse=True)
def colleagues(request: pytest.FixtureRequest) -> None:
    """Give Northgate's members names that nothing else has, so that none is on a page by chance."""
    if "world" not in request.fixturenames:
        return
    request.getfixturevalue("world")
    for username, name in zip(("mina", "alan", "vera"), COLLEAGUES, strict=True):
        first, last = name.split()
        User.objects.filter(username=username).update(first_name=first, last_name=last)


def ask(person: User | None, method: str, route: Route, world: World) -> HttpResponse:
    browser = Browser()
    if person:
        browser.force_login(person)
    address = route.url(world)
    if method == "POST":
        return browser.post(address, route.posted(world))  # type: ignore[return-value]
    return browser.generic(method, address)  # type: ignore[return-value]


def statuses(person: User | None, addresses: list[str]) -> dict[str, set[int]]:
    browser = Browser()
    if person:
        browser.force_login(person)
    return {
        address: {browser.generic(method, address).status_code for method in ("GET", "POST")}
        for address in addresses
    }


def wanted_of(role: Role, method: str, route: Route) -> int:
    needed = route.role(method)
    if needed is None:
        return 405
    if role < needed:
        return 403
    return route.shown if method == "GET" else route.taken


def wanted_of_writers(method: str, route: Route) -> Iterable[int]:
    if route.role(method) is None:
        return {405}
    return {route.shown} if method == "GET" else {route.taken}


def everything(world: World) -> list[Any]:
    """Return all that a write would change."""
    world.submission.refresh_from_db()
    return [
        *(model.objects.count() for model in MODELS),
        # Those without a client are about what is a person's own, such as their number.
        Event.objects.exclude(client=None).count(),
        world.submission.held_reason,
        *Campaign.objects.values_list("name", "status", "client", "changed_at"),
        *CampaignTemplate.objects.values_list("name", "client", "changed_at"),
    ]


def assert_tells_nothing(answer: HttpResponse, world: World) -> None:
    body = b"".join(answer) if answer.streaming else answer.content
    secrets = (
        world.client.name,
        world.contact_list.name,
        world.template.name,
        world.submission.reference,
        "900101",
        "900199",
        # The people whom it calls, and those who work for it.
        *(row[1] for row in people.ROWS),
        *COLLEAGUES,
    )
    for secret in secrets:
        assert secret.encode() not in body
