"""The only place that decides who may see or do what.

Another client's object does not exist for a person (404); a write beyond one's role is refused (403).
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
    """Return the people, still active, who have this role or a higher one for the client."""
    members = Membership.objects.filter(client=client, role__gte=at_least)
    return User.objects.filter(is_active=True, pk__in=members.values("user"))


def visible(person: Person, things: ThingsT) -> ThingsT:
    """Return those of `things` (a model with a `client`) that the person may see."""
    return things.filter(client__in=clients_of(person))


def load(
    request: HttpRequest, things: QuerySet[ThingT], pk: int, *, to: Role = Role.VIEWER
) -> ThingT:
    """Return the one thing asked for.

    Raises Http404 when the person may not see it, PermissionDenied when they may see it but lack
    the role that is needed `to` do this.
    """
    thing = visible(request.user, things).filter(pk=pk).first()
    if thing is None:
        raise Http404
    require(request.user, thing.client, to)  # type: ignore[attr-defined]
    return thing


def person(request: HttpRequest) -> User:
    """Return the signed-in person; every page that asks is behind sign-in."""
    return cast(User, request.user)


def has_role(person: Person, client: Client, role: Role) -> bool:
    """Say whether the person has this role or a higher one for the client."""
    return clients_of(person, at_least=role).filter(pk=client.pk).exists()


def has_role_somewhere(person: Person, role: Role) -> bool:
    """Say whether the person has this role or a higher one for any client."""
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
