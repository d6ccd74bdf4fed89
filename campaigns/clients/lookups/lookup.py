"""What call flows and CLIs have in common: the partner's ID, and when somebody last confirmed it."""

from datetime import datetime

from django.db import models
from django.utils import timezone

from campaigns.clients.free_text import NamesNoNumber

CONFIRMED_FOR_DAYS = 90


class Lookup(NamesNoNumber):
    """A model base class: the partner knows the row by an integer ID, people know it by a name."""

    client = models.ForeignKey(
        "clients.Client", on_delete=models.CASCADE, related_name="%(class)ss"
    )
    partner_id = models.PositiveIntegerField("Partner's ID")
    is_active = models.BooleanField(
        "Offered", default=True, help_text="Untick to stop offering it to new campaigns."
    )
    # When a person last learned from the partner that the ID is right.
    confirmed_at = models.DateTimeField("Confirmed", default=timezone.now, editable=False)

    class Meta:
        app_label = "clients"
        abstract = True

    def confirm(self) -> None:
        """Save that the partner has just confirmed the ID."""
        self.confirmed_at = timezone.now()
        self.save(update_fields=["confirmed_at"])

    def is_unconfirmed(self, now: datetime) -> bool:
        """Return whether it was confirmed too many days ago to rely on, in `now`'s zone."""
        return self._days_since_confirmed(now) > CONFIRMED_FOR_DAYS

    def confirmation(self, now: datetime) -> str:
        """Return a sentence with its partner ID and how many days ago, in `now`'s zone, it was confirmed."""
        days = self._days_since_confirmed(now)
        known = f"Partner’s ID {self.partner_id}"
        if self.is_unconfirmed(now):
            return (
                f"{known}, not confirmed for {days} days. "
                "Ask an administrator to check it with the partner."
            )
        ago = {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
        return f"{known}, confirmed {ago}."

    def _days_since_confirmed(self, now: datetime) -> int:
        """Return the number of calendar days, so that it changes at midnight only."""
        return (now.date() - self.confirmed_at.astimezone(now.tzinfo).date()).days
