"""Any uploaded file: each page shows it or says what is wrong with it, and never a server error."""

import io

import pytest
import xlsxwriter
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from campaigns.clients.models import Client
from campaigns.contacts import tasks
from campaigns.contacts.models import ContactList
from campaigns.suppression import tasks as suppression_tasks
from campaigns.suppression.models import Suppression
from campaigns.uploads.runs.import_run import UNEXPECTED, ImportRun, Status
from tests.uploads.spreadsheets.odd_files import FILES

pytestmark = pytest.mark.django_db(transaction=True)

CELLS = st.sampled_from(
    [
        "07700 900001",
        "+44 7700 900 002",
        "4.47722E+11",
        "",
        " ",
        "Ann",
        '"',
        "'=1",
        "é",
        "\u200f0",
        "=?",
    ]
)
TABLES = st.lists(st.lists(CELLS, max_size=4), max_size=6)
DELIMITERS = st.sampled_from([",", ";", "\t", "|"])
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    """Return a file of text that is nearly a list."""
    lines = [draw(DELIMITERS).join(row) for row in draw(TABLES)]
    return "\n".join(lines).encode(draw(ENCODINGS), "replace")


@st.composite
def workbooks(draw: st.DrawFn) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        for _ in range(draw(st.integers(1, 2))):
            sheet = workbook.add_worksheet()
            for row, cells in enumerate(draw(TABLES)):
                sheet.write_row(row, 0, cells)
    return content.getvalue()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Return a real file with some bytes changed."""
    name = draw(st.sampled_from(["utf-8.csv", "utf-16-tabs.txt", "excel-97.xls"]))
    content = bytearray((FILES / name).read_bytes())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        change = draw(st.binary(max_size=8))
        content[at : at + len(change)] = change
    return bytes(content)


ANY = st.one_of(st.binary(max_size=200), texts(), workbooks(), damaged())
# The database and the person signed in are the same for every example, which does no harm.
SLOWLY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


@given(
    content=ANY, column=st.sampled_from(["", "0", "1"]), second=st.sampled_from(["", "0", "1", "2"])
)
@example(content=b"", column="", second="")
@SLOWLY
def test_any_file_becomes_a_list_or_says_why_not(
    browser: Browser, northgate: Client, content: bytes, column: str, second: str
) -> None:
    data = {"client": northgate.pk, "file": SimpleUploadedFile("list.csv", content)}
    page = browser.post("/contact-lists/upload/", data, follow=True)
    made = ContactList.objects.order_by("pk").last()
    if not content:
        assert page.status_code == 422
        return
    assert made
    _choose_column(browser, made, f"/contact-lists/{made.pk}/", column, second)
    tasks.import_list(made.pk)
    _assert_finished(browser, made, f"/contact-lists/{made.pk}/")


@given(content=ANY.filter(bool), column=st.sampled_from(["", "0", "1"]))
@SLOWLY
def test_any_file_is_suppressed_or_says_why_not(
    browser: Browser, northgate: Client, content: bytes, column: str
) -> None:
    file = SimpleUploadedFile("numbers.csv", content)
    data = {"scope": northgate.pk, "file": file, "reason": "Asked."}
    browser.post("/suppression/upload/", data, follow=True)
    made = Suppression.objects.latest("pk")
    _choose_column(browser, made, f"/suppression/{made.pk}/", column)
    suppression_tasks.load_suppression(made.pk)
    _assert_finished(browser, made, f"/suppression/{made.pk}/")


def _choose_column(
    browser: Browser, run: ImportRun, address: str, column: str, second: str = ""
) -> None:
    """Choose the columns of numbers, on the page that asks for them."""
    if not run.is_choosing:
        return
    page = browser.get(f"{address}columns/")
    assert page.status_code == 200
    form = page.context["form"]
    shown = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in shown.items()}
    data |= {"number": column} if column else {}
    data |= {"second": second} if second else {}
    answer = browser.post(f"{address}columns/", data)
    assert answer.status_code in {302, 422}
    if answer.status_code == 422:
        assert answer.context["form"].errors


def _assert_finished(browser: Browser, run: ImportRun, address: str) -> None:
    run.refresh_from_db()
    assert run.status in {Status.READY, Status.FAILED, Status.CHOOSING}
    assert (run.status == Status.FAILED) == bool(run.problem)
    assert run.problem != UNEXPECTED
    assert browser.get(address).status_code == 200
    if run.is_ready:
        lines = b"".join(browser.get(f"{address}rejected.csv")).splitlines()
        assert lines
