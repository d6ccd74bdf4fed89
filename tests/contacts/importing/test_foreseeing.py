"""The preview of a file's first rows: why a row would be refused, and how its cells arrive."""

import datetime
import io
from collections.abc import Sequence

import pytest
import xlsxwriter
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client as Browser

from campaigns.clients.models import Client
from campaigns.contacts.importing import foreseen_refusals, list_columns, pipeline
from campaigns.contacts.models import ContactList
from campaigns.suppression.models import Suppression
from campaigns.uploads.chosen_columns import Columns
from campaigns.uploads.columns import cell_forms, mapping
from campaigns.uploads.numbers.checker import SENTENCES, Reason
from tests import people

pytestmark = pytest.mark.django_db(transaction=True)

ROWS: Sequence[tuple[object, str]] = [
    ("07700 900001", "Ann"),
    ("4.47722E+11", "Bo"),
    ("not given", "Cy"),
    ("0909 879 0001", "Di"),
    ("", ""),
    ("", "Ed"),
    ("+44 7700 900 001", "Flo"),
    ("07700 900002", "Gil"),
    ("07700900002", "Hal"),
]


def csv_of(rows: Sequence[tuple[object, str]] = ROWS) -> bytes:
    return "\n".join(["Phone,Name", *(f"{number},{name}" for number, name in rows)]).encode()


def xlsx_of(rows: Sequence[Sequence[object]], formats: dict[int, str] | None = None) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        sheet = workbook.add_worksheet()
        cells = {row: workbook.add_format({"num_format": x}) for row, x in (formats or {}).items()}
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                sheet.write(row, column, value, cells.get(row))
    return content.getvalue()


def opened(
    actor: User, client: Client, content: bytes, name: str, based_on: ContactList | None = None
) -> ContactList:
    made = ContactList.upload(actor, client, "L", ContentFile(content, name), based_on=based_on)
    list_columns.look_now(made)
    return made


def proposed(contact_list: ContactList) -> tuple[mapping.Look, Columns]:
    seen = mapping.Look.from_json(contact_list.look or {})
    columns = list_columns.propose(contact_list, seen)
    assert columns.number is not None
    return seen, Columns(columns.number, columns.name, columns.second)


def foreseen(contact_list: ContactList) -> dict[int, str]:
    seen, columns = proposed(contact_list)
    return dict(foreseen_refusals.of_a_list(contact_list, seen.inspection, columns).refusals)


def refused(actor: User, contact_list: ContactList) -> dict[int, str]:
    """Import the list with the proposed columns and return its refused rows with their reasons."""
    assert list_columns.choose(contact_list, *proposed(contact_list), actor)
    pipeline.run(contact_list)
    contact_list.refresh_from_db()
    assert contact_list.is_ready
    rows = contact_list.refused_rows.select_related("contact_list")
    return {row.row_number: row.sentence for row in rows}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_preview_foresees_the_refusals_of_the_import(
    manager: User, northgate: Client, kind: str
) -> None:
    Suppression.add(manager, northgate, "+447700900002", "Asked.", None)
    content = xlsx_of([("Phone", "Name"), *ROWS, (447722000000, "Ivy")])
    made = opened(manager, northgate, csv_of() if kind == "csv" else content, f"list.{kind}")
    said = foreseen(made)
    assert said[8] == "Duplicate of row 2"
    assert said[9] == SENTENCES[Reason.SUPPRESSED]
    assert said.get(11) == (SENTENCES[Reason.SHORTENED] if kind == "xlsx" else None)
    assert said == refused(manager, made)


def test_fixed_rows_are_checked_against_the_list_that_they_are_added_to(
    manager: User, northgate: Client
) -> None:
    base = opened(manager, northgate, csv_of(ROWS[:2]), "list.csv")
    refused(manager, base)
    fixed = b"Row,Reason,Name,Phone\n3,x,Bo,'+44 7700 900003\n4,x,Cy,07700 900001\n5,x,Di,none\n"
    made = opened(manager, northgate, fixed, "mended.csv", based_on=base)
    said = foreseen(made)
    assert said == {
        3: "The number is already on the list that these rows were added to.",
        4: SENTENCES[Reason.NOT_A_NUMBER],
    }
    assert said == refused(manager, made)


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


def page(browser: Browser, contact_list: ContactList, **changes: str) -> HttpResponse:
    address = f"/contact-lists/{contact_list.pk}/columns/"
    if not changes:
        return browser.get(address)  # type: ignore[return-value]
    return browser.post(address, people.columns_as_shown(contact_list) | changes)  # type: ignore[return-value]


def test_the_reason_is_next_to_the_number(
    browser: Browser, manager: User, northgate: Client
) -> None:
    made = opened(manager, northgate, csv_of(), "list.csv")
    shown = " ".join(page(browser, made).text.split())
    wrong = '4.47722E+11 <span class="refusal">Excel has shortened this number'
    assert wrong in shown
    assert "6 of these 9 rows would be refused" in shown


def test_rows_are_checked_by_the_column_that_was_chosen(
    browser: Browser, manager: User, northgate: Client
) -> None:
    made = opened(manager, northgate, csv_of(ROWS[:1]), "list.csv")
    assert "would be refused" not in page(browser, made).text
    again = page(browser, made, number="1", name="", look="1")
    assert again.status_code == 200
    assert "1 of this 1 row would be refused" in " ".join(again.text.split())
    assert again.context["form"]["number"].value() == "1"  # type: ignore[attr-defined]


def redrawn(browser: Browser, contact_list: ContactList, **changes: str) -> HttpResponse:
    """Choose another column, as htmx posts it."""
    address = f"/contact-lists/{contact_list.pk}/columns/"
    data = people.columns_as_shown(contact_list) | {"look": "1"} | changes
    return browser.post(address, data, headers={"HX-Request": "true"})  # type: ignore[return-value]


def test_another_column_is_checked_as_soon_as_it_is_chosen(
    browser: Browser, manager: User, northgate: Client
) -> None:
    made = opened(manager, northgate, csv_of(ROWS[:1]), "list.csv")
    shown = page(browser, made)
    assert 'hx-select="#first-rows"' in shown.text
    assert 'id="first-rows"' in shown.text
    for wrong in ({}, {"header_row": "x"}, {"header_row": "0"}):
        again = redrawn(browser, made, number="1", name="0", **wrong)
        preview = again.context["preview"]  # type: ignore[attr-defined]
        assert (again.status_code, preview.refused) == (200, 1)
        assert [column.role for column in preview.columns] == ["Name", "Number"]


def test_an_outdated_page_of_columns_is_left_for_the_current_one(
    browser: Browser, manager: User, northgate: Client
) -> None:
    made = opened(manager, northgate, csv_of(ROWS[:1]), "list.csv")
    outdated = redrawn(browser, made, shown="x")
    assert outdated.headers["HX-Redirect"] == f"/contact-lists/{made.pk}/columns/"
    data = people.columns_as_shown(made)
    page(browser, made, name="1")
    address = f"/contact-lists/{made.pk}/columns/"
    answer = browser.post(address, data | {"look": "1"}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/contact-lists/{made.pk}/"


def test_a_file_of_numbers_to_suppress_is_checked_too(browser: Browser, northgate: Client) -> None:
    file = ContentFile(b"Phone,Since\n07700 900001,May\nnobody,May\n", "numbers.csv")
    upload = {"scope": northgate.pk, "file": file, "reason": "Asked."}
    address = browser.post("/suppression/upload/", upload).headers["Location"]
    shown = browser.get(address).text
    assert shown.count('class="refusal"') == 1
    assert "This is not a telephone number." in shown
    assert cell_forms.AS_WRITTEN not in shown


@pytest.mark.parametrize(
    ("value", "format_", "said"),
    [
        (datetime.date(2026, 3, 14), "dd/mm/yyyy", cell_forms.DATES.format("2026-03-14")),
        (datetime.time(9, 30), "hh:mm", cell_forms.TIMES.format("09:30:00")),
        (
            datetime.datetime(2026, 3, 14, 9, 30),  # noqa: DTZ001  Excel knows no zones
            "d mmm yyyy hh:mm",
            cell_forms.TIMES.format("2026-03-14 09:30:00"),
        ),
        (0.25, "0%", cell_forms.NUMBERS),
        (1234.5, "£#,##0.00", cell_forms.NUMBERS),
        (123, "00000", cell_forms.NUMBERS),
    ],
)
def test_the_page_says_how_cells_of_a_workbook_arrive(
    browser: Browser, manager: User, northgate: Client, value: object, format_: str, said: str
) -> None:
    content = xlsx_of([("Phone", "Value"), ("07700 900001", value)], {1: format_})
    made = opened(manager, northgate, content, "list.xlsx")
    shown = page(browser, made).text
    assert said in shown
    assert cell_forms.OTHERWISE in shown
    assert refused(manager, made) == {}
    # The sentence about numbers gives examples: the value that arrives is one of them.
    arrived = made.contacts.get().values[1]
    assert arrived in said


def test_a_workbook_of_text_and_telephone_numbers_needs_no_remark(
    browser: Browser, manager: User, northgate: Client
) -> None:
    content = xlsx_of([("Phone", "Name"), (447700900001, "Ann")])
    assert " are used " not in page(browser, opened(manager, northgate, content, "l.xlsx")).text


def test_cells_of_a_csv_arrive_as_they_are_written(
    browser: Browser, manager: User, northgate: Client
) -> None:
    content = b"Phone,Due,Share\n07700 900001,14/03/2026,25%\n"
    made = opened(manager, northgate, content, "list.csv")
    assert cell_forms.AS_WRITTEN in page(browser, made).text
    assert refused(manager, made) == {}
    assert made.contacts.get().values == ["07700 900001", "14/03/2026", "25%"]
