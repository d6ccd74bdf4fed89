"""Keep one command running: `python -m portal.respawn celery ...`.

honcho ends everything when one of its processes dies; a killed worker should come back instead. The
command gets a session of its own, because honcho signals whole process groups, and a worker's
children would die of the SIGTERM that its parent takes for "finish what you are doing".
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType

# Between a death and the next start, so that a command that can't start doesn't spin.
PAUSE_SECONDS = 1.0


class Keeper:
    """Runs the command, and passes on the order to stop."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._child: subprocess.Popen[bytes] | None = None
        self._stopping = False

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True
        if self._child:
            self._child.terminate()

    def run(self) -> int:
        """Run the command until this process is told to stop. Returns its last exit code."""
        while True:
            self._child = subprocess.Popen(self._command, start_new_session=True)
            if self._is_stopping():
                self._child.terminate()
            code = self._child.wait()
            self._end_orphans(self._child.pid)
            if not self._is_stopping():
                print(f"The process ended (code {code}); starting it again.", flush=True)
                time.sleep(PAUSE_SECONDS)
            if self._is_stopping():
                return code

    @staticmethod
    def _end_orphans(session: int) -> None:
        """End what a killed command left: an orphaned beat goes on beating, and keeps our output."""
        with suppress(ProcessLookupError):
            os.killpg(session, signal.SIGKILL)

    def _is_stopping(self) -> bool:
        """Say whether the signal's handler was called: it may be at any moment."""
        return self._stopping


def main(command: list[str]) -> int:
    keeper = Keeper(command)
    signal.signal(signal.SIGTERM, keeper.stop)
    signal.signal(signal.SIGINT, keeper.stop)
    return keeper.run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
