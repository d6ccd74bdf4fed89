"""The import: every row of a file becomes a contact or is kept with its reason, once."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models.fields.files import FieldFile
from phonenumbers import PhoneNumberFormat, example_number, format_number

from campaigns.clients.models import Client, PartnerAccount
from campaigns.contacts.models import ContactList
from campaigns.uploads.runs import stored_file
from tests.contacts.imports import imported, many
from tests.uploads.spreadsheets.odd_files import xlsx

pytestmark = pytest.mark.django_db(transaction=True)

Status = ContactList.Status


def test_every_row_is_a_contact_or_blank_or_refused_and_says_why(
    manager: User, northgate: Client
) -> None:
    made = imported(
        manager,
        northgate,
        b"  PHONE Number,Name,Amount\n"
        b"07700 900001,Ann,10\n"
        b"4.47722E+11,Bob,20\n"
        b",,\n"
        b"+44 (0)7700 900001,Ann again,30\n"
        b",Cat,40\n",
    )
    assert (made.row_count, made.contact_count, made.blank_count, made.refused_count) == (
        5,
        1,
        1,
        3,
    )
    assert made.headings == ["PHONE Number", "Name", "Amount"]
    contact = made.contacts.get()
    assert (contact.row_number, contact.number, contact.name, contact.values) == (
        2,
        "+447700900001",
        "Ann",
        ["07700 900001", "Ann", "10"],
    )
    refused = [(row.row_number, row.reason, row.first_row) for row in made.refused_rows.all()]
    assert refused == [(3, "shortened", None), (5, "duplicate", 2), (6, "empty", None)]


def test_a_duplicate_names_its_first_row_and_another_name_however_far_up(
    manager: User, northgate: Client
) -> None:
    made = imported(manager, northgate, many(12_000))
    assert (made.contact_count, made.refused_count) == (1000, 11_000)
    assert made.other_name_count == 11_000
    wrong = made.refused_rows.exclude(first_row=(models.F("row_number") - 2) % 1000 + 2)
    assert not wrong.exists()


def test_a_number_that_excel_has_rounded_is_refused(
    manager: User, northgate: Client, tmp_path: Path
) -> None:
    rows: list[list[object]] = [
        ["Account", "Phone"],
        [12_000_000_000, 447722000000],
        [12_000_000_000, 7700900001],
    ]
    content = xlsx(tmp_path / "list.xlsx", rows).read_bytes()
    made = imported(manager, northgate, content, "list.xlsx")
    refused = made.refused_rows.get()
    assert (refused.reason, refused.cells) == ("shortened", ["12000000000", "4.47722E+11"])
    assert made.contacts.get().values == ["12000000000", "7700900001"]


def test_a_list_whose_counts_do_not_add_up_cannot_be_ready(contact_list: ContactList) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactList.objects.filter(pk=contact_list.pk).update(row_count=99)


def test_fictional_numbers_are_refused_for_a_live_account(manager: User, northgate: Client) -> None:
    PartnerAccount.objects.update(kind=PartnerAccount.Kind.LIVE, api_url="https://api.example.com")
    northgate.refresh_from_db()
    made = imported(manager, northgate, b"Phone\n07700 900001\n07722123456\n")
    assert [row.reason for row in made.refused_rows.all()] == ["fictional"]
    assert made.contact_count == 1


def test_numbers_of_another_country_are_refused_unless_the_client_calls_there(
    manager: User, northgate: Client
) -> None:
    example = example_number("IE")
    assert example
    abroad = format_number(example, PhoneNumberFormat.E164)
    content = f"Phone\n{abroad}\n07700 900001\n".encode()
    made = imported(manager, northgate, content)
    assert [row.reason for row in made.refused_rows.all()] == ["foreign"]
    northgate.further_countries = "IE"
    northgate.full_clean()
    northgate.save()
    made = imported(manager, northgate, content)
    assert [contact.number for contact in made.contacts.order_by("pk")] == [
        abroad,
        "+447700900001",
    ]


@pytest.mark.parametrize("letters", ["Ireland", "IE,FR", "XX", "ie"])
def test_a_country_that_does_not_exist_is_refused(northgate: Client, letters: str) -> None:
    northgate.further_countries = letters
    with pytest.raises(ValidationError, match="No country has these letters"):
        northgate.full_clean()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"%PDF-1.7 nothing of a list", "list.csv", "not a spreadsheet"),
        (b"Fruit,Colour\napple,green\npear,green\n", "list.csv", "No column of telephone numbers"),
        (b'Phone\n"07700 900001\n', "list.csv", "quotation mark"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_keeps_nothing(
    manager: User, northgate: Client, content: bytes, name: str, said: str
) -> None:
    made = imported(manager, northgate, content, name)
    assert made.status == Status.FAILED
    assert said in made.problem
    assert not made.contacts.exists()


def test_a_file_that_breaks_in_the_middle_leaves_no_contacts(
    manager: User, northgate: Client
) -> None:
    made = imported(manager, northgate, many(30_000) + b'\n"never closed')
    assert made.status == Status.FAILED
    assert not made.contacts.exists()
    assert not made.refused_rows.exists()


def test_the_progress_grows_while_the_file_is_read(
    manager: User, northgate: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[float] = []
    report = ContactList.report

    def watched(self: ContactList, token: str, fraction: float, rows: int) -> None:
        report(self, token, fraction, rows)
        seen.append(fraction)

    monkeypatch.setattr(ContactList, "report", watched)
    imported(manager, northgate, many(60_000))
    assert len(set(seen)) >= 3
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


class Remote(FieldFile):
    """A stored file as object storage provides it: readable, but without a path."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    @property
    def path(self) -> str:
        raise NotImplementedError

    def open(self, *_args: Any, **_kwargs: Any) -> Any:
        return BytesIO(self._content)


def test_storage_without_paths_is_read_from_a_copy() -> None:
    with stored_file.on_disk(Remote(many(5))) as path:
        assert path.read_bytes() == many(5)
    assert not path.exists()
