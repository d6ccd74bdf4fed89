"""A scripted TCP/TLS server, which treats each connection exactly as a script says and counts its bytes."""

import hashlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson

from campaigns.partner import wire
from campaigns.partner.sandbox.state.ledger import Arrival, Ledger, NameTakenError

Script = Callable[["Connection"], None]


@dataclass(eq=False)
class Connection:
    """One connection, for a script to use. With a ledger, the connection's request is recorded in it."""

    sock: socket.socket
    ledger: Ledger | None = None
    body: bytes = b""
    head: bytes = b""
    length: int | None = None
    is_recorded: bool = False
    is_over: threading.Event = field(default_factory=threading.Event)

    # The request

    def read_head(self) -> int:
        """Read the request's head and return the announced length of the body, 0 if none.

        Reads byte by byte, so that nothing of the body is taken, however much of it is already there.
        """
        while not self.head.endswith(b"\r\n\r\n"):
            self.head += self.sock.recv(1) or self._gone()
        self.head = self.head.removesuffix(b"\r\n\r\n")
        announced = self.header(b"content-length")
        self.length = int(announced) if announced else None
        return self.length or 0

    def read(self, size: int) -> None:
        """Read until `size` bytes of the body have come."""
        while len(self.body) < size:
            self.body += self.sock.recv(min(65536, size - len(self.body))) or self._gone()

    def read_all(self) -> None:
        self.read(self.length if self.length is not None else self.read_head())

    def header(self, name: bytes) -> bytes:
        """Return a header by its name in lower case, or b"" if it is missing."""
        lines = dict(line.split(b": ", 1) for line in self.head.split(b"\r\n")[1:])
        return {key.lower(): value for key, value in lines.items()}.get(name, b"")

    @property
    def path(self) -> str:
        return self.head.split(b" ", 2)[1].decode()

    # The answer

    def answer(
        self, status: str, text: str = "", length: int | None = None, more: str = ""
    ) -> None:
        """Send an answer. If nothing was recorded so far, first record that nothing was created."""
        self.record(int(status.split(maxsplit=1)[0]))
        size = len(text.encode()) if length is None else length
        head = f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n{more}Connection: close\r\n\r\n"
        self.sock.sendall(head.encode() + text.encode())

    def reset(self) -> None:
        """Close the connection with RST, so that the other side gets an error."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    # The ledger

    def create(self, status: int | None) -> int:
        """Create the campaign and return its ID. The campaign is on disk when this returns.

        Raises NameTakenError for a campaign sent twice; then only the row of the request is written.
        """
        if self.ledger is None:
            message = "a server without a ledger creates nothing"
            raise ValueError(message)
        try:
            campaign_id = self.ledger.create(self._arrival(), status)
        except NameTakenError:
            self.record(400)
            raise
        self.is_recorded = True
        return campaign_id

    def record(self, status: int | None) -> None:
        """Record, once, a request that created nothing.

        A request without a known length, such as one whose head never came, is not recorded.
        """
        if self.ledger and not self.is_recorded and self.length is not None:
            self.ledger.record(self._arrival(), status)
            self.is_recorded = True

    def _arrival(self) -> Arrival:
        is_complete = len(self.body) == self.length
        campaign = orjson.loads(self.body) if is_complete else {}
        return Arrival(
            client_id=self.header(wire.CLIENT_HEADER.lower().encode()).decode() or None,
            name=campaign.get(wire.NAME),
            numbers=len(campaign[wire.PHONE_NUMBERS]) if is_complete else None,
            complete=is_complete,
            body_bytes=len(self.body),
            body_sha256=hashlib.sha256(self.body).hexdigest(),
        )

    @staticmethod
    def _gone() -> bytes:
        raise ConnectionResetError


@dataclass
class FaultServer:
    """A server that runs the script on each connection, in a thread: `with FaultServer(script) as partner:`.

    `certificate` is a PEM file with key and certificate. With it the server speaks TLS.
    """

    script: Script
    certificate: Path | None = None
    ledger: Ledger | None = None
    connections: list[Connection] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._listener.close()

    @property
    def url(self) -> str:
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            connection = Connection(sock, self.ledger)
            self.connections.append(connection)
            threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: Connection) -> None:
        try:
            if self.certificate:
                connection.sock = self._context().wrap_socket(connection.sock, server_side=True)
            self.script(connection)
        except (OSError, NameTakenError):
            pass
        finally:
            connection.record(None)
            with suppress(OSError):
                connection.sock.close()
            connection.is_over.set()

    def wait_for_those_before(self, connection: Connection) -> None:
        """Return when all connections accepted before this one are over."""
        for other in self.connections[: self.connections.index(connection)]:
            other.is_over.wait()

    def _context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(str(self.certificate))
        return context
