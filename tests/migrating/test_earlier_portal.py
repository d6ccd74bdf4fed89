"""A portal made before the apps were divided: its database migrates, and its pages still answer.

It is the demo of November 2026 with what was sent in it. `statuses.json` has the status that every page
had for each of its people then.
"""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.running import ROOT

HERE = Path(__file__).parent
EVENTS = (
    "import django; django.setup()\n"
    "from campaigns.clients.models import Event\n"
    "print(sorted({(e.thing_type.app_label, e.thing_type.model) for e in Event.objects.all()}))\n"
    "assert all(event.thing is not None for event in Event.objects.all())\n"
)


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Unpack and migrate that portal, and return the environment for its processes."""
    folder = tmp_path_factory.mktemp("earlier")
    with tarfile.open(HERE / "portal-of-november-2026.tar.xz") as packed:
        packed.extractall(folder)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PORTAL_DATA_DIR": str(folder),
        "PORTAL_DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
        "PORTAL_HTTPS": "off",
    }
    for command in (["migrate"], ["collectstatic", "--no-input"]):
        run(environment, "manage.py", *command, "-v0")
    return environment


def run(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        check=False,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_page_answers_as_it_did(portal: dict[str, str]) -> None:
    texts: dict[str, Any] = json.loads(run(portal, "-m", "tests.migrating.every_page"))
    statuses = {page: int(text.partition(" ")[0]) for page, text in texts.items()}
    assert statuses == json.loads((HERE / "statuses.json").read_text())


def test_every_event_is_still_about_something(portal: dict[str, str]) -> None:
    kinds = run(portal, "-c", EVENTS)
    assert "('suppression', 'suppression')" in kinds
    assert "('contacts', 'suppression')" not in kinds
