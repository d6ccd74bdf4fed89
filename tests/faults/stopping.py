"""Processes that stand still for a while, and processes that start together."""

import os
import resource
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connections

from tests.faults.killing import STUCK, Action, At, run_and_exit
from tests.faults.tally import TALLY


@dataclass(frozen=True)
class Sleeper:
    """A process that stands still where it was told to."""

    pid: int

    def rouse(self) -> None:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)

    def wait(self, seconds: float = STUCK) -> bool:
        """Wait for its end, whatever that is; False when it has not come in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)
            if pid and not os.WIFSTOPPED(status):
                return True
            if pid:
                self.rouse()
            time.sleep(0.01)
        return False

    def wake(self) -> None:
        """Let it go on to its end, however often it stops."""
        self.rouse()
        assert self.wait(), "It never came to its end."


@contextmanager
def stopped(action: Action, point: At) -> Iterator[Sleeper]:
    """Run the action in a child that stops (SIGSTOP) at the point; wake it before the block ends.

    Raises AssertionError when it never came there.
    """

    def act() -> None:
        # A point that isn't there ends the child; outside of this it would go on with the parent's tests.
        _stop_at(point)
        action()

    connections.close_all()
    TALLY.faults += 1
    pid = os.fork()
    if pid == 0:
        run_and_exit(act)
    _, status = os.waitpid(pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status), f"{point.label}: never came there"
    try:
        yield Sleeper(pid)
    finally:
        _kill(pid)


@contextmanager
def stopped_at_the_latest(action: Action, point: At) -> Iterator[Sleeper]:
    """Stop as `stopped` does, or at the action's end where it never comes to the point."""

    def act() -> None:
        action()
        os.kill(os.getpid(), signal.SIGSTOP)

    with stopped(act, point) as sleeper:
        yield sleeper


def with_room_for(most_bytes: int, action: Action) -> Action:
    """Return the action on a full disk, for a process of its own: no file grows beyond so many bytes."""

    def act() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
        action()

    return act


def race(actions: Sequence[Action]) -> None:
    """Run each action in a process of its own, started together. An action may fail: it lost."""
    connections.close_all()
    ready, go = os.pipe()
    children = []
    for action in actions:
        child = os.fork()
        if child == 0:
            os.close(go)
            # Nothing can be read until the last writer is gone.
            os.read(ready, 1)
            run_and_exit(action)
        children.append(child)
    os.close(ready)
    os.close(go)
    for child in children:
        _, status = os.waitpid(child, 0)
        assert not os.WIFSIGNALED(status), f"signal {os.WTERMSIG(status)}"


def _stop_at(point: At) -> None:
    real, calls = getattr(point.place, point.name), 0

    def hooked(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == point.nth and not point.after:
            os.kill(os.getpid(), signal.SIGSTOP)
        result = real(*arguments, **named)
        if calls == point.nth and point.after:
            os.kill(os.getpid(), signal.SIGSTOP)
        return result

    setattr(point.place, point.name, hooked)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        return
