"""The whole portal as `make run` starts it, on free ports and in a folder of its own."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from portal.processes import run
from portal.processes.run import WORKERS

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 120
STOP_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def writes_for_its_user_only(pid: int) -> bool:
    """Say whether what the process creates can be read by nobody else: its umask is 077."""
    status = Path(f"/proc/{pid}/status").read_text()
    return "Umask:\t0077" in status


def read_by_others(folder: Path) -> list[Path]:
    """Return what under the folder another user of the machine may read, write or list."""
    return [path for path in folder.rglob("*") if path.lstat().st_mode & 0o077]


class RunningPortal:
    """`with RunningPortal(tmp_path) as portal:` has web, workers and sandbox running, with demo data.

    With `is_web_only`, nothing but the pages runs, and the folder has to hold a prepared portal.
    """

    password = "fictional-password"

    def __init__(self, folder: Path, *, is_web_only: bool = False, **environment: str) -> None:
        self.folder = folder
        self._is_web_only = is_web_only
        self.port, self.sandbox_port = free_port(), free_port()
        self.log_path = folder / "run.log"
        self._environment = environment
        self.process: subprocess.Popen[bytes] | None = None
        # Cookies of a browser that has signed in.
        self.session: list[Any] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def log(self) -> str:
        return self.log_path.read_text()

    def __enter__(self) -> Self:
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                self._command(),
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env=self.environment(),
                start_new_session=True,
            )
        end = time.monotonic() + START_SECONDS
        while not (self._answers(self.url + "/healthz") and self._workers_are_ready()):
            assert self.process.poll() is None, self.log
            assert time.monotonic() < end, self.log
            time.sleep(0.2)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if not self.process or self.process.poll() is not None:
            return
        family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_SECONDS)
        finally:
            for left in (*family, self.process):
                with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
                    left.kill()

    def _command(self) -> list[str]:
        if self._is_web_only:
            return run.commands(self.port, self.sandbox_port)["web"]
        return [sys.executable, "-m", "portal.processes.run"]

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "PORTAL_DATA_DIR": str(self.folder),
            "PORTAL_PORT": str(self.port),
            "PORTAL_SANDBOX_PORT": str(self.sandbox_port),
            "PORTAL_DEMO_PASSWORD": self.password,
            **self._environment,
        }

    def ledger(self) -> list[dict[str, Any]]:
        """Return the sandbox's ledger, newest last."""
        rows: list[dict[str, Any]] = self._sandbox("GET", "/_sandbox/ledger")
        return rows

    def behave(self, mode: str, times: int = 1) -> None:
        self._sandbox("PUT", "/_sandbox/behaviour", {"mode": mode, "times": times})

    def _sandbox(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.sandbox_url + path, data=data, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def _answers(self, url: str) -> bool:
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _workers_are_ready(self) -> bool:
        return self._is_web_only or self.log.count("ready.") >= len(WORKERS)
