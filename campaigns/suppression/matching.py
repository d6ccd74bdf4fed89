"""Which numbers must not be called: one indexed query for a batch, in import, freeze and claim."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max
from django.utils import timezone

from campaigns.clients.models import Client, Event
from campaigns.suppression.models import EVERYBODY, SuppressedNumber, Suppression, bulk_statements
from campaigns.suppression.models.suppressed_number import SuppressedNumberQuerySet


class SuppressedNumbers:
    """What is suppressed for one client, by itself and for all, on the day it was asked for."""

    def __init__(self, client: Client) -> None:
        self._scopes = (EVERYBODY, client.pk)
        self._today = timezone.localdate()
        # Looked at once: whoever asks checks again before anything is sent.
        self._none = not Suppression.objects.of(client).exists()

    def among(self, numbers: Iterable[str]) -> set[str]:
        """Return those of the E.164 numbers, some hundreds at a time, that must not be called."""
        return set() if self._none else bulk_statements.among(self._scopes, numbers, self._today)


def matcher(client: Client) -> SuppressedNumbers:
    return SuppressedNumbers(client)


def in_force(client: Client) -> SuppressedNumberQuerySet:
    """Return what must not be called for the client today, to be joined in the database."""
    return SuppressedNumber.objects.live().of(client)


def stamp() -> str:
    """Return a text that is another one whenever anything may be suppressed that was not, or not any more.

    "" while a file's numbers are being written or taken away, when that is so at any moment.
    """
    if Suppression.objects.changing().exists():
        return ""
    told = Event.objects.filter(thing_type=ContentType.objects.get_for_model(Suppression))
    newest = told.aggregate(at=Max("at"), count=Count("pk"))
    return f"{timezone.localdate()} {newest['at']} {newest['count']}"


def newer_than(moment: datetime, client: Client) -> SuppressedNumberQuerySet:
    """Return the live entries that may have come after `moment`; some that came before, too."""
    newer = Suppression.objects.newer_than(moment)
    return SuppressedNumber.objects.live().of(client).filter(suppression__in=newer.values("pk"))
