"""When a process last did its work."""

from django.db import models
from django.utils import timezone


class Heartbeat(models.Model):
    """When a process last did its work; read where nothing else can tell that it is dead."""

    SWEEPER = "sweeper"

    name = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()

    class Meta:
        app_label = "submissions"

    def __str__(self) -> str:
        return self.name

    @classmethod
    def beat(cls, name: str) -> None:
        cls.objects.update_or_create(name=name, defaults={"at": timezone.now()})
