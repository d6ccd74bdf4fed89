"""Addresses of the tests' databases, for processes that find them in their environment."""

from typing import Any
from urllib.parse import quote

from django.db import connection


def of_this_test() -> str:
    """Return the address of the database that the test itself is using."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    return _postgresql(at["HOST"], at["NAME"])


def of_server(server: Any) -> str:
    """Return the address of the first database of a PostgreSQL that a test has started."""
    return _postgresql(server.get_postmaster_info().socket_dir, "postgres")


def _postgresql(socket_folder: object, name: str) -> str:
    return f"postgresql://postgres@{quote(str(socket_folder), safe='')}/{name}"
