"""Holds: a person has to look before anything more is sent. Releasing one names what its page showed."""

from django.db import models, transaction

LONGEST = 1_000


class Holdable(models.Model):
    """Something that sends nothing while it is held.

    Several reasons may hold it at once. Each one changes its key, so that a page opened before it
    can't release a hold that the page never showed.
    """

    held_reason = models.CharField(max_length=LONGEST, blank=True)
    hold_number = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def hold_key(self) -> str:
        """Return what a page posts to say which holds it showed."""
        return str(self.hold_number)

    def _add_hold(self, reason: str) -> bool:
        """Hold it for this reason too, newest first. False where it is held for that already."""
        with transaction.atomic():
            row = type(self)._default_manager.select_for_update(of=("self",)).get(pk=self.pk)
            is_new = reason not in row.held_reason
            if is_new:
                row.name_hold(f"{reason} {row.held_reason}".strip())
                row.save(update_fields=["held_reason", "hold_number"])
        self.held_reason, self.hold_number = row.held_reason, row.hold_number
        return is_new

    def name_hold(self, reason: str) -> None:
        """Give the holds together this reason and a new key, unsaved."""
        self.held_reason = reason[:LONGEST]
        self.hold_number += 1
