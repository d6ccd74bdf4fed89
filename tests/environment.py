"""The tests' own settings, in place before Django reads them: a folder of their own, and no https."""

import atexit
import os
import shutil
import tempfile
from datetime import datetime

import pytest
import time_machine

_folder = tempfile.mkdtemp(prefix="portal-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

for _name in [name for name in os.environ if name.startswith("PORTAL_")]:
    if not _name.startswith("PORTAL_TEST_"):
        del os.environ[_name]

os.environ |= {
    "PORTAL_DATA_DIR": _folder,
    "PORTAL_SECRET_KEY": "only-for-the-tests",
    "PORTAL_ENCRYPTION_KEYS": "b25seS1mb3ItdGhlLXRlc3RzLTMyLWJ5dGVzLWxvbmc=",
    "PORTAL_HTTPS": "off",
    "PORTAL_LOG_JSON": "off",
    "PORTAL_SWEEP_EVERY": "1",
    # Most tests run without workers, so a missing heartbeat counts as late only after a day.
    "PORTAL_HEARTBEAT_LATE_AFTER": "86400",
}

# `python -m tests.postgresql` runs the tests on PostgreSQL.
if _url := os.environ.get("PORTAL_TEST_DATABASE_URL"):
    os.environ["PORTAL_DATABASE_URL"] = _url


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Keep processes that tests start off the tests' database, and set the clock.

    This comes last, once the settings have been read.
    """
    os.environ.pop("PORTAL_DATABASE_URL", None)
    # `python -m tests.clocks` runs them at other moments.
    if moment := os.environ.get("PORTAL_TEST_CLOCK"):
        time_machine.travel(datetime.fromisoformat(moment), tick=True).start()
