"""What each machine remembers that the database has forgotten, as its sweeps have reported it."""

import secrets
import socket
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

# One that has not compared for so long before a hold has been replaced by another.
GONE_AFTER = timedelta(days=7)


class Machine(models.Model):
    """A machine with a journal of its own, and when it last compared that with the database."""

    name = models.CharField(max_length=100, unique=True)
    looked_at = models.DateTimeField()
    # The entries of its journal that the database did not know then, as the journal has them.
    remembered = models.JSONField(default=list)

    class Meta:
        app_label = "submissions"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def report(cls, remembered: list[dict[str, Any]]) -> None:
        """Write down what this machine has just found."""
        values = {"looked_at": timezone.now(), "remembered": remembered}
        cls.objects.update_or_create(name=_this_machine(), defaults=values)

    @classmethod
    def still_to_look(cls, since: datetime) -> list["Machine"]:
        """Return the machines that have not compared their journal since then."""
        lately = since - GONE_AFTER
        return list(cls.objects.filter(looked_at__lt=since, looked_at__gte=lately))


def _this_machine() -> str:
    """Return a name that lasts as long as the journal does, beginning with the host's."""
    file = Path(settings.JOURNAL_DIR) / "machine"
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError), file.open("x") as new:
            new.write(f"{socket.gethostname()[:80]}-{secrets.token_hex(4)}")
        return file.read_text()[:100]
    return socket.gethostname()[:100]
