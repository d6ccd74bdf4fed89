"""Keep one command running: `python -m portal.processes.respawn celery ...`.

honcho ends everything when one of its processes dies, but a killed worker should be started again. The
command gets a session of its own, because honcho signals whole process groups: a worker's children would
die of the SIGTERM that their parent takes for "finish what you are doing".
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType

# Seconds between an end and the next start, so that a command that can't start does not use up the CPU.
PAUSE_SECONDS = 1.0
# Seconds until the command is killed after the order to stop. Longer than a worker's soft shutdown, and
# shorter than honcho waits for this process.
STOP_SECONDS = 40.0


class Keeper:
    """The process that runs the command and passes on the order to stop.

    When a command dies, the rest of its session runs on until the order comes: a worker's child may be in the
    middle of sending, and its answer is worth waiting for.
    """

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._child: subprocess.Popen[bytes] | None = None
        self._sessions: list[int] = []
        self._kill_at: float | None = None

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._kill_at = self._kill_at or time.monotonic() + STOP_SECONDS
        if self._child:
            self._child.terminate()

    def run(self) -> int:
        """Run the command until this process is told to stop. Return the command's last exit code."""
        while True:
            code = self._run_once()
            if not self._is_stopping():
                print(f"The process ended (code {code}); starting it again.", flush=True)
                time.sleep(PAUSE_SECONDS)
            if self._is_stopping():
                self._kill_what_is_left()
                return code

    def _run_once(self) -> int:
        self._child = subprocess.Popen(self._command, start_new_session=True)
        self._sessions.append(self._child.pid)
        if self._is_stopping():
            self._child.terminate()
        while True:
            try:
                return self._child.wait(timeout=0.5)
            except subprocess.TimeoutExpired:
                if self._kill_at and time.monotonic() > self._kill_at:
                    self._kill_what_is_left()

    def _kill_what_is_left(self) -> None:
        for session in self._sessions:
            with suppress(ProcessLookupError):
                os.killpg(session, signal.SIGKILL)

    def _is_stopping(self) -> bool:
        """Return whether the order to stop has come. The signal's handler may be called at any moment."""
        return self._kill_at is not None


def main(command: list[str]) -> int:
    keeper = Keeper(command)
    signal.signal(signal.SIGTERM, keeper.stop)
    signal.signal(signal.SIGINT, keeper.stop)
    return keeper.run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
