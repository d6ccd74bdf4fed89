"""The sandbox's process: options, start and a quick end."""

import errno
import os
import signal
import sqlite3
import sys
import traceback
from argparse import ArgumentParser, ArgumentTypeError
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from types import FrameType
from typing import Any

from campaigns.partner.sandbox import webhooks
from campaigns.partner.sandbox.handler import Handler
from campaigns.partner.sandbox.state.sandbox import Sandbox

LOOPBACK = "127.0.0.1"


class Server(ThreadingHTTPServer):
    """A server with a thread for each connection. No thread delays the end of the process."""

    daemon_threads = True
    request_queue_size = 128
    allow_reuse_port = False

    def server_bind(self) -> None:
        """Bind without looking up the host's name, because the look-up may wait for a DNS server."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print where an error in the sandbox is, without its text, which may contain a phone number."""
        kind, _, trace = sys.exc_info()
        where = "".join(traceback.format_tb(trace))
        print(f"{kind.__name__ if kind else 'Fault'} at\n{where}", file=sys.stderr, flush=True)


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=_port, default=8001, help="0 chooses a free one (default: %(default)s)"
    )
    parser.add_argument(
        "--host",
        help=f"address to bind, for containers; any Host header is then accepted ({LOOPBACK})",
    )
    parser.add_argument(
        "--timeout", type=float, default=60.0, help="seconds to wait for a silent client (60)"
    )


def serve(ledger: Path, *, port: int, host: str | None = None, timeout: float = 60.0) -> int:
    """Serve until SIGTERM or SIGINT. Return the exit code, 1 if the start failed.

    One line with the address is printed on standard output when the server listens.
    """
    # Files are for their owner only, because the ledger describes the campaigns sent.
    os.umask(0o077)
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    try:
        sandbox = Sandbox.open(ledger, loopback_only=host is None, timeout=timeout)
    except (OSError, sqlite3.Error) as problem:
        return _stop(f"The ledger {ledger} can't be opened: {problem}")
    try:
        server = Server((host or LOOPBACK, port), partial(Handler, sandbox))
    except OSError as problem:
        return _stop(_cannot_listen(host or LOOPBACK, port, problem))
    print(f"Sandbox partner: http://{server.server_name}:{server.server_port}/", flush=True)
    webhooks.start(sandbox)
    with server:
        server.serve_forever(poll_interval=0.1)
    return 0


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _cannot_listen(host: str, port: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"Port {port} is in use. Stop what uses it, or choose another with --port."
    return f"The sandbox can't listen at {host}:{port}: {problem.strerror}."


def _stop(sentence: str) -> int:
    print(sentence, file=sys.stderr, flush=True)
    return 1


def _port(value: str) -> int:
    if not value.isdecimal() or int(value) > 65535:
        message = "give a port from 0 to 65535"
        raise ArgumentTypeError(message)
    return int(value)
