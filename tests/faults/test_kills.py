"""Kill -9 at every named point and at every SQL statement of what a process does."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.db import connection

from campaigns.submissions import tasks
from campaigns.submissions.approval.approve_or_return import approve
from campaigns.submissions.delivering import journal
from campaigns.submissions.doubts.settle_form import CREATED, NOT_CREATED
from campaigns.submissions.models import Delivery, endings
from tests.faults import points
from tests.faults.killing import Action, At, AtStatement
from tests.faults.tally import IS_LONG, SEED, TALLY
from tests.faults.world import World

Prepare = Callable[[World], Action]


def submitting(world: World) -> Action:
    draft = world.draft()
    return lambda: world.submit(draft)


def freezing(world: World) -> Action:
    submission = world.submitted()
    return lambda: tasks.freeze(submission.pk)


def delivering(world: World) -> Action:
    world.frozen()
    return world.deliver


def delivering_over_tls(world: World) -> Action:
    world.manners("created", "tls")
    return delivering(world)


def refused(world: World) -> Action:
    world.manners("status-400")
    return delivering(world)


def unreachable(world: World) -> Action:
    world.manners("refused")
    return delivering(world)


def sweeping_a_claim(world: World) -> Action:
    assert world.killed(delivering(world), At("", Delivery, "pass_fence"))
    return tasks.sweep


def sweeping_a_doubt(world: World) -> Action:
    """Nothing is known of its end: a journal that had the answer might settle it first."""
    world.manners("created-no-id")
    assert world.killed(delivering(world), At("", journal, "keep"))
    world.manners("created")
    return tasks.sweep


def undoing(world: World) -> Action:
    submission = world.frozen()
    return lambda: endings.undo(submission, world.manager)


def approving(world: World) -> Action:
    world.ask_for_approval()
    submission = world.frozen()
    assert world.states() == ["awaiting_approval"]
    return lambda: approve(submission, world.approver, submission.payload_sha256)


def saying_it_was_created(world: World) -> Action:
    doubted(world, "created-no-id")
    [row] = world.complete_rows()
    return answering(world, CREATED, str(row.campaign_id))


def saying_it_was_not(world: World) -> Action:
    doubted(world, "status-503")
    return answering(world, NOT_CREATED)


def doubted(world: World, manners: str) -> None:
    world.manners(manners)
    delivering(world)()
    world.manners("created")


def answering(world: World, answer: str, campaign_id: str = "") -> Action:
    return lambda: world.answer(world.deliveries()[-1], world.manager, answer, campaign_id)


NAMED: list[tuple[Prepare, list[At]]] = [
    (submitting, points.SUBMIT),
    (freezing, points.FREEZE),
    (delivering_over_tls, points.DELIVER),
    (sweeping_a_claim, points.SWEEP_OF_A_CLAIM),
    (sweeping_a_doubt, points.SWEEP_OF_A_DOUBT),
    (saying_it_was_created, points.CREATED),
    (saying_it_was_not, points.NOT_CREATED),
]
STATEMENTS: list[Prepare] = [
    submitting,
    freezing,
    delivering,
    refused,
    unreachable,
    sweeping_a_claim,
    sweeping_a_doubt,
    undoing,
    approving,
    saying_it_was_created,
    saying_it_was_not,
]


# By day the way of the data and one decision of each kind are killed; the others at night.
BY_DAY = {
    *(submitting, freezing, delivering_over_tls, delivering, saying_it_was_not),
}


def param(prepare: Prepare, *rest: list[At]) -> Any:
    marks = [] if prepare in BY_DAY else [pytest.mark.nightly]
    return pytest.param(prepare, *rest, id=prepare.__name__, marks=marks)


@pytest.mark.parametrize(("prepare", "named"), [param(*each) for each in NAMED])
def test_a_kill_at_each_named_point_breaks_nothing(
    place: World, prepare: Prepare, named: list[At]
) -> None:
    for point in named:
        with place.fresh():
            action = prepare(place)
            assert place.killed(action, point), f"{point.label}: never came there"
            place.check_and_heal()
    visited(prepare, "named", len(named))


@pytest.mark.parametrize("prepare", [param(each) for each in STATEMENTS])
def test_a_kill_at_each_statement_breaks_nothing(place: World, prepare: Prepare) -> None:
    points = 0
    for k in count(1 + SEED % stride(), stride()):
        with place.fresh():
            action = prepare(place)
            was_killed = place.killed(action, AtStatement(k))
            place.check_and_heal()
        if not was_killed:
            break
        points += 1
    assert points, "The hook does not count."
    visited(prepare, "statement", points)


def stride() -> int:
    """Return 1 in the long form; the short one leaves some out, with another seed others."""
    if IS_LONG:
        return 1
    return 10 if connection.vendor == "sqlite" else 14


def visited(prepare: Prepare, kind: str, points: int) -> None:
    TALLY.visited[f"{prepare.__name__}, {kind}, {connection.vendor}"] = points


def test_an_id_that_has_come_is_kept_while_the_rest_of_the_answer_is_on_its_way(
    world: World,
) -> None:
    deliver = delivering(world)
    [point] = [each for each in points.DELIVER if each.name == "note_campaign_id"]
    assert world.killed(deliver, point)
    tasks.settle_what_is_open()
    [row] = world.complete_rows()
    assert [each.campaign_id for each in world.deliveries()] == [row.campaign_id]
