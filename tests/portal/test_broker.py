"""The folder of messages that stands in for a broker: nobody ever sees half a message."""

from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError
from kombu.transport import filesystem

from portal import broker
from portal.celery import app

KOMBUS_OWN = filesystem.Transport
OURS = broker.Transport


class Onlooker:
    """A payload that looks into the queue while it is being written there."""

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


def test_the_portal_uses_it_for_files() -> None:
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
    """The second case is the control: kombu's own shows it while it is still empty."""
    channel = open_channel(folder, transport)
    message = Onlooker(channel)
    channel._put("deliveries", message)
    assert message.seen == seen
    assert channel._get("deliveries") == {"body": "a ring"}


def test_what_a_killed_process_left_half_written_stops_nobody(folder: Path, channel: Any) -> None:
    (folder / "messages" / "1_0.deliveries.msg").write_text("")
    (folder / "messages" / "2_0.deliveries.msg").write_text('{"body": "a r')
    channel._put("deliveries", {"body": "whole"})
    assert channel._get("deliveries") == {"body": "whole"}


def test_a_disk_that_is_full_leaves_nothing_behind(
    folder: Path, channel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portal.broker.Path.replace", full)
    with pytest.raises(ChannelError):
        channel._put("deliveries", {})
    assert not list((folder / "messages").iterdir())


def test_an_exchanges_table_is_whole_from_the_first_moment(folder: Path, channel: Any) -> None:
    channel._queue_bind("deliveries", "deliveries", "", "deliveries")
    channel._queue_bind("deliveries", "again", "", "again")
    assert [row.queue for row in channel.get_table("deliveries")] == ["again", "deliveries"]
    assert [path.name for path in (folder / "control").iterdir()] == ["deliveries.exchange"]
