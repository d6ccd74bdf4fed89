"""The shape of docker-compose.yml and of the image. What its commands do is in tests/test_servers.py."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from django.conf import settings

from campaigns.partner.sandbox import remote
from tests.partner.sandbox import SandboxProcess
from tests.running import ROOT, free_port

FILE = ROOT / "docker-compose.yml"
SERVICES: dict[str, Any] = yaml.safe_load(FILE.read_text())["services"]
OURS = {
    *("web", "worker-deliveries", "worker-sweeps", "worker-freezes", "worker-bulk"),
    *("beat", "migrate"),
}
SECRETS = {"PORTAL_SECRET_KEY": "a-key-of-a-test", "POSTGRES_PASSWORD": "word"}


def compose(**secrets: str) -> subprocess.CompletedProcess[str]:
    """Have Docker's own tool read the file; it needs no engine for that."""
    command = _tool()
    if not command:
        pytest.skip("Neither `docker compose` nor `docker-compose` is installed.")
    inherited = {name: value for name, value in os.environ.items() if name not in SECRETS}
    return subprocess.run(
        [*command, "--file", str(FILE), "config"],
        check=False,
        cwd=ROOT,
        env=inherited | secrets,
        capture_output=True,
        text=True,
        timeout=60,
    )


def _tool() -> list[str]:
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    plugin = ["docker", "compose"]
    if not shutil.which("docker"):
        return []
    found = subprocess.run([*plugin, "version"], check=False, capture_output=True, timeout=60)
    return plugin if found.returncode == 0 else []


def test_docker_compose_understands_the_file() -> None:
    read = compose(**SECRETS)
    assert read.returncode == 0, read.stderr
    found = yaml.safe_load(read.stdout)["services"]
    assert set(found) == set(SERVICES)
    web = found["web"]["environment"]
    assert web["PORTAL_DATABASE_URL"] == "postgresql://portal:word@postgres:5432/portal"
    assert web["PORTAL_HOSTS"] == "localhost,127.0.0.1"


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_it_refuses_to_start_without_a_secret_and_names_it(name: str) -> None:
    others = {other: value for other, value in SECRETS.items() if other != name}
    refused = compose(**others)
    assert refused.returncode != 0
    assert f"Set {name}" in refused.stderr


def test_every_part_of_the_portal_is_a_service_of_its_own() -> None:
    assert set(SERVICES) == OURS | {"postgres", "redis", "sandbox"}


def test_each_queue_has_its_own_worker_and_beat_is_a_separate_service() -> None:
    queues = [
        word.removeprefix("--queues=")
        for service in SERVICES.values()
        for word in service.get("command", [])
        if word.startswith("--queues=")
    ]
    assert sorted(queues) == sorted(queue.name for queue in settings.CELERY_TASK_QUEUES)
    words = [word for service in SERVICES.values() for word in service.get("command", [])]
    assert words.count("beat") == 1
    assert not {"--beat", "-B"} & set(words)


def test_all_services_of_the_portal_share_environment_and_files_and_wait_for_the_database() -> None:
    for name in OURS:
        service = SERVICES[name]
        assert service["environment"] == SERVICES["web"]["environment"], name
        assert service["volumes"] == ["files:/data/files", "journal:/data/journal"], name
        waits_for = service["depends_on"]
        if name == "migrate":
            assert waits_for["postgres"]["condition"] == "service_healthy"
            assert service["restart"] == "no"
        else:
            assert waits_for["migrate"]["condition"] == "service_completed_successfully", name
            assert waits_for["redis"]["condition"] == "service_healthy", name


def test_every_service_that_can_be_asked_has_a_health_check() -> None:
    without = {name for name, service in SERVICES.items() if "healthcheck" not in service}
    assert without == {"migrate", "beat"}


def test_redis_never_throws_a_message_away() -> None:
    command = SERVICES["redis"]["command"]
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_the_portal_finds_the_sandbox_and_the_sandbox_gets_no_secret() -> None:
    sandbox = SERVICES["sandbox"]
    port = sandbox["command"][sandbox["command"].index("--port") + 1]
    assert SERVICES["web"]["environment"]["PORTAL_SANDBOX_URL"] == f"http://sandbox:{port}"
    assert "environment" not in sandbox


def test_nothing_is_offered_beyond_this_machine() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_setting_that_it_names_is_one_that_the_portal_reads() -> None:
    read = set(re.findall(r'"(PORTAL_[A-Z_]+)"', (ROOT / "portal" / "settings.py").read_text()))
    assert set(SERVICES["web"]["environment"]) <= read


def test_the_sandbox_answers_by_the_name_it_has_among_the_containers(tmp_path: Path) -> None:
    with SandboxProcess(tmp_path / "ledger.sqlite3", "--host", "0.0.0.0") as sandbox:
        asked = sandbox.http.get(
            f"{sandbox.url}/_sandbox/behaviour", headers={"Host": "sandbox:8001"}, timeout=10
        )
    assert asked.status_code == 200


def test_the_management_command_answers_by_that_name_too(tmp_path: Path) -> None:
    port = free_port()
    environment = os.environ | {"PORTAL_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "partner_sandbox", "--host=0.0.0.0", f"--port={port}"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            assert f"http://0.0.0.0:{port}/".encode() in process.stdout.readline()
            assert remote.is_up(f"http://127.0.0.1:{port}")
            asked = requests.get(
                f"http://127.0.0.1:{port}/", headers={"Host": "sandbox:8001"}, timeout=10
            )
            assert asked.status_code == 200
        finally:
            process.terminate()


class TestTheImage:
    DOCKERFILE = (ROOT / "Dockerfile").read_text()
    IGNORED = set((ROOT / ".dockerignore").read_text().splitlines())

    def test_it_installs_what_is_locked_and_nothing_else(self) -> None:
        installs = [line for line in self.DOCKERFILE.splitlines() if "pip install" in line]
        assert installs
        assert all("--require-hashes" in line and "run.txt" in line for line in installs)

    def test_it_runs_as_an_unprivileged_user(self) -> None:
        users = re.findall(r"^USER (.+)$", self.DOCKERFILE, re.MULTILINE)
        assert users == ["portal"]
        assert self.DOCKERFILE.index("USER portal") < self.DOCKERFILE.index("CMD [")

    def test_no_secret_stays_in_it(self) -> None:
        kept = re.findall(r"^(?:ENV|ARG) (.+)$", self.DOCKERFILE, re.MULTILINE)
        assert not any("SECRET" in line or "PASSWORD" in line for line in kept)

    def test_nothing_of_the_machine_it_was_built_on_gets_into_it(self) -> None:
        assert {"var", ".venv", ".git", ".env"} <= self.IGNORED

    def test_everything_that_the_portal_runs_gets_into_it(self) -> None:
        needed = {"manage.py", "campaigns", "portal", "templates", "static", "requirements"}
        assert not needed & self.IGNORED
