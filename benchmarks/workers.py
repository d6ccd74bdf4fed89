"""The worker of deliveries as `make run` starts it, a Redis-protocol server, and the sandbox partner."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks import stages
from benchmarks.databases import Environment
from benchmarks.running import ROOT
from portal.processes import run
from tests import valkey
from tests.partner.sandbox import SandboxProcess, eventually

READY_SECONDS = 120
STOP_SECONDS = 60


@contextmanager
def broker(env: Environment) -> Iterator[Environment]:
    """Start the server, and give the environment with its address."""
    server = valkey.server(Path(env["PORTAL_DATA_DIR"]))
    server.start()
    try:
        yield {**env, "PORTAL_BROKER_URL": valkey.url(server)}
    finally:
        server.stop()


@contextmanager
def sandbox(env: Environment) -> Iterator[str]:
    """Start the sandbox partner and give its address."""
    with SandboxProcess(Path(env["PORTAL_DATA_DIR"]) / "ledger.sqlite3") as partner:
        yield partner.url


@contextmanager
def deliveries(env: Environment) -> Iterator[Path]:
    """Run the worker's four processes under a stop-watch, and give the file with their stages."""
    folder = Path(env["PORTAL_DATA_DIR"])
    log, found = folder / "worker.log", folder / "stages.jsonl"
    with ExitStack() as stack:
        process = subprocess.Popen(
            _command(),
            cwd=ROOT,
            env={**os.environ, **env, stages.FILE: str(found)},
            stdout=stack.enter_context(log.open("ab")),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        stack.callback(_stop, process)
        assert eventually(lambda: [*_ready(log)], READY_SECONDS), log.read_text()
        yield found


def _command() -> list[str]:
    """Return the command of `make run`, with the stop-watch's application and nothing to restart it."""
    whole = run.commands(port=0, sandbox_port=0)["deliveries"]
    options = whole[whole.index("worker") :]
    return [sys.executable, "-m", "celery", "--quiet", "-A", "benchmarks.stages", *options]


def _ready(log: Path) -> Iterator[str]:
    yield from (line for line in log.read_text().splitlines() if "ready." in line)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
