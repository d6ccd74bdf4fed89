"""A way to see what is enqueued for workers, without a broker."""

from typing import Any

import pytest

from campaigns import enqueue


def enqueued(monkeypatch: pytest.MonkeyPatch, task: Any) -> list[int]:
    """Return a list that fills with the ids with which the task is enqueued from now on."""
    found: list[int] = []

    def send(name: str, pk: int) -> None:
        if name == task.name:
            found.append(pk)

    monkeypatch.setattr(enqueue._sender, "send", send)
    return found
