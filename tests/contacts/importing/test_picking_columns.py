"""Choosing a column by its heading, and the hint that another column has clearly more numbers."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client as Browser

from campaigns.clients.models import Client
from campaigns.contacts.importing import list_columns
from campaigns.contacts.models import ContactList
from tests import people
from tests.contacts import imports

pytestmark = pytest.mark.django_db

NUMBERS = [f"07700 9000{n:02}" for n in range(20)]
HEADINGS = ["Phone", "Name", "Mobile No."]


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


def csv_of(filled: int, others: int = 20, reference: int = 0) -> bytes:
    """Return 20 rows, of which so many have a number in Phone, in Mobile No., and in Reference."""
    lines = [",".join([*HEADINGS, "Reference"])]
    for n, number in enumerate(NUMBERS):
        cells = [number if n < count else "none" for count in (filled, others, reference)]
        lines.append(",".join([cells[0], "Ann Ames", *cells[1:]]))
    return "\n".join(lines).encode()


def opened(manager: User, client: Client, content: bytes) -> ContactList:
    made = imports.uploaded(manager, client, content)
    list_columns.look_now(made)
    made.refresh_from_db()
    return made


def posted(browser: Browser, made: ContactList, *, by_htmx: bool = False, **more: str) -> Any:
    data = people.columns_as_shown(made) | more
    headers = {"HX-Request": "true"} if by_htmx else {}
    return browser.post(f"/contact-lists/{made.pk}/columns/", data, headers=headers)


def said(page: Any) -> str:
    return " ".join(page.text.split())


class TestTheHeadings:
    @pytest.mark.parametrize("by_htmx", [True, False])
    def test_a_heading_chooses_its_column_and_rows_and_field_follow(
        self, browser: Browser, manager: User, northgate: Client, by_htmx: bool
    ) -> None:
        made = opened(manager, northgate, csv_of(20, 5))
        page = posted(browser, made, by_htmx=by_htmx, number="0", name="1", pick="2")
        assert page.status_code == 200
        assert page.context["form"]["number"].value() == "2"
        assert page.context["preview"].number_column == 2
        assert "5 of these 10 rows would be refused" in said(page)
        assert re.search(r'<option value="2" selected>', page.text)
        made.refresh_from_db()
        assert made.is_choosing

    def test_each_is_a_button_that_says_whether_it_is_chosen_and_redraws_the_fields_too(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        made = opened(manager, northgate, csv_of(20, 0))
        page = said(browser.get(f"/contact-lists/{made.pk}/columns/"))
        buttons = re.findall(r'<button[^>]* name="pick"[^>]*>([^<]*)</button>', page)
        assert buttons == [*HEADINGS, "Reference"]
        pressed = re.findall(r'id="pick-(\d)"[^>]*aria-pressed="true"', page)
        assert pressed == ["0"]
        assert page.count('hx-select-oob="#columns:only-changes"') == len(buttons)
        assert 'id="columns"' in page

    def test_the_column_of_names_is_given_up_for_numbers(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        made = opened(manager, northgate, csv_of(20))
        page = posted(browser, made, number="0", name="2", pick="2")
        assert page.context["form"].shown_columns == (2, None, None)
        assert [column.role for column in page.context["preview"].columns][:3] == ["", "", "Number"]

    def test_the_first_button_of_the_form_chooses_nothing(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        """Enter in a field presses it."""
        made = opened(manager, northgate, csv_of(20))
        page = browser.get(f"/contact-lists/{made.pk}/columns/").text
        form = page[: page.index('name="shown"')].rpartition("<form")[2]
        first = re.search(r"<button[^>]*>", form)
        assert first
        assert 'name="look"' in first[0]

    def test_an_unknown_column_is_refused(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        made = opened(manager, northgate, csv_of(20))
        for odd in ("99", "x", "-1"):
            assert posted(browser, made, pick=odd).status_code == 422

    def test_a_file_for_an_earlier_list_has_no_such_buttons(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        base = imports.imported(manager, northgate, b"Phone,Mobile\n07700 900001,none\n")
        more = ContentFile(b"Phone,Mobile\nnone,07700 900002\n", "more.csv")
        made = ContactList.upload(manager, northgate, "More", more, based_on=base)
        list_columns.look_now(made)
        page = browser.get(f"/contact-lists/{made.pk}/columns/")
        assert page.status_code == 200
        assert 'name="pick"' not in page.text
        assert page.context["better"] is None

    def test_a_file_of_numbers_to_suppress_has_them_too(
        self, browser: Browser, northgate: Client
    ) -> None:
        file = ContentFile(csv_of(8), "numbers.csv")
        upload = {"scope": northgate.pk, "file": file, "reason": "Asked."}
        address = browser.post("/suppression/upload/", upload).headers["Location"]
        data = {"number": "0", "shown": browser.get(address).context["form"]["shown"].value()}
        data |= {"header_row": "1", "delimiter": ",", "encoding": "utf-8"}
        page = browser.post(address, data | {"look": "1"})
        assert "“Mobile No.” has one in all of them." in said(page)
        page = browser.post(address, data | {"pick": "2"})
        assert page.context["preview"].number_column == 2
        assert page.context["better"] is None


class TestTheHint:
    @pytest.mark.parametrize(
        ("filled", "others", "words"),
        [
            (
                12,
                19,
                "40 % of the first rows have no number here. “Mobile No.” has one in nearly all.",
            ),
            (12, 20, "“Mobile No.” has one in all of them."),
            (0, 20, "None of the first rows has a number here."),
            (4, 12, "“Mobile No.” has one in 60 %."),
        ],
    )
    def test_names_the_column_that_fits_better(
        self,
        browser: Browser,
        manager: User,
        northgate: Client,
        filled: int,
        others: int,
        words: str,
    ) -> None:
        made = opened(manager, northgate, csv_of(filled, others))
        page = posted(browser, made, number="0", name="1", look="1")
        assert words in said(page)
        assert re.search(r'value="2"[^>]*>Use “Mobile No.”</button>', said(page))
        assert page.context["better"].index == 2

    @pytest.mark.parametrize(("filled", "others"), [(20, 20), (19, 20), (16, 19), (12, 8)])
    def test_is_silent_where_no_column_is_clearly_better(
        self, browser: Browser, manager: User, northgate: Client, filled: int, others: int
    ) -> None:
        made = opened(manager, northgate, csv_of(filled, others))
        assert posted(browser, made, number="0", look="1").context["better"] is None

    def test_prefers_a_usual_heading_to_references_that_look_like_numbers(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        made = opened(manager, northgate, csv_of(4, 16, reference=20))
        page = posted(browser, made, number="0", look="1")
        assert page.context["better"].heading == "Mobile No."

    def test_goes_once_the_better_column_is_chosen(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        made = opened(manager, northgate, csv_of(8))
        assert posted(browser, made, number="0", pick="2", by_htmx=True).context["better"] is None

    def test_is_not_given_before_a_column_is_chosen(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        made = opened(manager, northgate, csv_of(12))
        page = browser.get(f"/contact-lists/{made.pk}/columns/")
        assert page.context["form"].shown_columns[0] is None
        assert page.context["better"] is None
