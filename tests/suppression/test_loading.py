"""Files of numbers to suppress: how each row is counted, and loads that fail or are enqueued twice."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
import xlsxwriter
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone

from campaigns.clients.models import Client, Event, PartnerAccount
from campaigns.suppression import matching, tasks
from campaigns.suppression.loading import columns, load
from campaigns.suppression.models import SuppressedNumber, Suppression
from campaigns.uploads.columns.mapping import Plan
from campaigns.uploads.runs.import_run import KILLED_EACH_TIME, UNEXPECTED, ImportLost

pytestmark = pytest.mark.django_db(transaction=True)

Status = Suppression.Status
ANN = "+447700900101"
PLAIN = b"07700900101\n07700900102\n07700900103\n"


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "BATCHES_IN_A_TRANSACTION", 20)


def uploaded(
    actor: User, client: Client | None, content: bytes, until: date | None = None
) -> Suppression:
    return Suppression.upload(
        actor, client, ContentFile(content, "asked.csv"), "Asked not to be called.", until
    )


def loaded(*args: Any, **kwargs: Any) -> Suppression:
    made = uploaded(*args, **kwargs)
    tasks.load_suppression(made.pk)
    made.refresh_from_db()
    return made


def numbers() -> list[str]:
    return list(SuppressedNumber.objects.order_by("number").values_list("number", flat=True))


def test_a_plain_file_without_headings_is_read_from_its_first_line(
    manager: User, northgate: Client
) -> None:
    made = loaded(manager, northgate, PLAIN)
    assert (made.status, made.row_count, made.number_count) == (Status.READY, 3, 3)
    assert numbers() == ["+447700900101", "+447700900102", "+447700900103"]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"07700900101\n", "1 number suppressed."), (PLAIN, "3 numbers suppressed.")],
)
def test_the_event_records_how_many_numbers_were_read(
    manager: User, northgate: Client, content: bytes, said: str
) -> None:
    loaded(manager, northgate, content)
    assert Event.objects.filter(sentence=f"Read the file: {said}").exists()


def test_every_row_is_a_number_or_repeated_or_blank_or_refused(
    manager: User, northgate: Client
) -> None:
    made = loaded(
        manager,
        northgate,
        b"Name,Phone\nAnn,07700 900101\nBen,+44 7700 900102\n,\nCat,(07700) 900101\n"
        b"Dev,4.47722E+11\nEve,\nFay,02079460103\n",
    )
    assert made.row_count == 7
    assert (made.number_count, made.already_count) == (3, 1)
    assert (made.blank_count, made.refused_count) == (1, 2)
    refused = [(row.row_number, row.reason) for row in made.refused_rows.all()]
    assert refused == [(6, "shortened"), (7, "empty")]


@pytest.mark.parametrize(
    ("before", "after", "holds_until"),
    [(5, 9, 9), (9, 5, 9), (None, 5, None), (5, None, None)],
)
def test_a_number_is_suppressed_until_the_last_of_its_entries_ends(
    manager: User,
    northgate: Client,
    before: int | None,
    after: int | None,
    holds_until: int | None,
) -> None:
    def day(days: int | None) -> date | None:
        return None if days is None else timezone.localdate() + timedelta(days=days)

    Suppression.add(manager, northgate, ANN, "Asked before.", day(before))
    loaded(manager, northgate, PLAIN, until=day(after))
    for days in range(0, 12, 3):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
            holds = holds_until is None or days <= holds_until
            assert matching.matcher(northgate).among([ANN]) == ({ANN} if holds else set())


def test_the_same_file_twice_makes_two_sets_of_entries(manager: User, northgate: Client) -> None:
    loaded(manager, northgate, PLAIN)
    again = loaded(manager, northgate, PLAIN)
    assert (again.number_count, again.already_count) == (3, 0)
    assert len(set(numbers())) == 3
    assert matching.matcher(northgate).among([ANN]) == {ANN}


def test_a_message_that_comes_twice_loads_once(manager: User, northgate: Client) -> None:
    made = uploaded(manager, northgate, PLAIN)
    for _ in range(3):
        tasks.load_suppression(made.pk)
    made.refresh_from_db()
    assert (made.status, made.number_count) == (Status.READY, 3)


def test_after_a_worker_died_midway_the_next_ends_with_the_same_counts(
    manager: User, northgate: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "\n".join(f"07700 {900_000 + n % 1000}" for n in range(25_000))
    # Refused rows at both ends, because those that the first worker wrote must not be there twice.
    made = uploaded(manager, northgate, f"Phone\nno\n{rows}\nnobody\n".encode())
    write, calls = load._Load.write, iter([True, False])

    def once(self: load._Load) -> None:
        if not next(calls):
            raise KeyboardInterrupt
        write(self)

    with monkeypatch.context() as patch:
        patch.setattr(load._Load, "write", once)
        with pytest.raises(KeyboardInterrupt):
            load.run(made)
    assert numbers(), "what was read is suppressed although the worker died"
    assert made.refused_rows.count() == 1
    Suppression.objects.update(progress_at=timezone.now() - timedelta(minutes=5))
    assert list(Suppression.objects.waiting()) == [made]
    load.run(made)
    made.refresh_from_db()
    assert (made.row_count, made.number_count, made.already_count) == (25_002, 1000, 24_000)
    assert [row.row_number for row in made.refused_rows.all()] == [2, 25_003]
    assert made.refused_count == 2


def test_a_row_with_too_many_cells_is_refused_unless_its_number_can_be_read(
    manager: User, northgate: Client
) -> None:
    content = b"Name,Address,Phone\nAnn,1 High St,07700900101\nBen,2 High St, Leeds,07700900102\n"
    made = uploaded(manager, northgate, content + b"Cat,x,07700900103,y\nDi\n")
    load.run(made)
    made.refresh_from_db()
    assert numbers() == ["+447700900101", "+447700900103"]
    assert made.refused_by_reason() == [("empty", 1), ("too_many_cells", 1)]
    assert made.notices == [["short_rows", 1], ["long_rows", 1]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"Phone\n07700900101;07700900102\n07700900103\n", "several_numbers"),
        (b'Phone,Name\n07700900101,"Ann\n07700900102,Bob\n07700900103,"Cy"\n', "swallowed_rows"),
    ],
)
def test_a_number_that_would_be_lost_stops_the_load_with_a_sentence(
    manager: User, northgate: Client, content: bytes, code: str
) -> None:
    """Stop, because a person whose number is skipped here would be called."""
    made = uploaded(manager, northgate, content)
    load.run(made)
    made.refresh_from_db()
    assert (made.status, made.problem_code) == (Suppression.Status.FAILED, code)
    assert "row 2" in made.problem.lower()


def test_a_worker_that_wakes_up_late_writes_nothing_more(manager: User, northgate: Client) -> None:
    made = uploaded(manager, northgate, PLAIN)
    late = made.claim_import()
    Suppression.objects.update(progress_at=timezone.now() - timedelta(minutes=5))
    load.run(made)
    with pytest.raises(ImportLost):
        made.report(late, 0.5)


def test_a_worker_that_stalled_before_its_first_row_leaves_the_refused_rows_of_the_next(
    manager: User, northgate: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = uploaded(manager, northgate, PLAIN + b"nobody\n")
    plan = columns.plan

    def slowly(suppression: Suppression, path: Path) -> Plan:
        with monkeypatch.context() as patch:
            patch.setattr(columns, "plan", plan)
            Suppression.objects.update(progress_at=timezone.now() - timedelta(minutes=5))
            load.run(Suppression.objects.get())
        return plan(suppression, path)

    monkeypatch.setattr(columns, "plan", slowly)
    load.run(made)
    made.refresh_from_db()
    assert made.status == Status.READY
    assert made.refused_rows.count() == made.refused_count == 1


def test_a_load_that_fails_unexpectedly_says_so_and_is_not_enqueued_again(
    manager: User, northgate: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError

    made = uploaded(manager, northgate, PLAIN)
    monkeypatch.setattr(load._Load, "write", broken)
    with pytest.raises(ZeroDivisionError):
        load.run(made)
    made.refresh_from_db()
    assert (made.status, made.problem) == (Status.FAILED, UNEXPECTED)


def test_a_file_that_kills_its_worker_each_time_is_given_up(
    manager: User, northgate: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_: object) -> None:
        raise KeyboardInterrupt

    made = uploaded(manager, northgate, PLAIN)
    monkeypatch.setattr(load._Load, "write", killed)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            load.run(made)
        Suppression.objects.update(progress_at=timezone.now() - timedelta(minutes=5))
    load.run(made)
    made.refresh_from_db()
    assert (made.status, made.problem) == (Status.FAILED, KILLED_EACH_TIME)
    assert made.finished_at


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7 nothing of a list", "not a spreadsheet"),
        (b"Fruit,Colour\napple,green\npear,green\n", "No column of telephone numbers"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    manager: User, northgate: Client, content: bytes, said: str
) -> None:
    made = loaded(manager, northgate, content)
    assert made.status == Status.FAILED
    assert said in made.problem
    assert numbers() == []


def test_where_the_first_sheet_is_a_cover_the_other_sheets_are_named(
    manager: User, northgate: Client
) -> None:
    content = BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        workbook.add_worksheet("Read me first").write_row(0, 0, ["About", "Thanks"])
        workbook.add_worksheet("People").write_column(0, 0, ["Phone", "07700 900101"])
    file = ContentFile(content.getvalue(), "asked.xlsx")
    made = Suppression.upload(manager, northgate, file, "Asked not to be called.", None)
    load.run(made)
    made.refresh_from_db()
    assert "Only the sheet “Read me first” was checked" in made.problem
    assert "“People”" in made.problem


def test_numbers_read_before_a_problem_stay_suppressed_to_be_safe(
    manager: User, northgate: Client
) -> None:
    rows = "\n".join(f"07700 {900_000 + n % 1000}" for n in range(15_000))
    made = loaded(manager, northgate, f'Phone\n{rows}\n"never closed'.encode())
    assert made.status == Status.FAILED
    assert made.number_count == len(numbers()) == 1000


def test_fictional_numbers_are_refused_for_a_live_account(manager: User, northgate: Client) -> None:
    PartnerAccount.objects.update(kind=PartnerAccount.Kind.LIVE, api_url="https://api.example.com")
    made = loaded(manager, northgate, PLAIN)
    assert (made.number_count, made.refused_count) == (0, 3)


def test_a_large_plain_file_loads_whole_and_matches(manager: User, northgate: Client) -> None:
    rows = "\n".join(f"079{n:08d}" for n in range(11_000_000, 11_200_000))
    made = loaded(manager, northgate, rows.encode())
    assert made.row_count == 200_000
    assert made.number_count == 200_000 - made.refused_count
    assert made.number_count > 100_000
    some = [f"+4479{n:08d}" for n in range(11_199_000, 11_201_000)]
    assert matching.matcher(northgate).among(some) == set(numbers()) & set(some)


def test_a_number_of_a_file_that_is_still_being_read_counts_as_newer_than_a_freeze(
    manager: User, northgate: Client
) -> None:
    before = timezone.now()
    made = uploaded(manager, northgate, PLAIN)
    Suppression.objects.update(added_at=before - timedelta(days=1))
    assert made.claim_import()
    Suppression.add(manager, northgate, "+447700900109", "Long ago.", None)
    Suppression.objects.filter(finished_at__isnull=False).update(
        finished_at=before - timedelta(days=1)
    )
    SuppressedNumber.objects.create(
        suppression=made, number="+447700900101", scope=northgate.pk, until=None
    )
    newer = matching.newer_than(before, northgate)
    assert [entry.number for entry in newer] == ["+447700900101"]
