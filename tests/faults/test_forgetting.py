"""A database that forgets what it had committed: no complete POST more, and nothing lost.

It is set back to a moment of a delivery, at another moment of that delivery, and another worker of
the same machine or of another one comes along with the same messages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import override_settings

from campaigns.submissions.delivering import queueing, restore_detection, sending_notes
from campaigns.submissions.models import Delivery, Dispatch, Part, Submission
from campaigns.submissions.models.states import DeliveryState
from campaigns.submissions.operating import resume_sending
from tests.faults.forgetting import Snapshot, snapshot
from tests.faults.invariants import Invariant, named
from tests.faults.points import DELIVER
from tests.faults.stopping import Sleeper, stopped
from tests.faults.world import World

POINTS = {point.label: point for point in DELIVER}
DONE, DOUBT = Submission.State.SUBMITTED, Submission.State.NEEDS_CHECKING
# Broken by the forgetting itself, until sending is resumed.
MEANWHILE = {Invariant.KNOWN, Invariant.UNSENT, Invariant.VISIBLE}


class Machines:
    """Machines with a journal of their own, which share the database and the storage."""

    def __init__(self, folder: Path, second: str) -> None:
        self._folder = folder
        self._second = second

    @contextmanager
    def first(self) -> Iterator[None]:
        with override_settings(JOURNAL_DIR=self._folder / "first"):
            yield

    @contextmanager
    def second(self) -> Iterator[None]:
        """Be the machine that comes along afterwards: the same one, or another."""
        with override_settings(JOURNAL_DIR=self._folder / self._second):
            yield


@pytest.fixture(
    params=[
        pytest.param("first", id="one machine", marks=pytest.mark.nightly),
        pytest.param("second", id="two machines"),
    ]
)
def machines(request: pytest.FixtureRequest, tmp_path: Path) -> Machines:
    return Machines(tmp_path, request.param)


def come_along(world: World, machines: Machines) -> None:
    """Have a sweeper and a worker with every message, and see that nothing is sent twice."""
    with machines.second():
        queueing.sweep()
        world.deliver()
        world.redeliver(2)
        assert named(world.breaches()) <= MEANWHILE


def resume(world: World, machines: Machines) -> resume_sending.Plan:
    """Let each machine look, and resume sending from the list."""
    with machines.first():
        queueing.sweep()
    with machines.second():
        queueing.sweep()
        assert Dispatch.is_held()
        plan = resume_sending.plan()
        assert resume_sending.resume(world.manager, plan.seen)
        assert not Dispatch.is_held()
    return plan


def end_well(world: World, machines: Machines) -> None:
    for machine in (machines.first, machines.second):
        with machine():
            world.check_and_heal()
            assert not Dispatch.is_held()


@contextmanager
def uploading(world: World, machines: Machines, label: str) -> Iterator[Sleeper]:
    with machines.first(), stopped(world.deliver, POINTS[label]) as worker:
        yield worker


@pytest.mark.parametrize("since", ["before the claim", "before the freeze"])
def test_after_the_answer(world: World, machines: Machines, since: str) -> None:
    submission = world.submitted() if since == "before the freeze" else world.frozen()
    before = snapshot()
    with machines.first():
        world.freeze(submission)
        world.deliver()
        queueing.sweep()
    assert world.states() == [DONE]
    before.restore()
    with machines.second():
        world.freeze(submission)
    come_along(world, machines)
    plan = resume(world, machines)
    assert [each.submission for each in plan.settled] == [submission]
    assert world.states() == [DONE]
    end_well(world, machines)
    assert world.complete() == 1


def test_after_an_answer_that_is_not_the_newest(world: World, machines: Machines) -> None:
    with machines.first():
        world.frozen()
        world.frozen()
        world.deliver()
        queueing.sweep()
    forgotten, _ = world.deliveries()
    set_back(forgotten)
    come_along(world, machines)
    resume(world, machines)
    assert world.states() == [DONE, DONE]
    end_well(world, machines)
    assert world.complete() == 2


def set_back(
    delivery: Delivery, state: DeliveryState = Delivery.State.QUEUED, **values: object
) -> None:
    """Set back the one delivery to before its claim or its fence, as a lost commit does."""
    nothing = ["claimed_at", "sending_at", "finished_at", "campaign_id", "answer_status"]
    row = dict.fromkeys(nothing) | {"state": state} | values
    Delivery.objects.filter(pk=delivery.pk).update(**row)
    waiting = "scheduled" if state == Delivery.State.QUEUED else "sending"
    Submission.objects.filter(parts=delivery.part_id).update(state=waiting)


@pytest.mark.parametrize("label", ["after the fence", "before the body", "after the last byte"])
def test_during_the_upload_to_before_the_claim(
    world: World, machines: Machines, label: str
) -> None:
    world.frozen()
    before = snapshot()
    with uploading(world, machines, label) as worker:
        before.restore()
        come_along(world, machines)
        worker.wake()
    resume(world, machines)
    assert world.states() == [DONE]
    end_well(world, machines)
    assert world.complete() == 1


def test_during_the_upload_and_the_worker_dies(world: World, machines: Machines) -> None:
    world.frozen()
    before = snapshot()
    with machines.first():
        assert world.killed(world.deliver, POINTS["after the last byte"])
    before.restore()
    come_along(world, machines)
    plan = resume(world, machines)
    assert len(plan.doubts) == 1
    assert world.states() == [DOUBT]
    end_well(world, machines)
    assert world.complete() == 1


def test_with_the_files_restored_too_the_machines_own_journal_is_enough(
    world: World, tmp_path: Path
) -> None:
    """The notes beside the payloads are gone with the files that were there."""
    machines = Machines(tmp_path, "first")
    submission = world.frozen()
    before = snapshot()
    with machines.first():
        assert world.killed(world.deliver, POINTS["after the last byte"])
    before.restore()
    remove_the_notes(submission.parts.get())
    come_along(world, machines)
    plan = resume(world, machines)
    assert len(plan.doubts) == 1
    end_well(world, machines)
    assert world.complete() == 1


def remove_the_notes(part: Part) -> None:
    folder = f"{part.payload_file}.sent"
    names = default_storage.listdir(folder)[1]
    assert names, "There is none."
    for name in names:
        default_storage.delete(f"{folder}/{name}")


def test_to_the_middle_of_the_upload(world: World, machines: Machines) -> None:
    world.frozen()
    with uploading(world, machines, "before the body") as worker:
        before = snapshot()
        worker.wake()
    assert world.states() == [DONE]
    before.restore()
    come_along(world, machines)
    resume(world, machines)
    assert world.states() == [DONE]
    end_well(world, machines)
    assert world.complete() == 1


def test_to_between_claim_and_fence(world: World, machines: Machines) -> None:
    """Nobody gives the claim up as one that never sent."""
    with machines.first():
        world.frozen()
        world.deliver()
        queueing.sweep()
    [delivery] = world.deliveries()
    set_back(delivery, Delivery.State.CLAIMED, claimed_at=delivery.claimed_at)
    come_along(world, machines)
    resume(world, machines)
    assert world.states() == [DONE]
    end_well(world, machines)
    assert world.complete() == 1


def test_a_number_is_given_anew(world: World, machines: Machines) -> None:
    """After the restore another campaign is queued first, and gets the number of the one sent."""
    first = world.submitted()
    before = snapshot()
    with machines.first():
        world.freeze(first)
        world.deliver()
    before.restore()
    other = world.frozen()
    with machines.second():
        world.freeze(first)
    come_along(world, machines)
    resume(world, machines)
    with machines.second():
        queueing.sweep()
        world.deliver()
    assert world.states() == [DONE, DONE]
    assert other.parts.count() == 1
    end_well(world, machines)
    assert world.complete() == 2


def test_without_the_memory_the_same_is_sent_twice(
    place: World, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: were it not for journal, notes and mark, the tests above would fail."""
    monkeypatch.setattr(restore_detection, "look", lambda *_: [])
    monkeypatch.setattr(sending_notes, "write", lambda _: None)
    with place.fresh(counted=False):
        place.frozen()
        before: Snapshot = snapshot()
        with machines.first():
            place.deliver()
        before.restore()
        with machines.second():
            place.deliver()
        assert Invariant.ONE_POST in named(place.breaches())


def test_without_the_notes_beside_the_payload_another_machine_sends_it_again(
    place: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machines = Machines(tmp_path, "second")
    monkeypatch.setattr(sending_notes, "write", lambda _: None)
    with place.fresh(counted=False):
        place.frozen()
        before = snapshot()
        with machines.first():
            place.deliver()
        before.restore()
        with machines.second():
            place.deliver()
        assert Invariant.ONE_POST in named(place.breaches())
