"""`make run`: the whole portal on one machine, without an installed server of any kind."""

import os
import shlex
import socket
import sys
from contextlib import suppress
from itertools import chain
from pathlib import Path

from portal import secret_key

# Workers by name, each with its queue. They have no child processes: each runs one task at a time and is
# started again when it dies.
WORKERS = {
    "deliveries": "deliveries",
    "deliveries-2": "deliveries",
    "sweeps": "sweeps",
    "freezes": "freezes",
    "bulk": "bulk",
}
# Files and folders of the portal in its data folder.
OURS = (
    *("portal.sqlite3*", "sandbox-ledger.sqlite3*", "beat-schedule*", "*_key", "demo_password"),
    *("files", "broker", "journal", "mail", "static"),
)
# Seconds. Longer than the workers' soft shutdown, so that Ctrl-C never cuts a delivery under way.
STOP_WAIT_SECONDS = 60


def main() -> int:
    """Prepare the data, then run every process until Ctrl-C. Return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    os.environ.setdefault("PORTAL_HTTPS", "off")
    os.environ.setdefault("PORTAL_LOG_JSON", "off")
    try:
        secret_key.ensure(secret_key.data_folder())
    except OSError:
        return _stop("PORTAL_DATA_DIR must be a folder that can be written.")

    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as problem:
        return _stop(str(problem))
    ports = {"PORTAL_PORT": settings.PORT, "PORTAL_SANDBOX_PORT": settings.SANDBOX_PORT}
    for name, port in ports.items():
        if _taken(port):
            other = port - 100 if port > 65_000 else port + 100
            return _stop(
                f"Port {port} is in use. Stop what uses it, or choose another: {name}={other}"
            )
    _prepare()
    return _run(settings.PORT, settings.SANDBOX_PORT)


def _prepare() -> None:
    """Bring the database and the static files up to date, and load demo data into an empty portal."""
    from django.conf import settings
    from django.core.management import call_command

    _keep_to_the_owner(settings.DATA_DIR)
    print("Preparing the database and the static files ...", flush=True)
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("demo", only_if_empty=True)


def _keep_to_the_owner(folder: Path) -> None:
    """Remove other users' rights to the portal's files, which an earlier version may have granted."""
    ours = chain.from_iterable(map(folder.glob, OURS))
    for path in chain.from_iterable((path, *path.rglob("*")) for path in ours):
        with suppress(OSError):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & 0o700)


def _run(port: int, sandbox_port: int) -> int:
    from honcho import manager

    manager.KILL_WAIT = STOP_WAIT_SECONDS
    processes = manager.Manager()
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    for name, command in commands(port, sandbox_port).items():
        processes.add_process(
            name, "exec " + shlex.join(command), cwd=str(secret_key.BASE_DIR), env=environment
        )
    print(f"\n  The portal:          http://127.0.0.1:{port}/")
    print(f"  The sandbox partner: http://127.0.0.1:{sandbox_port}/")
    print("  Ctrl-C stops everything.\n", flush=True)
    processes.loop()
    # Ctrl-C (130) and SIGTERM (143) are the normal ways to end.
    return 0 if processes.returncode in {0, 130, 143} else int(processes.returncode or 1)


def commands(port: int, sandbox_port: int) -> dict[str, list[str]]:
    """Return the command line of each process, by name."""
    python = sys.executable
    respawn = [python, "-m", "portal.processes.respawn"]
    worker = [python, "-m", "celery", "--quiet", "-A", "portal", "worker", "--loglevel=INFO"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return {
        "web": [
            *(python, "-m", "gunicorn", "portal.wsgi"),
            *(
                "--bind",
                f"127.0.0.1:{port}",
                "--workers=2",
                "--threads=4",
                "--timeout=120",
                "--no-control-socket",
            ),
        ],
        **{
            name: [*respawn, *worker, f"--queues={queue}", "--pool=solo", f"--hostname={name}@%h"]
            for name, queue in WORKERS.items()
        },
        "beat": [
            *(*respawn, python, "-m", "celery", "--quiet", "-A", "portal", "beat"),
            *("--loglevel=INFO", "--pidfile="),
        ],
        "sandbox": [python, "manage.py", "partner_sandbox", "--port", str(sandbox_port)],
    }


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _stop(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
