"""What stands still is named without asking the broker, and holds up no other queue's work."""

from collections.abc import Iterator

import pytest

from tests.partner.sandbox import eventually
from tests.test_servers import Place, embedded, frozen, servers, started

# Much patience with the partner, and little with our own processes.
CLOCKS = {
    "PORTAL_PARTNER_DEADLINE": "600",
    "PORTAL_DELIVERY_TASK_LIMIT": "700",
    "PORTAL_DELIVERY_DEAD_AFTER": "800",
}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(embedded, id="embedded"),
        pytest.param(servers, id="servers", marks=pytest.mark.nightly),
    ],
)
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    with started(request.param, tmp_path_factory.mktemp("silence"), **CLOCKS) as place:
        place.walk("wait_swept")
        yield place


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ("worker-deliveries", "worker of deliveries"),
        pytest.param("worker-sweeps", "worker of sweeps", marks=pytest.mark.nightly),
        pytest.param("worker-freezes", "worker of freezes", marks=pytest.mark.nightly),
        pytest.param("worker-bulk", "worker of bulk", marks=pytest.mark.nightly),
        ("beat", "sweeper has not run"),
    ],
)
def test_one_that_died_is_named_until_it_is_back(place: Place, service: str, said: str) -> None:
    place.kill(service)
    place.walk("wait_health", "503", said)
    place.start(service)
    place.walk("wait_health", "200")


def test_a_worker_that_hangs_is_named_and_one_with_a_long_upload_is_not(place: Place) -> None:
    place.sandbox.behave("hang")
    sending = place.submit()
    place.walk("wait_delivery", str(sending), "sending")
    place.walk("wait_swept", "8")
    place.walk("wait_health", "200")
    # With its children: one that goes on with an upload does work, and says so.
    with frozen(*place.processes("worker-deliveries")):
        place.walk("wait_health", "503", "worker of deliveries")
    place.walk("wait_health", "200")
    place.kill("worker-deliveries")
    place.start("worker-deliveries")


def test_sweeps_go_on_while_every_slot_of_the_deliveries_hangs_at_the_partner(place: Place) -> None:
    if place.uses != ("sqlite", "filesystem"):
        pytest.skip("Only with files for a broker does a worker run one task at a time.")
    before = len(place.sandbox.ledger())
    place.sandbox.behave("hang")
    place.submit()
    assert eventually(lambda: place.sandbox.ledger()[before:], 60), place.logs()
    another = place.submit("1")
    place.walk("wait_delivery", str(another), "queued")
    place.walk("wait_swept")
    assert len(place.sandbox.ledger()) == before + 1
    place.kill("worker-deliveries")
    place.start("worker-deliveries")
