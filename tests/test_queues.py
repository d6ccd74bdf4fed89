"""What hangs in one queue does not hold up the work of another: with the real processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.partner.sandbox import SandboxProcess, eventually
from tests.test_servers import COMMANDS, WORKERS, Place

# Longer than the test: what hangs at the partner hangs to the end.
PATIENT = {
    "PORTAL_PARTNER_DEADLINE": "600",
    "PORTAL_DELIVERY_TASK_LIMIT": "700",
    "PORTAL_DELIVERY_DEAD_AFTER": "800",
}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with SandboxProcess(tmp_path / "sandbox-ledger.sqlite3") as sandbox:
        place = Place(tmp_path, sandbox, PATIENT)
        place.call(*COMMANDS["migrate"][1:])
        place.call("manage.py", "collectstatic", "--no-input")
        for service in (*WORKERS, "beat"):
            place.start(service)
        try:
            yield place
        finally:
            place.kill("worker-deliveries")
            place.stop()


def test_sweeps_go_on_while_every_slot_of_the_deliveries_hangs_at_the_partner(place: Place) -> None:
    # With files for a broker, a worker runs one task at a time.
    slots = 1
    place.sandbox.behave("hang", times=100)
    for _ in range(slots):
        place.submit()
    assert eventually(lambda: place.sandbox.ledger()[slots - 1 :], 60), place.logs()
    another = place.submit("1")
    place.walk("wait_delivery", str(another), "queued")
    place.walk("wait_swept")
    assert len(place.sandbox.ledger()) == slots
