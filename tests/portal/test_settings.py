"""Settings come from the environment, and a bad one stops the start with one sentence."""

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.running import ROOT

PRODUCTION = {
    "PORTAL_SECRET_KEY": "x7Kq2mW9vR4tY8uB3nH6jL1pZ5cD0sF-aGeQiOkXw_TyUvNbMhJlPrSd",
    "PORTAL_HOSTS": "portal.example.com",
    "PORTAL_HTTPS": "on",
    "PORTAL_BEHIND_PROXY": "on",
    "PORTAL_TRUSTED_ORIGINS": "https://portal.example.com",
    "PORTAL_DATABASE_URL": "postgresql://portal:word@database.example.com/portal",
    "PORTAL_BROKER_URL": "redis://broker.example.com/0",
}
FLAGS = ("PORTAL_DEBUG", "PORTAL_HTTPS", "PORTAL_BEHIND_PROXY", "PORTAL_LOG_JSON")
PORTS = ("PORTAL_PORT", "PORTAL_SANDBOX_PORT", "PORTAL_EMAIL_PORT")
COUNTS = (
    "PORTAL_UPLOAD_MAX_BYTES",
    "PORTAL_UPLOAD_MAX_ROWS",
    "PORTAL_SUPPRESSION_MAX_ROWS",
    "PORTAL_MOST_REQUEST_BYTES",
    "PORTAL_DELIVERY_TASK_LIMIT",
    "PORTAL_FREEZE_TASK_LIMIT",
    "PORTAL_SWEEP_TASK_LIMIT",
    "PORTAL_TASK_LIMIT",
    "PORTAL_DATABASE_IDLE_LIMIT",
)
SECONDS = (
    "PORTAL_PARTNER_CONNECT_TIMEOUT",
    "PORTAL_PARTNER_TOKEN_TIMEOUT",
    "PORTAL_PARTNER_DEADLINE",
    "PORTAL_DELIVERY_DEAD_AFTER",
    "PORTAL_QUEUE_DUE_EVERY",
    "PORTAL_SETTLE_AFTER",
    "PORTAL_SWEEP_EVERY",
    "PORTAL_HEARTBEAT_LATE_AFTER",
)
A_NUMBER = "a whole number"
# 32 bytes in base64, with both characters that the URL-safe alphabet replaces.
A_KEY = "+/" + "A" * 41 + "="
BAD = [
    *((name, value, "on or off") for name in FLAGS for value in ("maybe", "2", "onn")),
    *((name, value, A_NUMBER) for name in PORTS for value in ("0", "65536", "-1", "eight", "80.5")),
    *((name, value, A_NUMBER) for name in COUNTS for value in ("0", "-5", "many", "1e6")),
    *(
        (name, value, "of seconds")
        for name in SECONDS
        for value in ("0", "-1", "soon", "nan", "inf")
    ),
    ("PORTAL_DATA_DIR", "/dev/null/data", "a folder that can be written"),
    ("PORTAL_DATABASE_URL", "portal.sqlite3", "postgresql://"),
    ("PORTAL_DATABASE_URL", "mysql://portal:s3cret@host/portal", "postgresql://"),
    ("PORTAL_DATABASE_URL", "postgresql://portal:s3cret@host:port/portal", "postgresql://"),
    ("PORTAL_BROKER_URL", "localhost:6379", "redis://"),
    ("PORTAL_SANDBOX_URL", "sandbox:8001", "http://"),
    ("PORTAL_ENCRYPTION_KEYS", "s3cret", "openssl rand"),
    ("PORTAL_ENCRYPTION_KEYS", f"{A_KEY},s3cret", "openssl rand"),
    ("PORTAL_ENCRYPTION_KEYS", f"{A_KEY} {A_KEY}", "openssl rand"),
    ("PORTAL_PUBLIC_URL", "portal.example.com", "http://"),
    ("PORTAL_DISPATCH", "off", "on or held"),
    ("PORTAL_EMAIL_SECURITY", "ssl", "starttls, tls or none"),
    *(
        ("PORTAL_NEEDS_CHECKING_MAIL_AFTER", value, "with commas between, the smallest first")
        for value in ("soon", "0,nan", "-1,5", "0,60,60", "3600,0")
    ),
]


def settings_with(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    """Read the settings file again with these variables. Raises ImproperlyConfigured."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "portal" / "settings.py"))


def manage(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with no setting of the portal but those given."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL")}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        check=False,
        cwd=ROOT,
        env=inherited | {"PORTAL_DATA_DIR": str(folder)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_bad_setting_ends_the_command_line_with_one_sentence(tmp_path: Path) -> None:
    for command in ("check", "migrate", "makemigrations", "import_contacts"):
        ended = manage(tmp_path, command, PORTAL_SECRET_KEY="only-here", PORTAL_PORT="eight")
        assert ended.returncode == 1
        assert len(ended.stderr.splitlines()) == 1, ended.stderr
        assert "PORTAL_PORT" in ended.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["-m", "celery", "-A", "portal", "worker"],
        ["-m", "celery", "-A", "portal", "beat"],
        ["-m", "portal.processes.run"],
        ["-c", "import django; django.setup()"],
        ["-m", "gunicorn", "portal.wsgi", "--bind=127.0.0.1:0", "--no-control-socket"],
    ],
    ids=["worker", "beat", "run", "script", "gunicorn"],
)
def test_a_bad_setting_ends_every_process_with_one_sentence(
    tmp_path: Path, command: list[str]
) -> None:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL")}
    bad = {"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_SECRET_KEY": "k", "PORTAL_PORT": "eight"}
    ended = subprocess.run(
        [sys.executable, *command],
        check=False,
        cwd=ROOT,
        env=inherited | bad | {"DJANGO_SETTINGS_MODULE": "portal.settings"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode != 0
    own = [line for line in ended.stderr.splitlines() if not line.startswith("[")]
    assert len(own) == 1, ended.stderr
    assert "PORTAL_PORT" in own[0]


def test_the_command_line_works_after_the_setup_alone(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(tmp_path)}
    for words in (["-m", "portal.secret_key"], ["manage.py", "check"]):
        subprocess.run([sys.executable, *words], check=True, cwd=ROOT, env=environment)


def test_djangos_own_deployment_checks_find_nothing_in_production(tmp_path: Path) -> None:
    checked = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_production_does_not_start_without_a_secret_key(tmp_path: Path) -> None:
    environment = {name: value for name, value in PRODUCTION.items() if "SECRET" not in name}
    refused = manage(tmp_path, "check", **environment)
    assert refused.returncode != 0
    assert refused.stderr.splitlines()[-1].endswith(
        "PORTAL_SECRET_KEY is not set. Production needs one; `make run` makes its own in secret_key."
    )


def test_the_key_that_make_run_wrote_is_used_when_none_is_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret_key").write_text("written once\n")
    monkeypatch.delenv("PORTAL_SECRET_KEY")
    found = settings_with(monkeypatch, PORTAL_DATA_DIR=str(tmp_path))
    assert found["SECRET_KEY"] == "written once"


def test_an_empty_key_file_is_no_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    with pytest.raises(ImproperlyConfigured, match="PORTAL_SECRET_KEY is not set"):
        settings_with(monkeypatch, PORTAL_DATA_DIR=str(tmp_path), PORTAL_SECRET_KEY="")


def test_encryption_keys_come_from_the_environment_else_from_the_file_of_make_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def keys(given: str) -> Any:
        found = settings_with(
            monkeypatch, PORTAL_DATA_DIR=str(tmp_path), PORTAL_ENCRYPTION_KEYS=given
        )
        return found["ENCRYPTION_KEYS"]

    assert keys("") == []
    (tmp_path / "encryption_key").write_text(f"{'B' * 43}=\n")
    assert keys("") == [f"{'B' * 43}="]
    assert keys(f" {A_KEY}, {'C' * 43}=") == [f"-_{A_KEY[2:]}", f"{'C' * 43}="]


@pytest.mark.parametrize(("name", "value", "wanted"), BAD)
def test_a_bad_value_is_refused_with_its_name_and_what_to_give(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, wanted: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        settings_with(monkeypatch, **{name: value})
    sentence = str(refused.value)
    assert sentence.startswith(f"{name} must be ")
    assert wanted in sentence
    assert "s3cret" not in sentence
    assert sentence.endswith(".")


def test_every_setting_that_is_read_as_more_than_text_has_a_bad_value_here() -> None:
    """Settings that are read by `env.text` and `env.words` accept anything."""
    source = (ROOT / "portal" / "settings.py").read_text()
    takes_anything = {
        *("PORTAL_HOSTS", "PORTAL_TRUSTED_ORIGINS", "PORTAL_SECRET_KEY", "PORTAL_PARTNER_HOSTS"),
        *(f"PORTAL_EMAIL_{name}" for name in ("HOST", "USER", "PASSWORD", "FROM")),
    }
    read = {word.strip('"(),') for word in source.split('"') if word.startswith("PORTAL_")}
    names = {name for name in read if name.isupper() and " " not in name}
    assert names - takes_anything == {name for name, _, _ in BAD}


@pytest.mark.parametrize("name", ["PORTAL_PORT", "PORTAL_DATA_DIR", "PORTAL_DATABASE_URL"])
def test_an_empty_value_counts_as_not_set(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("PORTAL_SECRET_KEY", "k")
    monkeypatch.delenv(name, raising=False)
    unset = settings_with(monkeypatch)
    empty = settings_with(monkeypatch, **{name: "  "})
    for key in ("PORT", "DATA_DIR", "DATABASES"):
        assert empty[key] == unset[key]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_PARTNER_CONNECT_TIMEOUT", "600"),
        ("PORTAL_PARTNER_DEADLINE", "720"),
        ("PORTAL_DELIVERY_TASK_LIMIT", "900"),
        ("PORTAL_DELIVERY_DEAD_AFTER", "719.5"),
    ],
)
def test_timeouts_in_the_wrong_order_are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match="each be longer than the one before") as refused:
        settings_with(monkeypatch, **{name: value})
    assert name in str(refused.value)


def test_a_heartbeat_that_is_late_before_it_is_due_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(ImproperlyConfigured, match="must be longer than PORTAL_SWEEP_EVERY"):
        settings_with(monkeypatch, PORTAL_SWEEP_EVERY="30", PORTAL_HEARTBEAT_LATE_AFTER="30")


def test_words_for_on_and_off_are_taken_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("on", "TRUE", " Yes ", "1"):
        assert settings_with(monkeypatch, PORTAL_HTTPS=value)["SESSION_COOKIE_SECURE"] is True
    for value in ("off", "False", "no", "0"):
        assert settings_with(monkeypatch, PORTAL_HTTPS=value)["SESSION_COOKIE_SECURE"] is False
