"""Decide who may see or do what. No other module decides this.

A person gets 404 for another client's object, as if it did not exist, and 403 for a write beyond their
role at a client whose objects they may see.
"""

from typing import Any, TypeVar, cast

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from campaigns.clients.models import Client, Membership, Role

ThingT = TypeVar("ThingT", bound=Model)
ThingsT = TypeVar("ThingsT", bound=QuerySet[Any])
Person = User | AnonymousUser


def clients_of(person: Person, *, at_least: Role = Role.VIEWER) -> QuerySet[Client]:
    """Return the clients for which the person has this role or a higher one."""
    if not person.is_authenticated:
        return Client.objects.none()
    return Client.objects.filter(
        pk__in=Membership.objects.filter(user=person, role__gte=at_least).values("client")
    )


def people_of(client: Client, *, at_least: Role = Role.VIEWER) -> QuerySet[User]:
    """Return the active people who have this role or a higher one for the client."""
    members = Membership.objects.filter(client=client, role__gte=at_least)
    return User.objects.filter(is_active=True, pk__in=members.values("user"))


def visible(person: Person, things: ThingsT) -> ThingsT:
    """Return those of `things` (a model with a `client`) that the person may see."""
    return things.filter(client__in=clients_of(person))


def load(
    request: HttpRequest, things: QuerySet[ThingT], pk: int, *, to: Role = Role.VIEWER
) -> ThingT:
    """Return the object with this primary key.

    Raises Http404 when the person may not see it. Raises PermissionDenied when they may see it but do not
    have the role `to`, or a higher one.
    """
    thing = visible(request.user, things).filter(pk=pk).first()
    if thing is None:
        raise Http404
    require(request.user, thing.client, to)  # type: ignore[attr-defined]
    return thing


def person(request: HttpRequest) -> User:
    """Return the signed-in person. Only pages that require signing in may call this."""
    return cast(User, request.user)


def has_role(person: Person, client: Client, role: Role) -> bool:
    """Return whether the person has this role or a higher one for the client."""
    return clients_of(person, at_least=role).filter(pk=client.pk).exists()


def has_role_somewhere(person: Person, role: Role) -> bool:
    """Return whether the person has this role or a higher one for any client."""
    return clients_of(person, at_least=role).exists()


def require(person: Person, client: Client, role: Role) -> None:
    """Raise PermissionDenied unless the person has this role or a higher one for the client."""
    if not has_role(person, client, role):
        raise PermissionDenied


def require_somewhere(person: Person, role: Role) -> None:
    """Raise PermissionDenied unless the person has this role or a higher one for any client."""
    if not has_role_somewhere(person, role):
        raise PermissionDenied


def can_approve(person: Person, client: Client) -> bool:
    return has_role(person, client, Role.APPROVER)


def can_edit(person: Person, client: Client) -> bool:
    return has_role(person, client, Role.ACCOUNT_MANAGER)


def can_edit_somewhere(person: Person) -> bool:
    return has_role_somewhere(person, Role.ACCOUNT_MANAGER)
