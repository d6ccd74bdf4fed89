"""What the sandbox checks, as a table of cases."""

from datetime import datetime
from typing import Any

import pytest

from campaigns.partner.sandbox.endpoints.validation import check
from campaigns.partner.sandbox.state.clients import Lookups
from tests.partner.sample import sample

LOOKUPS = Lookups(callflows=frozenset({1, 7}), clis=frozenset({1, 9}))
NOW = datetime(2026, 3, 2, 10, 30)  # noqa: DTZ001
TODAY = NOW.date().isoformat()
NUMBER = {"number": "07700900001"}
MISSING = object()


def checked(**changes: Any) -> dict[str, list[str]]:
    body = sample(startDate="2026-03-03", runoverDays=[]) | changes
    return check({key: body[key] for key in body if body[key] is not MISSING}, LOOKUPS, NOW)


def numbers(entry: object) -> dict[str, object]:
    return {"phoneNumbers": [NUMBER, entry]}


def day(**changes: object) -> dict[str, object]:
    entry = {"date": "2026-03-04", "startTime": "09:00", "finishTime": "12:00"} | changes
    return {"runoverDays": [{key: value for key, value in entry.items() if value is not MISSING}]}


def parameters(*entries: object) -> dict[str, object]:
    return numbers(NUMBER | {"parameters": list(entries)})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"name": "n" * 100},
        {"startDate": TODAY, "startTime": "10:31"},
        {"runoverDays": MISSING},
        day(),
        {"callflow_Id": 7, "cli_Id": 9},
        {"cli_Id": MISSING, "defaultCli_Id": 9},
        {"attempts": MISSING},
        {"attempts": []},
        {"attempts": [{"interval": 0, "attemptNumber": 1}]},
        {"attempts": [{"interval": 15}, {"interval": 0}]},
        {"answerMachineDetected": 2, "smsOnBusy": 0},
        numbers({"number": "+447700900001"}),
        numbers({"number": "01632960001", "name": ""}),
        parameters(),
        parameters(*({"parameter": n, "value": ""} for n in range(1, 10))),
    ],
)
def test_what_is_right_is_accepted(changes: dict[str, Any]) -> None:
    assert checked(**changes) == {}


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"name": MISSING}, "Name", "is required, as text"),
        ({"name": "  "}, "Name", "is required, as text"),
        ({"name": 5}, "Name", "is required, as text"),
        ({"name": "n" * 101}, "Name", "must be at most 100 characters"),
        ({"startDate": MISSING}, "StartDate", "is required"),
        ({"startDate": "03/03/2026"}, "StartDate", "must be written YYYY-MM-DD"),
        ({"startDate": "20260303"}, "StartDate", "must be written YYYY-MM-DD"),
        ({"startDate": "2026-02-30"}, "StartDate", "must be written YYYY-MM-DD"),
        ({"startDate": 20260303}, "StartDate", "must be written YYYY-MM-DD"),
        ({"startDate": "2026-03-01"}, "StartDate", "must be in the future"),
        ({"startDate": TODAY, "startTime": "10:30"}, "StartTime", "must be in the future"),
        ({"startTime": None}, "StartTime", "is required"),
        ({"startTime": "9:00"}, "StartTime", "must be written HH:MM"),
        ({"startTime": "09:00:00"}, "StartTime", "must be written HH:MM"),
        ({"finishTime": "24:00"}, "FinishTime", "must be written HH:MM"),
        ({"finishTime": "09:00"}, "FinishTime", "must be after the start time"),
        ({"runoverDays": {}}, "RunoverDays", "must be a list"),
        ({"runoverDays": ["2026-03-04"]}, "RunoverDays", "entry 1: must be an object"),
        (day(date=MISSING), "RunoverDays", "entry 1: date is required"),
        (day(startTime="9"), "RunoverDays", "entry 1: startTime must be written HH:MM"),
        (day(finishTime=MISSING), "RunoverDays", "entry 1: finishTime is required"),
        (
            day(finishTime="08:00"),
            "RunoverDays",
            "entry 1: finishTime must be after the start time",
        ),
        ({"callflow_Id": MISSING}, "CallFlow_Id", "is required, as a whole number"),
        ({"callflow_Id": "1"}, "CallFlow_Id", "is required, as a whole number"),
        ({"callflow_Id": True}, "CallFlow_Id", "is required, as a whole number"),
        ({"callflow_Id": 9}, "CallFlow_Id", "is not known for this client"),
        ({"cli_Id": MISSING}, "Cli_Id", "is required, as a whole number"),
        ({"cli_Id": 7}, "Cli_Id", "is not known for this client"),
        (
            {"attempts": [{"interval": -1, "attemptNumber": 1}]},
            "Attempts",
            "entry 1: interval must be a whole number of minutes, 0 or more",
        ),
        (
            {"attempts": [{"attemptNumber": 1}]},
            "Attempts",
            "entry 1: interval must be a whole number of minutes, 0 or more",
        ),
        (
            {
                "attempts": [
                    {"interval": 5, "attemptNumber": 1},
                    {"interval": 5, "attemptNumber": 3},
                ]
            },
            "Attempts",
            "entry 2: attemptNumber must be 2",
        ),
        ({"answerMachineDetected": MISSING}, "AnswerPhoneMessage", "must be 0, 1 or 2"),
        ({"answerMachineDetected": 3}, "AnswerPhoneMessage", "must be 0, 1 or 2"),
        ({"answerMachineDetected": True}, "AnswerPhoneMessage", "must be 0, 1 or 2"),
        ({"smsOnBusy": "1"}, "SMSOnBusy", "must be 0, 1 or 2"),
        ({"phoneNumbers": MISSING}, "PhoneNumbers", "needs one or more entries"),
        ({"phoneNumbers": []}, "PhoneNumbers", "needs one or more entries"),
        ({"phoneNumbers": "07700900001"}, "PhoneNumbers", "must be a list"),
        (numbers("07700900001"), "PhoneNumbers", "entry 2: must be an object"),
        (numbers(NUMBER | {"name": 5}), "PhoneNumbers", "entry 2: name must be text"),
        (
            numbers(NUMBER | {"parameters": {}}),
            "PhoneNumbers",
            "entry 2: parameters must be a list of objects",
        ),
        (
            parameters({"parameter": 10, "value": "x"}),
            "PhoneNumbers",
            "entry 2: parameter must be a whole number from 1 to 9",
        ),
        (
            parameters({"parameter": 1, "value": "x"}, {"parameter": 1, "value": "y"}),
            "PhoneNumbers",
            "entry 2: parameter 1 is given twice",
        ),
        (parameters({"parameter": 1}), "PhoneNumbers", "entry 2: value must be text"),
        (parameters({"parameter": 1, "value": 5}), "PhoneNumbers", "entry 2: value must be text"),
    ],
)
def test_what_is_wrong_is_named_at_its_field(
    changes: dict[str, Any], field: str, text: str
) -> None:
    assert checked(**changes) == {field: [text]}


@pytest.mark.parametrize(
    "number",
    [
        "7700900001",
        "077009000",
        "07700 900001",
        "447700900001",
        "+07700900001",
        "\u0660" * 11,
        "",
        7700900001,
        None,
    ],
)
def test_a_number_of_another_shape_is_refused_by_its_entry(number: object) -> None:
    text = "entry 2: number must be text like 07722123456 or +447722123456"
    assert checked(**numbers({"number": number})) == {"PhoneNumbers": [text]}


def test_everything_wrong_is_said_at_once() -> None:
    assert set(check({}, LOOKUPS, NOW)) == {
        *("Name", "StartDate", "StartTime", "FinishTime", "CallFlow_Id", "Cli_Id"),
        *("AnswerPhoneMessage", "SMSOnBusy", "PhoneNumbers"),
    }


def test_a_field_has_at_most_twenty_messages_and_none_repeats_a_number_or_a_name() -> None:
    person = {"number": "07700 900123", "name": "Ada Fictional"}
    texts = checked(phoneNumbers=[person] * 50)["PhoneNumbers"]
    assert len(texts) == 20
    assert texts[16].startswith("entry 17: ")
    assert "900123" not in str(texts)
    assert "Ada" not in str(texts)
