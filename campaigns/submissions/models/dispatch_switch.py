"""The switch of all sending, which an administrator, a setting or a restored backup may hold."""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from campaigns.clients.holds import Holdable
from campaigns.clients.models import Event

BY_SETTING = "The portal was started with PORTAL_DISPATCH set to held."
FORGOTTEN = (
    "The database does not know about campaigns that this portal has sent, for example because a "
    "backup was restored. They could be sent a second time."
)
GONE_BACK = (
    "The database lacks what was last done in this portal, for example because a backup was restored. "
    "Campaigns that were undone since could be sent, and people who were suppressed since could be called."
)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Dispatch(Holdable):
    """The only row of its table, which says whether deliveries are claimed and sent.

    If the row does not exist, only the setting can hold sending.
    """

    ONLY = 1

    held_at = models.DateTimeField(null=True)
    # When a person last resumed sending. The person has looked at everything that was sent before then
    # and that the database does not have.
    released_at = models.DateTimeField(default=LONG_AGO)
    # Whether a person has released the hold of the setting. The setting holds only once, and again only
    # after it has been taken away.
    is_setting_released = models.BooleanField(default=False)

    class Meta:
        app_label = "submissions"
        verbose_name = verbose_name_plural = "sending"

    def __str__(self) -> str:
        return "Sending"

    # Factories

    @classmethod
    def current(cls) -> "Dispatch":
        """Return the row as it is now. Return an unsaved one, without holds, if there is none."""
        return cls.objects.filter(pk=cls.ONLY).first() or cls(pk=cls.ONLY)

    @classmethod
    def _locked(cls) -> "Dispatch":
        cls.objects.get_or_create(pk=cls.ONLY)
        return cls.objects.select_for_update().get(pk=cls.ONLY)

    # Mutators

    @classmethod
    def hold(cls, reason: str, actor: User | None = None) -> bool:
        """Hold all sending. Return False, having changed nothing, if it is already held for this reason."""
        with transaction.atomic():
            row = cls._locked()
            if not row._add_hold(reason):
                return False
            row.held_at = row.held_at or timezone.now()
            row.save(update_fields=["held_at"])
            Event.record(row, None, f"Held all sending: {reason}", actor)
        return True

    @classmethod
    def release(cls, actor: User, seen: str, event: str = "") -> bool:
        """Resume all sending, and record that together with `event`.

        Return False, having changed nothing, if `seen` is not the present hold key or nothing is held.
        """
        with transaction.atomic():
            row = cls._locked()
            if not row.why_held or row.hold_key != seen:
                return False
            row.held_reason, row.held_at, row.released_at = "", None, timezone.now()
            row.is_setting_released = settings.DISPATCH_HELD
            row.save()
            Event.record(row, None, f"Resumed sending. {event}".strip(), actor)
        return True

    @classmethod
    def notice_setting(cls) -> None:
        """If the setting has been taken away, let it hold sending again the next time that it is set."""
        if not settings.DISPATCH_HELD:
            cls.objects.filter(is_setting_released=True).update(is_setting_released=False)

    # Queries

    @classmethod
    def is_held(cls) -> bool:
        return bool(cls.current().why_held)

    @classmethod
    def may_have_forgotten(cls) -> bool:
        """Return whether sending is held because the database may have lost what was sent.

        The setting counts too: it is used while a backup is restored.
        """
        row = cls.current()
        is_behind = any(reason in row.held_reason for reason in (FORGOTTEN, GONE_BACK))
        return is_behind or row.is_held_by_setting

    # Properties

    @property
    def lost_since(self) -> datetime | None:
        """Return the time of the newest event from before the hold, if the database has gone back in time.

        Whatever was done after it is lost. Return None if the database has not gone back.
        """
        if GONE_BACK not in self.held_reason:
            return None
        known = Event.objects.filter(at__lt=self.held_at)
        return known.order_by("-pk").values_list("at", flat=True).first()

    @property
    def why_held(self) -> str:
        """Return why nothing is sent, one reason a line; "" if sending is not held."""
        by_setting = BY_SETTING if self.is_held_by_setting else ""
        return f"{self.held_reason}\n{by_setting}".strip()

    @property
    def hold_key(self) -> str:
        return f"{super().hold_key}{'-setting' if self.is_held_by_setting else ''}"

    @property
    def is_held_by_setting(self) -> bool:
        return settings.DISPATCH_HELD and not self.is_setting_released
