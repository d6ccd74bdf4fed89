"""The page where a person checks how a file is read, before any row is imported."""

import io
from pathlib import Path

import pytest
import xlsxwriter
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client as Browser

from campaigns.clients.models import Client
from campaigns.contacts import tasks
from campaigns.contacts.importing import list_columns, pipeline
from campaigns.contacts.models import ContactList
from campaigns.uploads.chosen_columns import Columns
from campaigns.uploads.columns import mapping
from campaigns.uploads.columns.remembered_mapping import RememberedMapping
from campaigns.uploads.runs.import_run import Status
from tests import people
from tests.uploads.spreadsheets.odd_files import xlsx

pytestmark = pytest.mark.django_db(transaction=True)

PLAIN = b"Phone,Name\n07700 900001,Ann\n"
TWO = b"Mobile,Home phone,Name\n07700 900001,01632 960001,Ann\n07700 900002,01632 960002,Bo\n"


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


def uploaded(browser: Browser, client: Client, content: bytes, name: str = "l.csv") -> ContactList:
    file = SimpleUploadedFile(name, content)
    browser.post("/contact-lists/upload/", {"client": client.pk, "file": file})
    return ContactList.objects.latest("pk")


def address(contact_list: ContactList) -> str:
    return f"/contact-lists/{contact_list.pk}/columns/"


def shown(browser: Browser, contact_list: ContactList) -> HttpResponse:
    return browser.get(address(contact_list))  # type: ignore[return-value]


def post(browser: Browser, contact_list: ContactList, **changes: str) -> HttpResponse:
    """Post the page as it is shown, but for the changes."""
    data = people.columns_as_shown(contact_list)
    return browser.post(address(contact_list), data | changes)  # type: ignore[return-value]


def imported(contact_list: ContactList) -> ContactList:
    tasks.import_list(contact_list.pk)
    contact_list.refresh_from_db()
    return contact_list


def numbers(contact_list: ContactList) -> list[str]:
    return list(contact_list.contacts.order_by("pk").values_list("number", flat=True))


def test_nothing_is_imported_before_a_person_confirms_the_columns(
    browser: Browser, northgate: Client
) -> None:
    made = uploaded(browser, northgate, PLAIN)
    assert made.status == Status.CHOOSING
    tasks.import_list(made.pk)
    made.refresh_from_db()
    assert (made.status, made.contacts.count()) == (Status.CHOOSING, 0)


def test_one_press_of_the_button_imports_what_was_guessed(
    browser: Browser, northgate: Client
) -> None:
    made = uploaded(browser, northgate, PLAIN)
    page = shown(browser, made)
    assert "07700 900001" in page.text
    assert post(browser, made).status_code == 302
    made.refresh_from_db()
    assert made.status == Status.QUEUED
    assert imported(made).number_heading == "Phone"
    assert (made.status, made.name_heading, numbers(made)) == (
        Status.READY,
        "Name",
        ["+447700900001"],
    )


def test_where_two_columns_may_hold_the_numbers_the_person_must_choose(
    browser: Browser, northgate: Client
) -> None:
    made = uploaded(browser, northgate, TWO)
    assert "“Mobile”, “Home phone”" in shown(browser, made).text
    refused = post(browser, made)
    assert refused.status_code == 422
    assert "Choose the column to call." in refused.text
    post(browser, made, number="1")
    assert numbers(imported(made)) == ["+441632960001", "+441632960002"]


def test_a_file_without_a_column_of_numbers_says_so_and_can_still_be_mapped(
    browser: Browser, northgate: Client
) -> None:
    made = uploaded(browser, northgate, b"Fruit,Colour\napple,green\npear,green\n")
    assert "No column of telephone numbers was found" in shown(browser, made).text
    post(browser, made, number="0")
    assert imported(made).refused_count == 2


def test_where_the_first_sheet_is_a_cover_the_other_sheets_are_named(
    browser: Browser, northgate: Client
) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        workbook.add_worksheet("Read me first").write_column(0, 0, ["About", "Ask us", "Thanks"])
        workbook.add_worksheet("People").write_column(0, 0, ["Phone", "07700 900001"])
        workbook.add_worksheet("Old").hide()
    made = uploaded(browser, northgate, content.getvalue(), "list.xlsx")
    said = (
        "Only the sheet “Read me first” was checked. The workbook has others: "
        "“People”, “Old” (hidden). Choose the sheet with the numbers."
    )
    assert said in shown(browser, made).text
    post(browser, made, sheet="People", look="1")
    assert "Only the sheet" not in shown(browser, made).text
    post(browser, made)
    assert numbers(imported(made)) == ["+447700900001"]


def test_repeated_headings_are_named(browser: Browser, northgate: Client) -> None:
    made = uploaded(browser, northgate, b"Phone,Note,Note\n07700 900001,a,b\n")
    assert "“Note (2)”" in shown(browser, made).text


def test_numbers_and_names_cannot_be_the_same_column(browser: Browser, northgate: Client) -> None:
    made = uploaded(browser, northgate, PLAIN)
    page = post(browser, made, number="0", name="0")
    assert page.status_code == 422
    assert "This is the column with the numbers." in page.text


@pytest.mark.parametrize(
    ("content", "changes", "wanted"),
    [
        (b"Phone:Name\n07700 900001:Ann\n", {"delimiter": ":"}, ["Phone", "Name"]),
        ("Phone,Né\n07700 900001,Zoë\n".encode(), {"encoding": "windows-1252"}, ["Phone", "NÃ©"]),
        (b"a,b\nReach,Who\n07700 900001,Ann\n", {"header_row": "2"}, ["Reach", "Who"]),
        (PLAIN, {"header_row": "0"}, ["Column A", "Column B"]),
    ],
)
def test_a_changed_reading_is_shown_before_it_is_imported(
    browser: Browser,
    northgate: Client,
    content: bytes,
    changes: dict[str, str],
    wanted: list[str],
) -> None:
    made = uploaded(browser, northgate, content)
    # Pressing Import shows it too, because the columns were chosen for another reading.
    assert post(browser, made, **changes).headers["Location"] == address(made)
    made.refresh_from_db()
    assert made.status == Status.CHOOSING
    assert made.look
    assert made.look["headings"] == wanted


def test_an_impossible_correction_is_reported_at_its_field(
    browser: Browser, northgate: Client
) -> None:
    made = uploaded(browser, northgate, "Phone,Né\n07700 900001,é\n".encode("cp1252"))
    assert "read as Windows-1252" in shown(browser, made).text
    page = post(browser, made, encoding="utf-8")
    assert page.status_code == 422
    assert "can&#x27;t be read as UTF-8" in page.text


def test_hidden_sheets_are_marked_and_another_sheet_can_be_chosen(
    browser: Browser, northgate: Client
) -> None:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        for name, number in (("Old", "07700 900001"), ("New", "07700 900002")):
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, ["Phone"])
            sheet.write_row(1, 0, [number])
            if name == "New":
                sheet.hide()
    made = uploaded(browser, northgate, book.getvalue(), "b.xlsx")
    assert "New (hidden)" in shown(browser, made).text
    post(browser, made, sheet="New", look="1")
    post(browser, made)
    assert numbers(imported(made)) == ["+447700900002"]
    assert "“Old”" in browser.get(f"/contact-lists/{made.pk}/").text


def test_a_large_workbook_is_opened_again_by_the_worker(
    browser: Browser, northgate: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = xlsx(tmp_path / "b.xlsx", [["a", "b"], ["Reach", "Who"], ["07700 900001", "A"]])
    made = uploaded(browser, northgate, path.read_bytes(), "b.xlsx")
    monkeypatch.setattr("campaigns.uploads.columns.columns_page.WORKBOOK_AT_ONCE", 10)
    post(browser, made, header_row="2", look="1")
    made.refresh_from_db()
    assert made.status == Status.UPLOADED
    tasks.look_at_list(made.pk)
    made.refresh_from_db()
    assert made.look
    assert (made.status, made.look["headings"]) == (Status.CHOOSING, ["Reach", "Who"])


def test_the_next_file_with_the_same_headings_comes_filled_in_as_before(
    browser: Browser, northgate: Client
) -> None:
    first = uploaded(browser, northgate, TWO)
    post(browser, first, number="1", name="")
    # The same headings in another order.
    again = uploaded(browser, northgate, b"NAME,home phone,Mobile\nAnn,01632 960001,07700 900001\n")
    page = shown(browser, again)
    assert "We used the same settings as for Northgate Energy’s last file" in page.text
    assert page.context["form"]["number"].value() == 1  # type: ignore[attr-defined]
    assert page.context["form"]["name"].value() is None  # type: ignore[attr-defined]


def test_what_was_corrected_is_remembered_too(browser: Browser, northgate: Client) -> None:
    content = b"a,b\nPhone,Name\n07700 900001,Ann\n"
    first = uploaded(browser, northgate, content)
    post(browser, first, header_row="2", look="1")
    post(browser, first)
    again = uploaded(browser, northgate, content.replace(b"Ann", b"Bo"))
    assert again.look
    assert again.look["headings"] == ["Phone", "Name"]


@pytest.mark.parametrize("heading", ["Mobile", "Mobile?"])
def test_the_column_chosen_before_is_filled_in_though_another_has_a_similar_heading(
    browser: Browser, northgate: Client, heading: str
) -> None:
    content = b"Name,Mobile,Mobile?\nAnn,07700 900001,01632 960001\n"
    first = uploaded(browser, northgate, content)
    post(browser, first, number=str(["Name", "Mobile", "Mobile?"].index(heading)))
    again = uploaded(browser, northgate, b"Mobile?,Name,Mobile\n01632 960002,Bo,07700 900002\n")
    page = shown(browser, again)
    assert "We used the same settings as for" in page.text
    chosen = page.context["form"]["number"].value()  # type: ignore[attr-defined]
    assert ["Mobile?", "Name", "Mobile"][chosen] == heading


def test_a_remembered_folded_heading_is_used_only_where_it_is_unique(
    northgate: Client,
) -> None:
    kept = RememberedMapping(number_heading="homephone", name_heading="")
    assert kept.columns(["Mobile", "Home phone"]) == Columns(1)
    assert kept.columns(["Home phone", "Home-phone"]) is None
    named = RememberedMapping(number_heading="Mobile", name_heading="name")
    assert named.columns(["Name", "Name?", "Mobile"]) is None


REPEATED = b"Phone,Phone,Name\n07700 900001,01632 960001,Ann\n"
NUMBERED = b"Phone,Phone 2,Name\n07700 900001,01632 960001,Ann\n"


@pytest.mark.parametrize("number", ["0", "1"])
@pytest.mark.parametrize(
    ("before", "after"), [(NUMBERED, REPEATED), (REPEATED, NUMBERED), (REPEATED, REPEATED)]
)
def test_no_column_is_filled_in_where_columns_share_a_heading(
    browser: Browser, northgate: Client, before: bytes, after: bytes, number: str
) -> None:
    """Files with "Phone" twice, and with "Phone" and "Phone 2", share one remembered mapping."""
    post(browser, uploaded(browser, northgate, before), number=number)
    page = shown(browser, uploaded(browser, northgate, after))
    assert "We used the same settings as for" not in page.text
    assert "You can use another where it has no number." in page.text
    assert page.context["form"]["number"].value() is None  # type: ignore[attr-defined]


BARE = b"Ann Ash,07700 900101,01632 960101\nBo Bell,07700 900102,01632 960102\n"
SWAPPED = b"Cy Cole,01632 960103,07700 900103\nDi Dunn,01632 960104,07700 900104\n"
UNNAMED = b"Name,Phone,\nAnn Ash,07700 900101,01632 960101\n"


@pytest.mark.parametrize(
    ("before", "after"), [(BARE, SWAPPED), (BARE, BARE), (UNNAMED, UNNAMED), (BARE, UNNAMED)]
)
def test_a_column_without_a_heading_is_never_filled_in_as_before(
    browser: Browser, northgate: Client, before: bytes, after: bytes
) -> None:
    first = uploaded(browser, northgate, before)
    post(browser, first, header_row="0" if before == BARE else "1", look="1")
    post(browser, first, number="2", name="0")
    again = uploaded(browser, northgate, after)
    page = shown(browser, again)
    assert "We used the same settings as for" not in page.text
    fresh = mapping.guessed(mapping.Look.from_json(again.look or {}).inspection)
    assert page.context["form"]["number"].value() == fresh.number  # type: ignore[attr-defined]


def test_a_remembered_column_letter_is_ignored(northgate: Client) -> None:
    kept = RememberedMapping(number_heading="Column B", name_heading="Column A")
    assert kept.columns(["Column A", "Column B", "Column C"]) is None
    kept = RememberedMapping(number_heading="columnb", name_heading="")
    assert kept.columns(["Phone", "Column B"]) is None


@pytest.mark.parametrize(
    ("after", "headings"),
    [
        (b"Ref 1,Who\n07700 900103,Cy\n07700 900104,Di\n", ["Ref 1", "Who"]),
        (b"07700 900103,Cy\n07700 900104,Di\n", ["Column A", "Column B"]),
    ],
)
def test_the_row_of_headings_is_remembered_only_for_files_with_those_headings(
    browser: Browser,
    northgate: Client,
    monkeypatch: pytest.MonkeyPatch,
    after: bytes,
    headings: list[str],
) -> None:
    """Files that seem to have no headings share one remembered mapping."""
    monkeypatch.setattr("campaigns.uploads.spreadsheets.inspecting.guess_header_row", lambda _: 0)
    first = uploaded(browser, northgate, b"Ref 1,Who\n07700 900101,Ann\n07700 900102,Bo\n")
    post(browser, first, header_row="1", look="1")
    post(browser, first, number="0", name="1")
    again = uploaded(browser, northgate, after)
    assert again.look
    assert again.look["headings"] == headings


def test_the_encoding_is_detected_for_each_file(browser: Browser, northgate: Client) -> None:
    """The encoding depends on the program that wrote the file, not on its columns."""
    first = uploaded(browser, northgate, "Phone,Name\n07700 900001,Zoë\n".encode())
    post(browser, first, encoding="windows-1252", look="1")
    first.refresh_from_db()
    assert first.corrections["encoding"] == "windows-1252"
    post(browser, first)
    again = uploaded(browser, northgate, "Phone,Name\n07700 900002,Zoë\n".encode())
    assert "We used the same settings as for" in shown(browser, again).text
    post(browser, again)
    assert imported(again).contacts.get().values[1] == "Zoë"
    assert RememberedMapping.objects.get().corrections.keys() <= {"delimiter", "header_row"}


def test_notices_name_the_headings_that_were_changed_and_no_others(
    browser: Browser, northgate: Client
) -> None:
    content = b"Phone,Column density,Amount (GBP),Note,Note,\n07700 900001,a,b,c,d,e\n"
    text = shown(browser, uploaded(browser, northgate, content)).text
    assert "so the later ones got a number: “Note (2)”." in text
    assert "named by their letter: “Column F”." in text
    text = shown(browser, uploaded(browser, northgate, content.replace(b"Note,Note,", b"N"))).text
    assert "got a number" not in text
    assert "named by their letter" not in text


def test_a_row_with_more_cells_than_headings_is_reported_before_the_import(
    browser: Browser, northgate: Client
) -> None:
    content = b"Phone,Address,Amount\n07700 900001,1 High St,1\n07700 900002,2 High St, Leeds,2\n"
    page = shown(browser, uploaded(browser, northgate, content))
    assert "This row has more cells than there are headings" in page.text
    preview = page.context["preview"]  # type: ignore[attr-defined]
    assert preview.refused == 1
    # All its cells are shown, and the other rows are padded to the same width.
    assert [column.heading for column in preview.columns][2:] == ["Amount", "(no heading)"]
    assert [row.cells[2:] for row in preview.rows] == [["1", ""], [" Leeds", "2"]]


def test_another_clients_choice_is_not_remembered_here(
    browser: Browser, northgate: Client, harbour: Client
) -> None:
    RememberedMapping.keep(harbour, ["Mobile", "Home phone", "Name"], "Home phone", "", {})
    made = uploaded(browser, northgate, TWO)
    assert "We used the same settings" not in shown(browser, made).text


def test_only_one_of_two_people_who_press_import_at_once_succeeds(
    browser: Browser, manager: User, northgate: Client
) -> None:
    made = uploaded(browser, northgate, TWO)
    late = ContactList.objects.get(pk=made.pk)
    assert late.look
    post(browser, made, number="0")
    assert not list_columns.choose(late, mapping.Look.from_json(late.look), Columns(1), manager)
    assert imported(made).number_heading == "Mobile"


def test_columns_of_a_reading_that_somebody_else_has_changed_are_not_accepted(
    browser: Browser, northgate: Client
) -> None:
    made = uploaded(browser, northgate, PLAIN)
    before = shown(browser, made).context["form"]["shown"].value()  # type: ignore[attr-defined]
    post(browser, made, header_row="0", look="1")
    post(browser, made, shown=before)
    made.refresh_from_db()
    assert made.status == Status.CHOOSING


def test_a_file_that_is_no_spreadsheet_fails_at_once(browser: Browser, northgate: Client) -> None:
    made = uploaded(browser, northgate, b"%PDF-1.7 nothing of a list")
    assert made.status == Status.FAILED
    assert "not a spreadsheet" in browser.get(f"/contact-lists/{made.pk}/").text


def test_the_first_rows_are_kept_only_while_somebody_chooses(
    browser: Browser, northgate: Client
) -> None:
    made = uploaded(browser, northgate, PLAIN)
    post(browser, made)
    made.refresh_from_db()
    assert made.look is None
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactList.objects.filter(pk=made.pk).update(look={"sample": []})


def test_a_direct_run_takes_the_guess_and_refuses_two_candidates(
    manager: User, northgate: Client
) -> None:
    made = ContactList.upload(manager, northgate, "L", ContentFile(TWO, "l.csv"))
    pipeline.run(made)
    made.refresh_from_db()
    assert made.status == Status.FAILED
    assert "More than one column" in made.problem


def test_the_example_file_has_the_call_flows_labels_and_can_be_uploaded(
    browser: Browser, northgate: Client
) -> None:
    flow = northgate.callflows.get()
    assert f"/contact-lists/example/{flow.pk}.csv" in browser.get("/contact-lists/upload/").text
    content = b"".join(browser.get(f"/contact-lists/example/{flow.pk}.csv"))
    made = uploaded(browser, northgate, content)
    post(browser, made)
    assert imported(made).headings == ["Phone number", "Name", "First name", "Due date"]
    assert made.contact_count == 1
