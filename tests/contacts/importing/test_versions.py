"""Fixed rows added to a list: put into its own columns, whatever their headings and order."""

import csv
import io
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from hypothesis import given
from hypothesis import strategies as st

from campaigns.clients.models import Client
from campaigns.contacts import deletion
from campaigns.contacts.importing import pipeline
from campaigns.contacts.models import ContactList
from campaigns.uploads.chosen_columns import Columns
from campaigns.uploads.downloads.csv_lines import csv_lines
from campaigns.uploads.downloads.rejected_rows import rejected_rows
from campaigns.uploads.runs.import_run import Status
from campaigns.uploads.runs.stored_file import on_disk
from campaigns.uploads.spreadsheets import Limits, inspect, rows
from campaigns.uploads.spreadsheets.safe_cells import safe, unsafe

pytestmark = pytest.mark.django_db(transaction=True)

SIMILAR = (
    b"Name,Mobile,Mobile?,Ref\nAnna,07700900101,01632960101,1\nBob,not given,01632960102,2\n",
    b"Name,Mobile?,Mobile,Ref\nAnna,01632960101,07700900101,1\nBob,01632960102,not given,2\n",
)
PHONES = b"Phone,Phone,Phone 2,Name\n01632960101,,07700900101,Anna\n01632960103,,not given,Bob\n"


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


def imported_by(actor: User, client: Client, content: bytes, column: str) -> ContactList:
    """Import a file, calling the column with this heading."""
    made = ContactList.upload(actor, client, "List", ContentFile(content, "l.csv"))
    read(made, column)
    return made


def read(contact_list: ContactList, column: str = "") -> None:
    if column:
        with on_disk(contact_list.file) as path:
            found = inspect(path, Limits())
        number = found.headings.index(column)
        contact_list.choose(found.reading.to_json(), found.headings, Columns(number))
    pipeline.run(contact_list)
    contact_list.refresh_from_db()


def added(actor: User, base: ContactList, content: bytes) -> ContactList:
    file = ContentFile(content, "fixed.csv")
    made = ContactList.upload(actor, base.client, "Fixed", file, based_on=base)
    read(made)
    return made


def rejected(contact_list: ContactList) -> list[list[str]]:
    """Return the download of rejected rows as a spreadsheet shows it."""
    lines = "".join(csv_lines(rejected_rows(contact_list)))
    return list(csv.reader(io.StringIO(lines.removeprefix("\ufeff"))))


def written(table: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue().encode()


def numbers(contact_list: ContactList) -> list[str]:
    return list(contact_list.contacts.order_by("pk").values_list("number", flat=True))


@pytest.mark.parametrize("content", SIMILAR)
def test_a_new_version_calls_the_same_column(
    manager: User, northgate: Client, content: bytes
) -> None:
    base = imported_by(manager, northgate, content, "Mobile")
    table = [[cell.replace("not given", "07700900102") for cell in row] for row in rejected(base)]
    assert numbers(added(manager, base, written(table))) == ["+447700900101", "+447700900102"]


def test_a_new_version_calls_the_same_column_if_its_heading_ends_in_a_number(
    manager: User, northgate: Client
) -> None:
    base = imported_by(manager, northgate, PHONES, "Phone 2")
    table = [[cell.replace("not given", "07700900102") for cell in row] for row in rejected(base)]
    assert numbers(added(manager, base, written(table))) == ["+447700900101", "+447700900102"]


def test_the_columns_may_come_in_another_order(manager: User, northgate: Client) -> None:
    base = imported_by(manager, northgate, SIMILAR[0], "Mobile")
    content = b"Ref,Mobile?,Extra,Name,Mobile\n3,01632960103,x,Cy,07700900103\n"
    made = added(manager, base, content)
    assert made.contacts.get(number="+447700900101").values == [
        "Anna",
        "07700900101",
        "01632960101",
        "1",
    ]
    assert made.contacts.get(number="+447700900103").values == [
        "Cy",
        "07700900103",
        "01632960103",
        "3",
    ]


@pytest.mark.parametrize(
    "headings",
    ["Name,Mobile,mobile!,Ref", "Name,Mobile,Mobile,Mobile?,Ref"],
)
def test_a_file_with_an_ambiguous_column_is_refused_and_the_column_named(
    manager: User, northgate: Client, headings: str
) -> None:
    base = imported_by(manager, northgate, SIMILAR[0], "Mobile")
    made = added(manager, base, f"{headings}\nCy,07700900103,01632960103,,3\n".encode())
    assert made.status == Status.FAILED
    assert "“Mobile" in made.problem


def test_no_button_imports_a_file_that_does_not_fit(
    browser: Browser, manager: User, northgate: Client
) -> None:
    base = imported_by(manager, northgate, SIMILAR[0], "Mobile")
    file = SimpleUploadedFile("l.csv", b"Phone,Name\n07700900103,Cy\n")
    page = browser.post(f"/contact-lists/{base.pk}/add/", {"file": file}, follow=True)
    assert "has columns that are missing from this file: “Mobile”" in page.text
    shown = page.context["form"]["shown"].value()
    for button in ("look", "import"):
        posted = {"shown": shown, "number": "0", "header_row": "1", "delimiter": ","}
        answer = browser.post(page.request["PATH_INFO"], {**posted, "encoding": "utf-8", button: 1})
        assert answer.status_code == (200 if button == "look" else 422)
    assert ContactList.objects.latest("pk").status == Status.CHOOSING


@pytest.mark.parametrize("own", ["Reason", "reason", "Row", "Row,Reason"])
def test_a_clients_own_column_is_not_replaced_by_one_the_portal_adds(
    manager: User, northgate: Client, own: str
) -> None:
    cells = ",".join("own" for _ in own.split(","))
    content = f"Phone,{own}\n07700900101,{cells}\nnot given,{cells}\n".encode()
    base = imported_by(manager, northgate, content, "Phone")
    table = rejected(base)
    table[1] = ["07700900102" if cell == "not given" else cell for cell in table[1]]
    made = added(manager, base, written(table))
    assert made.headings == base.headings
    assert made.contacts.get(number="+447700900102").values == ["07700900102", *cells.split(",")]


def test_an_older_download_with_two_columns_of_one_name_is_not_guessed_at(
    manager: User, northgate: Client
) -> None:
    base = imported_by(manager, northgate, b"Phone,Reason\n07700900101,own\nno,own\n", "Phone")
    old = b"Row,Reason,Phone,Reason\n3,This is not a telephone number.,07700900102,own\n"
    made = added(manager, base, old)
    assert (made.status, "“Reason”" in made.problem) == (Status.FAILED, True)


def test_a_download_of_a_download_keeps_every_heading_distinct(
    manager: User, northgate: Client
) -> None:
    content = b"Phone,Row,Reason,Row (portal)\nno,1,2,3\n"
    headings = rejected(imported_by(manager, northgate, content, "Phone"))[0]
    assert headings == [
        "Row (portal 2)",
        "Reason (portal)",
        *content.decode().split("\n")[0].split(","),
    ]


def test_apostrophes_of_names_are_kept_and_those_that_guard_formulas_are_removed(
    manager: User, northgate: Client
) -> None:
    names = ["'t Hooft", "=Ann", "'=Bo", "''-Cy", "O'Neil", "-"]
    lines = [["Phone", "Name"], *(["no", name] for name in names), ["07700900101", "Di"]]
    base = imported_by(manager, northgate, written(lines), "Phone")
    table = rejected(base)
    for index, row in enumerate(table[1:], 102):
        row[2] = f"07700900{index}"
    made = added(manager, base, written(table))
    values = made.contacts.exclude(number="+447700900101").order_by("pk")
    assert [cells[1] for cells in values.values_list("values", flat=True)] == names


@given(st.text())
def test_any_cell_is_read_back_as_it_was(cell: str) -> None:
    assert unsafe(safe(cell)) == cell
    assert not safe(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_headings_that_a_spreadsheet_would_run_are_matched_again(
    manager: User, northgate: Client
) -> None:
    base = imported_by(manager, northgate, b"Phone,+Ref,-Ref\n07700900101,1,2\nno,3,4\n", "Phone")
    table = rejected(base)
    table[1][2] = "07700900102"
    made = added(manager, base, written(table))
    assert made.contacts.get(number="+447700900102").values == ["07700900102", "3", "4"]


def test_a_row_with_too_many_cells_can_be_fixed_and_added(manager: User, northgate: Client) -> None:
    content = b"Phone,Address,Amount\n07700900101,1 High St,50\n07700900102,2 High St, Leeds,75\n"
    base = imported_by(manager, northgate, content, "Phone")
    table = rejected(base)
    again = added(manager, base, written(table))
    assert [row.reason for row in again.refused_rows.all()] == ["too_many_cells"]
    # Every cell is still there though the columns are in another order.
    assert rejected(again)[1][2:] == ["07700900102", "2 High St", " Leeds", "75"]
    row = table[1]
    assert row[:1] + row[2:] == ["3", "07700900102", "2 High St", " Leeds", "75"]
    table[1] = [row[0], row[1], row[2], row[3] + "," + row[4], row[5]]
    made = added(manager, base, written(table))
    assert made.contacts.get(number="+447700900102").values == [
        "07700900102",
        "2 High St, Leeds",
        "75",
    ]


BARE = b"Ann Ash,07700900101,x\nBo Bell,not given,y\n"


@pytest.mark.parametrize(
    ("content", "fits"),
    [
        (b"Bo Bell,07700900102,y\n", True),
        (b"Column C,Column B,Column A\ny,07700900102,Bo Bell\n", True),
        (b"Row,Reason,Column A,Column B,Column C\n2,no,Bo Bell,07700900102,y\n", True),
        # The line of headings was deleted: column B holds the reason, or there is an extra column.
        (b"2,no,Bo Bell,07700900102,y\n", False),
        (b"07700900199,07700900102,Bo Bell,y\n", False),
        (b"Row,,Column A,Column C\n2,07700900102,Bo Bell,y\n", False),
        (b"Bo Bell,07700900102\n", False),
    ],
)
def test_a_file_without_headings_fits_only_if_it_has_as_many_columns(
    manager: User, northgate: Client, content: bytes, fits: bool
) -> None:
    base = imported_by(manager, northgate, BARE, "Column B")
    assert base.headings == ["Column A", "Column B", "Column C"]
    made = added(manager, base, content)
    assert made.is_ready == fits
    if fits:
        assert made.contacts.get(number="+447700900102").values == ["Bo Bell", "07700900102", "y"]
    else:
        assert "has columns that are missing from this file: “Column" in made.problem


def test_a_list_is_not_deleted_while_its_new_version_needs_it(
    manager: User, northgate: Client
) -> None:
    base = imported_by(manager, northgate, SIMILAR[0], "Mobile")
    file = ContentFile(SIMILAR[0], "l.csv")
    made = ContactList.upload(manager, northgate, "Fixed", file, based_on=base)
    for status in (Status.UPLOADED, Status.CHOOSING, Status.QUEUED, Status.IMPORTING):
        ContactList.objects.filter(pk=made.pk).update(status=status, number_column=1)
        assert "new version" in deletion.give_up(base, manager)
    ContactList.objects.filter(pk=made.pk).update(status=Status.FAILED, problem_code="")
    assert "“Fixed”" in deletion.give_up(base, manager)
    assert ContactList.objects.get(pk=base.pk).status == Status.READY
    ContactList.objects.filter(pk=made.pk).update(status=Status.CANCELLED)
    assert not deletion.give_up(base, manager)


def test_nothing_is_added_to_a_list_that_is_being_deleted(
    browser: Browser, manager: User, northgate: Client
) -> None:
    base = imported_by(manager, northgate, SIMILAR[0], "Mobile")
    stale = ContactList.objects.get(pk=base.pk)
    assert not deletion.give_up(base, manager)
    assert stale.is_ready
    with pytest.raises(ContactList.DoesNotExist):
        ContactList.upload(manager, northgate, "", ContentFile(b"x", "l.csv"), based_on=stale)
    assert ContactList.objects.count() == 1


def test_a_version_whose_list_was_deleted_fails_rather_than_lose_its_people(
    manager: User, northgate: Client
) -> None:
    base = imported_by(manager, northgate, SIMILAR[0], "Mobile")
    file = ContentFile(SIMILAR[0].replace(b"not given", b"07700900102"), "l.csv")
    made = ContactList.upload(manager, northgate, "Fixed", file, based_on=base)
    ContactList.objects.filter(pk=base.pk).update(status=Status.DELETING)
    read(ContactList.objects.get(pk=made.pk))
    made.refresh_from_db()
    assert (made.status, made.contacts.count()) == (Status.FAILED, 0)
    assert "deleted" in made.problem


def test_rows_below_the_headings_are_read_back_with_their_cells(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_bytes(b"Phone,Name,Amount\n07700900101,Ann,1,\n07700900102,Bo\n\n")
    source = rows(path, inspect(path, Limits()).reading, Limits())
    read_back = [cells for batch in source for _, cells in batch]
    assert (source.short_rows, len(read_back)) == (1, 3)
