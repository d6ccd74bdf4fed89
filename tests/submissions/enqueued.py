"""What is enqueued for workers, taken before it gets to a broker."""

from typing import Any

import pytest

from campaigns import enqueue


def enqueued(monkeypatch: pytest.MonkeyPatch, task: Any) -> list[int]:
    """Return the ids with which the task will have been enqueued."""
    found: list[int] = []

    def send(name: str, pk: int) -> None:
        if name == task.name:
            found.append(pk)

    monkeypatch.setattr(enqueue._sender, "send", send)
    return found
