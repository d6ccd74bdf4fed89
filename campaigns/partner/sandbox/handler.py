"""One connection to the sandbox: HTTP in and out, and the faults that need the bare socket."""

import os
import socket
import struct
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from campaigns.partner import wire
from campaigns.partner.sandbox.body import Body, read
from campaigns.partner.sandbox.endpoints import answers, control, create, token, webhook_address
from campaigns.partner.sandbox.endpoints.answers import Answer
from campaigns.partner.sandbox.endpoints.hosts import is_loopback
from campaigns.partner.sandbox.endpoints.reading import answer as reading
from campaigns.partner.sandbox.state.behaviour import Mode
from campaigns.partner.sandbox.state.sandbox import Sandbox
from campaigns.partner.sandbox.state.turns import CREATE_WAITS, Turn

_CREATE_PATHS = {wire.CREATE_PATH, wire.CREATE_PATH.rstrip("/")}

_BODILESS = {"GET", "DELETE"}


class Handler(BaseHTTPRequestHandler):
    """A handler that answers one request and closes the connection."""

    protocol_version = "HTTP/1.1"
    server_version = "SandboxPartner"
    sys_version = ""

    def __init__(self, sandbox: Sandbox, *arguments: Any) -> None:
        self.sandbox = sandbox
        self.body_bytes = 0
        super().__init__(*arguments)

    def setup(self) -> None:
        super().setup()
        self.connection.settimeout(self.sandbox.timeout)

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        path = urlsplit(self.path).path
        if reason := self._stranger():
            # Closing with unread bytes would reset the connection before the client sees the answer.
            self._read()
            self._send(answers.error(403, reason))
        elif self.command == "POST" and path in _CREATE_PATHS:
            self._create()
        elif self.command == "POST" and path == token.PATH:
            self._token()
        elif self.command == "POST" and path == wire.WEBHOOK_ADDRESS_PATH:
            self._read()
            self._send(webhook_address.answer(self.sandbox, self.headers, self.path))
        elif self.command == "GET" and path.startswith(reading.PREFIX):
            self._reading()
        else:
            self._control(path)

    def _stranger(self) -> str | None:
        """Return why the request may come from another site's page, or None if it can't."""
        host = self.headers.get("Host", "")
        if self.sandbox.loopback_only and not is_loopback(host):
            return "Use a loopback address, or start the sandbox with --host."
        origin = self.headers.get("Origin")
        if self.command != "GET" and origin is not None and urlsplit(origin).netloc != host:
            return "Another site's page can't change anything here."
        return None

    def _create(self) -> None:
        turn = self.sandbox.create_turns.take()
        body = self._read(half=turn.mode is Mode.CUT_BEFORE)
        answer = create.answer(self.sandbox, turn.mode, self.headers, body)
        if answer is None:
            self._end_without_answer(turn)
            return
        if turn.mode is Mode.SLOW:
            time.sleep(turn.wait_seconds)
        self._send(answer)

    def _token(self) -> None:
        body = self._read()
        answer = token.answer(self.sandbox, self.headers, body)
        if answer is None:
            self._end_without_answer(Turn(Mode.HANG, CREATE_WAITS[Mode.HANG]))
        else:
            self._send(answer)

    def _reading(self) -> None:
        turn = self.sandbox.reading_turns.take()
        time.sleep(turn.wait_seconds)
        self._send(reading.answer(self.sandbox, turn.mode, self.headers, self.path))

    def _control(self, path: str) -> None:
        body = Body(complete=True) if self.command in _BODILESS else self._read()
        if body.refusal:
            self._send(answers.error(body.refusal, "The request needs a Content-Length."))
        elif body.complete:
            self._send(control.answer(self.sandbox, self.command, path, bytes(body.data)))
        else:
            self._end_without_answer(Turn(Mode.NORMAL, 0))

    def _read(self, *, half: bool = False) -> Body:
        body = read(self.rfile, self.headers, half=half)
        self.body_bytes = len(body.data)
        return body

    def _send(self, answer: Answer) -> None:
        # The client may have closed the connection, which is no error of the sandbox.
        with suppress(OSError):
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Connection", "close")
            for name, value in answer.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body[: answer.sent_bytes])

    def _end_without_answer(self, turn: Turn[Mode]) -> None:
        self.log_request("-")
        self.close_connection = True
        if turn.mode is Mode.CUT_BEFORE:
            self._reset()
        elif turn.mode is Mode.HANG:
            self._wait_for_client_to_go(turn.wait_seconds)

    def _reset(self) -> None:
        """Close with RST, which the client sees as an error even while it is sending."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Detached, because the file objects that wrap the socket would keep it open.
        os.close(self.connection.detach())

    def _wait_for_client_to_go(self, seconds: float) -> None:
        self.connection.settimeout(seconds)
        with suppress(OSError):
            while self.connection.recv(1024):
                pass

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log one line a request. The query is left out, because it may contain anything."""
        path = urlsplit(getattr(self, "path", "-")).path
        status = str(int(code)) if isinstance(code, int) else code
        self.log_message("%s %s %s %d bytes", self.command or "-", path, status, self.body_bytes)

    def log_error(self, format: str, *args: Any) -> None:  # noqa: A002
        """Log nothing: the base class would repeat what the client sent."""
