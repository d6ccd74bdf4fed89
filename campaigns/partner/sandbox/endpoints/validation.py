"""The checks that the partner makes of a create request, as far as its documents say.

Sources: the partner's page "Create Voice Campaigns" if no other is named; [public] its other public
pages; [guess] our own guess. [guess] Keys must be spelled as in the page's sample body, which is stricter
than the partner may be, so that mistakes are noticed. The functions have no side effects.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, TypeAlias

from campaigns.partner import wire
from campaigns.partner.sandbox.state.clients import Lookups

Errors: TypeAlias = dict[str, list[str]]
Problem: TypeAlias = tuple[str, str]

MAX_MESSAGES = 20
# [public] The name of the CLI field in the documentation for direct clients.
OTHER_CLI_ID = "defaultCli_Id"

# The names of fields in errors, as in the page's table. The field `name` is only in its sample body.
FIELDS = {
    wire.NAME: "Name",
    wire.START_DATE: "StartDate",
    wire.START_TIME: "StartTime",
    wire.FINISH_TIME: "FinishTime",
    wire.RUNOVER_DAYS: "RunoverDays",
    wire.CALL_FLOW_ID: "CallFlow_Id",
    wire.CLI_ID: "Cli_Id",
    wire.ATTEMPTS: "Attempts",
    wire.ANSWERPHONE: "AnswerPhoneMessage",
    wire.SMS_ON_BUSY: "SMSOnBusy",
    wire.PHONE_NUMBERS: "PhoneNumbers",
}

# [guess] Every example is a UK national number. E.164 is allowed too, because it states the country.
_NUMBER = re.compile(r"0[1-9][0-9]{8,9}|\+[1-9][0-9]{6,14}")
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")


def check(campaign: Mapping[str, Any], lookups: Lookups, now: datetime) -> Errors:
    """Return the errors by field, at most 20 sentences each; empty if all is right.

    `now` is UK wall clock without a zone. No sentence repeats a value of the request, so no recipient's
    number or name is ever sent back.
    """
    errors: Errors = {}
    for field, text in _problems(campaign, lookups, now):
        texts = errors.setdefault(FIELDS[field], [])
        if len(texts) < MAX_MESSAGES:
            texts.append(text)
    return errors


def _problems(campaign: Mapping[str, Any], lookups: Lookups, now: datetime) -> Iterator[Problem]:
    yield from _name(campaign.get(wire.NAME))
    yield from _window(campaign, wire.START_DATE)
    yield from _future(campaign, now)
    yield from _entries(campaign, wire.RUNOVER_DAYS, _runover_day)
    yield from _known(wire.CALL_FLOW_ID, campaign.get(wire.CALL_FLOW_ID), lookups.callflows)
    yield from _known(
        wire.CLI_ID, campaign.get(wire.CLI_ID, campaign.get(OTHER_CLI_ID)), lookups.clis
    )
    yield from _entries(campaign, wire.ATTEMPTS, _attempt)
    yield from _occasion(wire.ANSWERPHONE, campaign.get(wire.ANSWERPHONE))
    yield from _occasion(wire.SMS_ON_BUSY, campaign.get(wire.SMS_ON_BUSY))
    if not campaign.get(wire.PHONE_NUMBERS):
        yield wire.PHONE_NUMBERS, "needs one or more entries"
    yield from _entries(campaign, wire.PHONE_NUMBERS, _phone_number)


def _name(name: object) -> Iterator[Problem]:
    """Check the name. [public] It is required and has at most 100 characters."""
    if not isinstance(name, str) or not name.strip():
        yield wire.NAME, "is required, as text"
    elif len(name) > wire.NAME_MAX_LENGTH:
        yield wire.NAME, f"must be at most {wire.NAME_MAX_LENGTH} characters"


def _window(entry: Mapping[str, Any], day_field: str) -> Iterator[Problem]:
    """Check a day, a start and a finish. All are required; [public] the finish is after the start."""
    for field, parse, shape in (
        (day_field, _day, "YYYY-MM-DD"),
        (wire.START_TIME, _clock, "HH:MM"),
        (wire.FINISH_TIME, _clock, "HH:MM"),
    ):
        if entry.get(field) is None:
            yield field, "is required"
        elif parse(entry[field]) is None:
            yield field, f"must be written {shape}"
    start, finish = _clock(entry.get(wire.START_TIME)), _clock(entry.get(wire.FINISH_TIME))
    if start and finish and finish <= start:
        yield wire.FINISH_TIME, "must be after the start time"


def _future(campaign: Mapping[str, Any], now: datetime) -> Iterator[Problem]:
    """Check the start. [public] It is in the future, [guess] by UK wall clock."""
    day, start = _day(campaign.get(wire.START_DATE)), _clock(campaign.get(wire.START_TIME))
    if day and day < now.date():
        yield wire.START_DATE, "must be in the future"
    elif day and start and datetime.combine(day, start) <= now:
        yield wire.START_TIME, "must be in the future"


def _runover_day(entry: Mapping[str, Any], _position: int) -> Iterator[str]:
    for field, text in _window(entry, wire.RUNOVER_DATE):
        yield f"{field} {text}"


def _known(field: str, value: object, known: Iterable[int]) -> Iterator[Problem]:
    """Check that the id belongs to the client."""
    if type(value) is not int:
        yield field, "is required, as a whole number"
    elif value not in known:
        yield field, "is not known for this client"


def _attempt(entry: Mapping[str, Any], position: int) -> Iterator[str]:
    """Check an attempt. `interval` is required, in minutes; `attemptNumber`, if given, counts 1, 2, 3."""
    interval = entry.get(wire.INTERVAL)
    if type(interval) is not int or interval < 0:
        yield f"{wire.INTERVAL} must be a whole number of minutes, 0 or more"
    number = entry.get(wire.ATTEMPT_NUMBER, position)
    if type(number) is not int or number != position:
        yield f"{wire.ATTEMPT_NUMBER} must be {position}"


def _occasion(field: str, value: object) -> Iterator[Problem]:
    """Check an occasion. [public] It is required: 0 never, 1 on the first call, 2 on the last call."""
    if type(value) is not int or value not in list(wire.Occasion):
        yield field, "must be 0, 1 or 2"


def _phone_number(entry: Mapping[str, Any], _position: int) -> Iterator[str]:
    number = entry.get(wire.NUMBER)
    if not isinstance(number, str) or not _NUMBER.fullmatch(number):
        yield f"{wire.NUMBER} must be text like 07722123456 or +447722123456"
    if not isinstance(entry.get(wire.RECIPIENT_NAME, ""), str):
        yield f"{wire.RECIPIENT_NAME} must be text"
    if wire.PARAMETERS in entry:
        yield from _parameters(entry[wire.PARAMETERS])


def _parameters(parameters: object) -> Iterator[str]:
    """Check Parameter1 to Parameter9. [guess] Each is given at most once, with a text."""
    if not isinstance(parameters, list) or not all(isinstance(each, dict) for each in parameters):
        yield f"{wire.PARAMETERS} must be a list of objects"
        return
    seen: set[object] = set()
    for each in parameters:
        number = each.get(wire.PARAMETER)
        if type(number) is not int or number not in wire.PARAMETER_NUMBERS:
            yield f"{wire.PARAMETER} must be a whole number from 1 to 9"
        elif number in seen:
            yield f"{wire.PARAMETER} {number} is given twice"
        else:
            seen.add(number)
        if not isinstance(each.get(wire.VALUE), str):
            yield f"{wire.VALUE} must be text"


def _entries(
    campaign: Mapping[str, Any],
    field: str,
    check_entry: Callable[[Mapping[str, Any], int], Iterator[str]],
) -> Iterator[Problem]:
    """Check a list of objects, entry by entry. The list may be left out. Entries count from 1."""
    entries = campaign.get(field, [])
    if not isinstance(entries, list):
        yield field, "must be a list"
        return
    for position, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            yield field, f"entry {position}: must be an object"
            continue
        for text in check_entry(entry, position):
            yield field, f"entry {position}: {text}"


def _day(value: object) -> date | None:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _clock(value: object) -> time | None:
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        return None
    return time.fromisoformat(value)
