"""When each process last did its work."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

# Nobody is silent from before this process began: the whole portal may just have been started.
_BEGAN = timezone.now()


@dataclass(frozen=True, slots=True)
class Silence:
    """A process that was not heard of for too long, and when it last was."""

    name: str
    since: datetime


class Heartbeat(models.Model):
    """When a process last did its work; read where nothing else can tell that it is dead.

    A worker is named by its queue, and several of one queue share a row: one that lives is enough.
    """

    # A finished sweep: beat, the broker and a worker of sweeps are all needed for it.
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
        """Return those of `names` that should have been heard of since, in their order."""
        late = timezone.now() - timedelta(seconds=settings.HEARTBEAT_LATE_AFTER)
        heard = dict(cls.objects.values_list("name", "at"))
        silences = (Silence(name, max(heard.get(name, _BEGAN), _BEGAN)) for name in names)
        return [silence for silence in silences if silence.since < late]
