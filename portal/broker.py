"""The embedded broker: kombu's folder of messages, with each message and table written whole.

kombu opens a file under its final name and fills it afterwards, so a worker that looks in between
reads half of it and dies of the JSON (kombu issue 1551). Here a file gets its name when it is whole.
"""

import contextlib
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """A channel whose files are never seen half written."""

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]
        """Put a message into the queue. Raises ChannelError when it can't be written."""
        # kombu's own form of name: the queue is read off it, and the oldest sorts first.
        name = f"{time.time_ns():020}_{uuid.uuid4()}.{queue}.msg"
        try:
            with _whole(Path(self.data_folder_out), payload) as written:
                written.replace(written.with_name(name))
        except OSError as error:
            problem = "a message could not be written"
            raise ChannelError(problem) from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """Return the oldest message. What can't be read is dropped: the sweeper rings again."""
        while True:
            with contextlib.suppress(ValueError):
                return super()._get(queue)

    def _queue_bind(self, exchange: str, *binding: Any) -> None:
        """Bind a queue to an exchange, whose table kombu then only changes under a lock."""
        self.control_folder.mkdir(parents=True, exist_ok=True)
        table = self.control_folder / f"{exchange}.exchange"
        if not table.exists():
            # A link, since it fails where another process was quicker.
            with contextlib.suppress(FileExistsError), _whole(self.control_folder, []) as written:
                os.link(written, table)
        super()._queue_bind(exchange, *binding)


class Transport(filesystem.Transport):
    Channel = Channel


@contextlib.contextmanager
def _whole(folder: Path, content: Any) -> Iterator[Path]:
    """Write the content to a new file of a name that nobody looks for; the name is gone afterwards."""
    path = folder / f"{uuid.uuid4()}.part"
    try:
        path.write_text(dumps(content))
        yield path
    finally:
        path.unlink(missing_ok=True)
