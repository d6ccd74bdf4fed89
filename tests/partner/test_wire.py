"""The body sent, key for key as the partner's page spells it."""

import json
from datetime import date, time
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from campaigns.partner import wire
from campaigns.partner.wire import Occasion, Recipient, VoiceCampaign, Window
from tests.partner.sample import SAMPLE

BEN = Recipient("+447722123456", "ben", {1: "testing"})
DAVE = Recipient("+447722734716", "Dave", {})


def campaign(**changes: Any) -> VoiceCampaign:
    values: dict[str, Any] = {
        "name": "Test Campaign",
        "window": Window(date(2025, 10, 1), time(9), time(12)),
        "runover": [Window(date(2025, 10, 2), time(9), time(12))],
        "call_flow_id": 1,
        "cli_id": 1,
        "intervals": [15, 60, 120],
        "answerphone": Occasion.NEVER,
        "sms_on_busy": Occasion.FIRST_CALL,
    }
    return VoiceCampaign(**(values | changes))


def body_of(head: bytes, people: list[Recipient]) -> bytes:
    return b"".join(wire.body(head, [wire.SEPARATOR.join(wire.entries(people))]))


def sent(*people: Recipient, **changes: Any) -> Any:
    return json.loads(body_of(wire.head(campaign(**changes)), list(people)))


def test_the_partners_own_sample_is_written_key_for_key_in_its_order() -> None:
    body = sent(BEN, DAVE)
    assert body == SAMPLE
    assert list(body) == list(SAMPLE)


def test_what_is_empty_is_left_out() -> None:
    body = sent(DAVE, runover=[], intervals=[])
    assert "runoverDays" not in body
    assert "attempts" not in body
    assert "parameters" not in body["phoneNumbers"][0]


def test_a_nameless_person_is_sent_without_a_name() -> None:
    assert sent(Recipient("+447700900001", "", {}))["phoneNumbers"] == [{"number": "07700900001"}]


def test_the_name_of_the_cli_field_is_a_setting() -> None:
    body = json.loads(body_of(wire.head(campaign(), cli_field="defaultCli_Id"), [BEN]))
    assert body["defaultCli_Id"] == 1
    assert "cli_Id" not in body


def test_uk_numbers_go_out_in_national_form_and_others_as_they_are() -> None:
    assert wire.national("+442079460001") == "02079460001"
    assert wire.national("+4530123456") == "+4530123456"


@given(
    st.lists(
        st.builds(
            Recipient,
            number=st.just("+447700900001"),
            name=st.text(st.characters(exclude_categories=["Cs"])),
            parameters=st.dictionaries(
                st.integers(1, 9), st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
            ),
        ),
        max_size=20,
    ),
)
def test_any_name_and_value_arrives_as_it_was(people: list[Recipient]) -> None:
    body = body_of(wire.head(campaign()), people)
    entries = json.loads(body)["phoneNumbers"]
    assert body.endswith(orjson.dumps(entries) + b"}")
    assert len(entries) == len(people)
    for entry, person in zip(entries, people, strict=True):
        assert entry.get("name", "") == person.name
        values = {row["parameter"]: row["value"] for row in entry.get("parameters", [])}
        assert values == person.parameters
