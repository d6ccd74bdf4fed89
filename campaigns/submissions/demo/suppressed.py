"""The suppressed numbers of the demo: for all clients, for one of them, and from a file.

All of them are among the last hundred numbers of a range for drama, which the lists' own contacts do not
have.
"""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from campaigns.submissions.demo.people import Cast
from campaigns.suppression.loading import columns, load
from campaigns.suppression.models import Suppression

FOR_ALL = "020 7946 0990"
BY_NORTHGATE = "020 7946 0900"
IN_THE_FILE = "020 7946 0912"


def suppress(cast: Cast) -> None:
    """Suppress numbers one by one, one of them only for a while, and a file of numbers."""
    add, manager, north = Suppression.add, cast.manager, cast.northgate
    add(cast.admin, None, _e164(FOR_ALL), "Told the regulator not to be called by anyone.", None)
    add(cast.admin, None, _e164("020 7946 0991"), "A test line of the telephone company.", None)
    add(manager, north, _e164(BY_NORTHGATE), "Asked in a call not to be called again.", None)
    later = timezone.localdate() + timedelta(days=60)
    add(manager, north, _e164("020 7946 0901"), "No calls while a complaint is open.", later)
    _load(cast)


def _load(cast: Cast) -> None:
    """Upload a file as a register provides it, with one line twice and one line without a number."""
    lines = [f"020 7946 09{n:02}" for n in range(10, 50)]
    content = "\n".join([*lines, "not given", lines[0]]).encode()
    made = Suppression.upload(
        cast.manager,
        cast.northgate,
        ContentFile(content, name="opted-out-november.txt"),
        "Opted out on the website in November.",
        None,
    )
    columns.look_now(made)
    load.run(made)


def _e164(written: str) -> str:
    return "+44" + written.replace(" ", "")[1:]
