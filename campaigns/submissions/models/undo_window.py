"""The undo window: the time after a submission, or its approval, in which nothing is sent yet."""

from datetime import datetime, timedelta

from django.utils import timezone

from campaigns.clients.models import Client


def ends_at(client: Client) -> datetime:
    """Return when an undo window that begins now ends, by the client's `undo_seconds`."""
    return timezone.now() + timedelta(seconds=client.undo_seconds)
