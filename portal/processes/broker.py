"""Transports for the brokers in which no message can end the worker that reads it.

kombu's filesystem transport opens a file under its final name and fills it afterwards, so a worker may
read half a message (kombu issue 1551). Here a file gets its name when it is whole. A file or entry that is
not a message is put aside. The sweeper enqueues again whatever task it was for.
"""

import fcntl
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any, TextIO

import structlog
from kombu import exceptions
from kombu.exceptions import ChannelError
from kombu.transport import filesystem, redis, virtual
from kombu.transport.filesystem import exchange_queue_t as Binding  # noqa: N812
from kombu.utils.json import dumps, loads
from redis import exceptions as redis_exceptions

from portal.atomic_files import whole

log = structlog.get_logger(__name__)

# A queue with so many messages has no worker. Further messages are dropped, because the sweeper enqueues
# their tasks again.
MOST_WAITING = 1_000
# Seconds to wait while another process changes an exchange's table, which takes it milliseconds.
LOCK_SECONDS = 3
# Errors of the broker itself, not of a message.
_OF_THE_BROKER = (
    *(OSError, ChannelError, exceptions.ConnectionError, exceptions.OperationalError),
    *(redis_exceptions.ConnectionError, redis_exceptions.TimeoutError),
    redis_exceptions.ResponseError,
)

Bindings = list[Binding]


class Careful(virtual.Channel):
    """A channel that puts aside a message that can't be read, or that raises an error when it is taken."""

    def basic_consume(self, queue: str, *arguments: Any, **options: Any) -> Any:
        tag = super().basic_consume(queue, *arguments, **options)
        callbacks: Any = self.connection._callbacks
        take = callbacks[queue]

        def take_carefully(raw: Any) -> Any:
            try:
                return take(raw)
            except _OF_THE_BROKER:
                raise
            except Exception as problem:
                log.error("a message was put aside", queue=queue, kind=type(problem).__name__)
                self._keep_aside(queue, raw)
                # Rejected, because an unacknowledged message keeps the next one from being taken.
                with suppress(LookupError, TypeError):
                    tag = raw["properties"]["delivery_tag"]
                    if isinstance(tag, str):
                        self.basic_reject(tag)

        callbacks[queue] = take_carefully
        return tag

    def _keep_aside(self, queue: str, raw: Any) -> None:
        raise NotImplementedError


class Channel(Careful, filesystem.Channel):
    """A folder in which each file is one message. No half-written file is ever seen."""

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]
        """Put a message into the queue. Raises ChannelError if it can't be written."""
        if self._size(queue) >= MOST_WAITING:
            log.warning("a queue is full", queue=queue)
            return
        # A name in kombu's own form: it contains the queue, and the oldest message sorts first.
        name = f"{time.time_ns():020}_{uuid.uuid4()}.{queue}.msg"
        try:
            with whole(Path(self.data_folder_out) / name, lasting=False) as file:
                file.write(dumps(payload).encode())
        except OSError as error:
            problem = "a message could not be written"
            raise ChannelError(problem) from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """Return the oldest message. A file that can't be read as JSON is moved aside."""
        for path in sorted(Path(self.data_folder_in).iterdir()):
            if path.name.partition(".")[2] != f"{queue}.msg":
                continue
            try:
                payload = loads(path.read_bytes())
                # If several workers have read the file, the one that removes it has the message.
                path.unlink()
            except FileNotFoundError:
                continue
            except (OSError, ValueError, RecursionError) as problem:
                self._move_aside(path, type(problem).__name__)
            else:
                return payload
        raise Empty

    def _move_aside(self, path: Path, kind: str) -> None:
        log.error("a message was put aside", message_file=path.name, kind=kind)
        try:
            path.rename(self._aside() / path.name)
        except OSError:
            log.exception("a message could not be put aside", message_file=path.name)

    def _keep_aside(self, queue: str, raw: Any) -> None:
        name = f"{time.time_ns():020}_{uuid.uuid4()}.{queue}.msg"
        try:
            with whole(self._aside() / name, lasting=False) as file:
                file.write(dumps(raw).encode())
        except (OSError, TypeError, ValueError):
            log.exception("a message could not be put aside", queue=queue)

    def _aside(self) -> Path:
        folder = Path(self.data_folder_in).with_name("aside")
        folder.mkdir(exist_ok=True)
        return folder

    # Exchanges. Each has a table of the queues that are bound to it.

    def get_table(self, exchange: str) -> Any:
        try:
            return [Binding(*row) for row in loads(self._table_of(exchange).read_bytes())]
        except FileNotFoundError:
            return []
        except (ValueError, TypeError):
            # An empty table is harmless, because every worker binds its queues again when it starts.
            log.error("an exchange's table was not whole", exchange=exchange)
            return []
        except OSError as error:
            problem = "an exchange's table can't be read"
            raise ChannelError(problem) from error

    def _queue_bind(self, exchange: str, *binding: str | None) -> None:
        row = _binding(*binding)
        self._change_table(exchange, lambda table: table if row in table else [row, *table])

    def _delete(self, queue: str, exchange: str, *binding: Any, **options: Any) -> None:
        virtual.Channel._delete(self, queue, exchange, *binding, **options)
        gone = _binding(*binding)
        self._change_table(exchange, lambda table: [row for row in table if row != gone])

    def _table_of(self, exchange: str) -> Path:
        path: Path = self._exchange_file(exchange)  # type: ignore[attr-defined]
        return path

    def _change_table(self, exchange: str, change: Callable[[Bindings], Bindings]) -> None:
        """Change a table if need be. Raises ChannelError if another process keeps it locked.

        The rows are nearly always there already. Then nothing is locked, so that a process that stands
        still in the middle of a change holds up no other. Whoever reads a table needs no lock: its file
        is replaced as a whole.
        """
        path = self._table_of(exchange)
        known = self.get_table(exchange)
        if change(known) == known:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with (path.parent / "lock").open("a") as lock:
                _lock(lock)
                table = self.get_table(exchange)
                changed = change(table)
                if changed != table:
                    with whole(path, replace=True) as file:
                        file.write(dumps(changed).encode())
        except OSError as error:
            problem = "an exchange's table could not be written"
            raise ChannelError(problem) from error


def _lock(file: TextIO) -> None:
    """Lock a file for this process alone. Raises ChannelError if it waits longer than LOCK_SECONDS."""
    end = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                problem = "an exchange's table is locked"
                raise ChannelError(problem) from None
            time.sleep(0.02)
        else:
            return


def _binding(
    routing_key: str | None = None, pattern: str | None = None, queue: str | None = None, *_: Any
) -> Binding:
    return Binding(routing_key or "", pattern or "", queue or "")


class Transport(filesystem.Transport):
    Channel = Channel


class RedisChannel(Careful, redis.Channel):
    """A Redis channel, in which a message is put aside into a list of its own."""

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)  # type: ignore[misc]
        except ValueError as problem:
            log.error("a message was no JSON and is gone", kind=type(problem).__name__)
            return True

    def _keep_aside(self, queue: str, raw: Any) -> None:
        with self.conn_or_acquire() as client:
            client.lpush(f"{queue}.aside", dumps(raw))


class RedisTransport(redis.Transport):
    Channel = RedisChannel
