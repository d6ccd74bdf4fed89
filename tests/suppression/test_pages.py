"""The pages of suppression, and who may see and change the entries of a client and those for all."""

import csv
import io
import logging
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from campaigns.clients.models import Client, Event, Role
from campaigns.contacts.models import ContactList
from campaigns.suppression.loading import load
from campaigns.suppression.models import SuppressedNumber, Suppression
from tests import people

pytestmark = pytest.mark.django_db

ADD, UPLOAD, SEARCH = "/suppression/add/", "/suppression/upload/", "/suppression/search/"
ANN = "+447700900101"


def signed_in(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def browser(manager: User) -> Browser:
    return signed_in(manager)


@pytest.fixture
def ours(manager: User, northgate: Client) -> Suppression:
    return Suppression.add(manager, northgate, ANN, "Asked Northgate.", None)


@pytest.fixture
def everybodys(admin: User) -> Suppression:
    return Suppression.add(admin, None, "+447700900102", "National register.", None)


def typed(scope: object, number: str, reason: str = "Asked.", until: str = "") -> dict[str, str]:
    return {"scope": str(scope), "number": number, "reason": reason, "until": until}


@pytest.mark.parametrize("written", ["07700 900101", "+44 (0)7700 900101", "447700900101.0"])
def test_a_number_is_suppressed_however_it_is_typed(
    browser: Browser, northgate: Client, written: str
) -> None:
    page = browser.post(ADD, typed(northgate.pk, written), follow=True)
    assert "The number is now suppressed." in page.text
    assert SuppressedNumber.objects.get().number == ANN


@pytest.mark.parametrize(
    ("number", "reason", "until", "said"),
    [
        ("4.47722E+11", "Asked.", "", "Excel has shortened this number"),
        ("", "Asked.", "", "Enter the number."),
        ("07700 900101", " ", "", "Say why"),
        ("07700 900101", "Ann, 07700 900101", "", "Leave out the telephone number"),
        ("07700 900101", "Ann, ０7700-900101", "", "Leave out the telephone number"),
        ("07700 900101", "Asked.", "2020-01-01", "This date is in the past"),
    ],
)
def test_a_problem_is_reported_at_its_field_and_nothing_is_suppressed(
    browser: Browser, northgate: Client, number: str, reason: str, until: str, said: str
) -> None:
    page = browser.post(ADD, typed(northgate.pk, number, reason, until))
    assert page.status_code == 422
    assert said in page.text
    assert not Suppression.objects.exists()


def test_an_empty_form_says_what_is_missing(browser: Browser, northgate: Client) -> None:
    for address, said in ((ADD, "Enter the number."), (UPLOAD, "Choose a file.")):
        page = browser.post(address, {})
        assert page.status_code == 422
        assert said in page.text


def test_an_upload_leads_to_its_page_which_shows_progress_and_then_the_result(
    browser: Browser, northgate: Client
) -> None:
    file = ContentFile(b"Phone\n07700900101\nnobody\n", "asked.csv")
    data = {"scope": northgate.pk, "file": file, "reason": "Asked."}
    page = browser.post(UPLOAD, data, follow=True)
    assert 'hx-trigger="every 1s"' in page.text
    made = Suppression.objects.get()
    load.run(made)
    page = browser.get(reverse("suppression:detail", args=[made.pk]))
    assert "hx-trigger" not in page.text
    assert "This is not a telephone number." in page.text
    answer = browser.get(reverse("suppression:rejected", args=[made.pk]))
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert rows[0] == ["Row", "Reason", "Phone"]
    assert (rows[1][0], rows[1][2]) == ("3", "nobody")


@pytest.mark.parametrize(
    ("content", "heading"),
    [
        (b"%PDF-1.7 nothing of a list", "The file could not be read"),
        (b"Fruit\napple\npear\n", "The columns of the file could not be used"),
        (b'Phone\n07700 900101\n"never closed\n', "A cell of the file could not be read"),
    ],
)
def test_the_heading_says_where_the_problem_is(
    browser: Browser, manager: User, northgate: Client, content: bytes, heading: str
) -> None:
    file = ContentFile(content, "asked.csv")
    made = Suppression.upload(manager, northgate, file, "Asked not to be called.", None)
    load.run(made)
    page = browser.get(reverse("suppression:detail", args=[made.pk])).content.decode()
    assert f"<h2>{heading}</h2>" in page


def test_a_contact_list_counts_suppressed_rows_separately_from_problems(
    browser: Browser, manager: User, northgate: Client, ours: Suppression
) -> None:
    made = people.contact_list(manager, northgate)
    page = browser.get(reverse("contacts:detail", args=[made.pk])).text
    assert "1 row was left out of the contacts" in page
    assert "This number is on a suppression list" not in page
    assert "This is not a telephone number." in page
    rows = b"".join(browser.get(reverse("contacts:rejected", args=[made.pk]))).decode()
    assert "This number is on a suppression list" in rows


def counted_now(browser: Browser, made: ContactList) -> tuple[int, int, int, str]:
    page = browser.get(reverse("contacts:detail", args=[made.pk]))
    now = page.context["now"]
    return now.contacts, now.still, now.freed, " ".join(page.text.split())


def test_a_lists_page_counts_who_is_suppressed_now_and_not_when_it_was_uploaded(
    browser: Browser, manager: User, northgate: Client, ours: Suppression
) -> None:
    made = people.contact_list(manager, northgate)
    assert counted_now(browser, made)[:3] == (0, 1, 0)
    since = Suppression.add(manager, northgate, "+441632960102", "Asked.", None)
    contacts, still, freed, text = counted_now(browser, made)
    assert (contacts, still, freed) == (1, 1, 0)
    assert "Suppressed now: 2." in text
    assert "1 contact of this list has been suppressed since the upload" in text
    assert "must still not be called" in text
    for one in (ours, since):
        one.numbers.get().remove(manager, "Asked to be called.")
    contacts, still, freed, text = counted_now(browser, made)
    assert (contacts, still, freed) == (0, 0, 1)
    assert "Suppressed now: 0." in text
    assert "the number is no longer suppressed" in text
    assert reverse("contacts:add", args=[made.pk]) in text
    assert "must still not be called" not in text


# Permissions: account managers change a client's entries, staff the entries for all clients


@pytest.mark.parametrize(
    ("role", "is_staff", "for_client", "for_all"),
    [
        (None, False, False, False),
        (Role.VIEWER, False, False, False),
        (Role.ACCOUNT_MANAGER, False, True, False),
        (Role.APPROVER, False, True, False),
        (None, True, False, True),
        (Role.VIEWER, True, False, True),
        (Role.ACCOUNT_MANAGER, True, True, True),
    ],
)
def test_who_may_add_and_remove(
    northgate: Client,
    ours: Suppression,
    everybodys: Suppression,
    role: Role | None,
    is_staff: bool,
    for_client: bool,
    for_all: bool,
) -> None:
    user = people.person("pat", is_admin=is_staff)
    if role:
        people.join(user, northgate, role)
    browser = signed_in(user)
    for scope, may in ((northgate.pk, for_client), ("all", for_all)):
        page = browser.post(ADD, typed(scope, "07700 900190"))
        assert (page.status_code == 302) == may, scope
    for suppression, may in ((ours, for_client), (everybodys, for_all)):
        entry = suppression.numbers.get()
        page = browser.post(reverse("suppression:remove", args=[entry.pk]), {"reason": "Asked."})
        assert (page.status_code == 302) == may
        assert SuppressedNumber.objects.filter(pk=entry.pk).exists() != may


def test_everybody_sees_an_entry_for_all_clients_but_only_staff_its_numbers(
    viewer: User, admin: User, everybodys: Suppression
) -> None:
    address = reverse("suppression:detail", args=[everybodys.pk])
    rejected = reverse("suppression:rejected", args=[everybodys.pk])
    page = signed_in(viewer).get(address)
    assert "National register." in page.text
    assert "900102" not in page.text
    assert signed_in(viewer).get(rejected).status_code == 403
    assert "900102" in signed_in(admin).get(address).text
    assert signed_in(admin).get(rejected).status_code == 200


def test_removing_needs_a_reason_and_keeps_the_event(browser: Browser, ours: Suppression) -> None:
    address = reverse("suppression:remove", args=[ours.numbers.get().pk])
    assert browser.post(address, {"reason": ""}).status_code == 422
    page = browser.post(address, {"reason": "Asked to be called again."}, follow=True)
    assert "can be called again" in page.text
    assert "Removed a number from suppression: Asked to be called again." in page.text
    assert not SuppressedNumber.objects.exists()


# Search


@pytest.mark.parametrize("written", ["07700900101", "+44 7700 900101", "(07700) 900 101"])
def test_a_number_is_found_however_it_is_typed(
    browser: Browser, ours: Suppression, written: str
) -> None:
    page = browser.post(SEARCH, {"number": written})
    assert "This number must not be called" in page.text
    assert "Asked Northgate." in page.text
    assert reverse("suppression:remove", args=[ours.numbers.get().pk]) in page.text


@pytest.mark.parametrize(("days", "found"), [(-1, False), (0, True)])
def test_an_entry_is_found_through_its_last_day(
    browser: Browser, manager: User, northgate: Client, days: int, found: bool
) -> None:
    last = timezone.localdate() + timedelta(days=days)
    Suppression.add(manager, northgate, ANN, "Asked Northgate.", last)
    page = browser.post(SEARCH, {"number": "07700 900101"})
    assert ("This number must not be called" in page.text) == found


def test_every_entry_is_found_the_strictest_first_and_removed_by_itself(
    browser: Browser, manager: User, northgate: Client, ours: Suppression
) -> None:
    page = browser.post(
        ADD, typed(northgate.pk, "07700 900101", "Later.", "2999-01-01"), follow=True
    )
    assert "It was already suppressed with no end date, and that entry still applies." in page.text
    assert "Other entries for this number" in page.text
    page = browser.post(SEARCH, {"number": "07700 900101"})
    assert page.text.index("Asked Northgate.") < page.text.index("Later.")
    for entry in SuppressedNumber.objects.all():
        assert reverse("suppression:remove", args=[entry.pk]) in page.text


def test_adding_reveals_nothing_about_another_clients_entries(
    browser: Browser, stranger: User, harbour: Client, northgate: Client
) -> None:
    Suppression.add(stranger, harbour, ANN, "Asked Harbour.", None)
    page = browser.post(ADD, typed(northgate.pk, "07700 900101"), follow=True)
    assert "already suppressed" not in page.text
    assert "Other entries" not in page.text


def test_a_person_adding_a_number_sees_that_it_is_suppressed_for_all(
    browser: Browser, northgate: Client, everybodys: Suppression
) -> None:
    page = browser.post(ADD, typed(northgate.pk, "07700 900102"), follow=True)
    assert "It was already suppressed for all clients with no end date" in page.text
    assert "National register." in page.text


def test_the_search_says_that_a_number_is_not_suppressed(
    browser: Browser, ours: Suppression
) -> None:
    page = browser.post(SEARCH, {"number": "07700 900999"})
    assert "This number is not suppressed" in page.text


def test_another_clients_entry_is_not_found(stranger: User, ours: Suppression) -> None:
    page = signed_in(stranger).post(SEARCH, {"number": "07700 900101"})
    assert "This number is not suppressed" in page.text


def test_a_number_is_never_searched_for_in_an_address(browser: Browser, ours: Suppression) -> None:
    assert browser.get(SEARCH, {"number": "07700 900101"}).status_code == 405
    page = browser.get("/suppression/", {"number": "07700 900101"})
    assert "must not be called</h2>" not in page.text


# The export


def test_the_export_keeps_the_plus_and_holds_nothing_that_a_spreadsheet_would_run(
    browser: Browser, manager: User, northgate: Client, everybodys: Suppression
) -> None:
    Suppression.add(manager, northgate, ANN, "=HYPERLINK(1)", timezone.localdate())
    answer = browser.get(reverse("suppression:export"))
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert [row[:4] for row in rows[1:]] == [
        [f"'{ANN}", "Northgate Energy", "'=HYPERLINK(1)", timezone.localdate().isoformat()]
    ]


def test_an_export_can_be_uploaded_again(
    browser: Browser, manager: User, northgate: Client, harbour: Client, ours: Suppression
) -> None:
    exported = b"".join(browser.get(reverse("suppression:export")))
    again = Suppression.upload(manager, harbour, ContentFile(exported, "e.csv"), "Moved.", None)
    load.run(again)
    assert [entry.number for entry in again.numbers.all()] == [ANN]


def test_staff_export_the_entries_for_all_clients(admin: User, everybodys: Suppression) -> None:
    answer = signed_in(admin).get(reverse("suppression:export"))
    assert b"'+447700900102,All clients,National register." in b"".join(answer)


# Privacy


def test_no_event_and_no_log_names_a_number(
    browser: Browser, northgate: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    browser.post(ADD, typed(northgate.pk, "07700 900101"))
    entry = SuppressedNumber.objects.get()
    browser.post(SEARCH, {"number": "07700 900101"})
    browser.post(reverse("suppression:remove", args=[entry.pk]), {"reason": "Asked."})
    sentences = " ".join(Event.objects.values_list("sentence", flat=True))
    assert "Suppressed a number" in sentences
    for number in ("900101", "07700 900101"):
        assert number not in sentences
        assert not [
            record
            for record in caplog.records
            if record.name != "django.db.backends" and number in record.getMessage()
        ]


def test_suppression_is_between_lists_and_submissions_in_the_navigation(
    browser: Browser,
) -> None:
    page = browser.get("/suppression/").text
    places = [
        page.index(f">{label}</a>") for label in ("Contact lists", "Suppression", "Submissions")
    ]
    assert places == sorted(places)
    assert 'href="/suppression/" aria-current="true"' in page
