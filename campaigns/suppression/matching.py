"""The match of numbers with suppression: one indexed query for a batch, in import, freeze and claim."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max
from django.utils import timezone

from campaigns.clients.models import Client, Event
from campaigns.suppression.models import EVERYBODY, SuppressedNumber, Suppression, bulk_statements
from campaigns.suppression.models.suppressed_number import SuppressedNumberQuerySet


class SuppressedNumbers:
    """The numbers suppressed for one client, by itself or for all, on the day when this object was made."""

    def __init__(self, client: Client) -> None:
        self._scopes = (EVERYBODY, client.pk)
        self._today = timezone.localdate()
        # Checked only once: callers check again before anything is sent.
        self._none = not Suppression.objects.of(client).exists()

    def among(self, numbers: Iterable[str]) -> set[str]:
        """Return those E.164 numbers that must not be called. Pass some hundreds of numbers at a time."""
        return set() if self._none else bulk_statements.among(self._scopes, numbers, self._today)


def matcher(client: Client) -> SuppressedNumbers:
    return SuppressedNumbers(client)


def in_force(client: Client) -> SuppressedNumberQuerySet:
    """Return the entries in force today for the client, to be joined in the database."""
    return SuppressedNumber.objects.live().of(client)


def stamp() -> str:
    """Return a text that changes whenever a number may have become suppressed or callable again.

    Return "" while the numbers of a file are being written or removed, because suppression then changes at
    any moment.
    """
    if Suppression.objects.changing().exists():
        return ""
    told = Event.objects.filter(thing_type=ContentType.objects.get_for_model(Suppression))
    newest = told.aggregate(at=Max("at"), count=Count("pk"))
    return f"{timezone.localdate()} {newest['at']} {newest['count']}"


def newer_than(moment: datetime, client: Client) -> SuppressedNumberQuerySet:
    """Return the live entries that may be newer than `moment`. Some older entries may be included."""
    newer = Suppression.objects.newer_than(moment)
    return SuppressedNumber.objects.live().of(client).filter(suppression__in=newer.values("pk"))
