"""Each guard is broken in turn, and the suite has to name the invariant that falls with it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from campaigns.submissions import tasks
from campaigns.submissions.delivering import queueing, restore_detection, sending_notes
from campaigns.submissions.freezing import already_sent
from campaigns.submissions.models import Delivery, Submission
from campaigns.submissions.models.states import DeliveryState
from tests.faults.invariants import Invariant, named, numbers_in
from tests.faults.points import DELIVER
from tests.faults.world import World

ONE_POST, KNOWN, UNSENT = Invariant.ONE_POST, Invariant.KNOWN, Invariant.UNSENT
AFTER_THE_LAST_BYTE = next(point for point in DELIVER if point.label == "after the last byte")


@pytest.fixture
def broken(place: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A world whose breaches are meant, and not counted.

    It remembers nothing outside the database, which would stop most of them.
    """
    monkeypatch.setattr(restore_detection, "look", lambda *_: [])
    monkeypatch.setattr(restore_detection, "is_remembered", lambda _: False)
    monkeypatch.setattr(sending_notes, "write", lambda _: None)
    with place.fresh(counted=False):
        yield place


def move_to(state: DeliveryState) -> Callable[..., bool]:
    """Return a mutator without the condition that makes it a guard."""

    def moved(delivery: Delivery, *_: Any) -> bool:
        now = timezone.now()
        Delivery.objects.filter(pk=delivery.pk).update(state=state, finished_at=now)
        delivery.refresh_from_db()
        return True

    return moved


# The three guards


@pytest.mark.parametrize("is_broken", [False, True])
def test_without_the_claim_a_message_that_comes_twice_is_sent_twice(
    broken: World, monkeypatch: pytest.MonkeyPatch, is_broken: bool
) -> None:
    """The second message comes when the first one's worker has just passed the fence."""
    [delivery] = broken.frozen().parts.get().deliveries.all()
    pass_fence, passed = Delivery.pass_fence, []
    if is_broken:
        monkeypatch.setattr(Delivery, "claim", move_to(Delivery.State.CLAIMED))

    def and_again(delivery: Delivery, *begin: Any) -> bool:
        passed.append(pass_fence(delivery, *begin))
        if len(passed) == 1:
            tasks.deliver(delivery.pk)
        return passed[0]

    monkeypatch.setattr(Delivery, "pass_fence", and_again)
    tasks.deliver(delivery.pk)
    assert named(broken.breaches()) == ({ONE_POST} if is_broken else set())


def test_without_the_constraint_two_sweepers_queue_the_same_part_twice(broken: World) -> None:
    part = broken.frozen().parts.get()
    assert Delivery.queue(part) is None, "with the guard"
    with no_constraint():
        assert Delivery.queue(part)
        broken.deliver()
        assert ONE_POST in named(broken.breaches())
        part.deliveries.exclude(state=Delivery.State.ACCEPTED).delete()


@contextmanager
def no_constraint() -> Iterator[None]:
    name = "a_part_has_at_most_one_delivery_that_may_have_been_sent"
    [constraint] = [each for each in Delivery._meta.constraints if each.name == name]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Delivery, constraint)
    yield
    with connection.schema_editor() as editor:
        editor.add_constraint(Delivery, constraint)


@pytest.mark.parametrize("is_broken", [False, True])
def test_without_the_fence_a_worker_that_was_taken_for_dead_sends_a_second_time(
    broken: World, monkeypatch: pytest.MonkeyPatch, is_broken: bool
) -> None:
    """While it connects, the sweeper gives its claim up, and another worker sends the part."""
    [first] = broken.frozen().parts.get().deliveries.all()
    pass_fence = Delivery.pass_fence

    def late(delivery: Delivery, *begin: Any) -> bool:
        if delivery.pk != first.pk:
            return pass_fence(delivery, *begin)
        queueing.sweep()
        broken.deliver()
        return is_broken or pass_fence(delivery, *begin)

    monkeypatch.setattr(Delivery, "pass_fence", late)
    tasks.deliver(first.pk)
    assert named(broken.breaches()) == ({ONE_POST} if is_broken else set())


def test_without_the_fences_write_a_worker_that_died_is_taken_for_one_that_never_sent(
    broken: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Delivery, "pass_fence", lambda *_: True)
    died_after_the_last_byte(broken)
    queueing.sweep()
    assert {UNSENT, KNOWN} <= named(broken.breaches())
    broken.deliver()
    assert ONE_POST in named(broken.breaches())


# The sweeper


def test_a_sweeper_that_calls_a_dead_sender_not_sent_sends_twice(
    broken: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Delivery, "doubt", move_to(Delivery.State.NOT_SENT))
    died_after_the_last_byte(broken)
    assert not broken.breaches(), "before the sweep"
    queueing.sweep()
    assert {UNSENT, KNOWN} <= named(broken.breaches())
    broken.deliver()
    assert ONE_POST in named(broken.breaches())


def test_a_sweeper_that_forgets_dead_senders_hides_the_doubt(
    broken: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Delivery, "doubt", lambda *_: False)
    died_after_the_last_byte(broken)
    queueing.sweep()
    assert named(broken.breaches(at_rest=True)) == {Invariant.LEAVES}


def died_after_the_last_byte(world: World) -> None:
    world.frozen()
    assert world.killed(world.deliver, AFTER_THE_LAST_BYTE)


# The rest of the list


def test_what_nobody_sweeps_never_leaves_the_queue(broken: World) -> None:
    broken.submitted()
    assert named(broken.breaches(at_rest=True)) == {Invariant.LEAVES}


def test_a_person_who_says_wrongly_that_it_was_not_created_is_what_it_takes_to_send_twice(
    broken: World,
) -> None:
    """Two complete requests are right then, and still the partner has an accepted campaign unknown."""
    broken.frozen()
    broken.manners("created-no-id")
    broken.deliver()
    [delivery] = broken.deliveries()
    assert broken.answer(delivery, broken.manager, "not_created")
    assert named(broken.breaches()) == {KNOWN}
    broken.deliver()
    assert ONE_POST not in named(broken.breaches())
    assert broken.complete() == 2


def test_without_leaving_out_what_the_partner_has_people_are_in_two_campaigns(
    broken: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(already_sent, "numbers_sent", lambda _: set())
    campaign = broken.frozen().own_campaign
    broken.deliver()
    campaign.reopen()
    tasks.freeze(broken.submit(campaign).pk)
    broken.deliver()
    assert named(broken.breaches()) == {Invariant.NUMBER_ONCE}


def test_an_id_that_the_partner_never_gave_is_named(broken: World) -> None:
    broken.frozen()
    broken.deliver()
    Delivery.objects.filter(pk__in=[each.pk for each in broken.deliveries()]).update(
        campaign_id=10**9
    )
    assert named(broken.breaches()) == {Invariant.GIVEN}


def test_an_answer_that_is_thrown_away_is_named(
    broken: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = broken.frozen()
    monkeypatch.setattr(Delivery, "settle", lambda *_: False)
    broken.deliver()
    [row] = broken.complete_rows()
    submission.record_event(f"A sentence about {row.campaign_id} other things.")
    assert named(broken.breaches()) == {Invariant.VISIBLE}


def test_what_waits_to_be_prepared_past_its_start_is_named(broken: World) -> None:
    submission = broken.submitted()
    Submission.objects.filter(pk=submission.pk).update(starts_at=timezone.now())
    assert Invariant.WAITS in named(broken.breaches(at_rest=True))


def test_frozen_bytes_that_change_after_they_were_sent_are_named(broken: World) -> None:
    part = broken.frozen().parts.get()
    broken.deliver()
    Path(default_storage.path(part.payload_file)).unlink()
    assert Invariant.TRUE in named(broken.breaches())


def test_a_change_that_nobody_is_told_of_is_named(
    broken: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken.frozen()
    monkeypatch.setattr(Submission, "record_event", lambda *_: None)
    broken.deliver()
    assert named(broken.breaches()) == {Invariant.TOLD}


def test_a_doubt_that_no_page_shows_is_named(
    broken: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken.frozen()
    broken.manners("created-no-id")
    monkeypatch.setattr(Submission, "read_off_parts", lambda _: None)
    broken.deliver()
    assert Invariant.SHOWN in named(broken.breaches())


@pytest.mark.parametrize(
    "text",
    [
        "to 07700900101",
        "+441632960102",
        "call (020) 7946 0103 now",
        "07700 900101",
        "+44 20 7946 0999",
    ],
)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    assert named(numbers_in(text)) == {Invariant.SILENT}


@pytest.mark.parametrize("text", ["ID 1234567890", "2026-11-23T09:24:10", "0x7700900101"])
def test_what_is_no_number_is_let_be(text: str) -> None:
    assert not numbers_in(text)
