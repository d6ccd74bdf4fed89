"""The partner's field names -> the fields of the builder. The only place that maps them. Pure.

Names are read without regard to case, underscores and a leading `$.`, since the partner's own pages
do not agree on them; positions in brackets count from 0 ([guess], as JSON paths do).
"""

import re
from typing import NamedTuple

from campaigns.partner import wire

_POSITION = re.compile(r"\[(\d{1,6})\]")


def _folded(name: str) -> str:
    return name.replace("_", "").casefold()


_PLACES = {
    _folded(name): place
    for name, place in {
        wire.NAME: "name",
        wire.START_DATE: "start_date",
        wire.START_TIME: "start_time",
        wire.FINISH_TIME: "finish_time",
        wire.CALL_FLOW_ID: "call_flow",
        wire.CLI_ID: "cli",
        # The direct-client documentation's name for it.
        "defaultCli_Id": "cli",
        wire.ANSWERPHONE: "answerphone",
        # The name in the table of the partner's page.
        "AnswerPhoneMessage": "answerphone",
        wire.SMS_ON_BUSY: "sms_on_busy",
        # Whatever is wrong with a person is mended in the lists.
        wire.PHONE_NUMBERS: "contact_lists",
    }.items()
}
_RUNOVER = {
    _folded(wire.RUNOVER_DATE): "day",
    _folded(wire.START_TIME): "start",
    _folded(wire.FINISH_TIME): "finish",
}


def place_of(name: str, *, runover_days: int, call_attempts: int) -> str:
    """Return the name of the builder's field, or "" where none is known or the row isn't there.

    `runover_days` and `call_attempts` are how many rows the draft has.
    """
    steps = _steps(name)
    field, position = _split(steps[0])
    if field == _folded(wire.RUNOVER_DAYS):
        part = _RUNOVER.get(_split(steps[-1])[0], "day")
        return f"runover-{position}-{part}" if position < runover_days else ""
    if field == _folded(wire.ATTEMPTS):
        # Without a row the builder shows an empty one.
        return f"attempt-{position}-interval" if position < max(1, call_attempts) else ""
    return _PLACES.get(field, "")


class PersonField(NamedTuple):
    """Something of one person: `at` is their place in the part, `position` a parameter's; both from 0."""

    at: int
    name: str
    position: int


def person_field(name: str) -> PersonField | None:
    """Return what a name says of one person; None where it is of none, or of all of them."""
    steps = _steps(name)
    field, at = _split(steps[0])
    if field != _folded(wire.PHONE_NUMBERS) or not _POSITION.search(steps[0]):
        return None
    of_person, position = _split(steps[1]) if len(steps) > 1 else ("", 0)
    return PersonField(at, of_person, position)


def _steps(name: str) -> list[str]:
    return _folded(name.strip().removeprefix("$").removeprefix(".")).split(".")


def _split(step: str) -> tuple[str, int]:
    """Return a step's name and its position, the first unless it says another."""
    found = _POSITION.search(step)
    return _POSITION.sub("", step), int(found[1]) if found else 0
