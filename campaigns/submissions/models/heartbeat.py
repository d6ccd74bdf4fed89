"""The times when processes last did their work."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

# No process counts as silent from before this process began, since the whole portal may have just been
# started.
_BEGAN = timezone.now()


@dataclass(frozen=True, slots=True)
class Silence:
    """A process that has been silent for too long, and the time of its last heartbeat."""

    name: str
    since: datetime


class Heartbeat(models.Model):
    """The time when a process last did its work, for cases where nothing else shows that it is dead.

    A worker is named by its queue. The workers of one queue share a row, since one that lives is enough.
    """

    # The name for finished sweeps. A sweep needs beat, the broker and a worker of the queue of sweeps.
    SWEEPER = "sweeper"

    name = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()

    class Meta:
        app_label = "submissions"

    def __str__(self) -> str:
        return self.name

    @classmethod
    def beat(cls, *names: str) -> None:
        for name in names:
            cls.objects.update_or_create(name=name, defaults={"at": timezone.now()})

    @classmethod
    def silent(cls, names: Iterable[str]) -> list[Silence]:
        """Return the silences of those of `names` that are silent for too long, in the order of `names`.

        That is longer than the setting HEARTBEAT_LATE_AFTER, in seconds.
        """
        late = timezone.now() - timedelta(seconds=settings.HEARTBEAT_LATE_AFTER)
        heard = dict(cls.objects.values_list("name", "at"))
        silences = (Silence(name, max(heard.get(name, _BEGAN), _BEGAN)) for name in names)
        return [silence for silence in silences if silence.since < late]
