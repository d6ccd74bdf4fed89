"""The sandbox as a process: its start, its end and its log."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.partner.sample import sample
from tests.partner.sandbox import LOOKUPS, SandboxProcess, create_head, eventually
from tests.running import ROOT


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[SandboxProcess]:
    with SandboxProcess(tmp_path / "ledger.sqlite3") as running:
        running.set_clients(LOOKUPS)
        yield running


def test_the_log_has_one_line_a_request_and_repeats_nothing_of_it(sandbox: SandboxProcess) -> None:
    before = len(sandbox.log.splitlines())
    sent = sandbox.create(sample()).request.body
    sandbox.http.get(f"{sandbox.url}/?number=07700900123", timeout=10)
    post, get = sandbox.log.splitlines()[before:]
    assert post.endswith(f"POST /api/Campaign/Voice/ 201 {len(sent or b'')} bytes")
    assert get.endswith("GET / 200 0 bytes")
    for secret in ("07722123456", "ben", "Test Campaign", "07700900123"):
        assert secret not in sandbox.log


def test_nothing_of_a_request_that_is_not_http_is_in_the_log(
    sandbox: SandboxProcess,
) -> None:
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=10) as client:
        client.sendall(b"07700900123\r\n\r\n")
        client.recv(1024)
    sandbox.ledger()
    assert "900123" not in sandbox.log


def test_sigterm_ends_it_at_once_even_while_a_client_hangs(sandbox: SandboxProcess) -> None:
    sandbox.behave("hang")
    with socket.create_connection(("127.0.0.1", sandbox.port)) as client:
        client.sendall(create_head("Content-Length: 2") + b"{}")
        assert eventually(sandbox.ledger)
        start = time.monotonic()
        assert sandbox.stop() == 0
        # Much sooner than it would have let the client go.
        assert time.monotonic() - start < 10
    assert "Traceback" not in sandbox.log


def test_a_taken_port_gives_one_line_and_exit_code_1(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    second = start_and_wait(f"--port={sandbox.port}", f"--ledger={tmp_path / 'second.sqlite3'}")
    assert second.returncode == 1
    assert second.stderr.splitlines() == [
        f"Port {sandbox.port} is in use. Stop what uses it, or choose another with --port."
    ]


def test_a_ledger_that_is_no_database_gives_one_line_and_exit_code_1(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    file.write_text("This is a shopping list, not a database. " * 50)
    failed = start_and_wait("--port=0", f"--ledger={file}")
    assert failed.returncode == 1
    assert len(failed.stderr.splitlines()) == 1


def test_the_management_command_is_the_same_server(tmp_path: Path) -> None:
    taken = socket.create_server(("127.0.0.1", 0))
    with taken:
        port = taken.getsockname()[1]
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "PORTAL_SECRET_KEY": "only-for-this-test",
            "PORTAL_DATA_DIR": str(tmp_path),
        }
        command = [sys.executable, "-m", "django", "partner_sandbox", f"--port={port}"]
        ended = subprocess.run(
            command,
            check=False,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert ended.returncode == 1
    assert f"Port {port} is in use." in ended.stderr
    assert (tmp_path / "sandbox-ledger.sqlite3").exists()


def start_and_wait(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "campaigns.partner.sandbox", *options],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
    )
