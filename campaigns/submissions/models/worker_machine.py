"""The journal entries of each machine that the database has lost, as the machine's sweeps reported them."""

import secrets
import socket
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

# A machine that last compared its journal this long before a hold, or earlier, counts as replaced by
# another machine.
GONE_AFTER = timedelta(days=7)


class Machine(models.Model):
    """A machine with a journal of its own, and the time when it last compared that with the database."""

    name = models.CharField(max_length=100, unique=True)
    looked_at = models.DateTimeField()
    # The journal entries that the database did not have at that time, as the journal writes them.
    remembered = models.JSONField(default=list)

    class Meta:
        app_label = "submissions"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def report(cls, remembered: list[dict[str, Any]]) -> None:
        """Store the entries that this machine has just found to be missing from the database."""
        values = {"looked_at": timezone.now(), "remembered": remembered}
        cls.objects.update_or_create(name=_this_machine(), defaults=values)

    @classmethod
    def still_to_look(cls, since: datetime) -> list["Machine"]:
        """Return the machines that have not compared their journal since `since`.

        Machines that had not done so for GONE_AFTER before `since` are left out.
        """
        lately = since - GONE_AFTER
        return list(cls.objects.filter(looked_at__lt=since, looked_at__gte=lately))


def _this_machine() -> str:
    """Return a name that lasts as long as the journal does. It begins with the host's name."""
    file = Path(settings.JOURNAL_DIR) / "machine"
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError), file.open("x") as new:
            new.write(f"{socket.gethostname()[:80]}-{secrets.token_hex(4)}")
        return file.read_text()[:100]
    return socket.gethostname()[:100]
