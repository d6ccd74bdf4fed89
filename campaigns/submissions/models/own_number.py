"""A person's own telephone number: the only number that their test calls ring."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from campaigns.clients.models import Event
from campaigns.partner import wire

# As many digits at the end are shown to others.
SHOWN_END = 3


class OwnNumber(models.Model):
    """A person's own number, in E.164. Nobody else can enter it, see it or have it called."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    number = models.CharField(max_length=16)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "submissions"

    def __str__(self) -> str:
        return f"Own number {self.pk}"

    @classmethod
    def of(cls, person: User) -> "OwnNumber | None":
        return cls.objects.filter(person=person).first()

    @classmethod
    def locked_of(cls, person: User) -> "OwnNumber | None":
        """Return the person's number, locked, so that their test calls are made one at a time."""
        return cls.objects.select_for_update(of=("self",)).filter(person=person).first()

    @classmethod
    @transaction.atomic
    def keep(cls, person: User, number: str) -> None:
        """Store the number in place of any earlier one, and record that, without the number.

        Nothing proves that a number is the person's own. The events tell an administrator who changes it
        often. To save the same number again is no change.
        """
        own = cls.locked_of(person)
        if own and own.number == number:
            return
        values = {"number": number, "changed_at": timezone.now()}
        own, _ = cls.objects.update_or_create(person=person, defaults=values)
        Event.record(own, None, "Saved their own number for test calls.", person)

    @classmethod
    @transaction.atomic
    def remove(cls, person: User) -> None:
        """Forget the person's number, if there is one."""
        if own := cls.locked_of(person):
            Event.record(own, None, "Removed their own number.", person)
            own.delete()

    @property
    def dialled(self) -> str:
        """Return the number as a person in the UK dials it; a number of another country in E.164."""
        return wire.national(self.number)

    @property
    def masked(self) -> str:
        return masked(self.number)


def masked(number: str) -> str:
    """Return a number so that only a person who knows it recognises it: "••• 123"."""
    return f"••• {number[-SHOWN_END:]}"
