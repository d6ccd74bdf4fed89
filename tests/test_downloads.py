"""Every download, through the same servers that people download from: its length and its bytes."""

import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.http import HttpResponseBase
from django.test import Client as Browser

from campaigns.submissions import payload_files
from portal.processes import run
from tests import database_urls
from tests.routes import ROUTES, World
from tests.running import ROOT, START_SECONDS, free_port

pytestmark = pytest.mark.django_db(transaction=True)


def of_make_run(port: int) -> list[str]:
    return run.commands(port, 9)["web"]


def of_the_image(port: int) -> list[str]:
    """Return the command that the image runs, on the test's own port."""
    [line] = re.findall(r"^CMD (.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    words = [re.sub(r"^--bind=.*", f"--bind=127.0.0.1:{port}", word) for word in json.loads(line)]
    return [sys.executable, "-m", *words]


@contextmanager
def serving(command: list[str], port: int) -> Iterator[str]:
    """Run the server on the test's own database and files, and give its address."""
    url = f"http://127.0.0.1:{port}"
    database = {"PORTAL_DATABASE_URL": database_urls.of_this_test()}
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | database)
    try:
        end = time.monotonic() + START_SECONDS
        while not _answers(url):
            assert process.poll() is None
            assert time.monotonic() < end, "It does not answer."
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(60)


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/sign-in/", timeout=30).ok
    except requests.RequestException:
        return False


def downloads_of(browser: Browser, world: World) -> dict[str, bytes]:
    """Return the file that each route gives, asked for within this process."""
    found = {}
    for route in ROUTES:
        answer = browser.get(route.url(world)) if route.reads is not None else None
        if answer is not None and "attachment" in answer.headers.get("Content-Disposition", ""):
            found[route.name] = whole(answer)
    return found


def whole(answer: HttpResponseBase) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", [of_make_run, of_the_image])
def test_each_download_has_all_its_bytes(command: object, world: World, manager: User) -> None:
    browser = Browser()
    browser.force_login(manager)
    expected = downloads_of(browser, world)
    part = world.submission.parts.get()
    assert hashlib.sha256(expected["submissions:payload"]).hexdigest() == part.payload_sha256
    assert expected["contacts:original"] == world.contact_list.file.read()
    assert {
        "contacts:rejected",
        "submissions:export_csv",
        "submissions:export_excel",
        "suppression:original",
        "suppression:export",
    } <= expected.keys()

    port = free_port()
    cookies = {"sessionid": browser.cookies["sessionid"].value}
    with serving(command(port), port) as url, requests.Session() as session:  # type: ignore[operator]
        session.trust_env = False
        for route in ROUTES:
            if route.name in expected:
                answer = session.get(url + route.url(world), cookies=cookies, timeout=60)
                assert answer.status_code == 200, route.name
                assert hashlib.sha256(answer.content).digest() == digest(expected[route.name])
                assert len(answer.content) == len(expected[route.name]) > 0, route.name


def digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def test_a_download_says_its_length_where_it_is_known(world: World, manager: User) -> None:
    """The length lets a browser notice that a download was cut short."""
    browser = Browser()
    browser.force_login(manager)
    known = {
        "submissions:payload",
        "submissions:export_excel",
        "contacts:original",
        "suppression:original",
    }
    for route in ROUTES:
        if route.name in known:
            answer = browser.get(route.url(world))
            assert int(answer.headers["Content-Length"]) == len(whole(answer)), route.name


def test_a_missing_file_is_reported_on_the_page_that_it_belongs_to(
    world: World, manager: User
) -> None:
    browser = Browser()
    browser.force_login(manager)
    uploads = (world.contact_list.file.name, world.suppression.file.name)
    for name in (*uploads, world.submission.parts.get().payload_file):
        default_storage.delete(str(name))
    sentences = {
        "contacts:original": "no longer has the uploaded file",
        "suppression:original": "no longer has the uploaded file",
        "submissions:payload": payload_files.DAMAGED,
    }
    for route in ROUTES:
        if route.name in sentences:
            page = browser.get(route.url(world), follow=True)
            assert page.status_code == 200, route.name
            assert sentences[route.name] in page.text, route.name
