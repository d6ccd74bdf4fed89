"""Real workers on either broker survive bad messages, killed children and tasks that hang."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

import psutil
import pytest
import redis
from celery import Celery
from kombu import Connection

from portal.processes import broker
from tests import valkey
from tests.partner.sandbox import eventually
from tests.running import ROOT

# None of these texts may end a worker. They are in the queue before a real message.
NOT_MESSAGES = (
    *("null", "[1, 2]", "{}", '"text"', "7", "[]", "true"),
    '{"properties": null}',
    '{"properties": {}}',
    '{"properties": {"delivery_tag": [1]}}',
    '{"properties": {"delivery_tag": "1"}, "body": 5}',
    '{"properties": {"delivery_tag": "2"}, "body": "not base64!", "headers": {"task": "x"}}',
    '{"properties": {"delivery_tag": "3", "body_encoding": "rot13"}, "body": "eA=="}',
    '{"properties": {"delivery_tag": "4", "delivery_info": null}, "headers": {"task": ["list"]}}',
    '{"properties": {"delivery_tag": "5"}, "headers": {"task": "portal.heartbeat"}}',
    '{"properties": {"delivery_tag": "6"}, "headers": null, "body": "x"}',
    '{"properties": {"delivery_tag": "7"}, "headers": {"task": "no.such.task", "id": "1"}}',
)


both = pytest.mark.parametrize(
    "kind", ["filesystem", pytest.param("redis", marks=pytest.mark.nightly)]
)


@both
def test_a_worker_survives_whatever_is_in_its_queue(kind: str, tmp_path: Path) -> None:
    """A real worker, with the same messages on either broker."""
    with ExitStack() as stack:
        place = stack.enter_context(PLACES[kind](tmp_path))
        worker = stack.enter_context(running(tmp_path, place.url))
        for text in NOT_MESSAGES:
            place.put(text)
        place.enqueue("log_run")
        assert has_logged(tmp_path, "it was run"), log_of(tmp_path)
        assert worker.is_running()
        assert place.left() == 0
        assert "was put aside" in log_of(tmp_path)


@both
def test_children_that_are_killed_while_they_wait_stop_no_work(kind: str, tmp_path: Path) -> None:
    """With files as the broker there are no children to kill: the worker is one process."""
    with ExitStack() as stack:
        place = stack.enter_context(PLACES[kind](tmp_path))
        worker = stack.enter_context(running(tmp_path, place.url, "--concurrency=2"))
        for turn in range(1, 4):
            children = worker.children()
            assert bool(children) == (kind == "redis")
            for child in children:
                child.kill()
            place.enqueue("log_run")
            assert has_logged(tmp_path, "it was run", turn), log_of(tmp_path)


@both
def test_a_task_that_hangs_is_ended_at_its_limit_and_the_next_one_is_run(
    kind: str, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        place = stack.enter_context(PLACES[kind](tmp_path))
        keeper = stack.enter_context(running(tmp_path, place.url, kept=True))
        for turn in (1, 2):
            place.enqueue("hang")
            place.enqueue("log_run")
            assert has_logged(tmp_path, "it hangs", turn), log_of(tmp_path)
            assert has_logged(tmp_path, "it was run", turn), log_of(tmp_path)
        assert keeper.is_running()


class Files:
    """A queue in a folder."""

    url = "filesystem://"

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "broker" / "messages"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def put(self, text: str) -> None:
        (self._folder / f"{time.time_ns():020}_0.bulk.msg").write_text(text)

    def enqueue(self, task: str) -> None:
        options = {
            "data_folder_in": str(self._folder),
            "data_folder_out": str(self._folder),
            "control_folder": str(self._folder.with_name("control")),
        }
        with Connection(transport=broker.Transport, transport_options=options) as connection:
            enqueue(connection, task)

    def left(self) -> int:
        return len(list(self._folder.glob("*.bulk.msg")))


class Redis:
    """A queue on a real server."""

    def __init__(self, folder: Path) -> None:
        if not valkey.is_there():
            pytest.skip(valkey.MISSING)
        self._server = valkey.server(folder)

    def __enter__(self) -> Self:
        self._server.start()
        self.url = valkey.url(self._server)
        self._client = redis.Redis.from_url(self.url)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()
        self._server.stop()

    def put(self, text: str) -> None:
        self._client.lpush("bulk", text)

    def enqueue(self, task: str) -> None:
        with Connection(self.url) as connection:
            enqueue(connection, task)

    def left(self) -> int:
        return int(self._client.llen("bulk"))


PLACES: dict[str, Any] = {"filesystem": Files, "redis": Redis}


def enqueue(connection: Connection, task: str) -> None:
    with Celery(set_as_current=False) as sender:
        sender.send_task(
            f"tests.portal.processes.tasks.{task}", queue="bulk", connection=connection
        )


@contextmanager
def running(
    folder: Path, broker_url: str, concurrency: str = "--concurrency=1", *, kept: bool = False
) -> Iterator[psutil.Process]:
    """Run a worker of `bulk` that knows the tests' tasks; if `kept`, restart it as `make run` does."""
    environment = os.environ | {
        "PORTAL_DATA_DIR": str(folder),
        "PORTAL_BROKER_URL": broker_url,
        "DJANGO_SETTINGS_MODULE": "tests.portal.processes.worker_settings",
    }
    keeper = [sys.executable, "-m", "portal.processes.respawn"] if kept else []
    command = [*keeper, sys.executable, "-m", "celery", "--quiet", "-A", "portal", "worker"]
    command += ["--loglevel=INFO", "--queues=bulk", concurrency, "--without-gossip"]
    with (folder / "worker.log").open("ab") as log:
        worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        assert has_logged(folder, " ready."), log_of(folder)
        yield psutil.Process(worker.pid)
    finally:
        family = psutil.Process(worker.pid).children(recursive=True)
        worker.terminate()
        worker.wait(60)
        for left in family:
            if left.is_running():
                left.kill()


def has_logged(folder: Path, words: str, times: int = 1) -> bool:
    """Wait until the worker has logged the words so many times; return whether it has."""
    return bool(eventually(lambda: [1] * (log_of(folder).count(words) >= times), 90))


def log_of(folder: Path) -> str:
    path = folder / "worker.log"
    return path.read_text() if path.exists() else ""
