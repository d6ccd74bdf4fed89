"""A large import beside other work: others can still write, on an embedded database too."""

import threading
import time
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import connection

from campaigns.clients.models import Client, Event
from campaigns.contacts.importing import bulk_insert, pipeline
from campaigns.contacts.models import ContactList
from campaigns.uploads.runs.import_run import ImportLost
from campaigns.uploads.runs.writer_thread import OneBehind

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 200_000


def large_file() -> ContentFile[bytes]:
    """Return a list with a different number in each row. They are generated, and nobody is called."""
    rows = (f"07{700_000_000 + 37 * n % 99_000_000},Person {n}" for n in range(ROWS))
    return ContentFile("\n".join(["Phone,Name", *rows]).encode(), "large.csv")


class Writer(threading.Thread):
    """Someone at another page, who writes again and again until `over` is set."""

    def __init__(self, contact_list: ContactList) -> None:
        super().__init__()
        self.over = threading.Event()
        self.waits: list[float] = []
        self.problem: Exception | None = None
        self._list = contact_list

    def run(self) -> None:
        try:
            while not self.over.is_set():
                start = time.monotonic()
                Event.record(self._list, self._list.client_id, "Looked at something else.")
                self.waits.append(time.monotonic() - start)
                time.sleep(0.02)
        except Exception as problem:  # for the test to show
            self.problem = problem
        finally:
            connection.close()


def test_others_write_while_a_large_file_is_imported(manager: User, northgate: Client) -> None:
    made = ContactList.upload(manager, northgate, "Large", large_file())
    writer = Writer(made)
    writer.start()
    try:
        pipeline.run(made)
    finally:
        writer.over.set()
        writer.join()
    assert writer.problem is None
    assert len(writer.waits) > 10, "they got their turn again and again"
    made.refresh_from_db()
    assert made.status == ContactList.Status.READY, made.problem
    assert made.row_count == ROWS
    assert made.contacts.count() == made.contact_count


def test_an_import_that_was_taken_over_stops_in_the_middle_of_a_large_file(
    manager: User, northgate: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    report: Callable[..., None] = ContactList.report
    reported: list[int] = []

    def taken_over_at_the_third(self: ContactList, token: str, fraction: float, rows: int) -> None:
        if rows:
            reported.append(rows)
        if len(reported) == 3:
            ContactList.objects.filter(pk=self.pk).update(import_token="another worker's")
        report(self, token, fraction, rows)

    monkeypatch.setattr(ContactList, "report", taken_over_at_the_third)
    made = ContactList.upload(manager, northgate, "Large", large_file())
    pipeline.run(made)
    made.refresh_from_db()
    assert len(reported) == 3
    assert made.status == ContactList.Status.IMPORTING
    assert made.contacts.count() + made.refused_rows.count() == reported[1], (
        "and no row of the third"
    )


def test_a_call_that_fails_on_the_writer_thread_is_raised_and_stops_later_calls() -> None:
    done: list[int] = []

    def fail() -> None:
        raise ImportLost

    with OneBehind() as behind:
        behind.call(done.append, 1)
        behind.call(fail)
        with pytest.raises(ImportLost):
            behind.call(done.append, 2)
    assert done == [1]


def test_leaving_waits_for_the_call_that_still_runs() -> None:
    done: list[int] = []

    def slow() -> None:
        time.sleep(0.2)
        done.append(1)

    with OneBehind() as behind:
        behind.call(slow)
    assert done == [1]


def test_only_the_writer_thread_relaxes_durability() -> None:
    found: list[object] = []
    with OneBehind(bulk_insert.spare_the_disk) as behind:
        behind.call(lambda: found.append(_durability()))
        behind.wait()
    spared, full = ("off", "on") if connection.vendor == "postgresql" else (1, 2)
    assert found == [spared]
    assert _durability() == full


def _durability() -> object:
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit" if postgresql else "PRAGMA synchronous")
        return cursor.fetchone()[0]
