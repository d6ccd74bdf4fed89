"""The client reports truly how far an exchange came, whatever the partner or the network does."""

import io
import json
import re
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from campaigns.partner import answer_parsing, client, request_headers
from campaigns.partner.client import Exchange, Failure, FenceLost, Phase
from campaigns.partner.connection import Limits
from tests.partner.fault_server import Connection, FaultServer, Script, answering

# Larger than every buffer on the way, so that a partner that doesn't read blocks the upload.
BODY = b"x" * 8_000_000
LIMITS = Limits(connect=20, deadline=60)
CREATED = '{"name": "x", "id": 41}'


def send(
    url: str,
    body: bytes = BODY,
    *,
    fence: Callable[[], None] = lambda: None,
    limits: Limits = LIMITS,
    size: int | None = None,
) -> Exchange:
    return client.create_campaign(
        url,
        {"clientId": "TEST"},
        io.BytesIO(body),
        len(body) if size is None else size,
        fence=fence,
        limits=limits,
    )


def after_the_body(do: Script) -> Script:
    def script(connection: Connection) -> None:
        connection.read_all()
        do(connection)

    return script


def test_an_accepted_campaign_is_reported_with_its_id_and_every_byte() -> None:
    with FaultServer(answering("201 Created", CREATED)) as partner:
        found = send(partner.url)
    assert (found.phase, found.status, found.answer.campaign_id) == (Phase.ANSWERED, 201, 41)
    assert found.bytes_sent == found.bytes_total == len(BODY)
    assert partner.connections[0].body == BODY


def test_the_request_says_what_the_partner_needs_and_no_more() -> None:
    with FaultServer(answering("201 Created", CREATED)) as partner:
        send(partner.url, b"{}")
    head = partner.connections[0].head.decode()
    assert head.startswith("POST /api/Campaign/Voice/ HTTP/1.1")
    assert "clientId: TEST" in head
    assert "Content-Type: application/json" in head
    assert "Content-Length: 2" in head
    assert "Connection: close" in head
    assert "Transfer-Encoding" not in head


@pytest.mark.parametrize("status", [200, 202, 302, 307, 400, 401, 409, 429, 500, 503])
def test_every_status_is_reported_as_it_came_and_nothing_is_sent_again(status: int) -> None:
    script = answering(f"{status} Whatever", "{}", more="Location: /elsewhere\r\n")
    with FaultServer(script) as partner:
        found = send(partner.url)
        time.sleep(0.2)
    assert (found.phase, found.status) == (Phase.ANSWERED, status)
    assert len(partner.connections) == 1


def test_nothing_is_sent_where_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        passed: list[int] = []
        found = send(url, fence=lambda: passed.append(1))
    assert (found.phase, found.failure, found.bytes_sent) == (Phase.CONNECTING, Failure.NETWORK, 0)
    assert passed == []


def test_nothing_is_sent_to_a_name_that_does_not_resolve() -> None:
    found = send("http://partner.invalid")
    assert (found.phase, found.bytes_sent) == (Phase.CONNECTING, 0)


def test_a_lost_fence_hangs_up_before_the_first_byte_of_the_body() -> None:
    def lost() -> None:
        raise FenceLost

    with FaultServer(lambda connection: connection.read_all()) as partner:
        found = send(partner.url, fence=lost)
        time.sleep(0.2)
    assert (found.phase, found.failure, found.bytes_sent) == (
        Phase.CONNECTING,
        Failure.FENCE_LOST,
        0,
    )
    assert partner.connections[0].body == b""


def test_the_fence_is_passed_once_and_before_any_byte() -> None:
    seen: list[bytes] = []

    def script(connection: Connection) -> None:
        connection.read_all()
        connection.answer("201 Created", CREATED)

    with FaultServer(script) as partner:

        def fence() -> None:
            time.sleep(0.2)
            seen.append(partner.connections[0].body)

        send(partner.url, fence=fence)
    assert seen == [b""]


def test_a_reset_in_the_middle_is_reported_with_the_bytes_handed_over() -> None:
    def script(connection: Connection) -> None:
        connection.read_head()
        connection.read(100_000)
        connection.reset()

    with FaultServer(script) as partner:
        found = send(partner.url)
    assert (found.phase, found.status) == (Phase.SENDING, None)
    assert 100_000 <= found.bytes_sent < len(BODY)


def test_a_partner_that_stops_reading_ends_at_the_deadline() -> None:
    def script(connection: Connection) -> None:
        connection.read_head()
        time.sleep(6)

    begun = time.monotonic()
    with FaultServer(script) as partner:
        found = send(partner.url, limits=Limits(connect=0.5, deadline=2))
    assert found.phase is Phase.SENDING
    assert found.failure is Failure.DEADLINE
    # The connect timeout, which requests also puts on each block, did not end it early.
    assert 1.9 < time.monotonic() - begun < 5


@pytest.mark.parametrize(
    "do",
    [
        pytest.param(lambda connection: connection.sock.close(), id="close"),
        pytest.param(lambda connection: connection.reset(), id="reset"),
        pytest.param(lambda connection: connection.sock.sendall(b"\0\1garbage"), id="garbage"),
        pytest.param(lambda connection: connection.sock.sendall(b"HTTP/1.1 2"), id="half a status"),
    ],
)
def test_no_answer_after_the_last_byte_is_reported_as_sent(do: Script) -> None:
    with FaultServer(after_the_body(do)) as partner:
        found = send(partner.url)
    assert (found.phase, found.status) == (Phase.SENT, None)
    assert found.whole_body_sent


def test_silence_after_the_last_byte_ends_at_the_deadline() -> None:
    with FaultServer(after_the_body(lambda _: time.sleep(4))) as partner:
        found = send(partner.url, limits=Limits(connect=1, deadline=1.5))
    assert (found.phase, found.failure) == (Phase.SENT, Failure.DEADLINE)


def test_a_partner_that_drips_ends_at_the_deadline_and_not_later() -> None:
    def drip(connection: Connection) -> None:
        for byte in b"HTTP/1.1 201 Created\r\nX-Padding: " + b"." * 100:
            connection.sock.sendall(bytes([byte]))
            time.sleep(0.1)

    begun = time.monotonic()
    with FaultServer(after_the_body(drip)) as partner:
        found = send(partner.url, limits=Limits(connect=1, deadline=1.5))
    # The part of the head that came may be a status line; nothing else of it counts.
    assert found.phase in {Phase.SENT, Phase.ANSWERED}
    assert found.answer.campaign_id is None
    assert time.monotonic() - begun < 10


def test_an_answer_before_the_whole_body_is_reported_with_what_was_sent() -> None:
    def script(connection: Connection) -> None:
        connection.read_head()
        connection.read(50_000)
        connection.answer("413 Too Large", "{}")
        time.sleep(0.5)

    with FaultServer(script) as partner:
        found = send(partner.url)
    # The client saw either the answer or the reset: both mean that the body was not sent whole.
    assert not found.whole_body_sent
    assert found.status in {413, None}


def campaign_of(numbers: int) -> bytes:
    people = [{"number": f"07700 900{n % 1000:03}", "id": n} for n in range(numbers)]
    return json.dumps({"name": "x", "phoneNumbers": people}).encode()


def test_an_echo_of_fifty_thousand_numbers_is_read_to_the_id_at_its_end() -> None:
    body = campaign_of(50_000)
    echo = body[:-1].decode() + ', "id": 77}'
    with FaultServer(answering("201 Created", echo)) as partner:
        found = send(partner.url, body, limits=Limits(connect=30, deadline=60))
    assert found.answer.campaign_id == 77
    # Masking makes what is kept shorter, never longer.
    assert 20_000 < len(found.answer.excerpt) <= answer_parsing.EXCERPT_BYTES
    assert not re.search(r"07700|900\d\d\d", found.answer.excerpt)


@pytest.mark.parametrize(("beyond", "campaign_id"), [(-100, 77), (100, None)])
def test_an_answer_is_read_for_its_id_up_to_an_echo_and_a_megabyte(
    beyond: int, campaign_id: int | None
) -> None:
    filling = "x" * (len(BODY) + client.ANSWER_ALLOWANCE_BYTES + beyond)
    with FaultServer(answering("201 Created", f'{{"name": "{filling}", "id": 77}}')) as partner:
        found = send(partner.url, limits=Limits(connect=30, deadline=60))
    assert found.answer.campaign_id == campaign_id


def test_an_answer_without_an_end_is_read_only_up_to_the_limit() -> None:
    def script(connection: Connection) -> None:
        connection.read_all()
        connection.answer("201 Created", "", length=10**9)
        for _ in range(1000):
            connection.sock.sendall(b" " * 100_000)

    with FaultServer(script) as partner:
        found = send(partner.url, b"{}")
    assert (found.phase, found.status, found.answer.campaign_id) == (Phase.ANSWERED, 201, None)


def test_a_file_shorter_than_promised_is_never_a_whole_body() -> None:
    with FaultServer(lambda connection: connection.read_all()) as partner:
        found = send(partner.url, b"short", size=100)
    assert found.failure is Failure.PAYLOAD
    assert not found.whole_body_sent


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=127.0.0.1", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_text(key.read_text() + cert.read_text())
    return both


def test_nothing_is_sent_if_the_certificate_is_not_trusted(certificate: Path) -> None:
    with FaultServer(lambda connection: connection.read_all(), certificate) as partner:
        found = send(partner.url)
    assert (found.phase, found.failure, found.bytes_sent) == (
        Phase.CONNECTING,
        Failure.CERTIFICATE,
        0,
    )


def test_no_secret_goes_to_a_token_url_whose_certificate_is_not_trusted(certificate: Path) -> None:
    with (
        FaultServer(lambda connection: connection.read_all(), certificate) as endpoint,
        pytest.raises(request_headers.TokenError, match="certificate") as refused,
    ):
        request_headers.fetch_token(
            request_headers.TokenRequest(endpoint.url, "portal", "s3cret"), limits=LIMITS
        )
    assert not refused.value.may_pass
    assert endpoint.connections[0].head == b""


def test_a_token_url_that_drips_ends_at_the_deadline() -> None:
    given_up = threading.Event()

    def drip(connection: Connection) -> None:
        connection.sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not given_up.wait(0.1):
            connection.sock.sendall(b" ")

    with FaultServer(after_the_body(drip)) as endpoint:
        asked = request_headers.TokenRequest(endpoint.url, "portal", "s3cret")
        with pytest.raises(request_headers.TokenError, match="in time") as late:
            request_headers.fetch_token(asked, limits=Limits(connect=10, deadline=1))
        given_up.set()
    assert late.value.may_pass


def test_nothing_is_sent_if_the_handshake_fails() -> None:
    with FaultServer(lambda connection: connection.sock.sendall(b"no TLS here")) as partner:
        found = send(partner.url.replace("http:", "https:"))
    assert (found.phase, found.bytes_sent) == (Phase.CONNECTING, 0)


def test_the_environments_proxies_and_passwords_are_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with FaultServer(answering("201 Created", CREATED)) as partner:
        assert send(partner.url, b"{}").status == 201
    assert b"Authorization" not in partner.connections[0].head
