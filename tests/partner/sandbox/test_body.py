"""Bodies that come whole, in chunks, cut short or without a length."""

import hashlib
import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.partner.sample import sample
from tests.partner.sandbox import CLIENT, LOOKUPS, SandboxProcess, create_head, eventually


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[SandboxProcess]:
    with SandboxProcess(tmp_path / "ledger.sqlite3", "--timeout", "2") as running:
        running.set_clients(LOOKUPS)
        yield running


def test_a_body_cut_short_by_the_client_is_recorded_with_its_bytes(sandbox: SandboxProcess) -> None:
    with socket.create_connection(("127.0.0.1", sandbox.port)) as client:
        client.sendall(create_head("Content-Length: 5000") + b"x" * 1234)
    [row] = eventually(sandbox.ledger)
    assert (row["complete"], row["body_bytes"], row["answer_status"]) == (False, 1234, None)
    assert row["body_sha256"] == hashlib.sha256(b"x" * 1234).hexdigest()
    assert (row["client_id"], row["name"], row["numbers"]) == (CLIENT, None, None)


def test_a_client_that_falls_silent_is_disconnected_after_the_timeout(
    sandbox: SandboxProcess,
) -> None:
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=10) as client:
        client.sendall(create_head("Content-Length: 5000") + b"x" * 99)
        assert client.recv(1024) == b""
    [row] = sandbox.ledger()
    assert (row["complete"], row["body_bytes"], row["answer_status"]) == (False, 99, None)


def test_a_chunked_body_is_taken_like_any_other(sandbox: SandboxProcess) -> None:
    body = json.dumps(sample()).encode()
    connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
    blocks = iter([body[:100], body[100:101], body[101:]])
    connection.request(
        "POST", "/api/Campaign/Voice/", blocks, {"clientId": CLIENT}, encode_chunked=True
    )
    assert connection.getresponse().status == 201
    [row] = sandbox.ledger()
    assert row["body_sha256"] == hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize(
    ("sent", "count"),
    [
        (b"5\r\nabcde\r\n5\r\nabc", 8),
        (b"5\r\nabcde\r\n", 5),
        (b"5\r\nabcde\r\n0\r\n", 5),
    ],
)
def test_a_chunked_body_cut_short_counts_as_incomplete(
    sandbox: SandboxProcess, sent: bytes, count: int
) -> None:
    with socket.create_connection(("127.0.0.1", sandbox.port)) as client:
        client.sendall(create_head("Transfer-Encoding: chunked") + sent)
    [row] = eventually(sandbox.ledger)
    assert (row["complete"], row["body_bytes"], row["answer_status"]) == (False, count, None)


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([], 411),
        (["Content-Length: many"], 400),
        (["Content-Length: 99999999999"], 413),
        (["Transfer-Encoding: gzip"], 400),
    ],
)
def test_a_request_without_a_usable_length_is_answered_and_recorded(
    sandbox: SandboxProcess, lines: list[str], status: int
) -> None:
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=10) as client:
        client.sendall(create_head(*lines))
        assert client.recv(1024).startswith(f"HTTP/1.1 {status} ".encode())
    [row] = sandbox.ledger()
    assert (row["complete"], row["answer_status"], row["campaign_id"]) == (False, status, None)
