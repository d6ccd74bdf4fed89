"""Map the partner's field names to the fields of the builder. Only this module does so. It is pure.

Case, underscores and a leading `$.` in a name are ignored, since the partner's own pages do not agree on
them. Positions in brackets count from 0 ([guess], as JSON paths do).
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
        # The same field's name in the direct-client documentation.
        "defaultCli_Id": "cli",
        wire.ANSWERPHONE: "answerphone",
        # The same field's name in the table of the partner's page.
        "AnswerPhoneMessage": "answerphone",
        wire.SMS_ON_BUSY: "sms_on_busy",
        # An error in a person's entry is corrected in the contact lists.
        wire.PHONE_NUMBERS: "contact_lists",
    }.items()
}
_RUNOVER = {
    _folded(wire.RUNOVER_DATE): "day",
    _folded(wire.START_TIME): "start",
    _folded(wire.FINISH_TIME): "finish",
}


def place_of(name: str, *, runover_days: int, call_attempts: int) -> str:
    """Return the name of the builder's field; "" if no field is known or its row does not exist.

    `runover_days` and `call_attempts` are how many rows the draft has.
    """
    steps = _steps(name)
    field, position = _split(steps[0])
    if field == _folded(wire.RUNOVER_DAYS):
        part = _RUNOVER.get(_split(steps[-1])[0], "day")
        return f"runover-{position}-{part}" if position < runover_days else ""
    if field == _folded(wire.ATTEMPTS):
        # If there is no row, the builder shows an empty one.
        return f"attempt-{position}-interval" if position < max(1, call_attempts) else ""
    return _PLACES.get(field, "")


class PersonField(NamedTuple):
    """A field of one person.

    `at` is the person's place in the part, and `position` the place of a parameter. Both count from 0.
    """

    at: int
    name: str
    position: int


def person_field(name: str) -> PersonField | None:
    """Return the person's field that a name means; None if it means no person, or all people."""
    steps = _steps(name)
    field, at = _split(steps[0])
    if field != _folded(wire.PHONE_NUMBERS) or not _POSITION.search(steps[0]):
        return None
    of_person, position = _split(steps[1]) if len(steps) > 1 else ("", 0)
    return PersonField(at, of_person, position)


def _steps(name: str) -> list[str]:
    return _folded(name.strip().removeprefix("$").removeprefix(".")).split(".")


def _split(step: str) -> tuple[str, int]:
    """Return a step's name and its position, which is 0 if the step has none."""
    found = _POSITION.search(step)
    return _POSITION.sub("", step), int(found[1]) if found else 0
