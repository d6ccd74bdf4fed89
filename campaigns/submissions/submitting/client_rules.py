"""The client's rules on where and when people may be called: stored at submission, checked before sending."""

from collections.abc import Iterator

from campaigns.clients.models import Client
from campaigns.submissions.models import Submission
from campaigns.submissions.models.calling_window import CallingWindow


def changed(submission: Submission) -> str:
    """Return what has changed in the rules that forbids sending the submission; "" if nothing has.

    A submission without stored rules is not compared with anything.
    """
    return (
        " ".join(_changes(submission, submission.client_rules)) if submission.client_rules else ""
    )


def _changes(submission: Submission, before: dict[str, str]) -> Iterator[str]:
    client, now = submission.client, submission.client.calling_rules
    if before["time_zone"] != now["time_zone"]:
        yield (
            f"The client’s time zone has changed from {before['time_zone']} to "
            f"{now['time_zone']} since this was submitted."
        )
        return
    if set(before["countries"].split()) - set(now["countries"].split()):
        yield "A country was removed from those that may be called for the client."
    # A person who calls outside the client's hours has given a reason, which covers only the hours of
    # that time. So changed hours are compared even with such calls.
    hours = ("calling_from", "calling_until")
    if any(before[name] != now[name] for name in hours) and any(
        _is_outside(window, client) for window in submission.windows.all()
    ):
        yield (
            f"Calls for the client are now allowed from {now['calling_from']} to "
            f"{now['calling_until']} only, and this campaign calls outside these hours."
        )


def _is_outside(window: CallingWindow, client: Client) -> bool:
    start, finish = (
        each.astimezone(client.zone).replace(tzinfo=None)
        for each in (window.starts_at, window.finishes_at)
    )
    is_next_day = finish.date() > start.date()
    return start.time() < client.calling_from or is_next_day or finish.time() > client.calling_until
