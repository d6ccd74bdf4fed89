"""Files of numbers: a plain one is read at once, any other as a person chooses."""

import io

import pytest
import xlsxwriter
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client
from campaigns.suppression import tasks
from campaigns.suppression.loading import columns
from campaigns.suppression.models import SuppressedNumber, Suppression
from campaigns.uploads.columns import columns_page as choosing_view
from campaigns.uploads.columns.mapping import Look
from campaigns.uploads.columns.mapping_form import NumbersForm

pytestmark = pytest.mark.django_db(transaction=True)

Status = Suppression.Status
TWO = b"Account,Mobile,Home phone\n1,07700 900101,01632 960101\n2,07700 900102,01632 960102\n"


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


def uploaded(browser: Browser, client: Client, content: bytes, name: str = "s.csv") -> Suppression:
    data = {"scope": client.pk, "file": SimpleUploadedFile(name, content), "reason": "Asked."}
    browser.post("/suppression/upload/", data)
    return Suppression.objects.latest("pk")


def shown(browser: Browser, made: Suppression) -> HttpResponse:
    return browser.get(reverse("suppression:choose", args=[made.pk]))  # type: ignore[return-value]


def post(browser: Browser, made: Suppression, **changes: str) -> HttpResponse:
    """Post the page as it is shown, but for the changes."""
    made.refresh_from_db()
    seen = Look.from_json(made.look or {})
    form = NumbersForm(seen, columns.propose(made, seen))
    values = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in values.items()} | changes
    return browser.post(reverse("suppression:choose", args=[made.pk]), data)  # type: ignore[return-value]


def numbers(made: Suppression) -> list[str]:
    tasks.load_suppression(made.pk)
    return list(made.numbers.order_by("number").values_list("number", flat=True))


def with_a_cover(*, hidden: bool = False) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        workbook.add_worksheet("Read me first").write_column(0, 0, ["About", "Thanks"])
        people = workbook.add_worksheet("People")
        people.write_column(0, 0, ["Phone", "07700 900101", "07700 900102"])
        if hidden:
            people.hide()
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"07700900101\n07700900102\n",
        b"7700900101\r\n7700900102\r\n",
        b"Phone\n07700 900101\n07700 900102\n",
        b"Do not call\n+447700900101\n+447700900102\n",
        b"\xef\xbb\xbf447700900101\n447700900102\n",
        "07700900101\n07700900102\n".encode("utf-16"),
    ],
)
def test_a_plain_file_of_numbers_is_read_with_one_click(
    browser: Browser, northgate: Client, content: bytes
) -> None:
    made = uploaded(browser, northgate, content)
    assert made.status == Status.QUEUED
    assert numbers(made) == ["+447700900101", "+447700900102"]


def test_a_large_plain_file_is_opened_by_the_worker_and_read_next(
    browser: Browser, northgate: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing_view, "TEXT_AT_ONCE", 10)
    made = uploaded(browser, northgate, b"07700900101\n07700900102\n")
    assert made.status == Status.UPLOADED
    tasks.look_at_suppression(made.pk)
    made.refresh_from_db()
    assert made.status == Status.QUEUED
    assert numbers(made) == ["+447700900101", "+447700900102"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"Name,Phone\nAnn,07700 900101\n", "s.csv"),
        (TWO, "s.csv"),
        (b"Fruit\napple\npear\n", "s.csv"),
        (with_a_cover(), "s.xlsx"),
    ],
)
def test_any_other_file_suppresses_nothing_before_a_person_chooses_the_column(
    browser: Browser, northgate: Client, content: bytes, name: str
) -> None:
    made = uploaded(browser, northgate, content, name)
    assert made.status == Status.CHOOSING
    page = shown(browser, made)
    assert "Nothing from this file is suppressed until" in page.text
    tasks.load_suppression(made.pk)
    assert not SuppressedNumber.objects.exists()


def test_the_first_rows_are_shown_with_the_guessed_column(
    browser: Browser, northgate: Client
) -> None:
    made = uploaded(browser, northgate, b"Name,Phone\nAnn,07700 900101\n")
    page = shown(browser, made).text
    assert "Ann" in page
    assert '<option value="1" selected>Phone: 07700 900101</option>' in page
    assert "Column with the names" not in page
    assert post(browser, made).status_code == 302
    assert numbers(made) == ["+447700900101"]


@pytest.mark.parametrize(
    ("column", "wanted"),
    [("1", ["+447700900101", "+447700900102"]), ("2", ["+441632960101", "+441632960102"])],
)
def test_where_two_columns_hold_numbers_the_person_must_choose(
    browser: Browser, northgate: Client, column: str, wanted: list[str]
) -> None:
    made = uploaded(browser, northgate, TWO)
    assert "Choose the one with the numbers to suppress." in shown(browser, made).text
    page = post(browser, made)
    assert page.status_code == 422
    assert "Choose the column with the numbers to suppress." in page.text
    post(browser, made, number=column)
    assert numbers(made) == wanted


@pytest.mark.parametrize("hidden", [False, True])
def test_where_the_first_sheet_is_a_cover_the_others_are_named_and_one_is_chosen(
    browser: Browser, northgate: Client, hidden: bool
) -> None:
    made = uploaded(browser, northgate, with_a_cover(hidden=hidden), "s.xlsx")
    page = shown(browser, made).text
    assert "Only the sheet “Read me first” was checked" in page
    assert "“People”" in page
    post(browser, made, sheet="People", look="1")
    made.refresh_from_db()
    assert made.status == Status.CHOOSING, "what a person corrects, a person confirms"
    post(browser, made)
    assert numbers(made) == ["+447700900101", "+447700900102"]
    page = browser.get(reverse("suppression:detail", args=[made.pk])).text
    assert "Only this sheet is read: “People”." in page


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        (b"Note:Phone\nx:07700 900101\n", {"delimiter": ":"}),
        (b"a,b\nNote,Phone\nx,07700 900101\n", {"header_row": "2"}),
        ("Né,Phone\nx,07700 900101\n".encode("windows-1252"), {"encoding": "windows-1252"}),
    ],
)
def test_delimiter_headings_and_encoding_can_be_corrected(
    browser: Browser, northgate: Client, content: bytes, changes: dict[str, str]
) -> None:
    made = uploaded(browser, northgate, content)
    post(browser, made, look="1", **changes)
    post(browser, made, number="1")
    assert numbers(made) == ["+447700900101"]


def test_a_large_workbook_is_opened_again_by_the_worker_and_then_confirmed(
    browser: Browser, northgate: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = uploaded(browser, northgate, with_a_cover(), "s.xlsx")
    monkeypatch.setattr(choosing_view, "WORKBOOK_AT_ONCE", 10)
    post(browser, made, sheet="People", look="1")
    made.refresh_from_db()
    assert made.status == Status.UPLOADED
    tasks.look_at_suppression(made.pk)
    made.refresh_from_db()
    assert made.status == Status.CHOOSING
    assert "07700 900101" in shown(browser, made).text


def test_a_file_that_is_no_spreadsheet_is_refused_at_once(
    browser: Browser, northgate: Client
) -> None:
    made = uploaded(browser, northgate, b"%PDF-1.7 nothing of a list")
    assert made.status == Status.FAILED
    page = browser.get(reverse("suppression:detail", args=[made.pk])).text
    assert "not a spreadsheet" in page


def test_a_viewer_sees_that_nothing_is_suppressed_yet(
    browser: Browser, northgate: Client, viewer: User
) -> None:
    made = uploaded(browser, northgate, TWO)
    viewers_browser = Browser()
    viewers_browser.force_login(viewer)
    page = viewers_browser.get(reverse("suppression:detail", args=[made.pk]))
    assert "The columns are not confirmed yet" in page.text
    assert shown(viewers_browser, made).status_code == 403


def test_the_progress_page_leads_to_the_columns_once_the_file_is_opened(
    browser: Browser, northgate: Client
) -> None:
    made = uploaded(browser, northgate, TWO)
    page = browser.get(
        reverse("suppression:detail", args=[made.pk]), headers={"HX-Request": "true"}
    )
    assert page.headers["HX-Redirect"] == reverse("suppression:choose", args=[made.pk])


def test_the_file_is_downloaded_as_it_was_uploaded(
    browser: Browser, northgate: Client, stranger: User
) -> None:
    made = uploaded(browser, northgate, TWO)
    address = reverse("suppression:original", args=[made.pk])
    answer = browser.get(address)
    assert b"".join(answer) == TWO
    assert answer.headers["Content-Type"] == "application/octet-stream"
    other = Browser()
    other.force_login(stranger)
    assert other.get(address).status_code == 404
