"""A second column of numbers: which rows take theirs from it, and what is said of them."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone

from campaigns.clients.models import Client
from campaigns.contacts.browsing import count_columns
from campaigns.contacts.browsing.suppressed_now import SuppressedNow
from campaigns.contacts.importing import list_columns, pipeline
from campaigns.contacts.models import ColumnCounts, ContactList
from campaigns.suppression.models import Suppression
from campaigns.uploads.chosen_columns import Columns
from campaigns.uploads.columns import mapping
from campaigns.uploads.numbers.checker import Reason
from tests.contacts.importing.test_cells_without_value import formula, text
from tests.contacts.importing.test_foreseeing import xlsx_of
from tests.uploads.spreadsheets.odd_files import raw_xlsx

pytestmark = pytest.mark.django_db(transaction=True)

HEADINGS = "Phone,Mobile No.,Name"
MADE_UP = "01234567890"
BOTH = Columns(0, 2, 1)


def csv_of(*rows: str) -> bytes:
    return "\n".join([HEADINGS, *rows]).encode()


def chosen(
    actor: User, client: Client, content: bytes, columns: Columns = BOTH, name: str = "list.csv"
) -> ContactList:
    """Upload the file and choose its columns, as a person does on the page."""
    made = ContactList.upload(actor, client, "List", ContentFile(content, name))
    list_columns.look_now(made)
    seen = mapping.Look.from_json(made.look or {})
    assert list_columns.choose(made, seen, columns, actor)
    return made


def read(contact_list: ContactList) -> ContactList:
    pipeline.run(contact_list)
    contact_list.refresh_from_db()
    assert contact_list.is_ready
    return contact_list


def contacts(contact_list: ContactList) -> list[tuple[int, str, bool]]:
    found = contact_list.contacts.order_by("pk")
    fields = found.values_list("row_number", "number", "from_second_column")
    return [(row, number, bool(is_second)) for row, number, is_second in fields]


def refused(contact_list: ContactList) -> list[tuple[int, str, str]]:
    rows = contact_list.refused_rows.select_related("contact_list")
    return [(row.row_number, row.reason, row.number_cell) for row in rows]


class TestWhichNumberIsCalled:
    @pytest.mark.parametrize(
        ("first", "second", "number"),
        [
            ("07700 900001", "07700 900002", "+447700900001"),
            ("07700 900001", "", "+447700900001"),
            ("07700 900001", "none", "+447700900001"),
            ("", "07700 900002", "+447700900002"),
            ("none", "07700 900002", "+447700900002"),
            ("4.47722E+11", "07700 900002", "+447700900002"),
            ("0909 879 0001", "07700 900002", "+447700900002"),
            ("+33 1 99 00 12 34", "07700 900002", "+447700900002"),
            ("0770", "07700 900002", "+447700900002"),
            (MADE_UP, "07700 900002", "+447700900002"),
            (MADE_UP, "none", "+441234567890"),
            (MADE_UP, "07777777777", "+441234567890"),
            ("none", MADE_UP, "+441234567890"),
            ("07700 900001", "07700900001", "+447700900001"),
        ],
    )
    def test_the_second_is_used_only_where_the_first_has_none(
        self, manager: User, northgate: Client, first: str, second: str, number: str
    ) -> None:
        made = read(chosen(manager, northgate, csv_of(f"{first},{second},Ann")))
        is_second = number == "+447700900002" or (first, second) == ("none", MADE_UP)
        assert contacts(made) == [(2, number, is_second)]
        assert made.second_number_count == is_second
        assert made.contacts.get().values == [first, second, "Ann"]

    @pytest.mark.parametrize(
        ("first", "second", "reason", "cell"),
        [
            ("none", "0770", Reason.NOT_A_NUMBER, "none"),
            ("none", "", Reason.NOT_A_NUMBER, "none"),
            ("", "0770", Reason.IMPOSSIBLE_LENGTH, "0770"),
            (" ", "none", Reason.NOT_A_NUMBER, "none"),
            ("", "", Reason.EMPTY, ""),
        ],
    )
    def test_a_row_without_either_is_refused_for_the_first_unless_that_is_empty(
        self,
        manager: User,
        northgate: Client,
        first: str,
        second: str,
        reason: Reason,
        cell: str,
    ) -> None:
        made = read(chosen(manager, northgate, csv_of(f"{first},{second},Ann")))
        assert refused(made) == [(2, reason, cell)]

    @pytest.mark.differs_by_database
    def test_every_row_is_accounted_for(self, manager: User, northgate: Client) -> None:
        Suppression.add(manager, northgate, "+447700900009", "Asked.", None)
        rows = (
            "07700 900001,07700 900002,Ann",
            ",07700 900003,Bo",
            ",,",
            "none,none,Cy",
            "none,07700 900001,Di",
            ",07700 900009,Ed",
            "07700 900003,,Flo",
            "07700 900009,07700 900004,Gil",
            "07700 900001,07700 900005,Hal",
        )
        made = read(chosen(manager, northgate, csv_of(*rows)))
        assert contacts(made) == [(2, "+447700900001", False), (3, "+447700900003", True)]
        assert refused(made) == [
            (5, "not_a_number", "none"),
            (6, "duplicate", "07700 900001"),
            (7, "suppressed", "07700 900009"),
            (8, "duplicate", "07700 900003"),
            # Who must not be called, or is called already, is not called on another number.
            (9, "duplicate", "07700 900009"),
            (10, "duplicate", "07700 900001"),
        ]
        counts = [count for _, count in made.counts]
        assert counts == [9, 2, 5, 1, 1]
        assert made.second_number_count == 1

    def test_who_is_left_out_as_suppressed_by_the_second_number_is_found_again(
        self, manager: User, northgate: Client
    ) -> None:
        suppression = Suppression.add(manager, northgate, "+447700900009", "Asked.", None)
        made = read(chosen(manager, northgate, csv_of("none,07700 900009,Ed")))
        assert SuppressedNow.on(made).still == 1
        suppression.numbers.get().remove(manager, "Asked to be called again.")
        assert SuppressedNow.on(made).freed == 1

    def test_a_number_that_looks_made_up_and_is_suppressed_has_no_second(
        self, manager: User, northgate: Client
    ) -> None:
        Suppression.add(manager, northgate, "+441234567890", "Asked.", None)
        rows = (f"{MADE_UP},07700 900009,Ed", "07700 900010,,Flo")
        made = read(chosen(manager, northgate, csv_of(*rows)))
        assert contacts(made) == [(3, "+447700900010", False)]
        assert refused(made) == [(2, "suppressed", MADE_UP)]


class TestWhatElseIsNotAColumnOfItsOwn:
    def test_it_is_not_taken_for_an_opt_out(self, manager: User, northgate: Client) -> None:
        content = b"Phone,OK to call,Name\nnone,07700 900001,Ann\n07700 900002,no,Bo\n"
        made = read(chosen(manager, northgate, content))
        assert made.second_number_heading == "OK to call"
        assert made.notices == []
        alone = read(chosen(manager, northgate, content, Columns(0, 2)))
        assert [code for code, _ in alone.notices] == ["must_not_be_called"]

    def test_its_texts_are_not_counted_ahead(self, manager: User, northgate: Client) -> None:
        made = read(chosen(manager, northgate, csv_of("none,07700 900001,Ann")))
        count_columns.count_ahead(made)
        assert [counts.column for counts in ColumnCounts.objects.all()] == [2]


class TestWorkbooks:
    def test_a_shortened_number_is_replaced_and_no_marker_is_kept(
        self, manager: User, northgate: Client
    ) -> None:
        rows = [
            HEADINGS.split(","),
            (447722000000, "07700 900001", "Ann"),
            ("07700 900002", 447722000000, "Bo"),
            ("none", 447722000000, "Cy"),
            ("", 447722000000, "Di"),
        ]
        made = read(chosen(manager, northgate, xlsx_of(rows), name="list.xlsx"))
        assert contacts(made) == [(2, "+447700900001", True), (3, "+447700900002", False)]
        assert [row[:2] for row in refused(made)] == [(4, "not_a_number"), (5, "shortened")]

    def test_a_formula_without_a_result_is_never_spoken(
        self, manager: User, northgate: Client, tmp_path: Path
    ) -> None:
        rows = (
            "".join(map(text, ("A1", "B1", "C1"), HEADINGS.split(","))),
            formula("A2", "D2") + text("B2", "07700900001") + text("C2", "Ann"),
            text("A3", "07700900002") + formula("B3", "D3") + text("C3", "Bo"),
            formula("A4", "D4") + text("B4", "none") + text("C4", "Cy"),
        )
        numbered = "".join(f'<row r="{n}">{row}</row>' for n, row in enumerate(rows, 1))
        content = raw_xlsx(tmp_path / "a.xlsx", numbered).read_bytes()
        made = read(chosen(manager, northgate, content, name="list.xlsx"))
        assert [one.values for one in made.contacts.order_by("pk")] == [
            ["", "07700900001", "Ann"],
            ["07700900002", "", "Bo"],
        ]
        assert refused(made)[0][:2] == (4, "formula_without_value")

    def test_a_cell_of_a_csv_is_kept_as_it_is_written(
        self, manager: User, northgate: Client
    ) -> None:
        made = read(chosen(manager, northgate, csv_of("07700 900001,=?,Ann", "=?,07700 900002,Bo")))
        assert [one.values[:2] for one in made.contacts.order_by("pk")] == [
            ["07700 900001", "=?"],
            ["=?", "07700 900002"],
        ]


class TestNewVersions:
    @pytest.fixture
    def base(self, manager: User, northgate: Client) -> ContactList:
        rows = ("07700 900001,none,Ann", "none,07700 900002,Bo", "none,none,Cy")
        return read(chosen(manager, northgate, csv_of(*rows)))

    def added(self, manager: User, base: ContactList, content: bytes) -> ContactList:
        file = ContentFile(content, "more.csv")
        return read(ContactList.upload(manager, base.client, "More", file, based_on=base))

    def test_contacts_keep_where_their_numbers_are_from_and_rows_follow_the_same_columns(
        self, manager: User, base: ContactList
    ) -> None:
        content = b"Name,Mobile No.,Phone\nCy,07700 900003,none\nDi,07700 900002,\n"
        made = self.added(manager, base, content)
        assert contacts(made) == [
            (2, "+447700900001", False),
            (3, "+447700900002", True),
            (2, "+447700900003", True),
        ]
        assert (made.second_number_column, made.second_number_count) == (1, 2)
        assert refused(made) == [(3, "duplicate", "07700 900002")]
        assert (made.row_count, made.contact_count, made.refused_count) == (4, 3, 1)

    def test_a_workbooks_columns_are_read_as_numbers_in_whatever_order_they_come(
        self, manager: User, base: ContactList
    ) -> None:
        rows = [
            ("Name", "Mobile No.", "Phone"),
            ("Cy", 447722000000, ""),
            ("Di", "07700 900004", 447722000000),
        ]
        file = ContentFile(xlsx_of(rows), "more.xlsx")
        made = read(ContactList.upload(manager, base.client, "More", file, based_on=base))
        assert contacts(made)[2:] == [(3, "+447700900004", True)]
        assert [row[:2] for row in refused(made)] == [(2, "shortened")]

    def test_a_carried_contact_that_must_not_be_called_now_is_found_by_its_number(
        self, manager: User, base: ContactList
    ) -> None:
        Suppression.add(manager, base.client, "+447700900002", "Asked.", None)
        made = self.added(manager, base, csv_of("07700 900003,,Cy"))
        assert made.second_number_count == 0
        assert refused(made) == [(3, "suppressed", "07700 900002")]
        assert SuppressedNow.on(made).still == 1

    def test_a_list_read_before_there_was_a_second_column_goes_on_without(
        self, manager: User, northgate: Client
    ) -> None:
        old = read(chosen(manager, northgate, csv_of("07700 900001,,Ann"), Columns(0, 2)))
        assert old.contacts.get().from_second_column is None
        made = self.added(manager, old, csv_of("none,07700 900002,Bo"))
        assert (made.second_number_column, made.second_number_count) == (None, 0)
        assert refused(made) == [(2, "not_a_number", "none")]


def test_a_worker_that_died_midway_leaves_the_choice_and_no_count(
    manager: User, northgate: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"none,07700 {900_000 + n % 1000},P{n}" for n in range(25_000)]
    made = chosen(manager, northgate, csv_of(*rows))
    commit, calls = pipeline._commit, []

    def commit_once(*args: object) -> None:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        commit(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "_commit", commit_once)
    with pytest.raises(KeyboardInterrupt):
        pipeline.run(made)
    assert made.contacts.filter(from_second_column=True).exists()
    ContactList.objects.update(progress_at=timezone.now() - timedelta(minutes=5))
    read(made)
    assert (made.contact_count, made.second_number_count, made.refused_count) == (
        1000,
        1000,
        24_000,
    )
    assert made.contacts.filter(from_second_column=True).count() == 1000
    assert made.refused_rows.filter(from_second_column=True).count() == 24_000
