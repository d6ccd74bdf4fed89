"""How the sandbox misbehaves: what the client sees, and what the ledger records."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import requests

from campaigns.partner.sandbox.state.behaviour import Mode
from campaigns.partner.sandbox.state.store import Store
from campaigns.partner.sandbox.state.turns import Setting, Turn, Turns, create_turns
from tests.partner.sample import sample
from tests.partner.sandbox import CLIENT, LOOKUPS, SandboxProcess


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[SandboxProcess]:
    with SandboxProcess(tmp_path / "ledger.sqlite3") as running:
        running.set_clients(LOOKUPS)
        yield running


def put_behaviour(sandbox: SandboxProcess, body: Any) -> requests.Response:
    return sandbox.http.put(f"{sandbox.url}/_sandbox/behaviour", json=body, timeout=10)


@pytest.mark.parametrize(
    ("mode", "status"),
    [
        ("refuse", 400),
        ("refuse_fields", 400),
        ("unauthorised", 401),
        ("too_many", 429),
        ("server_error", 500),
        ("unavailable", 503),
        ("redirect", 307),
    ],
)
def test_a_mode_that_creates_nothing_gives_its_answer_once(
    sandbox: SandboxProcess, mode: str, status: int
) -> None:
    sandbox.behave(mode)
    assert sandbox.create(sample()).status_code == status
    [row] = sandbox.ledger()
    assert (row["complete"], row["answer_status"], row["campaign_id"]) == (True, status, None)
    assert sandbox.create(sample()).status_code == 201


def test_a_refusal_on_request_names_the_call_flow(sandbox: SandboxProcess) -> None:
    sandbox.behave("refuse")
    assert sandbox.create(sample()).json() == {"errors": {"CallFlow_Id": ["is not active"]}}


def test_a_client_that_follows_the_redirect_shows_as_a_second_request(
    sandbox: SandboxProcess,
) -> None:
    sandbox.behave("redirect")
    answer = sandbox.http.post(
        f"{sandbox.url}/api/Campaign/Voice/",
        json=sample(),
        headers={"clientId": CLIENT},
        timeout=10,
    )
    assert answer.status_code == 201
    assert [row["answer_status"] for row in sandbox.ledger()] == [307, 201]


@pytest.mark.parametrize(
    ("mode", "status", "text"),
    [
        ("text", 201, "Campaign with campaign ID={id}"),
        ("bare_id", 200, "{id}"),
        ("quoted_id", 200, '"{id}"'),
    ],
)
def test_an_odd_answer_carries_the_id_of_the_campaign_created(
    sandbox: SandboxProcess, mode: str, status: int, text: str
) -> None:
    sandbox.behave(mode)
    answer = sandbox.create(sample())
    [row] = sandbox.ledger()
    assert row["campaign_id"] is not None
    assert answer.status_code == row["answer_status"] == status
    assert answer.text == text.format(id=row["campaign_id"])


def test_no_id_creates_and_echoes_without_an_id(sandbox: SandboxProcess) -> None:
    sandbox.behave("no_id")
    body = sample()
    answer = sandbox.create(body | {"id": 5})
    assert (answer.status_code, answer.json()) == (201, body)
    assert sandbox.ledger()[0]["campaign_id"] is not None


def test_slow_answers_as_usual_but_later(sandbox: SandboxProcess) -> None:
    sandbox.behave("slow", seconds=1)
    start = time.monotonic()
    answer = sandbox.create(sample())
    assert time.monotonic() - start >= 1
    assert answer.json()["id"] == sandbox.ledger()[0]["campaign_id"]


def test_cut_after_creates_and_never_answers(sandbox: SandboxProcess) -> None:
    sandbox.behave("cut_after")
    with pytest.raises(requests.ConnectionError):
        sandbox.create(sample())
    [row] = sandbox.ledger()
    assert (row["complete"], row["answer_status"]) == (True, None)
    assert row["campaign_id"] is not None
    assert sandbox.create(sample()).json()["errors"].keys() == {"Name"}


def test_hang_creates_and_keeps_the_client_waiting(sandbox: SandboxProcess) -> None:
    sandbox.behave("hang")
    with pytest.raises(requests.ReadTimeout):
        sandbox.http.post(
            f"{sandbox.url}/api/Campaign/Voice/",
            json=sample(),
            headers={"clientId": CLIENT},
            timeout=1,
        )
    [row] = sandbox.ledger()
    assert (row["complete"], row["answer_status"]) == (True, None)
    assert row["campaign_id"] is not None


def test_hang_closes_after_its_seconds(sandbox: SandboxProcess) -> None:
    sandbox.behave("hang", seconds=0.5)
    start = time.monotonic()
    with pytest.raises(requests.ConnectionError):
        sandbox.create(sample())
    assert 0.5 <= time.monotonic() - start < 60


def test_cut_before_resets_after_half_of_the_body(sandbox: SandboxProcess) -> None:
    sandbox.behave("cut_before")
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=10) as client:
        client.sendall(b"POST /api/Campaign/Voice/ HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        client.sendall(b"clientId: TEST-NORTH\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000)
        with pytest.raises(ConnectionResetError):
            client.recv(1024)
    [row] = sandbox.ledger()
    assert (row["complete"], row["body_bytes"]) == (False, 500)
    assert (row["answer_status"], row["campaign_id"]) == (None, None)


def test_cut_before_resets_a_large_body_while_it_is_sent(sandbox: SandboxProcess) -> None:
    sandbox.behave("cut_before")
    people = [{"number": f"07700900{n % 1000:03}"} for n in range(1_000_000)]
    with pytest.raises(requests.ConnectionError):
        sandbox.create(sample(phoneNumbers=people))
    [row] = sandbox.ledger()
    assert (row["complete"], row["campaign_id"]) == (False, None)
    assert 10_000_000 < row["body_bytes"] < 20_000_000
    assert sandbox.create(sample()).status_code == 201


@pytest.mark.parametrize("mode", ["text", "no_id", "bare_id", "slow", "normal"])
def test_a_mode_that_answers_creates_nothing_from_a_wrong_request(
    sandbox: SandboxProcess, mode: str
) -> None:
    sandbox.behave(mode, seconds=0)
    assert sandbox.create(sample(name="")).status_code == 400
    assert sandbox.ledger()[0]["campaign_id"] is None


def test_a_mode_that_never_answers_creates_nothing_from_a_wrong_request(
    sandbox: SandboxProcess,
) -> None:
    sandbox.behave("cut_after")
    with pytest.raises(requests.ConnectionError):
        sandbox.create(sample(name=""))
    [row] = sandbox.ledger()
    assert (row["complete"], row["answer_status"], row["campaign_id"]) == (True, None, None)


def test_times_counts_down_exactly_under_eight_clients_at_once(sandbox: SandboxProcess) -> None:
    sandbox.behave("server_error", 25)
    with ThreadPoolExecutor(8) as pool:
        names = (f"Campaign {n}" for n in range(60))
        statuses = list(pool.map(lambda name: sandbox.create(sample(name=name)).status_code, names))
    assert (statuses.count(500), statuses.count(201)) == (25, 35)
    assert sandbox.behaviour() == {"mode": "normal", "times": 0, "seconds": None}


def test_a_single_turn_is_taken_by_only_one_of_eight_threads(tmp_path: Path) -> None:
    turns = create_turns(Store(tmp_path / "ledger.sqlite3"))
    assert {taken_at_once(turns, turns.take) for _ in range(50)} == {1}


def test_threads_that_look_before_they_take_show_that_the_race_is_real(tmp_path: Path) -> None:
    turns = create_turns(Store(tmp_path / "ledger.sqlite3"))

    def look_and_take() -> Setting[Mode]:
        seen = turns.current()
        turns.set(Setting(Mode.NORMAL))
        return seen

    assert max(taken_at_once(turns, look_and_take) for _ in range(50)) > 1


def taken_at_once(
    turns: Turns[Mode], take: Callable[[], Turn[Mode]] | Callable[[], Setting[Mode]]
) -> int:
    """Return how many of eight threads get the only turn."""
    turns.set(Setting(Mode.REFUSE, 1))
    together = Barrier(8)

    def wait_and_take(_: int) -> Mode:
        together.wait()
        return take().mode

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(wait_and_take, range(8))).count(Mode.REFUSE)


def test_the_behaviour_survives_a_crash_with_what_is_left_of_it(sandbox: SandboxProcess) -> None:
    sandbox.behave("slow", 3, seconds=0.1)
    sandbox.create(sample())
    sandbox.restart()
    assert sandbox.behaviour() == {"mode": "slow", "times": 2, "seconds": 0.1}


def test_normal_ends_a_misbehaviour_at_once(sandbox: SandboxProcess) -> None:
    sandbox.behave("server_error", 5)
    assert put_behaviour(sandbox, {"mode": "normal"}).status_code == 200
    assert sandbox.create(sample()).status_code == 201


def test_times_defaults_to_one(sandbox: SandboxProcess) -> None:
    answer = put_behaviour(sandbox, {"mode": "refuse"})
    assert answer.json() == {"mode": "refuse", "times": 1, "seconds": None}


def test_an_unknown_mode_is_answered_with_the_known_ones(sandbox: SandboxProcess) -> None:
    answer = put_behaviour(sandbox, {"mode": "sulk", "times": 1})
    assert answer.status_code == 400
    assert answer.json()["modes"] == {mode.value: mode.description for mode in Mode}


@pytest.mark.parametrize(
    "body",
    [[], "refuse", {"times": 1}, {"mode": "refuse", "time": 1}, {"mode": "refuse", "times": "1"}]
    + [{"mode": "refuse", "times": n} for n in (-1, 1.5, True, 1_000_001)]
    + [{"mode": "slow", "seconds": n} for n in (-1, "1", True, 3601)],
)
def test_a_behaviour_of_another_shape_is_refused_and_changes_nothing(
    sandbox: SandboxProcess, body: object
) -> None:
    answer = put_behaviour(sandbox, body)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
    assert sandbox.behaviour()["mode"] == "normal"
