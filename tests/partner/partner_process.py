"""A partner of the tests as a real process, which says in its first line where it listens."""

import select
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.running import ROOT, START_SECONDS, STOP_SECONDS


class PartnerProcess:
    """`with` starts it and ends it. A subclass gives the arguments of `python -m`, and reads the line."""

    def __init__(self, log_path: Path) -> None:
        self.log_path = log_path
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def log(self) -> str:
        return self.log_path.read_text()

    def start(self) -> None:
        """Start it and wait until it listens. Raises AssertionError with its log if it doesn't."""
        assert self._process is None, "The partner is running already."
        with self.log_path.open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self._arguments()],
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=ROOT,
                text=True,
            )
        assert self._process.stdout
        select.select([self._process.stdout], [], [], START_SECONDS)
        listens = self._read_address(self._process.stdout.readline())
        if not listens:
            self.kill()
        assert listens, f"The partner didn't start:\n{self.log}"

    def stop(self) -> int:
        """Ask it to end, and return its exit code; 0 if it isn't running."""
        if self._process:
            self._process.terminate()
        return self._wait_for_end()

    def kill(self) -> int:
        """End it as a crash would (SIGKILL)."""
        if self._process:
            self._process.kill()
        return self._wait_for_end()

    def _arguments(self) -> list[str]:
        raise NotImplementedError

    def _read_address(self, line: str) -> bool:
        """Keep where it listens. Return False if the line does not say it."""
        raise NotImplementedError

    def _wait_for_end(self) -> int:
        if self._process is None:
            return 0
        process, self._process = self._process, None
        try:
            process.wait(STOP_SECONDS)
        finally:
            process.kill()
            process.communicate()
        return process.returncode
