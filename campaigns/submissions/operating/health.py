"""Signs that submissions are not being worked on, for /healthz and for a banner on every page.

They are read from the database alone, since with a dead broker no task could raise the alarm.
"""

from django.http import HttpRequest
from django.template.loader import render_to_string

from campaigns.submissions.models import Heartbeat

# The workers, by their queues, and the sweeper, grouped by what is not done without them. Each has its
# words for the banner.
SENDS = {
    "deliveries": "the worker that sends them last reported at",
    "sweeps": "the worker that starts them when they are due last reported at",
    Heartbeat.SWEEPER: "the last check for due campaigns was at",
}
PREPARES = {"freezes": "the worker that prepares them last reported at"}
READS = {"bulk": "the worker that reads them last reported at"}


def somebody_is_silent() -> str:
    """Return which workers, or the sweeper, have been silent for too long; "" if none."""
    silences = Heartbeat.silent([*SENDS, *PREPARES, *READS])
    return " ".join(
        "The sweeper has not run for some minutes: beat, the broker or the worker of sweeps has stopped."
        if silence.name == Heartbeat.SWEEPER
        else f"The worker of {silence.name} is not working: it has stopped, is stuck, or has no broker."
        for silence in silences
    )


def banner(_request: HttpRequest) -> str:
    """Return the banner that says in plain words what is not done at the moment; "" if all is done."""
    silences = Heartbeat.silent([*SENDS, *PREPARES, *READS])
    if not silences:
        return ""
    context = {
        name: [(words[each.name], each.since) for each in silences if each.name in words]
        for name, words in (("not_sent", SENDS), ("not_prepared", PREPARES), ("not_read", READS))
    }
    return render_to_string("submissions/silent_banner.html", context)
