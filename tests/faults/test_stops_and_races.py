"""Workers that stand still and come back late, processes that race, and a machine that fails them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.drafts.models import DraftLocked
from campaigns.submissions import tasks
from campaigns.submissions.delivering import journal, queueing
from campaigns.submissions.doubts.settle_form import NOT_CREATED
from campaigns.submissions.models import Delivery, Dispatch, Submission, endings
from tests.faults import databases
from tests.faults.killing import At
from tests.faults.points import DELIVER
from tests.faults.stopping import Sleeper, race, stopped, with_room_for
from tests.faults.tally import IS_LONG, TALLY
from tests.faults.world import World

RACERS = 12
POINTS = {point.label: point for point in DELIVER}
# The intent is in the journal, and the commit is next.
POINTS["at the fence's commit"] = At("", journal, "begin", after=True)
DONE, DOUBT = Submission.State.SUBMITTED, Submission.State.NEEDS_CHECKING


@contextmanager
def asleep(world: World, label: str) -> Iterator[Sleeper]:
    """Have a worker stand still at a point of its delivery."""
    world.frozen()
    with stopped(world.deliver, POINTS[label]) as worker:
        yield worker


@contextmanager
def taken_for_dead(world: World, label: str) -> Iterator[None]:
    """Have a worker stand still there until a sweeper and another worker have been, and wake up then."""
    with asleep(world, label) as worker:
        queueing.sweep()
        world.deliver()
        yield
        worker.wake()


# A worker is stopped, taken for dead, and wakes up late


@pytest.mark.parametrize("label", ["after the claim", "after the headers", "before the fence"])
def test_a_worker_that_wakes_up_before_the_fence_sends_nothing_more(
    world: World, label: str
) -> None:
    with taken_for_dead(world, label):
        assert world.states() == [DONE]
    assert world.complete() == 1
    world.check_and_heal()


@pytest.mark.parametrize("label", ["after the fence", "before the body", "before the last byte"])
def test_a_worker_that_wakes_up_after_the_fence_ends_the_doubt_it_left(
    world: World, label: str
) -> None:
    with taken_for_dead(world, label):
        assert world.states() == [DOUBT]
        assert world.complete() == 0
    assert (world.states(), world.complete()) == ([DONE], 1)
    world.check_and_heal()


def test_a_worker_that_comes_after_a_persons_word_changes_nothing(world: World) -> None:
    with asleep(world, "before the final write") as worker:
        queueing.sweep()
        [row] = world.complete_rows()
        [doubt] = world.deliveries()
        assert world.answer(doubt, world.manager, "created", row.campaign_id or 0)
        worker.wake()
    [delivery] = world.deliveries()
    assert delivery.settled_by == world.manager
    world.check_and_heal()


def test_an_id_that_comes_after_a_release_holds_what_was_released(world: World) -> None:
    with asleep(world, "before the final write") as worker:
        queueing.sweep()
        [doubt] = world.deliveries()
        assert world.answer(doubt, world.manager, NOT_CREATED)
        worker.wake()
    world.deliver()
    queueing.sweep()
    world.deliver()
    assert (world.states(), world.complete()) == ([DOUBT], 1)
    world.check()
    first, _ = world.deliveries()
    assert world.answer_truly(first, world.manager)
    world.check_and_heal()
    assert (world.states(), world.complete()) == ([DONE], 1)


def test_a_page_that_shows_an_older_try_releases_no_other(world: World) -> None:
    world.frozen()
    world.manners("status-503")
    world.deliver()
    [first] = world.deliveries()
    assert world.answer(first, world.manager, NOT_CREATED)
    world.manners("created-no-id")
    world.deliver()
    assert world.states() == [DOUBT]
    before = [delivery.state for delivery in world.deliveries()]
    assert not world.answer(first, world.approver, NOT_CREATED)
    assert [delivery.state for delivery in world.deliveries()] == before
    world.check()
    for doubt in world.deliveries(state=Delivery.State.NEEDS_CHECKING):
        world.answer_truly(doubt, world.manager)
    world.check_and_heal()


# Duplicates


def test_of_twelve_workers_with_the_same_messages_one_sends_each(world: World) -> None:
    for _ in range(3):
        world.frozen()
    race([world.deliver] * RACERS)
    assert (world.states(), world.complete()) == ([DONE] * 3, 3)
    world.check_and_heal()


def test_the_same_message_ten_times_is_sent_once(world: World) -> None:
    world.frozen()
    world.redeliver(10)
    assert world.complete() == 1
    world.check_and_heal()


@pytest.mark.parametrize("label", ["before the fence", "after the fence", "before the final write"])
def test_sweepers_that_race_do_no_harm(world: World, label: str) -> None:
    with asleep(world, label) as worker:
        race([tasks.sweep] * 4)
        world.check()
        worker.wake()
    race([tasks.sweep, world.deliver, tasks.sweep, world.deliver])
    world.check_and_heal()


def test_a_double_click_from_several_processes_submits_once(world: World) -> None:
    draft = world.draft()

    def press() -> None:
        draft.refresh_from_db()
        try:
            world.submit(draft)
        except DraftLocked:
            return

    race([press] * RACERS)
    assert len(world.submissions) == 1
    world.check_and_heal()


def test_workers_that_freeze_the_same_submission_keep_one(world: World) -> None:
    submission = world.submitted()
    race([lambda: tasks.freeze(submission.pk)] * 4)
    assert submission.parts.count() == 1
    world.check_and_heal()


def test_undo_and_delivery_race_and_one_of_them_wins(world: World) -> None:
    for _ in range(4):
        submission = world.frozen()
        race([world.deliver, partial(endings.undo, submission, world.manager), world.deliver])
    assert set(world.states()) <= {DONE, Submission.State.UNDONE}
    assert world.complete() == world.states().count(DONE)
    world.check_and_heal()


def test_two_people_and_a_late_worker_settle_a_doubt_once(world: World) -> None:
    with asleep(world, "before the final write") as worker:
        queueing.sweep()
        [doubt] = world.deliveries()
        people = [world.manager, world.approver]
        answers = [partial(world.answer_truly, doubt, who) for who in people]
        race([*answers, worker.rouse])
        assert worker.wait()
    assert world.states() == [DONE]
    world.check_and_heal()


# What the machine does to them


@pytest.mark.parametrize("place", [databases.postgresql], indirect=True, ids=["postgresql"])
@pytest.mark.parametrize(
    "label",
    [
        "before the claim",
        "after the claim",
        "before the fence",
        "after the fence",
        "before the final write",
    ],
)
def test_a_database_that_restarts_meanwhile_loses_nothing(world: World, label: str) -> None:
    with asleep(world, label) as worker:
        databases.restart()
        worker.wake()
    world.check_and_heal()
    assert world.states() in ([DONE], [DOUBT])
    assert world.complete() == 1


@pytest.mark.parametrize("place", [databases.sqlite], indirect=True, ids=["sqlite"])
@pytest.mark.parametrize(
    "label", ["before the claim", "before the fence", "before the final write"]
)
def test_a_database_that_another_writer_has_locked_loses_nothing(world: World, label: str) -> None:
    """For a second, and the worker's own patience is a tenth of that."""
    options = connection.settings_dict["OPTIONS"]
    patience, options["timeout"] = options["timeout"], 0.1
    try:
        with asleep(world, label) as worker:
            with closing(locked()):
                worker.rouse()
                has_ended = worker.wait(1)
            assert has_ended or worker.wait()
    finally:
        connection.close()
        options["timeout"] = patience
    world.check_and_heal()
    assert world.states() in ([DONE], [DOUBT])
    assert world.complete() == 1


@pytest.mark.parametrize("place", [databases.sqlite], indirect=True, ids=["sqlite"])
def test_a_fence_that_finds_the_database_locked_says_at_once_that_nothing_was_sent(
    world: World, settings: Settings
) -> None:
    """Without a sweeper, which would wait for a quarter of an hour."""
    settings.DELIVERY_DEAD_AFTER = 900
    options = connection.settings_dict["OPTIONS"]
    patience, options["timeout"] = options["timeout"], 0.1
    try:
        with asleep(world, "before the fence") as worker:
            with closing(locked()):
                worker.rouse()
                assert not worker.wait(1)
            assert worker.wait()
    finally:
        connection.close()
        options["timeout"] = patience
    not_sent_and_retried(world)


@pytest.mark.parametrize("place", [databases.postgresql], indirect=True, ids=["postgresql"])
@pytest.mark.parametrize("label", ["before the fence", "at the fence's commit"])
def test_a_fence_whose_connection_is_cut_says_at_once_that_nothing_was_sent(
    world: World, settings: Settings, label: str
) -> None:
    settings.DELIVERY_DEAD_AFTER = 900
    with asleep(world, label) as worker:
        databases.cut()
        worker.wake()
    not_sent_and_retried(world)


def not_sent_and_retried(world: World) -> None:
    [first] = world.deliveries()
    assert first.state == Delivery.State.NOT_SENT
    assert world.complete() == 0
    queueing.sweep()
    world.deliver()
    assert (world.states(), world.complete()) == ([DONE], 1)
    assert not Dispatch.is_held()
    world.check_and_heal()


@pytest.mark.parametrize("place", [databases.sqlite], indirect=True, ids=["sqlite"])
def test_a_freeze_that_finds_the_database_locked_is_tried_again(world: World) -> None:
    submission = world.submitted()
    options = connection.settings_dict["OPTIONS"]
    patience, options["timeout"] = options["timeout"], 0.1
    try:
        with closing(locked()):
            connection.close()
            tasks.freeze(submission.pk)
    finally:
        connection.close()
        options["timeout"] = patience
    submission.refresh_from_db()
    assert (submission.state, submission.held_reason) == (Submission.State.PREPARING, "")
    world.heal()
    assert world.states() == [DONE]


def locked() -> sqlite3.Connection:
    writer = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    return writer


def test_a_disk_that_is_full_at_any_byte_holds_or_delays_and_loses_nothing(place: World) -> None:
    with place.fresh():
        name = place.frozen().parts.get().payload_file
        size = default_storage.size(name)
        place.heal()
    step = 1 if IS_LONG else size // 4
    for most_bytes in range(0, size + step, step):
        # With the campaigns of all bytes before, each would take longer than the last.
        place.new_client()
        with place.fresh():
            freeze_on_a_full_disk(place, most_bytes)


def freeze_on_a_full_disk(world: World, most_bytes: int) -> None:
    """Let no file grow beyond so many bytes while a submission is frozen; then there is room again."""
    submission = world.submitted()
    race([with_room_for(most_bytes, partial(tasks.freeze, submission.pk))])
    TALLY.faults += 1
    world.check()
    assert all(part.is_whole for part in submission.parts.all())
    submission.refresh_from_db()
    if submission.held_reason:
        submission.release(world.manager, submission.hold_key)
        queueing.go_on(submission)
    world.check_and_heal()
    assert world.states() == [DONE]


@pytest.mark.parametrize("hours", [-1, 1])
@pytest.mark.parametrize("label", ["before the fence", "after the fence", "before the final write"])
def test_a_sweeper_whose_clock_is_an_hour_off_makes_no_double(
    world: World, label: str, hours: int
) -> None:
    with asleep(world, label) as worker:
        with time_machine.travel(timezone.now() + timedelta(hours=hours)):
            queueing.sweep()
            world.deliver()
        worker.wake()
    world.check_and_heal()
    assert world.complete() == 1


@pytest.mark.parametrize(
    "night", ["2027-03-28T00:59:30+00:00", "2027-10-31T00:59:30+00:00"], ids=["spring", "autumn"]
)
def test_the_nights_when_the_clocks_change_are_nights_like_others(world: World, night: str) -> None:
    with time_machine.travel(night):
        world.frozen()
        world.deliver()
        queueing.sweep()
    assert world.states() == [DONE]
    world.check_and_heal()
