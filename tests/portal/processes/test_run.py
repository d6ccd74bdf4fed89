"""`make run` as a person meets it, and its two helpers: the keys and the process keeper."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psutil
import pytest
import requests

from portal import secret_key
from portal.processes import run
from portal.processes.run import WORKERS
from tests.partner.sandbox import eventually
from tests.running import (
    ROOT,
    RunningPortal,
    free_port,
    read_by_others,
    writes_for_its_user_only,
)


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    family = []
    try:
        with RunningPortal(tmp_path_factory.mktemp("run")) as running:
            assert running.process
            family = family_of(running.process)
            yield running
    finally:
        for left in family:
            if left.is_running():
                left.kill()


class TestASecondStart:
    @pytest.mark.parametrize("name", ["PORTAL_PORT", "PORTAL_SANDBOX_PORT"])
    def test_a_taken_port_gives_one_line_that_says_what_to_do(
        self, tmp_path: Path, name: str
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            refused = start(tmp_path, **{name: str(port)})
        assert refused.returncode == 1
        [line] = refused.stderr.splitlines()
        assert line.startswith(
            f"Port {port} is in use. Stop what uses it, or choose another: {name}="
        )

    @pytest.mark.parametrize(
        ("name", "value", "sentence"),
        [
            ("PORTAL_PORT", "eight", "PORTAL_PORT must be a whole number."),
            (
                "PORTAL_DATA_DIR",
                "/dev/null/data",
                "PORTAL_DATA_DIR must be a folder that can be written.",
            ),
        ],
    )
    def test_a_bad_setting_gives_one_line(
        self, tmp_path: Path, name: str, value: str, sentence: str
    ) -> None:
        refused = start(tmp_path, **{name: value})
        assert refused.returncode == 1
        assert refused.stderr.splitlines() == [sentence]


class TestTheKeys:
    @pytest.mark.parametrize(("name", "length"), [("secret_key", 50), ("encryption_key", 44)])
    def test_each_is_made_once_for_its_owner_only(
        self, tmp_path: Path, name: str, length: int
    ) -> None:
        folder = tmp_path / "not" / "there yet"
        secret_key.ensure(folder)
        made = folder / name
        first = made.read_text()
        assert made.stat().st_mode & 0o777 == 0o600
        assert len(first) >= length
        secret_key.ensure(folder)
        assert made.read_text() == first

    def test_two_starts_at_once_agree_on_one(self, tmp_path: Path) -> None:
        together = threading.Barrier(8)

        def ensure() -> None:
            together.wait()
            secret_key.ensure(tmp_path)

        threads = [threading.Thread(target=ensure) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len((tmp_path / "secret_key").read_text()) in range(50, 100)


def test_what_others_could_read_before_an_upgrade_is_for_the_owner_only(tmp_path: Path) -> None:
    (tmp_path / "files" / "lists").mkdir(parents=True)
    names = ("portal.sqlite3", "portal.sqlite3-wal", "demo_password", "files/lists/1.csv")
    for path in (tmp_path / "somebody-elses.txt", *(tmp_path / name for name in names)):
        path.touch()
        path.chmod(0o644)
    run._keep_to_the_owner(tmp_path)
    assert read_by_others(tmp_path) == [tmp_path / "somebody-elses.txt"]


class TestTheKeeper:
    """`python -m portal.processes.respawn`, with a child that writes its pid and waits."""

    CHILD = """
import os, signal, sys, time
def end(*_):
    open({told!r}, "w").close()
    sys.exit(7)
signal.signal(signal.SIGTERM, end)
with open({pids!r}, "a") as file:
    file.write(f"{{os.getpid()}}\\n")
time.sleep(60)
"""

    @pytest.fixture
    def pids(self, tmp_path: Path) -> Path:
        path = tmp_path / "pids"
        path.touch()
        return path

    @pytest.fixture
    def keeper(self, tmp_path: Path, pids: Path) -> Iterator[subprocess.Popen[bytes]]:
        child = self.CHILD.format(told=str(tmp_path / "told"), pids=str(pids))
        with keeping(sys.executable, "-c", child) as process:
            yield process

    def test_it_brings_a_killed_child_back(
        self, keeper: subprocess.Popen[bytes], pids: Path
    ) -> None:
        [first] = eventually(lambda: pids.read_text().split())
        os.kill(int(first), signal.SIGKILL)
        assert eventually(lambda: pids.read_text().split()[1:])
        assert keeper.poll() is None

    @pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGINT])
    def test_it_passes_on_the_order_to_stop_and_ends_with_the_childs_code(
        self,
        keeper: subprocess.Popen[bytes],
        pids: Path,
        tmp_path: Path,
        order: signal.Signals,
    ) -> None:
        assert eventually(lambda: pids.read_text().split())
        keeper.send_signal(order)
        assert keeper.wait(60) == 7
        assert (tmp_path / "told").exists()
        assert len(pids.read_text().split()) == 1

    def test_what_a_killed_child_left_goes_on_until_the_order_to_stop(self, tmp_path: Path) -> None:
        """A worker's child may be in the middle of sending; but nothing may outlive the portal."""
        path = tmp_path / "pids"
        path.touch()
        family = f"sleep 60 & echo $$ $! >> {path}; wait"
        with keeping("sh", "-c", family) as keeper:
            parent, child = map(int, eventually(lambda: path.read_text().split()))
            orphan = psutil.Process(child)
            os.kill(parent, signal.SIGKILL)
            assert eventually(lambda: path.read_text().split()[2:])
            assert orphan.is_running()
            keeper.send_signal(signal.SIGTERM)
            assert eventually(partial(all_gone, [orphan]))

    def test_it_waits_before_it_restarts_a_child_that_cannot_start(self, tmp_path: Path) -> None:
        path = tmp_path / "starts"
        path.touch()
        with keeping("sh", "-c", f"date +%s%N >> {path}; exit 3"):
            assert eventually(lambda: path.read_text().split()[1:])
        first, second, *_ = map(int, path.read_text().split())
        assert second - first > 0.9e9


class TestTheWhole:
    """All tests share one start; each leaves it as it was, except the last, which ends it."""

    def test_the_sign_ins_that_it_prints_really_sign_in(self, portal: RunningPortal) -> None:
        names = re.search(r"Demo sign-ins: (.+)", portal.log)
        password = re.search(r"Password: +(\S+) \(", portal.log)
        assert names
        assert password
        assert f"http://127.0.0.1:{portal.port}/" in portal.log
        for name in names[1].split(", "):
            home = sign_in(portal.url, name, password[1])
            assert home.status_code == 200
            assert "<h1>Home</h1>" in home.text, name
        assert "Sign in" in sign_in(portal.url, "manager", "not the password").text

    def test_it_runs_as_production_does_without_debug_pages(self, portal: RunningPortal) -> None:
        page = requests.get(f"{portal.url}/no-such-page/", timeout=60)
        assert page.status_code == 404
        assert "DEBUG" not in page.text

    def test_what_it_writes_is_for_its_own_user_only(self, portal: RunningPortal) -> None:
        """The log is an exception, since the test writes it."""
        assert portal.process
        for process in family_of(portal.process):
            assert writes_for_its_user_only(process.pid), words(process)
        written = {path.name for path in portal.folder.iterdir()}
        assert {"portal.sqlite3", "demo_password", "sandbox-ledger.sqlite3", "files"} <= written
        assert set(read_by_others(portal.folder)) <= {portal.log_path}

    def test_a_killed_worker_comes_back(self, portal: RunningPortal) -> None:
        assert portal.process
        for queue in WORKERS:
            [killed] = workers(portal.process, queue)
            orphans = killed.children(recursive=True)
            killed.kill()
            assert eventually(partial(fresh, portal, queue, killed)), portal.log
            assert eventually(partial(all_gone, orphans)), orphans
        assert eventually(lambda: [1] * (portal.log.count("ready.") >= 2 * len(WORKERS))), (
            portal.log
        )

    def test_ctrl_c_ends_it_and_leaves_no_process(self, portal: RunningPortal) -> None:
        assert portal.process
        family = family_of(portal.process)
        assert len(family) > 8
        os.killpg(portal.process.pid, signal.SIGINT)
        assert portal.process.wait(60) == 0, portal.log[-2000:]
        assert eventually(partial(all_gone, family)), family
        assert "Traceback" not in portal.log


@contextmanager
def keeping(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run the keeper on a command; in the end, kill what is left of both."""
    process = subprocess.Popen(
        [sys.executable, "-m", "portal.processes.respawn", *command],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        family = family_of(process) if process.poll() is None else []
        for one in family:
            one.kill()
        process.wait()


def start(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m portal.processes.run`, which is expected to end by itself."""
    ports = {"PORTAL_PORT": str(free_port()), "PORTAL_SANDBOX_PORT": str(free_port())}
    return subprocess.run(
        [sys.executable, "-m", "portal.processes.run"],
        check=False,
        cwd=ROOT,
        env=os.environ | {"PORTAL_DATA_DIR": str(folder)} | ports | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def sign_in(url: str, username: str, password: str) -> requests.Response:
    """Fill in the sign-in page, as a browser does, and return the page that follows."""
    with requests.Session() as session:
        session.trust_env = False
        page = session.get(url, timeout=60)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token
        form = {"login": username, "password": password, "csrfmiddlewaretoken": token[1]}
        return session.post(page.url, data=form, timeout=60)


def family_of(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    head = psutil.Process(process.pid)
    return [head, *head.children(recursive=True)]


def workers(portal: "subprocess.Popen[bytes]", queue: str) -> list[psutil.Process]:
    """Return a queue's main process: the one that the keeper started."""
    keepers = [
        one
        for one in family_of(portal)
        if {"portal.processes.respawn", f"--hostname={queue}@%h"} <= set(words(one))
    ]
    return [child for keeper in keepers for child in keeper.children()]


def fresh(portal: RunningPortal, queue: str, killed: psutil.Process) -> list[psutil.Process]:
    assert portal.process
    return [one for one in workers(portal.process, queue) if one.pid != killed.pid]


def words(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def all_gone(processes: list[psutil.Process]) -> list[bool]:
    """Return something as soon as none of them is alive; a zombie counts as dead."""
    alive = (one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in processes)
    return [] if any(alive) else [True]
