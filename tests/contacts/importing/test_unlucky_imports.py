"""Imports whose worker dies, wakes up late or fails, and those that are enqueued twice."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.utils import timezone

from campaigns.clients.models import Client
from campaigns.contacts import tasks
from campaigns.contacts.importing import bulk_insert, list_columns, pipeline
from campaigns.contacts.models import ContactList
from campaigns.uploads.columns import mapping
from campaigns.uploads.runs.import_run import KILLED_EACH_TIME, UNEXPECTED, ImportLost
from tests.contacts.imports import many, uploaded

pytestmark = pytest.mark.django_db(transaction=True)

Status = ContactList.Status


def test_a_message_that_comes_twice_imports_once(manager: User, northgate: Client) -> None:
    made = uploaded(manager, northgate, many(50))
    for _ in range(3):
        tasks.import_list(made.pk)
    made.refresh_from_db()
    assert (made.status, made.contacts.count()) == (Status.READY, 50)


@pytest.fixture
def dies_midway(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the first worker at its second commit, as a kill would: none of its clean-up runs."""
    commit = pipeline._commit
    calls = 0

    def commit_once(*args: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        commit(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "_commit", commit_once)


@pytest.mark.usefixtures("dies_midway")
def test_rows_that_a_dead_worker_refused_are_refused_once(manager: User, northgate: Client) -> None:
    rows = [f"07700 {900_000 + n % 1000}" for n in range(25_000)]
    made = uploaded(manager, northgate, "\n".join(["Phone", "no", *rows, "nobody"]).encode())
    with pytest.raises(KeyboardInterrupt):
        pipeline.run(made)
    bad = made.refused_rows.filter(reason="not_a_number")
    assert bad.count() == 1
    ContactList.objects.update(progress_at=timezone.now() - timedelta(minutes=5))
    pipeline.run(made)
    assert sorted(bad.values_list("row_number", flat=True)) == [2, 25_003]


@pytest.mark.usefixtures("dies_midway")
def test_after_a_worker_died_midway_the_next_starts_from_the_beginning(
    manager: User, northgate: Client
) -> None:
    made = uploaded(manager, northgate, many(25_000))
    with pytest.raises(KeyboardInterrupt):
        pipeline.run(made)
    assert 0 < made.contacts.count() + made.refused_rows.count() < 25_000
    pipeline.run(made)
    made.refresh_from_db()
    assert made.status == Status.IMPORTING, "not before the first is surely dead"
    ContactList.objects.update(progress_at=timezone.now() - timedelta(minutes=5))
    assert list(ContactList.objects.waiting()) == [made]
    pipeline.run(made)
    made.refresh_from_db()
    assert (made.status, made.row_count) == (Status.READY, 25_000)
    assert (made.contacts.count(), made.refused_rows.count()) == (1000, 24_000)


def test_a_worker_that_wakes_up_late_writes_nothing_more(manager: User, northgate: Client) -> None:
    made = uploaded(manager, northgate, many(10))
    late = made.claim_import()
    ContactList.objects.update(progress_at=timezone.now() - timedelta(minutes=5))
    pipeline.run(made)
    with pytest.raises(ImportLost):
        made.report(late, 0.5)
    with pytest.raises(ImportLost):
        made.finish(late, row_count=0)
    made.refresh_from_db()
    assert (made.status, made.contact_count) == (Status.READY, 10)


def test_a_worker_that_stalled_before_its_first_row_leaves_the_rows_of_the_next(
    manager: User, northgate: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = uploaded(manager, northgate, many(10))
    plan = list_columns.plan

    def slowly(contact_list: ContactList, path: Path) -> mapping.Plan:
        found = plan(contact_list, path)
        with monkeypatch.context() as patch:
            patch.setattr(list_columns, "plan", plan)
            ContactList.objects.update(progress_at=timezone.now() - timedelta(minutes=5))
            pipeline.run(ContactList.objects.get())
        return found

    monkeypatch.setattr(list_columns, "plan", slowly)
    pipeline.run(made)
    made.refresh_from_db()
    assert (made.status, made.contact_count, made.contacts.count()) == (Status.READY, 10, 10)


def broken(*_: object) -> None:
    raise ZeroDivisionError


def test_an_import_that_fails_unexpectedly_says_so_and_is_not_enqueued_again(
    manager: User, northgate: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = uploaded(manager, northgate, many(15_000))
    monkeypatch.setattr(pipeline, "_finish", broken)
    with pytest.raises(ZeroDivisionError):
        pipeline.run(made)
    made.refresh_from_db()
    assert (made.status, made.problem) == (Status.FAILED, UNEXPECTED)
    assert not made.contacts.exists()
    assert not made.refused_rows.exists()


def test_a_file_whose_opening_fails_unexpectedly_is_refused(
    manager: User, northgate: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = uploaded(manager, northgate, many(10))
    monkeypatch.setattr(list_columns, "look", broken)
    tasks.look_at_list(made.pk)
    made.refresh_from_db()
    assert (made.status, made.problem) == (Status.FAILED, UNEXPECTED)


def killed(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("task", "at"), [(tasks.import_list, "plan"), (tasks.look_at_list, "look")]
)
def test_a_file_that_kills_its_worker_each_time_is_given_up(
    manager: User, northgate: Client, monkeypatch: pytest.MonkeyPatch, task: Any, at: str
) -> None:
    made = uploaded(manager, northgate, many(10))
    monkeypatch.setattr(list_columns, at, killed)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            task(made.pk)
        ContactList.objects.update(progress_at=timezone.now() - timedelta(minutes=5))
    task(made.pk)
    made.refresh_from_db()
    assert (made.status, made.problem) == (Status.FAILED, KILLED_EACH_TIME)


def test_opening_a_file_again_and_again_uses_up_no_try(manager: User, northgate: Client) -> None:
    made = uploaded(manager, northgate, b"Phone\n07700 900001\n")
    for _ in range(5):
        tasks.look_at_list(made.pk)
        made.refresh_from_db()
        assert made.is_choosing
        assert made.look_again({})


def test_a_database_that_is_away_does_not_fail_the_list(
    manager: User, northgate: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = uploaded(manager, northgate, many(5))

    def away(*_args: Any) -> None:
        raise OperationalError

    with monkeypatch.context() as busy:
        busy.setattr(bulk_insert, "write", away)
        with pytest.raises(OperationalError):
            pipeline.run(made)
    made.refresh_from_db()
    assert made.status == Status.IMPORTING
    ContactList.objects.update(progress_at=timezone.now() - timedelta(minutes=5))
    pipeline.run(made)
    made.refresh_from_db()
    assert (made.status, made.contact_count) == (Status.READY, 5)
