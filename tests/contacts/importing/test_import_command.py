"""`manage.py import_contacts`: the same import for scripts, with its JSON and exit codes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from campaigns.clients.models import Client
from campaigns.contacts.models import ContactList
from campaigns.uploads.columns.remembered_mapping import RememberedMapping
from tests import database_urls, people

pytestmark = pytest.mark.django_db(transaction=True)

SIMILAR_BUT_FOR_A_NUMBER = b"Phone,Phone,Phone 2,Name\n01632960101,01632960102,07700900101,Anna\n"
TWICE = b"Phone,Phone,Name\n01632960101,07700900101,Anna\n"
SIMILAR_BUT_FOR_A_SIGN = b"Name,Mobile,Mobile?,Ref\nAnna,07700900101,01632960101,1\n"


def written(folder: Path, content: bytes) -> Path:
    path = folder / "drop.csv"
    path.write_bytes(content)
    return path


def run(client: str, path: Path, *more: str) -> None:
    call_command("import_contacts", f"--client={client}", f"--file={path}", *more)


def test_the_json_accounts_for_every_row(
    northgate: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, people.csv_file((*people.ROWS, ("", "", "", ""))).read())
    run("TEST-NORTHGATE", path, "--name=Nightly", "--json")
    said = json.loads(capsys.readouterr().out)
    made = ContactList.objects.get()
    assert said.pop("seconds") > 0
    assert said == {
        "list": made.pk,
        "rows": 6,
        "contacts": 3,
        "blank": 1,
        "suppressed": 0,
        "refused": {"duplicate": 1, "not_a_number": 1},
        "warnings": {"same_number_different_names": 1},
    }
    assert (made.name, made.uploaded_by) == ("Nightly", None)


@pytest.mark.parametrize(
    ("content", "more", "said"),
    [
        (b"%PDF-1.7 nothing of a list", (), "not a spreadsheet"),
        (b"Fruit,Colour\napple,green\n", (), "No column of telephone numbers"),
        (b"Mobile,Phone\n07700 900001,07700 900002\n", (), "More than one column"),
        (b"Phone\n07700 900001\n", ("--number-column=Mobile",), "No column matches"),
        (SIMILAR_BUT_FOR_A_SIGN, ("--number-column=mobile",), "More than one column matches"),
        (SIMILAR_BUT_FOR_A_NUMBER, ("--number-column=phone2",), "More than one column matches"),
        (SIMILAR_BUT_FOR_A_NUMBER, ("--number-column=Phone",), "its own heading"),
        (TWICE, ("--number-column=Phone",), "More than one column matches"),
        (TWICE, ("--number-column=phone",), "More than one column matches"),
        (TWICE, ("--number-column=Phone 2",), "More than one column matches"),
        (b"Phone\n07700 900001\n", ("--encoding=latin-7",), "encoding"),
        (b'Phone\n07700 900001\n"open\n', (), "quotation mark"),
    ],
)
def test_an_unreadable_file_or_column_ends_with_code_2_and_one_sentence(
    northgate: Client, tmp_path: Path, content: bytes, more: Iterable[str], said: str
) -> None:
    with pytest.raises(CommandError, match=said) as problem:
        run("TEST-NORTHGATE", written(tmp_path, content), *more)
    assert problem.value.returncode == 2
    assert "\n" not in str(problem.value)
    assert ContactList.objects.get().status == ContactList.Status.FAILED


def test_a_missing_client_or_file_ends_with_code_2(northgate: Client, tmp_path: Path) -> None:
    for client, path in (("NOBODY", written(tmp_path, b"Phone\n")), ("TEST-NORTHGATE", tmp_path)):
        with pytest.raises(CommandError) as problem:
            run(client, path)
        assert problem.value.returncode == 2
    assert not ContactList.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Name,Phone\n", "there are no rows below the headings"),
        (b"Name,Phone\nAnn,none\n,\n", "Of 2 rows: 1 refused, 1 blank"),
    ],
)
def test_a_list_without_contacts_ends_with_code_2_and_is_kept(
    northgate: Client, tmp_path: Path, content: bytes, said: str
) -> None:
    with pytest.raises(CommandError, match=said) as problem:
        run("TEST-NORTHGATE", written(tmp_path, content), "--json")
    assert problem.value.returncode == 2
    assert ContactList.objects.get().status == ContactList.Status.READY


@pytest.mark.parametrize(
    ("row", "headings", "contacts"),
    [("3", ["Ann", "07700 900001"], 1), ("0", ["Column A", "Column B"], 2)],
)
def test_the_row_of_headings_can_be_given(
    northgate: Client, tmp_path: Path, row: str, headings: list[str], contacts: int
) -> None:
    content = b"Spring\nName,Phone\nAnn,07700 900001\nBob,07700 900002\n"
    run(
        "TEST-NORTHGATE",
        written(tmp_path, content),
        f"--header-row={row}",
        "--number-column",
        headings[1],
    )
    made = ContactList.objects.get()
    assert (made.headings, made.contact_count) == (headings, contacts)


@pytest.mark.parametrize("row", ["-1", "first", "1001", "1.5", "9" * 5_000])
def test_an_impossible_row_of_headings_is_refused(
    northgate: Client, tmp_path: Path, row: str
) -> None:
    with pytest.raises(CommandError, match="Enter a row from 1 to 1,000"):
        run("TEST-NORTHGATE", written(tmp_path, b"Phone\n"), f"--header-row={row}")


def test_the_options_say_how_the_file_is_read(northgate: Client, tmp_path: Path) -> None:
    content = "Mobile:Home phone:Né\n07700 900001:01632 960001:é\n".encode("cp1252")
    options = ("--delimiter=:", "--encoding=cp1252", "--number-column=HOME PHONE")
    run("TEST-NORTHGATE", written(tmp_path, content), *options)
    made = ContactList.objects.get()
    assert made.contacts.get().number == "+441632960001"
    assert made.headings[2] == "Né"


@pytest.mark.parametrize(
    ("content", "heading", "number"),
    [
        (SIMILAR_BUT_FOR_A_NUMBER, "Phone (2)", "+441632960102"),
        (SIMILAR_BUT_FOR_A_NUMBER, "Phone 2", "+447700900101"),
        (TWICE, "Phone  (2)", "+447700900101"),
        (SIMILAR_BUT_FOR_A_SIGN, "Mobile", "+447700900101"),
        (SIMILAR_BUT_FOR_A_SIGN, "Mobile?", "+441632960101"),
    ],
)
def test_the_named_column_is_the_one_to_call(
    northgate: Client, tmp_path: Path, content: bytes, heading: str, number: str
) -> None:
    run("TEST-NORTHGATE", written(tmp_path, content), f"--number-column={heading}")
    assert ContactList.objects.get().contacts.get().number == number


@pytest.mark.parametrize("remembered", ["Phone", "Phone 2", "Phone (2)"])
def test_a_remembered_column_is_not_guessed_where_the_file_repeats_its_heading(
    northgate: Client, tmp_path: Path, remembered: str
) -> None:
    RememberedMapping.keep(northgate, ["Phone", "Phone 2", "Name"], remembered, "Name", {})
    with pytest.raises(CommandError, match="More than one column may hold") as problem:
        run("TEST-NORTHGATE", written(tmp_path, TWICE))
    assert problem.value.returncode == 2
    assert not ContactList.objects.get().contacts.exists()


@pytest.mark.parametrize("named", ["Column B", "columnb"])
def test_a_remembered_column_letter_is_not_applied_to_another_file(
    northgate: Client, tmp_path: Path, named: str
) -> None:
    RememberedMapping.keep(northgate, ["Column A", "Column B", "Column C"], named, "Column C", {})
    content = b"01632 960101,07700 900101,Ann Ash\n01632 960102,07700 900102,Bo Bell\n"
    with pytest.raises(CommandError, match="More than one column may hold") as problem:
        run("TEST-NORTHGATE", written(tmp_path, content))
    assert problem.value.returncode == 2
    assert not ContactList.objects.get().contacts.exists()


@pytest.mark.parametrize("before", [1, 700])
def test_a_row_with_more_cells_than_headings_is_refused_however_far_down(
    northgate: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str], before: int
) -> None:
    rows = [f"07700 {900_000 + n},N{n},{n} High St,50.00" for n in range(before)]
    last = ["07700900900,Bob,2 High St, Leeds,75.00", "07700900901,Cy", "07700900902,Di,,,,", ""]
    content = "\n".join(["Phone,Name,Address,Amount", *rows, *last, ""]).encode()
    run("TEST-NORTHGATE", written(tmp_path, content), "--json")
    said = json.loads(capsys.readouterr().out)
    assert said["refused"] == {"too_many_cells": 1}
    assert said["warnings"] == {"short_rows": 1}
    made = ContactList.objects.get()
    assert made.contact_count == before + 2
    assert [row.row_number for row in made.refused_rows.all()] == [before + 2]
    assert not made.contacts.filter(number="+447700900900").exists()


@pytest.mark.parametrize(
    ("content", "options", "code", "said"),
    [
        (b"%PDF-1.7 nothing of a list", (), 2, "not a spreadsheet"),
        (b"Fruit,Colour\napple,green\n", (), 2, "No column of telephone numbers"),
        (b"Phone\n07700 900001\n", ("--delimiter=ab",), 2, "Choose one character"),
        (b"Phone\n07700 900001\n", (), 0, ""),
    ],
)
def test_a_script_sees_the_exit_code_and_one_sentence(
    northgate: Client, tmp_path: Path, content: bytes, options: Iterable[str], code: int, said: str
) -> None:
    """Run in a process of its own on the same database, as a shell or cron would."""
    path = written(tmp_path, content)
    command = [sys.executable, "manage.py", "import_contacts", "--client=TEST-NORTHGATE"]
    ended = subprocess.run(
        [*command, f"--file={path}", "--json", *options],
        cwd=settings.BASE_DIR,
        env={**os.environ, "PORTAL_DATABASE_URL": database_urls.of_this_test()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == code
    assert "Traceback" not in ended.stderr
    if code:
        assert ended.stdout == ""
        lines = ended.stderr.strip().splitlines()
        assert said in lines[-1]
        assert len(lines) == 1
    else:
        assert json.loads(ended.stdout)["contacts"] == 1
