"""What must come wholly before or after one another waits for a row's lock; on PostgreSQL, for real.

SQLite has one writer at a time, so there a missing lock is not to be seen.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import pytest
from django.db import OperationalError, connection

from campaigns.contacts import deletion
from campaigns.contacts.models import ContactList, ContactListQuerySet
from campaigns.drafts import preflight
from campaigns.drafts.campaign import schedule
from campaigns.drafts.models import Campaign
from campaigns.drafts.views import saving
from campaigns.submissions.models import Delivery, Submission, endings
from campaigns.submissions.submitting import resend_guard
from campaigns.submissions.submitting.resend_guard import NotConfirmed
from campaigns.submissions.submitting.submit import submit as submit_campaign
from campaigns.uploads.runs import leftover_rows
from tests import people
from tests.faults.databases import postgresql
from tests.faults.killing import At
from tests.faults.stopping import stopped
from tests.faults.world import World

pytestmark = pytest.mark.parametrize("place", [postgresql], indirect=True, ids=["postgresql"])

State = Delivery.State


@contextmanager
def impatient() -> Iterator[None]:
    """Fail what is done in the block if it has to wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


@contextmanager
def waiting_in_vain() -> Iterator[None]:
    """Expect that what is done in the block waits for a lock that somebody else has."""
    with impatient(), pytest.raises(OperationalError, match="lock timeout"):
        yield


def until_somebody_waits() -> None:
    """Return once another connection waits for a lock."""
    waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone():
                return
        time.sleep(0.05)
    pytest.fail("Nobody waits for a lock.")


# Two campaigns of the same people


def submit(world: World, draft: Campaign) -> Submission:
    """Submit without confirming that the people were in another campaign lately."""
    start = schedule.starts_at(draft.content().hours, world.client.zone)
    return submit_campaign(draft, world.manager, start)


def draft_of_people_not_called_yet(world: World, name: str) -> Campaign:
    rows = [(f"07700 90070{n}", f"P{n}", "P", "1 May") for n in range(5)]
    contacts = people.contact_list(world.manager, world.client, rows)
    return Campaign.start(world.manager, people.content(world.client, contacts, name))


def test_of_two_campaigns_of_the_same_people_submitted_at_once_one_is_asked_about(
    world: World,
) -> None:
    first, second = (draft_of_people_not_called_yet(world, name) for name in ("One", "Two"))
    found_nobody = At("", resend_guard, "overlap", after=True)
    with stopped(lambda: submit(world, first), found_nobody) as page:
        with waiting_in_vain():
            submit(world, second)
        page.wake()
    with pytest.raises(NotConfirmed):
        submit(world, second)
    assert len(world.submissions) == 1
    world.heal()


# A contact list that is deleted while a draft is saved that has it


def test_a_list_deleted_while_its_draft_is_saved_is_lost_and_neither_waits_for_the_other(
    world: World,
) -> None:
    one, two = (people.contact_list(world.manager, world.client, name=n) for n in ("One", "Two"))
    draft = world.draft()
    draft.revise(world.manager, replace(draft.content(), contact_lists=[one, two]), draft.version)
    name = replace(draft.content(), name="Another name")
    before_the_lists = At("", Campaign, "_choose_lists")
    save = partial(draft.revise, world.manager, name, draft.version)
    with stopped(save, before_the_lists) as page:
        with impatient():
            assert deletion.give_up(two, world.manager) == ""
        page.wake()
    draft.refresh_from_db()
    assert draft.name == "Another name"
    assert [lost.name for lost in draft.lost_lists.all()] == ["Two"]


@pytest.mark.parametrize("is_removed", [False, True])
def test_a_list_deleted_while_it_is_being_chosen_blocks_the_draft(
    world: World, is_removed: bool
) -> None:
    one, two = (people.contact_list(world.manager, world.client, name=n) for n in ("One", "Two"))
    draft = world.draft()
    draft.revise(world.manager, replace(draft.content(), contact_lists=[one]), draft.version)
    both = replace(draft.content(), contact_lists=[one, two])
    save = partial(draft.revise, world.manager, both, draft.version)
    with stopped(save, At("", Campaign, "_choose_lists")) as page:
        assert deletion.give_up(two, world.manager) == ""
        if is_removed:
            leftover_rows.remove_remains(two)
        page.wake()
    draft.refresh_from_db()
    assert [lost.name for lost in draft.lost_lists.all()] == ["Two"]
    blocking = preflight.of_tier(preflight.Tier.BLOCKING, saving.problems_of(draft))
    assert [problem.place for problem in blocking] == ["contact_lists"]


def test_a_deleted_list_is_removed_while_a_draft_chooses_its_newer_version_in_its_place(
    world: World,
) -> None:
    old = people.contact_list(world.manager, world.client, name="Old")
    new = people.contact_list(world.manager, world.client, name="New")
    ContactList.objects.filter(pk=new.pk).update(based_on=old)
    draft = world.draft()
    draft.revise(world.manager, replace(draft.content(), contact_lists=[old]), draft.version)
    assert deletion.give_up(old, world.manager) == ""
    newer = replace(draft.content(), contact_lists=[new])
    save = partial(draft.revise, world.manager, newer, draft.version)
    lists_are_locked = At("", ContactListQuerySet, "ready")
    with stopped(save, lists_are_locked) as page:
        remove = partial(leftover_rows.remove_remains, old)
        with stopped(remove, At("", ContactList, "forget_file")) as worker:
            worker.rouse()
            until_somebody_waits()
            page.wake()
            worker.wake()
    assert draft.contact_lists.get() == new
    assert not ContactList.objects.filter(pk=old.pk).exists()
    assert ContactList.objects.get(pk=new.pk).based_on is None


# A submission's row: whoever changes its state or a delivery's has it locked

Act = Callable[[World, Submission], object]


def claim(_: World, submission: Submission) -> object:
    return latest(submission).claim()


def pass_fence(_: World, submission: Submission) -> object:
    return latest(submission).pass_fence()


def settle_a_doubt(world: World, submission: Submission) -> object:
    return latest(submission).was_not_created(world.manager)


def expire(_: World, submission: Submission) -> object:
    return endings.expire(submission)


def undo(world: World, submission: Submission) -> object:
    return endings.undo(submission, world.manager)


def latest(submission: Submission) -> Delivery:
    return Delivery.objects.filter(part__submission=submission).latest("pk")


# What is stopped in the middle, where, and what comes along then; the state that it is about.
IN_TURN: list[tuple[str, Act, At, Act]] = [
    (State.QUEUED, claim, At("", Delivery, "_move_within"), undo),
    (State.QUEUED, claim, At("", Delivery, "_move_within"), expire),
    (State.QUEUED, expire, At("", endings, "give_up"), claim),
    (State.CLAIMED, pass_fence, At("", Delivery, "_move_within"), expire),
    (State.NEEDS_CHECKING, settle_a_doubt, At("", Delivery, "_move"), settle_a_doubt),
]


@pytest.mark.parametrize(
    ("state", "first", "where", "then"),
    IN_TURN,
    ids=[f"{each[1].__name__} then {each[3].__name__}" for each in IN_TURN],
)
def test_what_changes_a_submission_waits_for_what_is_changing_it(
    world: World, state: str, first: Act, where: At, then: Act
) -> None:
    submission = world.frozen()
    delivery = latest(submission)
    Delivery.objects.filter(pk=delivery.pk).update(state=state)
    with stopped(lambda: first(world, submission), where) as worker:
        with waiting_in_vain():
            then(world, submission)
        worker.wake()
    # The states were made up for it.
    world.end_all()
