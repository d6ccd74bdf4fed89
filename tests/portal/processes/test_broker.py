"""The folder of messages that serves as a broker: nobody ever sees half a message."""

import fcntl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError
from kombu.transport import filesystem

from portal.celery import app
from portal.processes import broker

KOMBUS_OWN = filesystem.Transport
OURS = broker.Transport


class Onlooker:
    """A payload that looks into the queue while it is being written to it."""

    def __init__(self, channel: Any) -> None:
        self._channel = channel
        self.seen: list[int] = []

    def __json__(self) -> dict[str, str]:
        self.seen.append(self._channel._size("deliveries"))
        return {"body": "a ring"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "messages").mkdir()
    return tmp_path


def open_channel(folder: Path, transport: type) -> Any:
    options = {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "control_folder": str(folder / "control"),
    }
    return Connection(transport=transport, transport_options=options).channel()


@pytest.fixture
def channel(folder: Path) -> Iterator[Any]:
    channel = open_channel(folder, OURS)
    yield channel
    channel.connection.client.release()


def test_the_portal_uses_this_transport_for_its_filesystem_broker() -> None:
    with app.connection("filesystem://") as connection:
        assert connection.transport_cls is not None
        assert isinstance(connection.transport, OURS)


def test_messages_come_out_in_the_order_they_went_in(channel: Any) -> None:
    for n in range(3):
        channel._put("deliveries", {"n": n})
        channel._put("bulk", {"n": -n})
    assert [channel._get("deliveries")["n"] for _ in range(3)] == [0, 1, 2]
    with pytest.raises(Empty):
        channel._get("deliveries")


@pytest.mark.parametrize(("transport", "seen"), [(OURS, [0]), (KOMBUS_OWN, [1])])
def test_a_message_is_not_seen_before_it_is_whole(
    folder: Path, transport: type, seen: list[int]
) -> None:
    """The second case is the control: kombu's own transport shows the message while it is empty."""
    channel = open_channel(folder, transport)
    message = Onlooker(channel)
    channel._put("deliveries", message)
    assert message.seen == seen
    assert channel._get("deliveries") == {"body": "a ring"}


@pytest.mark.parametrize(
    "content", [b"", b'{"body": "a r', b"\xff\xfe", b"[" * 100_000, None], ids=range(5)
)
def test_what_can_not_be_read_is_moved_aside_and_stops_nobody(
    folder: Path, channel: Any, content: bytes | None
) -> None:
    """None stands for a folder with a message's name."""
    name = "00_0.deliveries.msg"
    path = folder / "messages" / name
    path.mkdir() if content is None else path.write_bytes(content)
    channel._put("deliveries", {"body": "whole"})
    assert channel._get("deliveries") == {"body": "whole"}
    assert [left.name for left in (folder / "aside").iterdir()] == [name]


def test_each_message_goes_to_one_of_several_readers(folder: Path) -> None:
    channels = [open_channel(folder, OURS) for _ in range(4)]
    for n in range(200):
        channels[0]._put("deliveries", {"n": n})

    def drain(channel: Any) -> list[int]:
        found = []
        with suppress(Empty):
            while True:
                found.append(channel._get("deliveries")["n"])
        return found

    with ThreadPoolExecutor(4) as threads:
        drained = [n for found in threads.map(drain, channels) for n in found]
    assert sorted(drained) == [*range(200)]


def test_a_queue_that_nobody_empties_does_not_fill_the_disk(
    channel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "MOST_WAITING", 3)
    for n in range(5):
        channel._put("deliveries", {"n": n})
        channel._put("bulk", {"n": n})
    assert channel._size("deliveries") == 3


def test_a_disk_that_is_full_leaves_nothing_behind(
    folder: Path, channel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portal.atomic_files.os.link", full)
    with pytest.raises(ChannelError):
        channel._put("deliveries", {})
    assert not list((folder / "messages").iterdir())


def test_an_exchanges_table_is_whole_from_the_first_moment(folder: Path, channel: Any) -> None:
    channel._queue_bind("deliveries", "deliveries", "", "deliveries")
    channel._queue_bind("deliveries", "again", "", "again")
    assert [row.queue for row in channel.get_table("deliveries")] == ["again", "deliveries"]
    names = {path.name for path in (folder / "control").iterdir()}
    assert names == {"deliveries.exchange", "lock"}


def test_a_damaged_table_is_written_again(folder: Path, channel: Any) -> None:
    (folder / "control").mkdir()
    for content in ("", "[[", "null", "[1]", '{"a": 1}'):
        (folder / "control" / "deliveries.exchange").write_text(content)
        channel._queue_bind("deliveries", "deliveries", "", "deliveries")
        assert [row.queue for row in channel.get_table("deliveries")] == ["deliveries"], content


def test_a_process_that_stands_still_with_the_tables_lock_holds_up_no_other(
    folder: Path, channel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "LOCK_SECONDS", 0.1)
    channel._queue_bind("deliveries", "deliveries", "", "deliveries")
    others = {"exchange": "deliveries", "routing_key": "again", "pattern": "", "queue": "again"}
    with (folder / "control" / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        channel._queue_bind("deliveries", "deliveries", "", "deliveries")
        channel._put("deliveries", {"n": 1})
        assert channel._get("deliveries") == {"n": 1}
        with pytest.raises(ChannelError, match="locked"):
            channel._queue_bind(*others.values())
    channel._queue_bind(*others.values())
    assert [row.queue for row in channel.get_table("deliveries")] == ["again", "deliveries"]


def test_of_changes_made_at_once_none_is_lost(folder: Path) -> None:
    channels = [open_channel(folder, OURS) for _ in range(4)]

    def bind(n: int) -> None:
        for queue in range(n * 10, n * 10 + 10):
            channels[n]._queue_bind("deliveries", str(queue), "", str(queue))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(bind, range(4)))
    bound = {row.queue for row in channels[0].get_table("deliveries")}
    assert bound == set(map(str, range(40)))
