"""An answer that was received is not lost, whatever happens to the database and the process."""

import errno
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from threading import Thread

import orjson
import pytest
import time_machine
from django.conf import settings
from django.db import Error
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.partner.answer_parsing import Answer
from campaigns.partner.client import Exchange, Phase
from campaigns.submissions import tasks
from campaigns.submissions.answer_outcomes import State, Verdict
from campaigns.submissions.delivering import journal, queueing
from campaigns.submissions.models import Delivery, Heartbeat, Submission
from tests import database_urls, people
from tests.faults.killing import At
from tests.faults.stopping import stopped
from tests.partner.fault_server import Connection, FaultServer
from tests.partner.sandbox import eventually
from tests.running import ROOT
from tests.submissions.partner import deliver_to, says_yes

pytestmark = pytest.mark.django_db(transaction=True)

# A worker that can't reach its database to write the outcome, and is killed while it waits.
KILLED = """
import os, signal, sys
from pathlib import Path
import django; django.setup()
from django.conf import settings
from django.db import OperationalError
from campaigns.submissions.delivering import deliver
from campaigns.submissions.models import Delivery
settings.JOURNAL_DIR = Path(sys.argv[2])
def away(*_):
    raise OperationalError
Delivery.settle = away
deliver.time.sleep = lambda _: os.kill(os.getpid(), signal.SIGKILL)
deliver.deliver(Delivery.objects.get(pk=sys.argv[1]))
"""
VERDICT = Verdict(State.ACCEPTED, "The partner created the campaign.")


def accepted(size: int) -> Exchange:
    return Exchange(Phase.ANSWERED, size, size, 201, Answer(campaign_id=41))


@pytest.fixture
def sending(delivery: Delivery) -> Delivery:
    assert delivery.claim()
    assert delivery.pass_fence()
    return delivery


@pytest.fixture
def killed(delivery: Delivery) -> Delivery:
    """A delivery that the partner accepted, whose worker died before the database knew."""
    with FaultServer(says_yes) as partner:
        people.move_partner(partner.url)
        environment = {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "PORTAL_SECRET_KEY": "k",
            "PORTAL_DATA_DIR": str(settings.DATA_DIR),
            "PORTAL_DATABASE_URL": database_urls.of_this_test(),
        }
        died = subprocess.run(
            [sys.executable, "-c", KILLED, str(delivery.pk), str(settings.JOURNAL_DIR)],
            check=False,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert died.returncode == -signal.SIGKILL, died.stderr
    delivery.refresh_from_db()
    assert (delivery.state, delivery.campaign_id) == ("sending", None)
    return delivery


def test_the_id_is_in_the_database_after_a_workers_next_start(killed: Delivery) -> None:
    tasks.settle_what_is_open()
    killed.refresh_from_db()
    assert (killed.state, killed.campaign_id, killed.answer_status) == ("accepted", 41, 201)
    assert killed.bytes_sent == killed.part.payload_bytes
    assert killed.part.submission.state == Submission.State.SUBMITTED
    assert journal.unsettled() == []


@pytest.mark.machine_clock
def test_a_sweep_writes_the_id_too_but_leaves_a_fresh_one_to_its_own_worker(
    killed: Delivery, settings: Settings
) -> None:
    settings.SWEEP_EVERY = 3_600
    queueing.sweep()
    killed.refresh_from_db()
    assert killed.state == "sending"
    settings.SWEEP_EVERY = 0
    queueing.sweep()
    killed.refresh_from_db()
    assert (killed.state, killed.campaign_id) == ("accepted", 41)


def test_the_journal_ends_a_doubt_that_the_sweeper_has_raised(killed: Delivery) -> None:
    assert killed.doubt("The worker died.")
    journal.apply()
    killed.refresh_from_db()
    assert (killed.state, killed.campaign_id) == ("accepted", 41)


@pytest.mark.parametrize(("begun", "state"), [(True, "needs_checking"), (False, "not_sent")])
def test_a_worker_that_died_in_the_fence_leaves_a_doubt(
    delivery: Delivery, settings: Settings, *, begun: bool, state: str
) -> None:
    """Once its intent is in the journal, a database lost since may have committed the fence."""
    assert delivery.claim()
    if begun:
        journal.begin(delivery)
    settings.DELIVERY_DEAD_AFTER = 0
    queueing.sweep()
    [first, *_] = Delivery.objects.order_by("pk")
    assert first.state == state


def test_the_journal_does_not_change_what_a_person_has_decided(killed: Delivery) -> None:
    Delivery.objects.update(state=Delivery.State.RELEASED)
    journal.apply()
    killed.refresh_from_db()
    assert (killed.state, killed.campaign_id) == ("released", None)
    assert journal.unsettled() == []


def test_a_delivery_of_the_same_id_with_other_bytes_gets_nothing(killed: Delivery) -> None:
    """As after a restored backup, when ids are given out a second time."""
    killed.part.payload_sha256 = "0" * 64
    killed.part.save()
    journal.apply()
    killed.refresh_from_db()
    assert (killed.state, killed.campaign_id) == ("sending", None)


def test_a_delivery_that_went_well_leaves_nothing_to_settle(delivery: Delivery) -> None:
    deliver_to(says_yes, delivery)
    assert [entry.campaign_id for entry in journal.read().entries] == [41]
    assert journal.unsettled() == []


def test_the_journal_has_no_number_name_or_word_of_the_partners(killed: Delivery) -> None:
    [file] = Path(settings.JOURNAL_DIR).glob("*.jsonl")
    _, begun, *_, kept = map(orjson.loads, filter(None, file.read_text().splitlines()))
    assert "900101" not in file.read_text()
    assert all(name not in file.read_text() for _, name, *_ in people.ROWS)
    assert file.stat().st_mode & 0o777 == 0o600
    assert (begun["delivery"], begun["state"]) == (killed.pk, "")
    assert (kept["delivery"], kept["campaign_id"]) == (killed.pk, 41)
    assert begun["sha256"] == kept["sha256"] == killed.part.payload_sha256


def test_a_line_that_a_crash_cut_short_spoils_no_other(sending: Delivery) -> None:
    exchange = accepted(5)
    journal.keep(sending, VERDICT, exchange)
    path = Path(settings.JOURNAL_DIR) / "answers.jsonl"
    path.write_bytes(path.read_bytes() + b'{"delivery": 7, "at')
    journal.settled(sending)
    [entry] = journal.read().entries
    assert (entry.delivery, entry.is_settled) == (sending.pk, True)


def test_a_process_that_is_stopped_while_it_writes_blocks_no_other(sending: Delivery) -> None:
    with stopped(lambda: journal.begin(sending), At("", os, "fsync")) as writer:
        other = Thread(target=journal.see, args=[7], daemon=True)
        other.start()
        other.join(30)
        assert not other.is_alive()
        writer.wake()
    memory = journal.read()
    assert [mark.seen for mark in memory.marks] == [7]
    assert [entry.delivery for entry in memory.entries] == [sending.pk]


@pytest.mark.parametrize("line", ["[]", "7", '{"delivery": 7}', "null", "\x00\x00"])
def test_a_line_that_is_no_entry_stops_no_sweep(sending: Delivery, line: str) -> None:
    journal.keep(sending, VERDICT, accepted(5))
    path = Path(settings.JOURNAL_DIR) / "answers.jsonl"
    path.write_text(f"{line}\n{path.read_text()}{line}\n")
    journal.apply()
    sending.refresh_from_db()
    assert sending.campaign_id == 41


def test_a_journal_that_cannot_be_read_stops_no_sweep(sending: Delivery) -> None:
    (Path(settings.JOURNAL_DIR) / "answers.jsonl").mkdir(parents=True)
    queueing.sweep()
    assert Heartbeat.objects.filter(name=Heartbeat.SWEEPER).exists()


def test_on_a_full_disk_nothing_is_sent_that_only_the_database_would_remember(
    delivery: Delivery, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    partner = deliver_to(says_yes, delivery)
    assert [connection.body for connection in partner.connections] == [b""]
    assert (delivery.state, delivery.sending_at) == ("not_sent", None)
    assert "journal can't be written" in caplog.text


def test_the_journal_stays_small_and_keeps_what_is_recent_or_unsettled(
    sending: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "MOST_BYTES", 1_000)
    young, old = timezone.now(), timezone.now() - journal.KEPT_FOR - timedelta(days=2)
    with time_machine.travel(old):
        journal.keep(sending, VERDICT, accepted(5))
        journal.see(sending.pk)
        others = [Delivery(pk=sending.pk + n, part=sending.part) for n in range(1, 4)]
        for other in others[:2]:
            journal.keep(other, VERDICT, accepted(6))
            journal.settled(other)
    with time_machine.travel(young):
        journal.begin(others[2])
        journal.see(others[2].pk)
        journal.apply(older_than=timedelta(days=1_000).total_seconds())
        memory = journal.read()
    assert [entry.delivery for entry in memory.entries] == [sending.pk, others[2].pk]
    assert [mark.seen for mark in memory.marks] == [others[2].pk]
    assert [entry.delivery for entry in journal.unsettled()] == [sending.pk]


def test_lines_of_earlier_versions_are_understood(sending: Delivery) -> None:
    journal.keep(sending, VERDICT, accepted(5))
    path = Path(settings.JOURNAL_DIR) / "answers.jsonl"
    line = orjson.loads(path.read_bytes())
    for later in ("reference", "name", "is_settled"):
        del line[later]
    path.write_bytes(orjson.dumps(line) + b"\n")
    [entry] = journal.unsettled()
    assert (entry.reference, entry.campaign_id) == ("", 41)
    path.write_bytes(orjson.dumps(line) + f'\n{{"settled": {sending.pk}}}\n'.encode())
    assert journal.unsettled() == []


def test_the_journal_keeps_everything_while_the_database_is_away(
    sending: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> bool:
        raise Error

    journal.keep(sending, VERDICT, accepted(5))
    with monkeypatch.context() as broken:
        broken.setattr(Delivery, "settle", away)
        tasks.settle_what_is_open()
        assert journal.unsettled()
    tasks.settle_what_is_open()
    sending.refresh_from_db()
    assert sending.campaign_id == 41


def test_an_id_is_in_the_journal_before_the_rest_of_the_answer_arrives(
    delivery: Delivery,
) -> None:
    remembered: list[int | None] = []

    def script(connection: Connection) -> None:
        connection.read_all()
        connection.answer("201 Created", '{"id": 41, "name": "x", ', length=100_000)
        ids = eventually(
            lambda: [entry.campaign_id for entry in journal.read().entries if entry.state]
        )
        remembered.extend(ids)
        connection.reset()

    deliver_to(script, delivery)
    assert remembered == [41]
    assert (delivery.state, delivery.campaign_id) == (Delivery.State.ACCEPTED, 41)
