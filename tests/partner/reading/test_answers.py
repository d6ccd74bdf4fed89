"""Answers are read whatever the case of their names, and a wrong shape is one error without their words."""

import contextlib
import json
import traceback
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.partner.codes import Outcome, SmsStatus, Stage
from campaigns.partner.reading import answers
from campaigns.partner.reading.errors import ReadError
from campaigns.partner.reading.rows import ReadAttempt
from campaigns.partner.wire import Window
from tests.partner.reading.test_values import ANYTHING

NUMBER: dict[str, Any] = {
    "id": 7,
    "number": "07700900123",
    "name": "Ben",
    "parameters": [],
    "calls": [
        {
            "startTime": "2022-02-12T12:16:15.637",
            "endTime": "2022-02-12T12:17:00",
            "stage": 13,
            "outcome": 1,
            "userInput": "1",
            "price": 0.06,
            "isTransferCall": False,
            "attemptNumber": 1,
            "secondsDuration": 45,
        }
    ],
    "smss": [
        {
            "status": 1,
            "price": 0.04,
            "smsCount": 2,
            "dateReceived": "2022-02-12T12:18:00",
            "senderNumber": None,
            "message": None,
        }
    ],
}
READ = (answers.call_flows, answers.clis, answers.campaign, answers.campaigns_page, answers.numbers)


def in_case(value: Any, turn: Any) -> Any:
    if isinstance(value, dict):
        return {turn(name): in_case(inner, turn) for name, inner in value.items()}
    return [in_case(inner, turn) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("turn", [str, str.lower, str.upper, str.capitalize, str.swapcase])
def test_a_number_with_its_calls_and_sms(turn: Any) -> None:
    [row] = answers.numbers(json.dumps(in_case([NUMBER], turn)).encode())
    assert (row.id, row.number, row.name) == (7, "+447700900123", "Ben")
    [call], [sms] = row.calls, row.smss
    assert call.started_at == datetime(2022, 2, 12, 12, 16, 15, 637000, UTC)
    assert call.ended_at == datetime(2022, 2, 12, 12, 17, tzinfo=UTC)
    assert (call.outcome, call.stage, call.user_input) == (Outcome.ANSWERED, Stage.OPT_IN, "1")
    assert (call.price, call.is_transfer, call.attempt_number) == (Decimal("0.06"), False, 1)
    assert call.seconds == 45
    assert (sms.status, sms.price, sms.parts) == (SmsStatus.DELIVERED, Decimal("0.04"), 2)
    assert sms.received_at == datetime(2022, 2, 12, 12, 18, tzinfo=UTC)
    assert (sms.sender, sms.message) == ("", "")


def test_nobody_is_in_what_python_prints_of_a_number() -> None:
    [row] = answers.numbers(json.dumps([NUMBER]).encode())
    assert not any(secret in repr(row) for secret in ("900123", "Ben", "user_input"))


def test_unknown_codes_and_wrong_values_stay_out_of_the_way() -> None:
    wrong = NUMBER | {"calls": [{"outcome": 27, "startTime": "?", "price": "?"}], "smss": None}
    [row] = answers.numbers(json.dumps([wrong]).encode())
    [call] = row.calls
    assert (call.outcome, call.started_at, call.price, call.user_input) == (27, None, None, "")
    assert row.smss == ()


def test_one_campaign_with_its_attempts_and_run_over_days() -> None:
    body = {
        "id": 3,
        "name": "Spring",
        "startDate": "2026-04-01T00:00:00",
        "starttime": "09:00",
        "finishtime": "12:00",
        "callFlow_Id": 101,
        "campaignStatus": 1,
        "callCount": 40,
        "cli_id": 201,
        "attempts": [{"interval": 0, "attemptNumber": 1}, {"interval": "?"}],
        "runOverDays": [
            {"date": "2026-04-02", "startTime": "09:00", "finishTime": "12:00"},
            {"date": "?"},
        ],
    }
    for answer in (body, [body]):
        found = answers.campaign(json.dumps(answer).encode())
        assert (found.id, found.name, found.status, found.call_count) == (3, "Spring", 1, 40)
        assert (found.start_date, found.start_time) == (date(2026, 4, 1), time(9))
        assert (found.finish_time, found.call_flow_id, found.cli_id) == (time(12), 101, 201)
        assert found.attempts == (ReadAttempt(1, 0),)
        assert found.runover == (Window(date(2026, 4, 2), time(9), time(12)),)


@pytest.mark.parametrize(
    ("read", "body"),
    [
        (answers.numbers, b""),
        (answers.numbers, b"<h1>Welcome 07700900123</h1>"),
        (answers.numbers, json.dumps([NUMBER]).encode()[:-40]),
        (answers.numbers, b"{}"),
        (answers.numbers, b'{"message": "07700900123"}'),
        (answers.numbers, b"[1]"),
        (answers.numbers, b'[{"number": "07700900123"}]'),
        (answers.numbers, b'[{"id": 1, "calls": {"07700900123": 1}}]'),
        (answers.numbers, b'[{"id": 1, "calls": ["07700900123"]}]'),
        (answers.numbers, b"\xff\xfe[]"),
        (answers.numbers, b"[" * 100_000),
        (answers.call_flows, b"null"),
        (answers.clis, b"5"),
        (answers.campaign, b"[]"),
        (answers.campaign, b'[{"id": 1}, {"id": 2}]'),
        (answers.campaigns_page, b"[]"),
        (answers.campaigns_page, b'{"items": []}'),
        (answers.campaigns_page, b'{"totalPages": 1}'),
    ],
)
def test_another_shape_is_one_error_that_repeats_nothing(read: Any, body: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        read(body)
    shown = "".join(traceback.format_exception(caught.value))
    assert "900123" not in shown
    assert "Welcome" not in shown
    assert str(caught.value) == "The partner’s answer could not be read."


def test_a_byte_order_mark_is_passed_over() -> None:
    assert answers.numbers(b"\xef\xbb\xbf[]") == []


@given(ANYTHING, st.sampled_from(READ))
def test_any_json_gives_rows_or_the_one_error(value: object, read: Any) -> None:
    with contextlib.suppress(ReadError):
        read(json.dumps(value).encode())
