"""Events: who did what to which object, and when, in a sentence. Written once and never changed."""

from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from campaigns.shortening import shortened

LONGEST = 500


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, thing: models.Model) -> "EventQuerySet":
        kind = ContentType.objects.get_for_model(thing)
        return self.filter(thing_type=kind, thing_id=thing.pk).select_related("actor")

    def update(self, **_values: Any) -> NoReturn:
        _refuse()

    def delete(self) -> NoReturn:
        _refuse()


class Event(models.Model):
    """A record of who did what to which object, and when. Written once and never changed.

    The sentence contains no phone number, no name of a called person and no parameter value.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Null for an event that concerns all clients.
    client = models.ForeignKey("Client", null=True, on_delete=models.CASCADE, related_name="events")
    thing_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    thing_id = models.PositiveBigIntegerField()
    thing = GenericForeignKey("thing_type", "thing_id")
    sentence = models.CharField(max_length=LONGEST)

    objects = EventQuerySet.as_manager()

    class Meta:
        app_label = "clients"
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["thing_type", "thing_id"], name="events_of_a_thing")]

    def __str__(self) -> str:
        return f"Event {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            _refuse()
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        _refuse()

    @classmethod
    def record(
        cls,
        thing: models.Model,
        client_id: int | None,
        sentence: str,
        actor: AbstractBaseUser | None = None,
    ) -> "Event":
        """Create one event about `thing`. Without an actor, the portal did it by itself.

        A sentence that is too long is cut.
        """
        return cls.objects.create(
            thing=thing,
            client_id=client_id,
            sentence=shortened(sentence, LONGEST),
            actor_id=actor.pk if actor else None,
        )

    @property
    def full_sentence(self) -> str:
        """Return the sentence with who did it and when, such as "Ann deleted the draft at 10:42."."""
        actor = self.actor
        who = actor.get_full_name() or actor.get_username() if actor else "The portal"
        done = f"{self.sentence[:1].lower()}{self.sentence[1:].rstrip('.')}"
        at = timezone.localtime(self.at)
        day = "" if at.date() == timezone.localdate() else f" on {at:%-d %b %Y}"
        return f"{who} {done}{day} at {at:%H:%M}."


def _refuse() -> NoReturn:
    message = "An event is written once and never changed."
    raise TypeError(message)
