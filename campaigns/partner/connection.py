"""One connection to the partner with one deadline: no retry, no redirect, nothing from the environment."""

import socket
import threading
from dataclasses import dataclass
from http.client import HTTPResponse, parse_headers
from types import TracebackType
from typing import Any, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

# Interim statuses. 101 is not one of them, because HTTP ends after it.
INTERIM = frozenset({100, *range(102, 200)})


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to connect, and seconds for the exchange from its first to its last byte."""

    connect: float
    deadline: float


class Line:
    """The socket of one exchange and its deadline.

    The timeouts of requests apply to each receive, so a partner that sends byte by byte would never time out.
    Therefore a timer shuts the socket.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._timer = threading.Timer(limits.deadline, self._expire)
        self._timer.daemon = True
        self.sock: socket.socket | None = None
        self.expired = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()

    def patient(self) -> None:
        """Let sending a block take as long as the deadline. Until then the connect timeout applies."""
        if self.sock:
            self.sock.settimeout(self._limits.deadline)

    def _expire(self) -> None:
        self.expired = True
        if self.sock:
            try:
                # The method of the plain socket below TLS. SSLSocket.shutdown would drop its TLS state,
                # and the reading thread would take encrypted bytes in the buffer for the plain answer.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
            except OSError:
                # The other side has closed the connection already.
                return


class _SingleSession(requests.Session):
    """A session that reads nothing but the one answer."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return None. With an address requests would read the whole answer into memory."""


def single_session(line: Line) -> requests.Session:
    """Return a session that sends once: no retries, no redirects, nothing from the environment."""
    session = _SingleSession()
    session.trust_env = False
    adapter = HTTPAdapter(max_retries=0, pool_connections=1, pool_maxsize=1)
    adapter.poolmanager.pool_classes_by_scheme = _pools(line)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class _FinalResponse(HTTPResponse):
    """The final answer. http.client skips a status of 100, but takes 102 or 103 for the final one."""

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = super()._read_status()  # type: ignore[misc]
        while status in INTERIM:
            parse_headers(self.fp)
            version, status, reason = super()._read_status()  # type: ignore[misc]
        return version, status, reason


def _pools(line: Line) -> dict[str, Any]:
    """Return urllib3's pool classes, with connections that store their socket in `line`."""

    class Plain(HTTPConnection):
        response_class = _FinalResponse

        def connect(self) -> None:
            super().connect()
            line.sock = self.sock

    class Secure(HTTPSConnection):
        response_class = _FinalResponse

        def connect(self) -> None:
            super().connect()
            line.sock = self.sock

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
