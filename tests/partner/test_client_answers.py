"""What the client makes of an answer: whole or cut, interim or final, of any length, over TLS too."""

import io
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from campaigns.partner import answer_parsing, client
from campaigns.partner.client import Exchange, Failure, Phase
from campaigns.partner.connection import Limits
from tests.partner.fault_server import Connection, FaultServer, Script

LIMITS = Limits(connect=20, deadline=60)
SHORT = Limits(connect=20, deadline=1.5)


def send(
    url: str,
    limits: Limits = LIMITS,
    on_campaign_id: Callable[[int], None] | None = None,
) -> Exchange:
    return client.create_campaign(
        url,
        {"clientId": "TEST"},
        io.BytesIO(b"{}"),
        2,
        fence=lambda: None,
        limits=limits,
        on_campaign_id=on_campaign_id,
    )


def saying(*blocks: bytes, pause: float = 0.0, stays_open: bool = False) -> Script:
    """Return a partner that reads the request and then sends just these blocks, one by one."""

    def script(connection: Connection) -> None:
        connection.read_all()
        for block in blocks:
            connection.sock.sendall(block)
            time.sleep(pause)
        if stays_open:
            connection.sock.settimeout(30)
            connection.sock.recv(1)

    return script


HEAD = b"HTTP/1.1 201 Created\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    ("answer", "campaign_id"),
    [
        (b"Content-Length: 3\r\n\r\n323", 323),
        (b"Transfer-Encoding: chunked\r\n\r\n3\r\n323\r\n0\r\n\r\n", 323),
        (b"Content-Length: 13\r\n\r\n323", None),
        (b"Transfer-Encoding: chunked\r\n\r\n3\r\n323\r\n", None),
        (b"Transfer-Encoding: chunked\r\n\r\nd\r\n323", None),
        # Only the end of the connection ends these, and it could also come half-way.
        (b"\r\n323", None),
        (b'\r\n"323"', None),
        (b"\r\nCampaign with campaign ID=323", None),
        (b'\r\n{"id": 323', None),
        (b'\r\n{"id": 323}', 323),
        (b'Content-Length: 99\r\n\r\n{"id": 323, "name": "x"', 323),
        (b'Content-Length: 14\r\n\r\n\xef\xbb\xbf{"id": 323}', 323),
    ],
)
def test_an_id_counts_only_where_its_end_is_proven(answer: bytes, campaign_id: int | None) -> None:
    with FaultServer(saying(HEAD + answer)) as partner:
        found = send(partner.url)
    assert (found.phase, found.status, found.answer.campaign_id) == (
        Phase.ANSWERED,
        201,
        campaign_id,
    )


@pytest.mark.parametrize(
    "start", [b'{"id": 323', b"323", b"Campaign with campaign ID=323", b'{"name": "x", "id": "32']
)
@pytest.mark.parametrize("length", [b"", b"Content-Length: 1000\r\n"])
def test_an_id_cut_off_by_our_own_deadline_does_not_count(start: bytes, length: bytes) -> None:
    with FaultServer(saying(HEAD + length + b"\r\n", start, stays_open=True)) as partner:
        found = send(partner.url, SHORT)
    assert (found.status, found.answer.campaign_id) == (201, None)
    assert found.answer.excerpt == start.decode()


@pytest.mark.parametrize("interim", [100, 102, 103, 199])
def test_interim_answers_are_read_past(interim: int) -> None:
    before = f"HTTP/1.1 {interim} Wait\r\nLink: </style.css>\r\n\r\n".encode()
    final = HEAD + b'Content-Length: 11\r\n\r\n{"id": 323}'
    with FaultServer(saying(before * 3, final, pause=0.1)) as partner:
        found = send(partner.url)
    assert (found.status, found.answer.campaign_id) == (201, 323)


def test_interim_answers_without_end_end_at_the_deadline() -> None:
    over = threading.Event()

    def script(connection: Connection) -> None:
        connection.read_all()
        while not over.wait(0.01):
            connection.sock.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")

    with FaultServer(script) as partner:
        found = send(partner.url, SHORT)
        over.set()
    assert (found.phase, found.failure) == (Phase.SENT, Failure.DEADLINE)


def test_the_id_is_reported_before_the_echo_ends() -> None:
    told: list[int] = []
    was_told = threading.Event()
    seen: list[list[int]] = []

    def learnt(campaign_id: int) -> None:
        told.append(campaign_id)
        was_told.set()

    def script(connection: Connection) -> None:
        connection.read_all()
        connection.sock.sendall(HEAD + b"Content-Length: 100000\r\n\r\n")
        connection.sock.sendall(b'{"id": 323, "name": "x", ')
        was_told.wait(20)
        seen.append(list(told))
        connection.reset()

    with FaultServer(script) as partner:
        found = send(partner.url, on_campaign_id=learnt)
    assert seen == [[323]]
    assert found.answer.campaign_id == 323


@pytest.mark.parametrize("status", ["200 OK", "302 Found", "400 Bad Request", "500 Oh"])
def test_only_the_id_of_an_accepted_campaign_is_reported(status: str) -> None:
    told: list[int] = []
    answer = f"HTTP/1.1 {status}\r\nContent-Length: 10\r\n\r\n".encode() + b'{"id":323}'
    with FaultServer(saying(answer)) as partner:
        send(partner.url, on_campaign_id=told.append)
    assert told == ([323] if status == "200 OK" else [])


@pytest.mark.parametrize("status", ["302 Found", "307 Temporary Redirect", "400 Bad", "503 Busy"])
def test_an_answer_that_is_no_echo_is_read_only_for_its_excerpt(status: str) -> None:
    has_returned = threading.Event()
    returned_before_the_rest: list[bool] = []

    def script(connection: Connection) -> None:
        connection.read_all()
        head = f"HTTP/1.1 {status}\r\nLocation: /elsewhere\r\nContent-Length: 400000000\r\n\r\n"
        connection.sock.sendall(head.encode() + b'{"a": "' + b"x" * answer_parsing.EXCERPT_BYTES)
        returned_before_the_rest.append(has_returned.wait(20))

    with FaultServer(script) as partner:
        found = send(partner.url)
        has_returned.set()
        partner.connections[0].is_over.wait(20)
    assert found.status == int(status[:3])
    assert len(found.answer.excerpt) == answer_parsing.EXCERPT_BYTES
    assert returned_before_the_rest == [True]
    assert len(partner.connections) == 1


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trusted")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command += ["-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_text(key.read_text() + cert.read_text())
    return both


@pytest.fixture
def tls(trusted: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(trusted))
    return trusted


def test_a_deadline_over_tls_leaves_no_cipher_in_the_answer(tls: Path) -> None:
    has_more = threading.Event()

    def script(connection: Connection) -> None:
        connection.read_all()
        connection.sock.sendall(HEAD + b'\r\n{"id": 323, "name": "x", "more": "')
        connection.sock.sendall(b"x" * 20_000)
        has_more.set()
        connection.sock.recv(1)

    def busy_beyond_the_deadline(_: int) -> None:
        has_more.wait(20)
        time.sleep(SHORT.deadline + 0.5)

    with FaultServer(script, tls) as partner:
        found = send(partner.url, SHORT, busy_beyond_the_deadline)
    assert (found.phase, found.answer.campaign_id) == (Phase.ANSWERED, 323)
    assert found.answer.excerpt.removeprefix('{"id": 323, "name": "x", "more": "').strip("x") == ""


def test_a_tls_error_after_the_upload_is_never_a_second_request(tls: Path) -> None:
    def script(connection: Connection) -> None:
        connection.read_all()
        # No TLS record: the client's TLS fails once everything has been sent.
        socket.socket.sendall(connection.sock, b"this is no TLS record at all")
        time.sleep(0.2)

    with FaultServer(script, tls) as partner:
        found = send(partner.url)
        time.sleep(0.3)
    assert (found.phase, found.whole_body_sent) == (Phase.SENT, True)
    assert len(partner.connections) == 1
