"""The requests and answers in the partner's spelling. Only this module knows the partner's field names.

Source of creating: the partner's page "Create Voice Campaigns". If its table and its sample body differ, the
sample counts (`answerMachineDetected`, which the table calls AnswerPhoneMessage). Source of reading: the
same company's pages for direct clients, which do not agree in the case of letters.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import IntEnum
from typing import Any, NamedTuple

from orjson import dumps

CREATE_PATH = "/api/Campaign/Voice/"
CLIENT_HEADER = "clientId"

NAME = "name"
START_DATE = "startDate"
START_TIME = "startTime"
FINISH_TIME = "finishTime"
RUNOVER_DAYS = "runoverDays"
RUNOVER_DATE = "date"
CALL_FLOW_ID = "callflow_Id"
CLI_ID = "cli_Id"
ATTEMPTS = "attempts"
INTERVAL = "interval"
ATTEMPT_NUMBER = "attemptNumber"
ANSWERPHONE = "answerMachineDetected"
SMS_ON_BUSY = "smsOnBusy"
PHONE_NUMBERS = "phoneNumbers"
NUMBER = "number"
RECIPIENT_NAME = "name"
PARAMETERS = "parameters"
PARAMETER = "parameter"
VALUE = "value"

# Reading. Some fields are spelled as in creating and have the names above.
CALL_FLOWS_PATH = "/api/CallFlows/"
CLIS_PATH = "/api/CLI/"
CAMPAIGNS_PATH = "/api/campaigns/voice"
CAMPAIGNS_PAGE_PATH = f"{CAMPAIGNS_PATH}/p"
PHONE_NUMBERS_SEGMENT = "phonenumbers"
FILTERS = "filters"
SORTS = "sorts"
PAGE = "page"
PAGE_SIZE = "pageSize"
PAGE_INDEX = "pageIndex"
TOTAL_PAGES = "totalPages"
TOTAL_RECORDS = "totalRecords"
ITEMS = "items"

ID = "id"
DESCRIPTION = "description"
TYPE = "type"
CAMPAIGN_STATUS = "campaignStatus"
CALL_COUNT = "callCount"
READ_START_TIME = "starttime"
READ_FINISH_TIME = "finishtime"
READ_CALL_FLOW_ID = "callFlow_Id"
READ_CLI_ID = "cli_id"
READ_RUNOVER_DAYS = "runOverDays"

CALLS = "calls"
END_TIME = "endTime"
STAGE = "stage"
OUTCOME = "outcome"
USER_INPUT = "userInput"
PRICE = "price"
IS_TRANSFER = "isTransferCall"
SECONDS = "secondsDuration"
SMSS = "smss"
STATUS = "status"
SMS_PARTS = "smsCount"
RECEIVED = "dateReceived"
SENDER = "senderNumber"
MESSAGE = "message"

WEBHOOK_ADDRESS_PATH = "/api/integrations/UpdateWebHook"
WEBHOOK_URL = "url"
WEBHOOK_TYPE = "webHookType"
CALL_WEBHOOK = 0
SMS_WEBHOOK = 1
WEBHOOK_DATA = "data"
WEBHOOK_CLIENT_ID = "clientId"
WEBHOOK_CAMPAIGN_ID = "campaignId"
WEBHOOK_OUTCOME = "outCome"
WEBHOOK_PHONE_NUMBER = "phoneNumber"
WEBHOOK_PHONE_NUMBER_ID = "phoneNumberId"
WEBHOOK_ID = "Id"
WEBHOOK_PARTS = "parts"
WEBHOOK_CREATED = "dateCreated"
WEBHOOK_UPDATED = "lastUpdated"
WEBHOOK_STATUS = "statusCode"

NAME_MAX_LENGTH = 100
PARAMETER_NUMBERS = range(1, 10)

SEPARATOR = b","
END = b"]}"
# The fixed pieces of an entry. Each person's own values come between them.
_NUMBER = f'{{"{NUMBER}":'.encode()
_NAME = f',"{RECIPIENT_NAME}":'.encode()
_PARAMETERS = f',"{PARAMETERS}":['.encode()
_VALUE = f'{{"{VALUE}":'.encode()
_SAID_AS = {key: f',"{PARAMETER}":{key}}}'.encode() for key in PARAMETER_NUMBERS}


class Occasion(IntEnum):
    """The call on which an answerphone message is left, or an SMS is sent because the line is busy."""

    NEVER = 0
    FIRST_CALL = 1
    LAST_CALL = 2


@dataclass(frozen=True, slots=True)
class Window:
    """One day's calling window, in the partner's wall clock (UK)."""

    day: date
    start: time
    finish: time


@dataclass(frozen=True, slots=True)
class VoiceCampaign:
    """All fields of a create request but its phone numbers.

    `intervals` holds, for each call in order, the minutes before the next call.
    """

    name: str
    window: Window
    runover: Sequence[Window]
    call_flow_id: int
    cli_id: int
    intervals: Sequence[int]
    answerphone: Occasion
    sms_on_busy: Occasion


class Recipient(NamedTuple):
    """One person to call. `number` is E.164; `parameters` maps 1..9 to the text spoken or sent.

    Parameters are sent in the order given. It is a tuple because frozen dataclasses take longer to make.
    """

    number: str
    name: str
    parameters: Mapping[int, str]


def body(head: bytes, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the JSON body: `head`, the blocks of entries with their separators, and the end."""
    yield head
    yield from blocks
    yield END


def entries(people: Iterable[Recipient]) -> list[bytes]:
    """Return each person's entry of `phoneNumbers`, to be joined with SEPARATOR."""
    return [_entry(person) for person in people]


def _entry(person: Recipient) -> bytes:
    """Return one entry of `phoneNumbers`. Empty fields are left out, as in the partner's sample.

    It is put together from bytes, because making dictionaries for orjson takes twice as long.
    """
    number, name, parameters = person
    entry = _NUMBER + dumps(national(number))
    if name:
        entry += _NAME + dumps(name)
    if parameters:
        said = [_VALUE + dumps(value) + _SAID_AS[key] for key, value in parameters.items()]
        entry += _PARAMETERS + b",".join(said) + b"]"
    return entry + b"}"


def entries_in(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield each entry of `phoneNumbers` in a body made by `body`, as its JSON bytes.

    `blocks` may be cut anywhere. This is cheap, because nothing is parsed as JSON: the bytes that begin an
    entry are nowhere else, as quotation marks inside a text are escaped.
    """
    rest, is_first = b"", True
    for block in blocks:
        *whole, rest = (rest + block).split(_NUMBER)
        for piece in whole:
            if not is_first:
                yield _NUMBER + piece.rstrip(b",")
            is_first = False
    if not is_first:
        yield _NUMBER + rest.removesuffix(b"]}")


def says(entry: bytes, parameters: Iterable[int]) -> bool:
    """Return whether an entry has a text for each of the parameters, given by their numbers."""
    return all(_SAID_AS[number] in entry for number in parameters)


def campaign_path(campaign_id: int) -> str:
    """Return the path of one campaign."""
    return f"{CAMPAIGNS_PATH}/{campaign_id}"


def phone_numbers_path(campaign_id: int, page_size: int, page: int) -> str:
    """Return the path of one page of a campaign's numbers. The first page is 1."""
    return f"{campaign_path(campaign_id)}/{PHONE_NUMBERS_SEGMENT}/{page_size}/{page}"


def filter_by_name(operator: str, text: str) -> str:
    """Return a filter of campaigns by name. Commas, bars and backslashes in the text are escaped."""
    return f"Name{operator}" + re.sub(r"([\\,|])", r"\\\1", text)


def national(number: str) -> str:
    """Return a UK number as in the partner's examples (07722123456). Other numbers stay E.164."""
    return "0" + number[3:] if number.startswith("+44") else number


def e164(number: str) -> str:
    """Undo `national`."""
    return "+44" + number[1:] if number.startswith("0") else number


def head(campaign: VoiceCampaign, *, cli_field: str = CLI_ID) -> bytes:
    """Return the body up to and including the bracket that opens the phone numbers.

    `cli_field` is a setting because the documentation for direct clients calls it `defaultCli_Id`.
    """
    fields: dict[str, Any] = {
        NAME: campaign.name,
        START_DATE: campaign.window.day.isoformat(),
        START_TIME: _clock(campaign.window.start),
        FINISH_TIME: _clock(campaign.window.finish),
    }
    if campaign.runover:
        fields[RUNOVER_DAYS] = [
            {
                RUNOVER_DATE: window.day.isoformat(),
                START_TIME: _clock(window.start),
                FINISH_TIME: _clock(window.finish),
            }
            for window in campaign.runover
        ]
    fields |= {CALL_FLOW_ID: campaign.call_flow_id, cli_field: campaign.cli_id}
    if campaign.intervals:
        fields[ATTEMPTS] = [
            {INTERVAL: minutes, ATTEMPT_NUMBER: position}
            for position, minutes in enumerate(campaign.intervals, start=1)
        ]
    fields |= {
        ANSWERPHONE: int(campaign.answerphone),
        SMS_ON_BUSY: int(campaign.sms_on_busy),
        PHONE_NUMBERS: [],
    }
    return dumps(fields)[:-2]


def _clock(moment: time) -> str:
    return moment.strftime("%H:%M")
