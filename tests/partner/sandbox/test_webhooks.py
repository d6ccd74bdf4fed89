"""The webhooks that the sandbox sends: both kinds, once each and in order, and at fault as told."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from campaigns.partner.sandbox.play.plan import ZONE
from tests.partner.sample import sample
from tests.partner.sandbox import CLIENT, LOOKUPS, SandboxProcess, eventually

PEOPLE = 40


class Receiver:
    """A portal that only remembers what came."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        own = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                own.bodies.append(json.loads(self.rfile.read(length)))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Log nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def of(self, kind: int) -> list[dict[str, Any]]:
        return [body["data"] for body in list(self.bodies) if body["webHookType"] == kind]

    def wait_until_quiet(self) -> None:
        assert eventually(lambda: self.bodies)
        count = 0
        while len(self.bodies) > count:
            count = len(self.bodies)
            time.sleep(2)

    def wait_for(self, count: int) -> None:
        """Wait for so many, and a moment longer for any that should not come."""
        assert eventually(lambda: [1] if len(self.bodies) >= count else [], 60)
        time.sleep(0.6)
        assert len(self.bodies) == count


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    running = Receiver()
    yield running
    running.close()


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[SandboxProcess]:
    with SandboxProcess(tmp_path / "ledger.sqlite3") as running:
        running.set_clients(LOOKUPS)
        yield running


def set_address(sandbox: SandboxProcess, url: str, client: str = CLIENT) -> requests.Response:
    return sandbox.http.post(
        f"{sandbox.url}/api/integrations/UpdateWebHook",
        params={"url": url},
        headers={"clientId": client},
        timeout=10,
    )


def created(sandbox: SandboxProcess) -> tuple[int, datetime]:
    """Create a campaign whose SMS come on the first call. Return its id and its start."""
    people = [{"number": f"07700900{n:03}"} for n in range(PEOPLE)]
    body = sample(phoneNumbers=people, smsOnBusy=1)
    start = datetime.fromisoformat(f"{body['startDate']}T09:00").replace(tzinfo=ZONE)
    sandbox.set_clock(start - timedelta(minutes=1))
    campaign_id: int = sandbox.create(body).json()["id"]
    return campaign_id, start


def read(sandbox: SandboxProcess, campaign_id: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = sandbox.http.get(
        f"{sandbox.url}/api/campaigns/voice/{campaign_id}/phonenumbers/100/1",
        headers={"clientId": CLIENT},
        timeout=10,
    ).json()
    return rows


def test_each_call_and_each_change_of_an_sms_is_told_once(
    sandbox: SandboxProcess, receiver: Receiver
) -> None:
    campaign_id, start = created(sandbox)
    assert set_address(sandbox, receiver.url).status_code == 204
    for hours in (0.005, 1, 50):
        sandbox.set_clock(start + timedelta(hours=hours))
        rows = read(sandbox, campaign_id)
        calls = [(row["number"], call) for row in rows for call in row["calls"]]
        messages = [(row["id"], sms) for row in rows for sms in row["smss"]]
        known = sum(1 + (sms["status"] != 0) for _, sms in messages)
        receiver.wait_for(len(calls) + known)
    told = receiver.of(0)
    assert sorted((each["phoneNumber"], each["outCome"], each["stage"]) for each in told) == sorted(
        (number, call["outcome"], call["stage"]) for number, call in calls
    )
    assert {each["campaignId"] for each in told} == {str(campaign_id)}
    assert all(each["startTime"].endswith("Z") for each in told)
    ends = [each["endTime"] for each in told]
    assert ends == sorted(ends)
    last = {each["Id"]: (each["phoneNumberId"], each["statusCode"]) for each in receiver.of(1)}
    assert messages
    assert sorted(last.values()) == sorted((str(row), sms["status"]) for row, sms in messages)


def test_what_was_told_is_not_told_again_after_a_crash(
    sandbox: SandboxProcess, receiver: Receiver
) -> None:
    _, start = created(sandbox)
    set_address(sandbox, receiver.url)
    sandbox.set_clock(start + timedelta(hours=50))
    receiver.wait_until_quiet()
    count = len(receiver.bodies)
    sandbox.restart()
    time.sleep(1)
    assert len(receiver.bodies) == count


@pytest.mark.parametrize(
    ("mode", "order"),
    [
        ("doubled", [0, 0, 1, 2, 3]),
        ("out_of_order", [1, 0, 2, 3]),
        ("lost", [1, 2, 3]),
        ("late", [1, 2, 3, 0]),
    ],
)
def test_a_fault_is_that_of_the_next_webhook(
    sandbox: SandboxProcess, receiver: Receiver, mode: str, order: list[int]
) -> None:
    """The same four events are told twice: once as they should be, and once with the first at fault."""
    _, start = created(sandbox)
    right: list[str] = []
    for wanted in ("normal", mode):
        receiver.bodies.clear()
        sandbox.set_clock(start - timedelta(minutes=1))
        set_address(sandbox, receiver.url)
        sandbox.behave_webhooks(wanted, seconds=1 if wanted == "late" else None)
        sandbox.set_clock(start + timedelta(hours=50))
        if wanted == "normal":
            receiver.wait_until_quiet()
        else:
            receiver.wait_for(len(right) + len(order) - 4)
        came = [json.dumps(body) for body in receiver.bodies]
        right = right or came
    # The late one comes behind all others.
    shown = [*came[:3], came[-1]] if mode == "late" else came[: len(order)]
    assert [right.index(each) for each in shown] == order


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/", "127.0.0.1", "http://", "http://example.com/", "http://[::1"]
)
def test_a_wrong_or_foreign_address_is_refused(sandbox: SandboxProcess, url: str) -> None:
    assert set_address(sandbox, url).status_code == 400


def test_an_empty_address_ends_the_sending(sandbox: SandboxProcess, receiver: Receiver) -> None:
    _, start = created(sandbox)
    set_address(sandbox, receiver.url)
    assert set_address(sandbox, "").status_code == 204
    sandbox.set_clock(start + timedelta(hours=50))
    time.sleep(1)
    assert receiver.bodies == []


def test_a_client_that_is_not_known_sets_nothing(
    sandbox: SandboxProcess, receiver: Receiver
) -> None:
    assert set_address(sandbox, receiver.url, "TEST-NOBODY").status_code == 400
    sandbox.want("api_key", header="api-key", key="k3y")
    assert set_address(sandbox, receiver.url).status_code == 401
