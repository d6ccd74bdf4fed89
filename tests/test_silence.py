"""Who stands still is found out without a broker, and a broker that stands still holds up no page."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from redis import Redis

from tests.partner.sandbox import SandboxProcess
from tests.test_servers import COMMANDS, WORKERS, Place, embedded, servers

# Much patience with the partner, and little with our own processes.
CLOCKS = {
    "PORTAL_PARTNER_DEADLINE": "600",
    "PORTAL_DELIVERY_TASK_LIMIT": "700",
    "PORTAL_DELIVERY_DEAD_AFTER": "800",
    "PORTAL_HEARTBEAT_LATE_AFTER": "4",
}


@pytest.fixture(scope="module", params=[embedded, servers], ids=["embedded", "servers"])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("silence")
    with ExitStack() as stack:
        environment = stack.enter_context(request.param(folder))
        sandbox = stack.enter_context(SandboxProcess(folder / "sandbox-ledger.sqlite3"))
        place = Place(folder, sandbox, environment | CLOCKS)
        stack.callback(place.stop)
        place.call(*COMMANDS["migrate"][1:])
        place.call("manage.py", "collectstatic", "--no-input")
        for service in (*WORKERS, "beat"):
            place.start(service)
        place.walk("wait_swept")
        yield place


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ("worker-deliveries", "worker of deliveries"),
        pytest.param("worker-sweeps", "worker of sweeps", marks=pytest.mark.nightly),
        pytest.param("worker-freezes", "worker of freezes", marks=pytest.mark.nightly),
        pytest.param("worker-bulk", "worker of bulk", marks=pytest.mark.nightly),
        ("beat", "sweeper has not run"),
    ],
)
def test_one_that_died_is_named_until_it_is_back(place: Place, service: str, said: str) -> None:
    place.kill(service)
    place.walk("wait_health", "503", said)
    place.start(service)
    place.walk("wait_health", "200")


def test_a_worker_that_hangs_is_named_and_one_with_a_long_upload_is_not(place: Place) -> None:
    place.sandbox.behave("hang")
    sending = place.submit()
    place.walk("wait_delivery", str(sending), "sending")
    place.walk("wait_swept", "8")
    place.walk("wait_health", "200")
    # With its children: one that goes on with an upload does work, and says so.
    with frozen(*place.processes("worker-deliveries")):
        place.walk("wait_health", "503", "worker of deliveries")
    place.walk("wait_health", "200")
    place.kill("worker-deliveries")
    place.start("worker-deliveries")


def test_with_a_frozen_broker_pages_answer_and_it_is_said_and_nothing_is_lost(place: Place) -> None:
    if place.uses != ("postgresql", "redis"):
        pytest.skip("A folder can't be frozen.")
    draft = str(place.walk("draft")["draft"])
    with Redis.from_url(place.environment["PORTAL_BROKER_URL"]) as broker:
        valkey = broker.info("server")["process_id"]
    with frozen(valkey):
        submitted = place.walk("submit_draft", draft)
        # Waiting for the broker would take as long as it stands still; the machine may be busy.
        assert submitted["seconds"] < 15
        place.walk("wait_health", "503", "sweeper has not run")
    [delivery] = place.wait(submitted["submission"], "submitted")
    assert delivery["state"] == "accepted"
    place.walk("wait_health", "200")


@contextmanager
def frozen(*pids: int) -> Iterator[None]:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
