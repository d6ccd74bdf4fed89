"""The fault partner as a process: prints one line of JSON with its addresses once it listens.

Rows that need a request stand under `plain` and `tls`, as the first word of the path. What goes wrong
before any request has an address of its own. The certificate of `tls` is written beside the ledger,
for a client to trust; nobody trusts that of `untrusted`.
"""

import signal
import socket
import subprocess
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path

import orjson

from campaigns.partner.sandbox.faults import rows
from campaigns.partner.sandbox.faults.server import Connection, FaultServer, Script
from campaigns.partner.sandbox.state.ledger import Ledger
from campaigns.partner.sandbox.state.store import Store


def main() -> int:
    parser = ArgumentParser(prog="python -m campaigns.partner.sandbox.faults", description=__doc__)
    parser.add_argument("--ledger", type=Path, required=True, help="the ledger's SQLite file")
    options = parser.parse_args()
    ledger = Ledger(Store(options.ledger))
    folder = options.ledger.parent
    trusted, untrusted = (certificate(folder / f"{name}.pem") for name in ("trusted", "untrusted"))
    with ExitStack() as stack:

        def serve(script: Script, pem: Path | None = None) -> str:
            return stack.enter_context(FaultServer(script, pem, ledger)).url

        def serve_rows(pem: Path | None = None) -> str:
            server = FaultServer(lambda connection: rows.serve(connection, server), pem, ledger)
            return stack.enter_context(server).url

        addresses = {
            "plain": serve_rows(),
            "tls": serve_rows(trusted),
            "untrusted": serve_rows(untrusted),
            "reset-at-once": serve(Connection.reset),
            "no-tls": _https(serve(lambda connection: connection.sock.sendall(b"no TLS here"))),
            "tls-reset": _https(serve(Connection.reset)),
            "refused": _address(stack.enter_context(_bound())),
            "unanswered": _address(stack.enter_context(_bound(listening=True))),
            "certificate": str(trusted),
        }
        print(orjson.dumps(addresses).decode(), flush=True)
        signal.sigwait({signal.SIGTERM, signal.SIGINT})
    return 0


def certificate(path: Path) -> Path:
    """Write a self-signed certificate for 127.0.0.1 and its key, as one PEM file."""
    key, cert = path.with_suffix(".key"), path.with_suffix(".crt")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    path.write_text(key.read_text() + cert.read_text())
    return path


def _bound(*, listening: bool = False) -> socket.socket:
    """Return a bound socket whose port refuses connections, or leaves them waiting if `listening`.

    With `listening` the queue of connections is full, so no further connection is accepted.
    """
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    if listening:
        sock.listen(0)
        for _ in range(4):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(sock.getsockname())
            _FILLING.append(waiting)
    return sock


_FILLING: list[socket.socket] = []


def _address(sock: socket.socket) -> str:
    return f"http://127.0.0.1:{sock.getsockname()[1]}"


def _https(url: str) -> str:
    return url.replace("http:", "https:")


if __name__ == "__main__":
    sys.exit(main())
