"""A second column of numbers on the command line: named there, or chosen on the page before."""

import json
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from campaigns.clients.models import Client
from campaigns.contacts.models import ContactList
from tests.contacts.importing.test_choosing_a_second_column import LIST, browser, imported, opened

__all__ = ["browser"]

pytestmark = pytest.mark.django_db(transaction=True)


class TestTheCommandLine:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "drop.csv"
        path.write_bytes(LIST)
        return path

    def run(self, path: Path, *more: str) -> ContactList:
        call_command("import_contacts", "--client=TEST-NORTHGATE", f"--file={path}", *more)
        return ContactList.objects.latest("pk")

    def test_names_the_second_column(
        self, northgate: Client, path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        made = self.run(path, "--number-column=Phone", "--second-number-column=mobile no", "--json")
        assert (made.number_column, made.second_number_column, made.contact_count) == (0, 1, 3)
        warnings = json.loads(capsys.readouterr().out)["warnings"]
        assert warnings["second_column_numbers"] == 2

    @pytest.mark.parametrize(
        ("option", "why"),
        [
            ("--second-number-column=phone", "is the first column of numbers already"),
            ("--second-number-column=Fax", "No column matches --second-number-column"),
        ],
    )
    def test_one_that_does_not_fit_ends_the_import(
        self, northgate: Client, path: Path, option: str, why: str
    ) -> None:
        with pytest.raises(CommandError, match=why) as problem:
            self.run(path, "--number-column=Phone", option)
        assert problem.value.returncode == 2

    @pytest.mark.parametrize(
        ("options", "second"),
        [
            ((), 1),
            (("--number-column=Phone",), 1),
            (("--number-column=Name",), None),
            (("--second-number-column=",), None),
        ],
    )
    def test_one_chosen_on_the_page_goes_with_its_first_column(
        self,
        browser: Browser,
        manager: User,
        northgate: Client,
        path: Path,
        options: tuple[str, ...],
        second: int | None,
    ) -> None:
        imported(browser, opened(manager, northgate), second="1")
        if "--number-column=Name" in options:
            with pytest.raises(CommandError, match="has no contacts"):
                self.run(path, *options)
        else:
            self.run(path, *options)
        assert ContactList.objects.latest("pk").second_number_column == second
