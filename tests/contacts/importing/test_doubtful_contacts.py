"""Lists that may be a mistake: contacts who opted out, made-up numbers, or no contacts at all."""

from collections.abc import Sequence

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser

from campaigns.clients.models import Client
from campaigns.uploads.columns.opt_out_columns import OptOuts
from campaigns.uploads.numbers.placeholder_numbers import PLACEHOLDERS as MADE_UP
from campaigns.uploads.runs.notices import OPT_OUTS, PLACEHOLDERS
from tests.contacts.imports import imported

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("heading", "cells", "count"),
    [
        ("Do Not Phone", ["0", "1", "", "yes", "No"], 2),
        ("DO_NOT_CALL", ["Y", "N", "x"], 2),
        ("Don't contact", ["true", "FALSE"], 1),
        ("Opted out", ["2024-03-01", "", " "], 1),
        ("TPS", ["TPS", "none"], 1),
        ("Deceased?", ["Y", ""], 1),
        ("OK to call", ["yes", "no", "", "0"], 2),
        ("Phone consent", ["N", "Y"], 1),
        ("Client phone", ["1", "0"], 0),
        ("Tenant mobile", ["1", "0"], 0),
        ("Contact name", ["Ann", "no"], 0),
        ("Email opt out", ["1", "1"], 0),
        ("Notes", ["no", "yes"], 0),
    ],
)
def test_a_column_says_who_must_not_be_called(
    heading: str, cells: Sequence[str], count: int
) -> None:
    opt_outs = OptOuts(["Phone", heading], but=(0, None))
    opt_outs.note([["07700900101", cell] for cell in cells])
    assert opt_outs.found == ([(heading, count)] if count else [])


def test_the_contacts_that_must_not_be_called_are_counted(
    client: Browser, manager: User, northgate: Client
) -> None:
    content = b"Name,Phone,Do Not Phone\nAnn,07700900101,0\nBob,07700900102,1\nBob,07700900102,1\n"
    made = imported(manager, northgate, content)
    assert [OPT_OUTS, "1 in “Do Not Phone”"] in made.notices
    client.force_login(manager)
    page = client.get(f"/contact-lists/{made.pk}/").text
    assert "must not be called, but they are contacts: 1 in “Do Not Phone”" in page


def test_numbers_that_look_made_up_are_listed_with_their_rows(
    manager: User, northgate: Client
) -> None:
    content = b"Name,Phone\nAnn,07700900101\nBob,01234567890\nCat,07777777777\nDee,07123 456789\n"
    made = imported(manager, northgate, content)
    assert made.contact_count == 4
    assert [PLACEHOLDERS, "row 3, row 4, row 5"] in made.notices
    assert 447700900123 not in MADE_UP


def test_a_row_of_blanks_is_blank(manager: User, northgate: Client) -> None:
    blank = "  , \N{NO-BREAK SPACE},\t\n\N{ZERO WIDTH SPACE},,\n".encode()
    made = imported(manager, northgate, b"Name,Phone,Town\nAnn,07700900101,x\n" + blank)
    assert (made.contact_count, made.blank_count, made.refused_count) == (1, 2, 0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Name,Phone\n", "The file has no rows below the headings."),
        (b"Name,Phone\n , \n", "Every row is blank or has a number that must not be called."),
        (b"Name,Phone\nAnn,none\n", "No row of this file has a number to call"),
    ],
)
def test_a_list_without_contacts_says_so(
    client: Browser, manager: User, northgate: Client, content: bytes, said: str
) -> None:
    client.force_login(manager)
    made = imported(manager, northgate, content)
    assert said in client.get(f"/contact-lists/{made.pk}/").text
