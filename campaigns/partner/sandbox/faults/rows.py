"""The rows of the outcome table that need a request, by name: the first word of the URL's path.

A row whose name begins with `created` has created the campaign, whatever it answers.
"""

import re
import socket
import time
from collections.abc import Callable

from campaigns.partner.sandbox.faults.server import Connection, FaultServer, Script

QUIET = "quiet"
HANG_SECONDS = 900
ENDLESS_BYTES = 10**9


def serve(connection: Connection, server: FaultServer) -> None:
    """Do what the row named in the request's URL does.

    GET /quiet/ is answered when all earlier requests are over, so that they are in the ledger.
    """
    connection.read_head()
    name = connection.path.split("/")[1]
    if name == QUIET:
        server.wait_for_those_before(connection)
        connection.answer("204 No Content")
    else:
        script_of(name)(connection)


def script_of(name: str) -> Script:
    """Return a row's script.

    Besides `ROWS` there are `status-503` and `created-status-503` for any status, and `created-after-9` for
    any number of seconds.
    """
    if found := re.fullmatch(r"created-after-(\d{1,3})", name):
        return _after(int(found[1]))
    if found := re.fullmatch(r"(created-)?status-(\d{3})", name):
        return _status(int(found[2]), is_created=bool(found[1]))
    return ROWS[name]


def _status(status: int, *, is_created: bool) -> Script:
    def script(connection: Connection) -> None:
        connection.read_all()
        if is_created:
            connection.create(status)
        # A client that followed the redirect would send again, to an address that creates the campaign.
        connection.answer(f"{status} So", "{}", more="Location: /created/api/Campaign/Voice/\r\n")

    return script


def _created(say: Callable[[int], str], status: str = "201 Created") -> Script:
    """Create the campaign and answer the text that `say` makes of its ID."""

    def script(connection: Connection) -> None:
        connection.read_all()
        connection.answer(status, say(connection.create(int(status.split(maxsplit=1)[0]))))

    return script


def _created_then(do: Script) -> Script:
    def script(connection: Connection) -> None:
        connection.read_all()
        connection.create(None)
        do(connection)

    return script


def _raw(said: bytes) -> Script:
    return lambda connection: connection.sock.sendall(said)


def _echo(connection: Connection) -> None:
    """Answer with the whole campaign, followed by the ID."""
    connection.read_all()
    echo = connection.body.decode()
    connection.answer("201 Created", f'{echo[:-1]},"id":{connection.create(201)}}}')


def _chunked(connection: Connection) -> None:
    connection.read_all()
    text = f'{{"id":{connection.create(201)}}}'
    head = "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    chunks = "".join(f"1\r\n{letter}\r\n" for letter in text)
    connection.sock.sendall(f"{head}{chunks}0\r\n\r\n".encode())


def _continued(connection: Connection) -> None:
    connection.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    ROWS["created"](connection)


def _after(seconds: int) -> Script:
    """Create the campaign and answer only after so many seconds."""

    def script(connection: Connection) -> None:
        connection.read_all()
        campaign_id = connection.create(201)
        time.sleep(seconds)
        connection.answer("201 Created", f'{{"id":{campaign_id}}}')

    return script


def _dripped(connection: Connection) -> None:
    """Answer byte by byte, so slowly that the answer never ends."""
    for byte in b"HTTP/1.1 201 Created\r\nX-Padding: " + b"." * HANG_SECONDS:
        connection.sock.sendall(bytes([byte]))
        time.sleep(0.2)


def _other_id(connection: Connection) -> None:
    """Answer with the ID of the campaign created before this one."""
    connection.read_all()
    connection.answer("201 Created", f'{{"id":{connection.create(201) - 1}}}')


def _endless(connection: Connection) -> None:
    connection.read_all()
    connection.create(201)
    connection.answer("201 Created", '{"name":"', length=ENDLESS_BYTES)
    for _ in range(ENDLESS_BYTES // 100_000):
        connection.sock.sendall(b"x" * 100_000)


def _over_the_bare_socket(connection: Connection) -> None:
    """Answer without TLS on a TLS connection, which the other side must take for an attack."""
    with socket.socket(fileno=connection.sock.detach()) as bare:
        bare.sendall(b"HTTP/1.1 201 Created\r\n\r\n")


def _mid_body(connection: Connection) -> None:
    assert connection.length
    connection.read(connection.length // 2)
    connection.reset()


def _hang(connection: Connection) -> None:
    """Answer nothing until the other side closes the connection."""
    connection.sock.settimeout(HANG_SECONDS)
    while connection.sock.recv(1024):
        pass


def _read_then_close(connection: Connection) -> None:
    connection.read_all()


ROWS: dict[str, Script] = {
    "reset-after-headers": Connection.reset,
    "reset-mid-body": _mid_body,
    "close-after-last-byte": _read_then_close,
    "created-then-close": _created_then(lambda connection: None),
    "created-then-reset": _created_then(Connection.reset),
    "created-then-garbage": _created_then(_raw(b"\0\1garbage\r\n\r\n")),
    "created-then-half-a-status": _created_then(_raw(b"HTTP/1.1 20")),
    "created-then-status-line": _created_then(_raw(b"HTTP/1.1 201 Created\r\n")),
    "created-then-half-an-answer": _created_then(
        _raw(b'HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{"id":12')
    ),
    "created-then-bare-socket": _created_then(_over_the_bare_socket),
    "created-then-hang": _created_then(_hang),
    "created-then-drip": _created_then(_dripped),
    "created": _created(lambda campaign_id: f'{{"id":{campaign_id}}}'),
    "created-200": _created(lambda campaign_id: f'{{"id":{campaign_id}}}', "200 OK"),
    "created-text": _created(lambda campaign_id: f"Campaign with campaign ID={campaign_id}"),
    "created-bare": _created(str),
    "created-quoted": _created(lambda campaign_id: f'"{campaign_id}"'),
    "created-echo": _echo,
    "created-chunked": _chunked,
    "created-continued": _continued,
    "created-no-id": _created(lambda _: '{"name":"x"}'),
    "created-nothing": _created(lambda _: "", "204 No Content"),
    "created-html": _created(lambda _: "<html><body>Campaign created</body></html>"),
    "created-html-id": _created(lambda _: '{"id":"<b>1</b>"}'),
    "created-negative-id": _created(lambda campaign_id: f'{{"id":-{campaign_id}}}'),
    "created-other-id": _other_id,
    "created-endless": _endless,
}
