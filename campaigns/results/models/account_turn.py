"""Whose turn it is to ask the partner: one question at a time for an account, over all processes."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.clients.models import PartnerAccount
from campaigns.partner.reading.errors import ReadError

# Longer than one question can take, so that only a killed worker's turn runs out.
LONGEST_TURN = timedelta(seconds=90)
WAIT_SECONDS = 60.0
PAUSE_SECONDS = 0.1
BUSY = "The portal is already reading from this partner account."


class AccountTurn(models.Model):
    """The turn at a partner account. Nobody has it if `until` is over or None."""

    account = models.OneToOneField(PartnerAccount, on_delete=models.CASCADE, related_name="+")
    token = models.CharField(max_length=32, blank=True)
    until = models.DateTimeField(null=True)

    class Meta:
        app_label = "results"

    def __str__(self) -> str:
        return f"Turn at account {self.account_id}"


@contextmanager
def turn_at(account_id: int, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Wait for the turn at an account, and have it until the block ends.

    Raises ReadError if it is not free within `wait_seconds`.
    """
    token = secrets.token_hex(8)
    AccountTurn.objects.get_or_create(account_id=account_id)
    end = time.monotonic() + wait_seconds
    while not _take(account_id, token):
        if time.monotonic() > end:
            raise ReadError(BUSY, may_pass=True)
        time.sleep(PAUSE_SECONDS)
    try:
        yield
    finally:
        AccountTurn.objects.filter(account_id=account_id, token=token).update(until=None)


def _take(account_id: int, token: str) -> bool:
    now = timezone.now()
    free = AccountTurn.objects.filter(Q(until=None) | Q(until__lt=now), account_id=account_id)
    return bool(free.update(token=token, until=now + LONGEST_TURN))
