"""Real workers and beat on a real Redis-protocol server, beside the world's PostgreSQL."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from celery import Celery
from django.conf import settings

from tests import valkey
from tests.faults import databases
from tests.partner.sandbox import eventually
from tests.running import ROOT

READY_SECONDS = 120
STOP_SECONDS = 60
TWELVE = 12


class Workers:
    """A broker, one worker with twelve processes, and beat. `folder` takes their logs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not valkey.is_there():
            pytest.skip(valkey.MISSING)
        self.valkey = valkey.server(folder)
        self.valkey.start()
        self.broker_url = valkey.url(self.valkey)
        self._port = self.valkey.port
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "PORTAL_DATA_DIR": str(settings.DATA_DIR),
            "PORTAL_DATABASE_URL": databases.url(),
            "PORTAL_BROKER_URL": self.broker_url,
            "PORTAL_PARTNER_CONNECT_TIMEOUT": "20",
            "PORTAL_PARTNER_DEADLINE": "60",
            "PORTAL_DELIVERY_TASK_LIMIT": "70",
            "PORTAL_DELIVERY_DEAD_AFTER": "80",
            "PORTAL_SWEEP_EVERY": "1",
            "PORTAL_QUEUE_DUE_EVERY": "1",
            "PORTAL_DATABASE_IDLE_LIMIT": "10",
        }

    def start(self) -> None:
        seen = self.log("worker").count("ready.")
        options = [
            "--queues=deliveries,sweeps,freezes,bulk",
            f"--concurrency={TWELVE}",
            "--without-gossip",
        ]
        self._start("worker", "worker", "--loglevel=INFO", *options, "--without-mingle")
        self._start("beat", "beat", "--loglevel=INFO")
        ready = eventually(lambda: [1] * (self.log("worker").count("ready.") - seen), READY_SECONDS)
        assert ready, self.log("worker")

    def _start(self, name: str, *words: str) -> None:
        with (self._folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", "celery", "--quiet", "-A", "portal", *words],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def restart(self) -> None:
        """Do a rolling restart: ask them to end, and wait until they have."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.wait(READY_SECONDS)
        self._running = {}
        self.start()

    def send(self, delivery: int, times: int) -> None:
        """Put the same message into the queue so many times."""
        # Not as the current application, whose broker this process's own rings go to.
        with Celery(broker=self.broker_url, set_as_current=False) as app:
            for _ in range(times):
                app.send_task("campaigns.submissions.tasks.deliver", [delivery], queue="deliveries")

    def press_submit(self, *drafts: int) -> float:
        """Submit drafts on their page, in a process that rings this broker; return the best seconds."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.press", *map(str, drafts)],
            check=False,
            cwd=ROOT,
            env=self._environment | {"PORTAL_HOSTS": "testserver"},
            capture_output=True,
            text=True,
            timeout=READY_SECONDS,
        )
        assert done.returncode == 0, done.stderr
        return float(done.stdout)

    @contextmanager
    def locking(self, submission: int) -> Iterator[None]:
        """Let a process stand still meanwhile that has the submission's row locked."""
        command = [sys.executable, "-m", "tests.faults.lock", str(submission)]
        with subprocess.Popen(
            command, cwd=ROOT, env=self._environment, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout
            assert process.stdout.readline() == b"locked\n"
            process.send_signal(signal.SIGSTOP)
            try:
                yield
            finally:
                process.kill()

    def children(self) -> list[psutil.Process]:
        """Return the processes in which the worker runs its tasks."""
        found: list[psutil.Process] = psutil.Process(self._running["worker"].pid).children()
        return found

    @contextmanager
    def frozen_worker(self) -> Iterator[None]:
        """Let the worker and its processes stand still meanwhile."""
        group = self._running["worker"].pid
        os.killpg(group, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(group, signal.SIGCONT)

    def restart_the_broker(self) -> None:
        """Let it crash and come back with nothing in it."""
        self.valkey.terminate()
        self.valkey = valkey.server(self._folder, self._port)
        self.valkey.start()

    @contextmanager
    def frozen_broker(self) -> Iterator[None]:
        server = self.valkey.pid
        assert server, "It is not running."
        os.kill(server, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(server, signal.SIGCONT)

    def log(self, name: str) -> str:
        path = self._folder / f"{name}.log"
        return path.read_text() if path.exists() else ""

    def stop(self) -> None:
        for process in self._running.values():
            process.terminate()
        end = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.valkey.stop()
