"""Real workers on a real Redis that forgets, freezes and gives every message out again after 3 s."""

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil
import pytest
import redis

from campaigns.submissions.models import Delivery, Submission
from tests.faults import databases
from tests.faults.invariants import numbers_in
from tests.faults.tally import TALLY
from tests.faults.workers import Workers
from tests.faults.world import World
from tests.partner.sandbox import eventually

pytestmark = pytest.mark.parametrize(
    "place", [databases.postgresql], indirect=True, ids=["postgresql"]
)

DONE = Submission.State.SUBMITTED
# Seconds that a healthy portal may take on a machine that is busy with much else.
PATIENCE = 120


@pytest.fixture(scope="module")
def workers(place: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    running = Workers(tmp_path_factory.mktemp("workers"))
    try:
        running.start()
        yield running
    finally:
        running.stop()


def is_done(world: World, workers: Workers, count: int) -> None:
    """Wait until so many submissions are done, each after exactly one complete request."""
    done = eventually(lambda: [1] * (world.states() == [DONE] * count), PATIENCE)
    assert done, f"{world.states()}\n{workers.log('worker')}\n{workers.log('beat')}"
    assert world.complete() == count
    world.check(at_rest=True)


def test_a_message_that_is_given_out_again_while_the_partner_is_slow_is_sent_once(
    world: World, workers: Workers
) -> None:
    world.manners("created-after-8")
    for _ in range(3):
        world.frozen()
    is_done(world, workers, 3)


@pytest.mark.nightly
def test_twelve_workers_with_each_message_ten_times_send_it_once(
    world: World, workers: Workers
) -> None:
    world.manners("created-after-1")
    for _ in range(3):
        [delivery] = world.frozen().parts.get().deliveries.all()
        workers.send(delivery.pk, 10)
    is_done(world, workers, 3)


def test_what_a_flushed_redis_forgot_is_rung_for_again(world: World, workers: Workers) -> None:
    [done] = world.frozen().parts.get().deliveries.all()
    is_done(world, workers, 1)
    with workers.frozen_worker():
        # What the worker was waiting for is in its hands already: that is a message of no use.
        workers.send(done.pk, 3)
        [forgotten] = world.frozen().parts.get().deliveries.all()
        workers.send(forgotten.pk, 1)
        with redis.Redis.from_url(workers.broker_url) as broker:
            assert broker.llen("deliveries") > 1
            broker.flushall()
    is_done(world, workers, 2)


@pytest.mark.nightly
def test_a_redis_that_comes_back_empty_loses_nothing(world: World, workers: Workers) -> None:
    world.submitted()
    workers.restart_the_broker()
    is_done(world, workers, 1)


@pytest.mark.nightly
def test_a_redis_that_stands_still_for_a_while_loses_nothing(
    world: World, workers: Workers
) -> None:
    world.manners("created-after-2")
    world.frozen()
    with workers.frozen_broker():
        # Longer than the messages' visibility and the sockets' timeouts.
        assert not eventually(lambda: world.deliveries(state=Delivery.State.REFUSED), 7)
        world.submitted()
    is_done(world, workers, 2)


def test_the_submit_page_answers_while_redis_stands_still(world: World, workers: Workers) -> None:
    drafts = [world.draft().pk for _ in range(3)]
    with workers.frozen_broker():
        seconds = workers.press_submit(*drafts)
    is_done(world, workers, 3)
    # Waiting for it would take as long as it stands still; the machine may be busy.
    assert seconds < 15


@pytest.mark.nightly
def test_children_that_are_killed_while_they_wait_stop_no_work(
    world: World, workers: Workers
) -> None:
    for killed in range(1, 3):
        for child in workers.children():
            child.kill()
            TALLY.faults += 1
        world.frozen()
        is_done(world, workers, killed)


@pytest.mark.nightly
def test_children_that_hang_delay_and_double_nothing(world: World, workers: Workers) -> None:
    """What was given to one that stands still is rung for again, and it wakes up to nothing to do."""
    hanging = workers.children()[::2]
    for child in hanging:
        child.suspend()
        TALLY.faults += 1
    try:
        for _ in range(3):
            world.frozen()
        is_done(world, workers, 3)
    finally:
        for child in hanging:
            # One that was at a task has been ended at the task's limit.
            with suppress(psutil.NoSuchProcess):
                child.resume()
    world.frozen()
    is_done(world, workers, 4)


@pytest.mark.nightly
def test_a_process_that_stands_still_with_a_row_locked_is_cut_off(
    world: World, workers: Workers
) -> None:
    with ExitStack() as stack:
        with workers.frozen_worker():
            submission = world.submitted()
            stack.enter_context(workers.locking(submission.pk))
            TALLY.faults += 1
        is_done(world, workers, 1)


@pytest.mark.nightly
def test_a_rolling_restart_lets_an_upload_end(world: World, workers: Workers) -> None:
    world.manners("created-after-3")
    world.frozen()
    assert eventually(world.complete_rows, PATIENCE)
    workers.restart()
    is_done(world, workers, 1)


def test_no_number_stands_in_a_log_or_in_the_queue(world: World, workers: Workers) -> None:
    with workers.frozen_worker():
        [delivery] = world.frozen().parts.get().deliveries.all()
        # More than the worker was waiting for.
        workers.send(delivery.pk, 5)
        queue = Path(workers.valkey.data_dir) / "queue"
        with redis.Redis.from_url(workers.broker_url) as broker:
            queue.write_bytes(b"\n".join(broker.lrange("deliveries", 0, -1)))
    is_done(world, workers, 1)
    assert "deliver" in queue.read_text()
    logs = workers.log("worker") + workers.log("beat")
    assert "delivered" in logs
    assert not numbers_in(logs + queue.read_text())
