"""Kill -9 at a chosen point of an action, in a child of this process: nothing is undone or flushed.

The hooks are put into the child only, from outside: the portal has no code for them.
"""

import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

from django.db import connection, connections

from tests.faults.tally import TALLY

Action = Callable[[], object]
# Seconds after which a child is stuck, not slow.
STUCK = 120


class Crash(Protocol):
    """When the child dies."""

    def install(self) -> None:
        """Put the hook into this process."""


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit


@dataclass
class AtStatement:
    """Before the k-th SQL statement, or the k-th beginning or end of a commit, all counted together."""

    k: int

    def install(self) -> None:
        self._left = self.k
        connection.execute_wrappers.append(self._around)
        commit = connection.commit

        def counted_commit() -> None:
            self._tick()
            commit()
            self._tick()

        connection.commit = counted_commit  # type: ignore[method-assign]

    def _around(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self._tick()
        return execute(*arguments)

    def _tick(self) -> None:
        self._left -= 1
        if self._left == 0:
            die()


@dataclass(frozen=True)
class At:
    """Before or after the nth call of what stands in `place` under `name`."""

    label: str
    place: Any
    name: str
    after: bool = False
    nth: int = 1

    def install(self) -> None:
        real, calls = getattr(self.place, self.name), 0

        def hooked(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == self.nth and not self.after:
                die()
            result = real(*arguments, **named)
            if calls == self.nth:
                die()
            return result

        is_bound = hasattr(real, "__self__")
        setattr(self.place, self.name, staticmethod(hooked) if is_bound else hooked)


def killed(action: Action, crash: Crash) -> bool:
    """Run the action in a child. True: the crash killed it; False: it came to its end before.

    Raises AssertionError when the child failed in any other way.
    """
    connections.close_all()
    child = os.fork()
    if child == 0:
        run_and_exit(action, crash)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL, f"signal {os.WTERMSIG(status)}: {crash}"
        TALLY.faults += 1
        return True
    assert os.WEXITSTATUS(status) == 0, f"The child failed: {crash}"
    return False


def run_and_exit(action: Action, crash: Crash | None = None) -> NoReturn:
    """End by `_exit`: exit handlers of this process's parent would clear up what is in use."""
    status = 1
    signal.alarm(STUCK)
    try:
        if crash:
            crash.install()
        action()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)
