"""Cells that a workbook has no value for: counted, shown, and never spoken."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser

from campaigns.clients.models import Client
from campaigns.contacts import tasks
from campaigns.contacts.importing import list_columns
from campaigns.contacts.models import ContactList
from tests import people
from tests.contacts.imports import imported, uploaded
from tests.uploads.spreadsheets.odd_files import ods_cell, raw_ods, raw_xlsx

pytestmark = pytest.mark.django_db(transaction=True)

HEADINGS = ("Phone", "Full name", "Balance")


def text(place: str, value: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def formula(place: str, code: str) -> str:
    return f'<c r="{place}"><f>{code}</f><v /></c>'


def workbook(folder: Path) -> bytes:
    """Write a list with three formulas, one of them for a number, and no computed values."""
    heading = "".join(map(text, ("A1", "B1", "C1"), HEADINGS))
    rows = (
        heading,
        text("A2", "07700900101") + formula("B2", "D2") + formula("C2", "1*10"),
        text("A3", "07700900102") + text("B3", "Bob") + text("C3", "£5"),
        formula("A4", "E4") + text("B4", "Cat") + text("C4", "£6"),
    )
    numbered = enumerate(rows, 1)
    path = raw_xlsx(folder / "a.xlsx", "".join(f'<row r="{n}">{row}</row>' for n, row in numbered))
    return path.read_bytes()


def ods_workbook(folder: Path) -> bytes:
    nothing = '<table:table-cell table:formula="of:=[.D2]"/>'
    rows = (
        "".join(map(ods_cell, HEADINGS)),
        ods_cell("07700900101") + nothing * 2,
        ods_cell("07700900102") + ods_cell("Bob") + ods_cell("£5"),
        nothing + ods_cell("Cat") + ods_cell("£6"),
    )
    path = folder / "a.ods"
    raw_ods(path, "".join(f"<table:table-row>{row}</table:table-row>" for row in rows))
    return path.read_bytes()


def imported_list(content: bytes, manager: User, client: Client) -> ContactList:
    return imported(manager, client, content, "list.xlsx")


@pytest.mark.parametrize("write", [workbook, ods_workbook])
def test_cells_without_value_are_never_spoken_or_called(
    manager: User, northgate: Client, tmp_path: Path, write: object
) -> None:
    made = imported_list(write(tmp_path), manager, northgate)  # type: ignore[operator]
    assert made.is_ready, made.problem
    assert list(made.contacts.order_by("row_number").values_list("name", "values")) == [
        ("", ["07700900101", "", ""]),
        ("Bob", ["07700900102", "Bob", "£5"]),
    ]
    refused = made.refused_rows.get()
    assert (refused.row_number, refused.reason) == (4, "formula_without_value")


def test_cells_without_value_are_counted_and_shown_before_and_after_the_import(
    client: Browser, manager: User, northgate: Client, tmp_path: Path
) -> None:
    client.force_login(manager)
    made = uploaded(manager, northgate, workbook(tmp_path), "list.xlsx")
    said = "1 in “Phone”, 1 in “Full name”, 1 in “Balance”"
    address = f"/contact-lists/{made.pk}/columns/"

    list_columns.look_now(made)
    made.refresh_from_db()
    page = client.get(address).text
    assert said in page
    assert page.count("(no value)") >= 3
    client.post(address, people.columns_as_shown(made))

    tasks.import_list(made.pk)
    assert said in client.get(f"/contact-lists/{made.pk}/").text


def test_a_column_whose_heading_has_no_value_is_named_by_its_letter(
    manager: User, northgate: Client, tmp_path: Path
) -> None:
    rows = (
        f'<row r="1">{text("A1", "Phone")}{formula("B1", "C1")}</row>'
        f'<row r="2">{text("A2", "07700900101")}{text("B2", "Ann")}</row>'
    )
    content = raw_xlsx(tmp_path / "a.xlsx", rows).read_bytes()
    assert imported_list(content, manager, northgate).headings == ["Phone", "Column B"]
