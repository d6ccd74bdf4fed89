"""What is read from the partner. Times are aware and in UTC.

A value that the partner left out, or that can't be read, is None; a text is then "". Codes are kept as they
came, known or not; `campaigns.partner.codes` has the words for them. Nothing that tells who was called is in
the `repr` of an object, so none of it comes into a log by accident.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from campaigns.partner.wire import Window


@dataclass(frozen=True, slots=True)
class ReadCallFlow:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class ReadCli:
    id: int
    number: str
    description: str


@dataclass(frozen=True, slots=True)
class ReadAttempt:
    """One call attempt of a campaign. `interval` is in minutes."""

    number: int
    interval: int


@dataclass(frozen=True, slots=True)
class ReadCampaign:
    """One campaign. Date and times are UK wall clock. Only reading a single one gives its last two fields.

    `call_count` is the partner's own; whether it counts numbers or calls is not documented.
    """

    id: int
    name: str
    status: int | None
    call_count: int | None
    start_date: date | None
    start_time: time | None
    finish_time: time | None
    call_flow_id: int | None
    cli_id: int | None
    attempts: tuple[ReadAttempt, ...] = ()
    runover: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadCall:
    """One call to one number. `user_input` is the digits pressed."""

    started_at: datetime | None
    ended_at: datetime | None
    outcome: int | None
    stage: int | None
    user_input: str = field(repr=False)
    price: Decimal | None
    is_transfer: bool | None
    attempt_number: int | None
    seconds: int | None


@dataclass(frozen=True, slots=True)
class ReadSms:
    """One SMS. `parts` is how many it was charged as."""

    status: int | None
    price: Decimal | None
    parts: int | None
    received_at: datetime | None
    sender: str = field(repr=False)
    message: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """One number of a campaign, in E.164 if the partner gave it as UK national, with what came of it."""

    id: int
    number: str = field(repr=False)
    name: str = field(repr=False)
    calls: tuple[ReadCall, ...]
    smss: tuple[ReadSms, ...]


@dataclass(frozen=True, slots=True)
class NumbersPage:
    """One page of a campaign's numbers, without those that this reading has yielded before.

    `pass_number` counts from 1; it is higher if the pages shifted and are read again. After the page with
    `is_last` none follows. `is_complete` says of that one whether every number is certain to have been read.
    """

    number: int
    rows: tuple[ReadNumber, ...]
    pass_number: int = 1
    is_last: bool = False
    is_complete: bool = False
