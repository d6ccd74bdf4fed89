"""Permissions: a client's people see and change its suppressions, staff those for all clients.

Everybody sees that a suppression for all clients exists, because it explains why somebody is not called.
Only staff see its file and its numbers.
"""

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from campaigns.clients import access
from campaigns.clients.models import Role
from campaigns.suppression.models import SuppressedNumber, Suppression


def visible(user: User) -> QuerySet[Suppression]:
    return Suppression.objects.filter(
        Q(client__in=access.clients_of(user)) | Q(client__isnull=True)
    )


def entries_seen_by(user: User, entries: QuerySet[SuppressedNumber]) -> QuerySet[SuppressedNumber]:
    """Return those entries that the person may know of: of the person's clients, and for all clients."""
    seen = entries.filter(suppression__in=visible(user).values("pk"))
    return seen.select_related("suppression__client", "suppression__added_by")


def load(request: HttpRequest, pk: int) -> Suppression:
    """Return the suppression. Raises Http404 if the person may not see it."""
    found = (
        visible(access.person(request)).select_related("client", "added_by").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    return found


def load_with_numbers(request: HttpRequest, pk: int) -> Suppression:
    """Return the suppression. Raises Http404, or PermissionDenied if the person may not see its numbers."""
    found = load(request, pk)
    if not may_see_numbers(access.person(request), found):
        raise PermissionDenied
    return found


def load_to_change(request: HttpRequest, pk: int) -> Suppression:
    """Return the suppression. Raises Http404, or PermissionDenied if the person may not change it."""
    found = load(request, pk)
    if not may_change(access.person(request), found):
        raise PermissionDenied
    return found


def load_number(request: HttpRequest, pk: int) -> SuppressedNumber:
    """Return an entry that the person may remove. Raises Http404 or PermissionDenied."""
    entries = SuppressedNumber.objects.select_related("suppression__client")
    seen = entries.filter(suppression__in=visible(access.person(request)).values("pk"))
    found = seen.filter(pk=pk).first()
    if found is None:
        raise Http404
    if not may_change(access.person(request), found.suppression):
        raise PermissionDenied
    return found


def may_change(user: User, suppression: Suppression) -> bool:
    if suppression.client is None:
        return user.is_staff
    return access.can_edit(user, suppression.client)


def may_see_numbers(user: User, suppression: Suppression) -> bool:
    return suppression.client is not None or user.is_staff


def may_add(user: User) -> bool:
    return user.is_staff or access.clients_of(user, at_least=Role.ACCOUNT_MANAGER).exists()


def require_may_add(user: User) -> None:
    if not may_add(user):
        raise PermissionDenied


def numbers_seen_by(user: User) -> QuerySet[SuppressedNumber]:
    """Return every entry whose number the person may read."""
    numbers = SuppressedNumber.objects.select_related(
        "suppression__client", "suppression__added_by"
    )
    seen = Q(suppression__client__in=access.clients_of(user))
    return numbers.filter(seen | Q(suppression__client__isnull=True) if user.is_staff else seen)
