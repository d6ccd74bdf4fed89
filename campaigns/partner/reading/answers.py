"""The partner's answers to reading, from bytes to rows. Everything here raises ReadError alone.

Single values are read leniently. The shape is not: an answer with another shape may be an error page, or
half of one, and reading it as "nothing there" would hide that.
"""

import codecs
from collections.abc import Callable, Iterable
from typing import TypeVar

import orjson

from campaigns.partner import wire
from campaigns.partner.reading.errors import unreadable
from campaigns.partner.reading.rows import (
    ReadAttempt,
    ReadCall,
    ReadCallFlow,
    ReadCampaign,
    ReadCli,
    ReadNumber,
    ReadSms,
)
from campaigns.partner.reading.values import Fields, clock, day
from campaigns.partner.wire import Window

Row = TypeVar("Row")


def call_flows(body: bytes) -> list[ReadCallFlow]:
    return _rows(_loaded(body), _call_flow)


def clis(body: bytes) -> list[ReadCli]:
    return _rows(_loaded(body), _cli)


def campaign(body: bytes) -> ReadCampaign:
    """Read one campaign, also out of a list of one."""
    value = _loaded(body)
    if isinstance(value, list):
        [value] = value if len(value) == 1 else [None]
    return _campaign(_fields(value))


def campaigns_page(body: bytes) -> tuple[list[ReadCampaign], int]:
    """Read a page of campaigns and the number of pages."""
    page = _fields(_loaded(body))
    pages = page.integer(wire.TOTAL_PAGES)
    if pages is None:
        raise unreadable()
    return _rows(page.get(wire.ITEMS), _campaign), pages


def numbers(body: bytes) -> list[ReadNumber]:
    return _rows(_loaded(body), _number)


def _loaded(body: bytes) -> object:
    try:
        return orjson.loads(body.removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError:
        # Without its cause, whose text and document are the partner's.
        raise unreadable() from None


def _rows(value: object, read: Callable[[Fields], Row]) -> list[Row]:
    if not isinstance(value, list):
        raise unreadable()
    return [read(_fields(row)) for row in value]


def _fields(value: object) -> Fields:
    if not isinstance(value, dict):
        raise unreadable()
    return Fields(value)


def _id(row: Fields) -> int:
    found = row.integer(wire.ID)
    if found is None:
        raise unreadable()
    return found


def _call_flow(row: Fields) -> ReadCallFlow:
    return ReadCallFlow(_id(row), row.text(wire.NAME))


def _cli(row: Fields) -> ReadCli:
    return ReadCli(_id(row), row.text(wire.NUMBER), row.text(wire.DESCRIPTION))


def _campaign(row: Fields) -> ReadCampaign:
    return ReadCampaign(
        id=_id(row),
        name=row.text(wire.NAME),
        status=row.integer(wire.CAMPAIGN_STATUS),
        call_count=row.integer(wire.CALL_COUNT),
        start_date=day(row.get(wire.START_DATE)),
        start_time=clock(row.get(wire.READ_START_TIME)),
        finish_time=clock(row.get(wire.READ_FINISH_TIME)),
        call_flow_id=row.integer(wire.READ_CALL_FLOW_ID),
        cli_id=row.integer(wire.READ_CLI_ID),
        attempts=_kept(_attempt(each) for each in _objects(row.get(wire.ATTEMPTS))),
        runover=_kept(_window(each) for each in _objects(row.get(wire.READ_RUNOVER_DAYS))),
    )


def _attempt(row: Fields) -> ReadAttempt | None:
    number, interval = row.integer(wire.ATTEMPT_NUMBER), row.integer(wire.INTERVAL)
    return None if number is None or interval is None else ReadAttempt(number, interval)


def _window(row: Fields) -> Window | None:
    found = day(row.get(wire.RUNOVER_DATE))
    start, finish = clock(row.get(wire.START_TIME)), clock(row.get(wire.FINISH_TIME))
    return Window(found, start, finish) if found and start and finish else None


def _number(row: Fields) -> ReadNumber:
    return ReadNumber(
        _id(row),
        wire.e164(row.text(wire.NUMBER)),
        row.text(wire.NAME),
        tuple(_call(each) for each in _objects(row.get(wire.CALLS))),
        tuple(_sms(each) for each in _objects(row.get(wire.SMSS))),
    )


def _call(row: Fields) -> ReadCall:
    return ReadCall(
        started_at=row.moment(wire.START_TIME),
        ended_at=row.moment(wire.END_TIME),
        outcome=row.integer(wire.OUTCOME),
        stage=row.integer(wire.STAGE),
        user_input=row.text(wire.USER_INPUT),
        price=row.price(wire.PRICE),
        is_transfer=row.truth(wire.IS_TRANSFER),
        attempt_number=row.integer(wire.ATTEMPT_NUMBER),
        seconds=row.integer(wire.SECONDS),
    )


def _sms(row: Fields) -> ReadSms:
    return ReadSms(
        status=row.integer(wire.STATUS),
        price=row.price(wire.PRICE),
        parts=row.integer(wire.SMS_PARTS),
        received_at=row.moment(wire.RECEIVED),
        sender=row.text(wire.SENDER),
        message=row.text(wire.MESSAGE),
    )


def _objects(value: object) -> list[Fields]:
    """Return the objects of a list that may be missing. Raises ReadError for anything else."""
    return [] if value is None else _rows(value, lambda row: row)


def _kept(found: Iterable[Row | None]) -> tuple[Row, ...]:
    return tuple(each for each in found if each is not None)
