"""Imports by the real bulk worker: killed midway, watched by pages, cancelled."""

import contextlib
import csv
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import psutil
import pytest

from tests.running import RunningPortal

ROWS = 250_000
# More rows than any machine can import before a test has seen enough and cancels.
MANY_ROWS = 1_500_000
# The fictional ranges are small, so nearly every row is a duplicate. The last hundred numbers are not
# used, because the demo suppresses some of them.
DISTINCT = 2_900
NOTICED = "the import was cancelled or taken over"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    with RunningPortal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture(scope="module")
def large_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_file(tmp_path_factory.mktemp("lists") / "large.csv", ROWS)


@pytest.fixture(scope="module")
def huge_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_file(tmp_path_factory.mktemp("lists") / "huge.csv", MANY_ROWS)


def write_file(path: Path, rows: int) -> Path:
    with path.open("w", newline="") as content:
        writer = csv.writer(content)
        writer.writerow(["Phone", "Name", "Due date"])
        writer.writerows([_number(n), "", f"{n % 28} May"] for n in range(rows))
    return path


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A large plain file whose first few thousand rows already hold every number."""
    path = tmp_path_factory.mktemp("registers") / "register.txt"
    thousands = "\n".join(_number(n) for n in range(DISTINCT)) + "\nnobody\n"
    path.write_text(thousands * (MANY_ROWS // DISTINCT))
    return path


def _number(n: int) -> str:
    kind, rest = divmod(n % DISTINCT, 1000)
    return (f"07700 900{rest:03}", f"01632 960{rest:03}", f"020 7946 0{rest:03}")[kind]


class Person:
    """Somebody signed in, with no more than HTTP."""

    def __init__(self, portal: RunningPortal) -> None:
        self._url = portal.url
        self._cookies = CookieJar()
        self._open: OpenerDirector = build_opener(HTTPCookieProcessor(self._cookies))
        self.get("/sign-in/")
        self.post("/sign-in/", login="manager", password=portal.password)

    def get(self, path: str) -> str:
        with self._open.open(self._url + path, timeout=30) as answer:
            return str(answer.read().decode())

    def post(self, path: str, **data: Any) -> str:
        body = urlencode(data | {"csrfmiddlewaretoken": self._token(path)}).encode()
        with self._open.open(Request(self._url + path, body), timeout=60) as answer:
            return str(answer.read().decode())

    def _token(self, path: str) -> str:
        page = self.get(path if path.endswith(("/sign-in/", "/columns/")) else "/contact-lists/")
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert found
        return found[1]


@pytest.fixture
def person(portal: RunningPortal) -> Person:
    return Person(portal)


def ask(portal: RunningPortal, question: str, *values: Any) -> Any:
    """Ask the portal's own database."""
    with sqlite3.connect(f"file:{portal.folder / 'portal.sqlite3'}?mode=ro", uri=True) as database:
        return database.execute(question, values).fetchone()


def upload(portal: RunningPortal, path: Path) -> int:
    """Upload as the pages do, in a process of its own, and queue it with its first two columns chosen."""
    return in_a_process(
        portal,
        path,
        "from campaigns.contacts import tasks\n"
        "from campaigns.contacts.importing import list_columns\n"
        "from campaigns.uploads.chosen_columns import Columns\n"
        "from campaigns.uploads.columns import mapping\n"
        "from campaigns.contacts.models import ContactList\n"
        "made = ContactList.upload(None, client, 'Large', File(content, 'large.csv'))\n"
        "list_columns.look_now(made)\n"
        "seen = mapping.Look.from_json(made.look)\n"
        "list_columns.choose(made, seen, Columns(0, 1), None)\n"
        "tasks.import_list.delay(made.pk)\n",
    )


def upload_register(portal: RunningPortal, path: Path) -> int:
    return in_a_process(
        portal,
        path,
        "from django.contrib.auth.models import User\n"
        "from campaigns.suppression import tasks\n"
        "from campaigns.suppression.models import Suppression\n"
        "manager = User.objects.get(username='manager')\n"
        "file = File(content, 'register.txt')\n"
        "made = Suppression.upload(manager, client, file, 'Asked.', None)\n"
        "tasks.look_at_suppression.delay(made.pk)\n",
    )


def in_a_process(portal: RunningPortal, path: Path, code: str) -> int:
    """Run code with Northgate as `client` and the open file as `content`; return the pk of `made`."""
    before = (
        "import sys, django; django.setup()\n"
        "from pathlib import Path\n"
        "from django.core.files import File\n"
        "from campaigns.clients.models import Client\n"
        "client = Client.objects.get(name='Northgate Energy')\n"
        "content = Path(sys.argv[1]).open('rb')\n"
    )
    environment = portal.environment() | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PORTAL_HTTPS": "off",
    }
    done = subprocess.run(
        [sys.executable, "-c", f"{before}{code}print(made.pk)\n", str(path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])


def state(portal: RunningPortal, pk: int) -> tuple[str, float, int]:
    question = "SELECT status, progress, contact_count FROM contacts_contactlist WHERE id = ?"
    found: tuple[str, float, int] = ask(portal, question, pk)
    return found


def until(what: Callable[[], object], seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


def bulk_workers(portal: RunningPortal) -> list[psutil.Process]:
    """Return this portal's bulk worker and its children."""
    assert portal.process
    every = psutil.Process(portal.process.pid).children(recursive=True)
    return [
        p for p in every if "--queues=bulk" in p.cmdline() and "celery" in " ".join(p.cmdline())
    ]


def kill_the_bulk_worker(portal: RunningPortal) -> None:
    # Spare the keeper, whose command line includes the worker's: it must start the next worker.
    workers = [p for p in bulk_workers(portal) if "portal.processes.respawn" not in p.cmdline()]
    for process in workers:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)


def counts(portal: RunningPortal, pk: int) -> tuple[int, int]:
    contacts = ask(portal, "SELECT COUNT(*) FROM contacts_contact WHERE contact_list_id = ?", pk)
    refused = ask(portal, "SELECT COUNT(*) FROM contacts_refusedrow WHERE contact_list_id = ?", pk)
    return contacts[0], refused[0]


def test_after_a_worker_was_killed_midway_the_next_ends_with_the_same_rows(
    portal: RunningPortal, large_file: Path
) -> None:
    pk = upload(portal, large_file)
    until(lambda: 0.1 < state(portal, pk)[1] < 0.9)
    kill_the_bulk_worker(portal)
    assert state(portal, pk)[0] == "importing"
    assert sum(counts(portal, pk)) < ROWS
    # Pretend a minute of silence: no worker takes the list over before the first is surely dead.
    with sqlite3.connect(portal.folder / "portal.sqlite3", timeout=30) as database:
        database.execute(
            "UPDATE contacts_contactlist SET progress_at = '2020-01-01 00:00:00' WHERE id = ?", [pk]
        )
    until(lambda: state(portal, pk)[0] == "ready", 180)
    assert counts(portal, pk) == (DISTINCT, ROWS - DISTINCT)
    assert state(portal, pk)[2] == DISTINCT


def test_pages_read_and_write_while_a_large_import_runs_and_a_cancelled_one_leaves_nothing(
    portal: RunningPortal, person: Person, huge_file: Path
) -> None:
    pk = upload(portal, huge_file)
    until(lambda: state(portal, pk)[1] > 0.02)
    progress: set[str] = set()
    pages = 0
    while len(progress) < 3 or pages < 3:
        assert state(portal, pk)[0] == "importing", "the progress moves"
        progress.update(re.findall(r"([\d,]+) rows so far", person.get(f"/contact-lists/{pk}/")))
        person.post("/contact-lists/1/rename/", name=f"Renamed {pages}")
        pages += 1
    assert "database is locked" not in portal.log

    assert "The import was cancelled" in person.post(f"/contact-lists/{pk}/cancel/")
    file = "SELECT file FROM contacts_contactlist WHERE id = ?"
    until(lambda: counts(portal, pk) == (0, 0) and ask(portal, file, pk)[0] == "")
    time.sleep(1)
    assert counts(portal, pk) == (0, 0)
    assert state(portal, pk)[0] == "cancelled"


def test_a_cancelled_load_of_numbers_to_suppress_leaves_nothing_behind(
    portal: RunningPortal, person: Person, register: Path
) -> None:
    pk = upload_register(portal, register)
    of_it = "WHERE suppression_id = ?"
    numbers = f"SELECT COUNT(*) FROM contacts_suppressednumber {of_it}"
    refused = f"SELECT COUNT(*) FROM contacts_suppressionrefusedrow {of_it}"
    until(lambda: ask(portal, numbers, pk)[0])
    noticed = portal.log.count(NOTICED)
    assert "The import was cancelled" in person.post(f"/suppression/{pk}/cancel/")
    row = "SELECT status, file FROM contacts_suppression WHERE id = ?"

    def everything() -> tuple[object, ...]:
        return (*ask(portal, row, pk), *ask(portal, numbers, pk), *ask(portal, refused, pk))

    nothing = ("cancelled", "", 0, 0)
    until(lambda: everything() == nothing)
    # Wait until the worker has noticed too, so that it can't write afterwards.
    until(lambda: portal.log.count(NOTICED) > noticed)
    assert everything() == nothing
