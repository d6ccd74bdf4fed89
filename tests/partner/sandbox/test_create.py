"""The sandbox partner over a real socket: creating, the ledger, and what survives a crash."""

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.partner.sample import sample
from tests.partner.sandbox import CLIENT, LOOKUPS, SandboxProcess

KEYS = {
    *("received_at", "client_id", "name", "complete", "body_bytes", "body_sha256"),
    *("numbers", "answer_status", "campaign_id"),
}


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[SandboxProcess]:
    with SandboxProcess(tmp_path / "ledger.sqlite3") as running:
        running.set_clients(LOOKUPS)
        yield running


def test_the_partners_own_sample_is_accepted_and_echoed_with_an_id(sandbox: SandboxProcess) -> None:
    body = sample()
    answer = sandbox.create(body)
    assert answer.status_code == 201
    campaign_id = answer.json()["id"]
    assert isinstance(campaign_id, int)
    assert answer.json() == body | {"id": campaign_id}


def test_the_ledger_says_what_came_and_what_was_answered(sandbox: SandboxProcess) -> None:
    answer = sandbox.create(sample())
    sent = answer.request.body
    assert isinstance(sent, bytes)
    [row] = sandbox.ledger()
    assert datetime.now(UTC) - datetime.fromisoformat(row.pop("received_at")) < timedelta(minutes=1)
    assert row == {
        "client_id": CLIENT,
        "name": "Test Campaign",
        "complete": True,
        "body_bytes": len(sent),
        "body_sha256": hashlib.sha256(sent).hexdigest(),
        "numbers": 2,
        "answer_status": 201,
        "campaign_id": answer.json()["id"],
    }


def test_rows_come_newest_last_with_exactly_the_promised_keys(sandbox: SandboxProcess) -> None:
    for name in ("one", "two", "three"):
        sandbox.create(sample(name=name))
    rows = sandbox.ledger()
    assert [row["name"] for row in rows] == ["one", "two", "three"]
    assert all(set(row) == KEYS for row in rows)
    assert rows == sorted(rows, key=lambda row: row["received_at"])


def test_neither_the_ledger_nor_the_log_has_a_number_or_a_recipient(
    sandbox: SandboxProcess,
) -> None:
    sandbox.create(sample())
    assert not found_in(json.dumps(sandbox.ledger()).encode() + sandbox.log.encode())


def test_the_numbers_are_gone_from_the_disk_when_they_are_deleted(sandbox: SandboxProcess) -> None:
    sandbox.create(sample())
    sandbox.create(sample(phoneNumbers=[{"number": "07700 900123", "name": "Ada"}]))
    kept = files(sandbox)
    assert found_in(kept) == {b"07722123456", b"7722734716", b"Dave"}
    answer = sandbox.http.delete(f"{sandbox.url}/_sandbox/numbers", timeout=10)
    assert answer.json() == {"deleted": 2}
    for _ in range(2):
        kept = files(sandbox)
        assert b"Test Campaign" in kept
        assert not found_in(kept)
        sandbox.stop()


def files(sandbox: SandboxProcess) -> bytes:
    return b"".join(file.read_bytes() for file in sandbox.ledger_path.parent.iterdir())


def found_in(kept: bytes) -> set[bytes]:
    secrets = (b"07722123456", b"7722734716", b"900123", b"Dave", b"Ada")
    return {secret for secret in secrets if secret in kept}


def test_a_wrong_request_is_refused_by_field_and_recorded(sandbox: SandboxProcess) -> None:
    answer = sandbox.create(sample(callflow_Id=99, phoneNumbers=[]))
    assert answer.status_code == 400
    assert answer.json() == {
        "errors": {
            "CallFlow_Id": ["is not known for this client"],
            "PhoneNumbers": ["needs one or more entries"],
        }
    }
    [row] = sandbox.ledger()
    assert (row["answer_status"], row["campaign_id"], row["numbers"]) == (400, None, 0)


@pytest.mark.parametrize("client", [None, "TEST-NOBODY"])
def test_a_client_that_is_missing_or_unknown_is_refused(
    sandbox: SandboxProcess, client: str | None
) -> None:
    answer = sandbox.create(sample(), client=client)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["clientId"]
    assert sandbox.ledger()[0]["client_id"] == client


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"\xff\xfe"])
def test_a_body_that_is_no_json_object_is_refused(sandbox: SandboxProcess, body: bytes) -> None:
    answer = sandbox.http.post(
        f"{sandbox.url}/api/Campaign/Voice/", data=body, headers={"clientId": CLIENT}, timeout=10
    )
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Body"])
    [row] = sandbox.ledger()
    assert (row["complete"], row["body_bytes"], row["numbers"]) == (True, len(body), None)


def test_a_name_is_taken_only_by_an_accepted_campaign_of_the_same_client(
    sandbox: SandboxProcess,
) -> None:
    sandbox.set_clients({"TEST-SOUTH": {"callflows": [1], "clis": [1]}})
    assert sandbox.create(sample(cli_Id=99)).status_code == 400
    assert sandbox.create(sample()).status_code == 201
    again = sandbox.create(sample())
    assert again.status_code == 400
    assert again.json() == {"errors": {"Name": ["is already used by another campaign"]}}
    assert sandbox.create(sample(), client="TEST-SOUTH").status_code == 201


def test_only_one_of_eight_requests_at_once_with_one_name_is_created(
    sandbox: SandboxProcess,
) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: sandbox.create(sample()).status_code, range(8)))
    assert sorted(answers) == [201] + [400] * 7
    assert sorted(row["answer_status"] for row in sandbox.ledger()) == sorted(answers)


def test_the_path_may_lack_its_last_slash_and_any_other_is_not_found(
    sandbox: SandboxProcess,
) -> None:
    statuses = {
        path: sandbox.http.post(
            sandbox.url + path, json=sample(name=path), headers={"clientId": CLIENT}, timeout=10
        ).status_code
        for path in ("/api/Campaign/Voice", "/api/Campaign/Voice/1", "/api/campaign/voice/", "/api")
    }
    assert list(statuses.values()) == [201, 404, 404, 404]
    assert len(sandbox.ledger()) == 1


def test_the_ledger_survives_kill_9_and_ids_go_on_rising(sandbox: SandboxProcess) -> None:
    first = sandbox.create(sample(name="before")).json()["id"]
    sandbox.restart()
    assert [row["campaign_id"] for row in sandbox.ledger()] == [first]
    assert sandbox.create(sample(name="before")).status_code == 400
    assert sandbox.create(sample(name="after")).json()["id"] > first


def test_a_row_is_on_disk_before_its_answer_is_sent(sandbox: SandboxProcess) -> None:
    for turn in range(5):
        campaign_id = sandbox.create(sample(name=f"turn {turn}")).json()["id"]
        sandbox.restart()
        assert sandbox.ledger()[-1]["campaign_id"] == campaign_id


def test_fifty_thousand_numbers_are_taken_and_counted(sandbox: SandboxProcess) -> None:
    people = [{"number": f"07700900{n % 1000:03}", "name": f"Person {n}"} for n in range(50_000)]
    answer = sandbox.create(sample(phoneNumbers=people))
    assert answer.status_code == 201
    assert answer.json()["phoneNumbers"] == people
    assert sandbox.ledger()[0]["numbers"] == 50_000


def test_clients_are_replaced_one_by_one_and_survive_a_crash(sandbox: SandboxProcess) -> None:
    south = {"TEST-SOUTH": {"callflows": [5], "clis": [6]}}
    sandbox.set_clients(south)
    sandbox.set_clients({CLIENT: {"callflows": [3, 2], "clis": []}})
    sandbox.restart()
    known = sandbox.http.get(f"{sandbox.url}/_sandbox/clients", timeout=10).json()
    assert known == south | {CLIENT: {"callflows": [2, 3], "clis": []}}


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        '{"": {"callflows": [], "clis": []}}',
        '{"A": {"callflows": [1]}}',
        '{"A": {"callflows": ["1"], "clis": []}}',
        '{"A": {"callflows": [], "clis": [true]}}',
    ],
)
def test_clients_of_another_shape_are_refused_with_a_sentence(
    sandbox: SandboxProcess, body: str
) -> None:
    answer = sandbox.http.put(f"{sandbox.url}/_sandbox/clients", data=body, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
    assert sandbox.http.get(f"{sandbox.url}/_sandbox/clients", timeout=10).json() == LOOKUPS
