"""The hint that another column of numbers completes the chosen one, and its button."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser

from campaigns.clients.models import Client
from tests.contacts.importing.test_choosing_a_second_column import browser, opened, posted, said

__all__ = ["browser"]

pytestmark = pytest.mark.django_db(transaction=True)


def two_columns(filled: str, headings: str = "Phone,Mobile No.") -> bytes:
    """Return a row for each digit: 1 has a number in the first column only, 2 in the second, 3 in both."""
    lines = [f"{headings},Name"]
    for n, kind in enumerate(filled):
        first = f"07700 9000{n:02}" if kind in "13" else "none"
        second = f"07700 9001{n:02}" if kind in "23" else "none"
        lines.append(f"{first},{second},Ann Ames")
    return "\n".join(lines).encode()


class TestTheHint:
    @pytest.mark.parametrize(
        ("filled", "words"),
        [
            (
                "1" * 12 + "2" * 8,
                "40 % of the first rows have no number here. "
                "“Mobile No.” has one for all of these.",
            ),
            ("1" * 12 + "2" * 4 + "0" * 4, "“Mobile No.” has one for 50 % of these."),
            (
                "1" + "2" * 19,
                "95 % of the first rows have no number here. "
                "“Mobile No.” has one for all of these.",
            ),
            ("3" * 15 + "1" * 2 + "2" * 3, "15 % of the first rows have no number here."),
        ],
    )
    def test_offers_the_other_column_where_each_has_numbers_that_the_other_lacks(
        self, browser: Browser, manager: User, northgate: Client, filled: str, words: str
    ) -> None:
        made = opened(manager, northgate, two_columns(filled))
        page = posted(browser, made, look="1")
        assert words in said(page)
        buttons = re.findall(r'<button[^>]* name="pick_second"[^>]*>([^<]*)</button>', said(page))
        assert buttons == ["Use “Mobile No.” where “Phone” has no number"]
        assert 'id="pick-better"' not in page.text

    @pytest.mark.parametrize(
        "filled",
        ["3" * 8 + "2" * 12, "0" * 4 + "2" * 16, "1" * 20, "1" * 19 + "2", "1" * 9 + "0" * 11],
    )
    def test_does_not_where_one_column_has_all_or_hardly_any_row_is_completed(
        self, browser: Browser, manager: User, northgate: Client, filled: str
    ) -> None:
        made = opened(manager, northgate, two_columns(filled))
        assert "pick_second" not in posted(browser, made, look="1").text

    def test_never_has_a_column_called_that_nothing_says_has_numbers(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        content = two_columns("1" * 12 + "2" * 8, headings="Phone,Reference")
        assert (
            "pick_second" not in posted(browser, opened(manager, northgate, content), look="1").text
        )

    @pytest.mark.parametrize("by_htmx", [True, False])
    def test_its_button_chooses_the_column_and_the_hint_goes(
        self, browser: Browser, manager: User, northgate: Client, by_htmx: bool
    ) -> None:
        made = opened(manager, northgate, two_columns("1" * 12 + "2" * 8))
        page = posted(browser, made, by_htmx=by_htmx, name="1", pick_second="1")
        assert page.status_code == 200
        assert page.context["form"].shown_columns == (0, None, 1)
        assert page.context["better"] is None
        assert re.search(r'<option value="1" selected>', page.text)

    def test_another_column_is_still_named_where_two_are_not_enough(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        lines = ["Phone,Work,Home phone,Name"]
        for n in range(10):
            first, second = (f"07700 90000{n}" if n == at else "none" for at in (0, 1))
            third = f"07700 90001{n}" if n else "none"
            lines.append(f"{first},{second},{third},Ann Ames")
        made = opened(manager, northgate, "\n".join(lines).encode())
        page = posted(browser, made, look="1", name="3", second="1")
        assert "80 % of the first rows have no number here." in said(page)
        assert "Use “Home phone”</button>" in said(page)
        assert "pick_second" not in page.text
