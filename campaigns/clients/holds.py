"""Holds: nothing more is sent until a person has looked.

A page that releases a hold says which hold it showed.
"""

from django.db import models, transaction


class Holdable(models.Model):
    """A model base class. Nothing is sent for a row while it is held.

    There may be several reasons at once. Each new reason changes the key, so that a page opened before
    can't release a hold that it never showed.
    """

    # One reason a line, the newest first. It has no limit: no reason is lost to make room for another.
    held_reason = models.TextField(blank=True)
    hold_number = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def hold_key(self) -> str:
        """Return the key that a page posts back, to say which hold it showed."""
        return str(self.hold_number)

    def _add_hold(self, reason: str) -> bool:
        """Add this reason in front of the others.

        Return False if it is among them already.
        """
        reason = " ".join(reason.split())
        with transaction.atomic():
            # Locked, so that of two reasons added at the same time none is lost.
            row = type(self)._default_manager.select_for_update(of=("self",)).get(pk=self.pk)
            reasons = row.held_reason.splitlines()
            is_new = reason not in reasons
            if is_new:
                row.name_hold("\n".join([reason, *reasons]))
                row.save(update_fields=["held_reason", "hold_number"])
        self.held_reason, self.hold_number = row.held_reason, row.hold_number
        return is_new

    def name_hold(self, reason: str) -> None:
        """Replace the reasons, one a line, and change the key, without saving."""
        self.held_reason = reason
        self.hold_number += 1
