"""Choosing a second column of numbers on the page, and the lists read with it."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client as Browser

from campaigns.clients.models import Client
from campaigns.contacts import tasks
from campaigns.contacts.importing import list_columns
from campaigns.contacts.models import ContactList
from campaigns.suppression.models import Suppression
from campaigns.uploads.columns import cell_forms
from tests import people
from tests.contacts.importing.test_foreseeing import xlsx_of

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = (
    "Phone,Mobile No.,Name",
    "07700 900001,none,Ann",
    "none,07700 900002,Bo",
    ",07700 900003,Cy",
    "none,none,Di",
    ",nothing,Ed",
    ",07700 900001,Flo",
)
LIST = "\n".join(ROWS).encode()
FROM_SECOND = (
    "2 numbers of these rows are from “Mobile No.”, because “Phone” has none that can be called."
)


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


def opened(
    manager: User, client: Client, content: bytes = LIST, name: str = "list.csv"
) -> ContactList:
    made = ContactList.upload(manager, client, "List", ContentFile(content, name))
    list_columns.look_now(made)
    made.refresh_from_db()
    return made


def posted(browser: Browser, made: ContactList, *, by_htmx: bool = False, **more: str) -> Any:
    data = people.columns_as_shown(made) | {"number": "0", "name": "2"} | more
    headers = {"HX-Request": "true"} if by_htmx else {}
    return browser.post(f"/contact-lists/{made.pk}/columns/", data, headers=headers)


def imported(browser: Browser, made: ContactList, second: str = "") -> ContactList:
    assert posted(browser, made, second=second).status_code == 302
    tasks.import_list(made.pk)
    made.refresh_from_db()
    assert made.is_ready
    return made


def said(page: Any) -> str:
    return " ".join(page.text.split())


class TestThePage:
    def test_no_other_column_is_used_unless_it_is_chosen(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        made = opened(manager, northgate)
        page = browser.get(f"/contact-lists/{made.pk}/columns/")
        assert "If there is no usable number, use</label>" in said(page)
        assert re.search(r'<option value="" selected>\s*No other column', page.text)
        assert imported(browser, made).contact_count == 1

    @pytest.mark.parametrize("by_htmx", [True, False])
    def test_the_first_rows_follow_the_choice_at_once(
        self, browser: Browser, manager: User, northgate: Client, by_htmx: bool
    ) -> None:
        made = opened(manager, northgate)
        without = posted(browser, made, by_htmx=by_htmx, look="1")
        assert "5 of these 6 rows would be refused" in said(without)
        page = posted(browser, made, by_htmx=by_htmx, look="1", second="1")
        assert page.status_code == 200
        assert "3 of these 6 rows would be refused" in said(page)
        assert FROM_SECOND in said(page)
        roles = [column.role for column in page.context["preview"].columns]
        assert roles == ["Number", "Second number", "Name"]
        rows = page.context["preview"].rows
        assert [row.judged_column for row in rows] == [0, 1, 1, 0, 1, 1]
        assert page.text.count("This number is used.") == 2
        assert 'nothing <span class="refusal">This is not a telephone number.' in said(page)
        assert '07700 900001 <span class="refusal">Duplicate of row 2' in said(page)

    def test_the_refusals_foreseen_are_those_of_the_import(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        Suppression.add(manager, northgate, "+447700900003", "Asked.", None)
        rows = [row.split(",") for row in ROWS]
        content = xlsx_of([*rows, (447722000000, "07700 900005", "Gil"), ("", 447722000000, "Hal")])
        made = opened(manager, northgate, content, "list.xlsx")
        page = posted(browser, made, look="1", second="1")
        foreseen = {row.number: row.refusal for row in page.context["preview"].rows if row.refusal}
        refused = imported(browser, made, second="1").refused_rows.select_related("contact_list")
        assert foreseen == {row.row_number: row.sentence for row in refused}
        assert 9 in foreseen
        assert 8 not in foreseen

    @pytest.mark.parametrize(
        ("second", "why"),
        [
            ("0", "This is the first column of numbers already. Choose another, or none."),
            ("2", "This is the column with the names. Choose another, or none."),
        ],
    )
    def test_a_column_has_one_use(
        self, browser: Browser, manager: User, northgate: Client, second: str, why: str
    ) -> None:
        made = opened(manager, northgate)
        page = posted(browser, made, second=second)
        assert page.status_code == 422
        assert page.context["form"].errors == {"second": [why]}
        assert why in said(page)
        page = posted(browser, made, second=second, look="1", by_htmx=True)
        assert page.status_code == 200
        assert page.context["preview"].second_column is None
        made.refresh_from_db()
        assert made.is_choosing

    def test_its_cells_are_not_among_those_that_excel_shows_differently(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        rows = [("Phone", "Mobile No.", "Name"), (447700900001, 447700900002, "Ann")]
        made = opened(manager, northgate, xlsx_of(rows), "list.xlsx")
        assert cell_forms.NUMBERS in posted(browser, made, look="1").context["arriving"]
        assert posted(browser, made, look="1", second="1").context["arriving"] == []

    def test_a_heading_takes_the_second_column_for_the_first(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        made = opened(manager, northgate)
        page = posted(browser, made, second="1", pick="1")
        assert page.context["form"].shown_columns == (1, 2, None)

    @pytest.mark.parametrize("odd", ["99", "x", "-1"])
    def test_an_unknown_column_is_refused(
        self, browser: Browser, manager: User, northgate: Client, odd: str
    ) -> None:
        made = opened(manager, northgate)
        assert posted(browser, made, second=odd).status_code == 422
        assert posted(browser, made, pick_second=odd).status_code == 422

    def test_a_file_of_numbers_to_suppress_has_no_such_choice(
        self, browser: Browser, northgate: Client
    ) -> None:
        upload = {"scope": northgate.pk, "file": ContentFile(LIST, "n.csv"), "reason": "Asked."}
        page = browser.post("/suppression/upload/", upload, follow=True)
        assert "second" not in page.context["form"].fields
        assert "no usable number" not in page.text
        assert "pick_second" not in page.text


class TestTheListsPage:
    def test_names_both_columns_and_counts_the_numbers_of_the_second(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        made = imported(browser, opened(manager, northgate), second="1")
        page = said(browser.get(f"/contact-lists/{made.pk}/"))
        assert (
            "Numbers from the column “Phone”, or from “Mobile No.” if there is no usable number, "
            "names from “Name”. 2 numbers are from “Mobile No.”, because “Phone” had none that can be "
            "called."
        ) in page
        assert page.count("from Mobile No.</span>") == 2
        found = browser.post(f"/contact-lists/{made.pk}/contacts/", {"q": "07700 900003"})
        assert '+447700900003 <span class="role">from Mobile No.</span>' in said(found)

    def test_says_nothing_of_a_second_column_without_one(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        made = imported(browser, opened(manager, northgate))
        page = said(browser.get(f"/contact-lists/{made.pk}/"))
        assert "Numbers from the column “Phone”, names from “Name”. <" in page
        assert "from Mobile" not in page


class TestAsBefore:
    def test_the_next_file_with_the_same_headings_has_the_choice(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        imported(browser, opened(manager, northgate), second="1")
        again = opened(manager, northgate, b"mobile no,NAME,Phone\n07700 900001,Ann,none\n")
        page = browser.get(f"/contact-lists/{again.pk}/columns/")
        assert page.context["form"].shown_columns == (2, 1, 0)
        assert "We used the same settings" in page.text
        posted(browser, again, number="2", name="1", second="")
        third = opened(manager, northgate)
        assert browser.get(f"/contact-lists/{third.pk}/columns/").context["form"].shown_columns == (
            0,
            2,
            None,
        )

    def test_nothing_is_filled_in_where_the_second_shares_its_heading(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        content = b"Phone,Mobile,Mobile\n07700 900001,07700 900002,07700 900003\n"
        posted(browser, opened(manager, northgate, content), name="", second="1")
        again = opened(manager, northgate, content)
        page = browser.get(f"/contact-lists/{again.pk}/columns/")
        assert "We used the same settings" not in page.text
        assert page.context["form"].shown_columns[2] is None

    def test_choosing_other_columns_begins_with_it(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        made = imported(browser, opened(manager, northgate), second="1")
        page = browser.post(f"/contact-lists/{made.pk}/other-columns/", follow=True)
        assert page.context["form"].shown_columns == (0, 2, 1)
        assert FROM_SECOND in said(page)

    def test_rows_that_are_added_have_the_columns_of_the_list(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        base = imported(browser, opened(manager, northgate), second="1")
        file = ContentFile(b"Name,Mobile No.,Phone\nDi,07700 900001,none\n", "more.csv")
        made = ContactList.upload(manager, northgate, "More", file, based_on=base)
        list_columns.look_now(made)
        page = browser.get(f"/contact-lists/{made.pk}/columns/")
        assert page.context["form"].shown_columns == (2, 0, 1)
        assert "The number is already on the list" in page.text
        assert page.context["better"] is None
        posted(browser, made, second="")
        tasks.import_list(made.pk)
        made.refresh_from_db()
        assert (made.second_number_column, made.second_number_count) == (1, 2)

    def test_a_file_that_is_read_again_has_its_columns_chosen_anew(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        made = opened(manager, northgate)
        posted(browser, made, second="1")
        ContactList.objects.filter(pk=made.pk).update(status=ContactList.Status.FAILED)
        made.refresh_from_db()
        assert made.read_again(manager, {})
        made.refresh_from_db()
        assert made.second_number_column is None
