"""A million numbers are read within the memory that the portal's worker has for it."""

import subprocess
import sys

import orjson
import pytest

from tests.partner.fault_server import Connection, FaultServer
from tests.running import ROOT

MOST_MEGABYTES = 300
CALL = {
    "startTime": "2022-02-12T12:16:15.637",
    "endTime": "2022-02-12T12:17:00",
    "stage": 13,
    "outcome": 1,
    "userInput": "1",
    "price": 0.06,
    "isTransferCall": False,
    "attemptNumber": 1,
    "secondsDuration": 45,
}
READ = """
import resource, sys
from campaigns.partner.reading.reader import Reader
pages = Reader(sys.argv[1], {}).phone_numbers(1)
print(sum(len(page.rows) for page in pages))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.parametrize("count", [30_000, pytest.param(1_000_000, marks=pytest.mark.nightly)])
def test_a_million_numbers_are_read_page_by_page(count: int) -> None:
    def script(connection: Connection) -> None:
        connection.read_head()
        size, page = (int(part) for part in connection.path.split("/")[-2:])
        rows = [
            {
                "id": 10**9 + position,
                "number": f"07700{900_000 + position % 1000}",
                "name": f"Person {position}",
                "parameters": [],
                "calls": [CALL, CALL],
                "smss": [],
            }
            for position in range((page - 1) * size, min(count, page * size))
        ]
        connection.answer("200 OK", orjson.dumps(rows).decode())

    with FaultServer(script) as partner:
        done = subprocess.run(
            [sys.executable, "-c", READ, partner.url],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    read, megabytes = map(int, done.stdout.split())
    assert read == count
    assert megabytes < MOST_MEGABYTES
