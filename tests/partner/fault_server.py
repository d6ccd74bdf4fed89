"""A scripted TCP/TLS partner: does to one connection exactly what a test says, and counts the bytes."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

Script = Callable[["Connection"], None]


@dataclass
class Connection:
    """One connection, as the script sees it."""

    sock: socket.socket
    body: bytes = b""
    head: bytes = b""

    def read_head(self) -> int:
        """Read the request's head; return the length of the body that it announces."""
        while b"\r\n\r\n" not in self.head:
            self.head += self.sock.recv(1024) or self._gone()
        self.head, _, self.body = self.head.partition(b"\r\n\r\n")
        lines = dict(line.split(b": ", 1) for line in self.head.split(b"\r\n")[1:])
        return int({name.lower(): value for name, value in lines.items()}[b"content-length"])

    def read(self, size: int) -> None:
        """Read until `size` bytes of the body are here."""
        while len(self.body) < size:
            self.body += self.sock.recv(min(65536, size - len(self.body))) or self._gone()

    def read_all(self) -> None:
        self.read(self.read_head())

    def answer(
        self, status: str, text: str = "", length: int | None = None, more: str = ""
    ) -> None:
        size = len(text.encode()) if length is None else length
        head = f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n{more}Connection: close\r\n\r\n"
        self.sock.sendall(head.encode() + text.encode())

    def reset(self) -> None:
        """Hang up so hard that the other side is told."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    @staticmethod
    def _gone() -> bytes:
        raise ConnectionResetError


@dataclass
class FaultServer:
    """`with FaultServer(script) as partner:` serves each connection by the script, one at a time."""

    script: Script
    certificate: Path | None = None
    connections: list[Connection] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
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

    def _serve(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            connection = Connection(sock)
            self.connections.append(connection)
            try:
                if self.certificate:
                    connection.sock = self._context().wrap_socket(sock, server_side=True)
                self.script(connection)
            except OSError:
                pass
            finally:
                connection.sock.close()

    def _context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(str(self.certificate))
        return context
