"""`manage.py import_contacts`: the import of the pages, in the foreground (docs/import.md)."""

import json
import time
from argparse import ArgumentTypeError
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.clients.models import Client
from campaigns.contacts.importing import command_line
from campaigns.contacts.importing.command_line import NotImported
from campaigns.contacts.models import ContactList
from campaigns.parameters import whole_number
from campaigns.uploads.spreadsheets import LAST_HEADER_ROW

# Exit code for a problem with the file or the command line, the same as argparse's.
WRONG_INPUT = 2


class Command(BaseCommand):
    help = "Import a spreadsheet as a contact list of a client. See docs/import.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--client", required=True, metavar="DM_ID", help="DM client ID")
        parser.add_argument("--file", required=True, type=Path, metavar="PATH")
        parser.add_argument("--name", default="", help="the list's name (default: the file's name)")
        parser.add_argument(
            "--number-column", metavar="H", help="heading of the column with the numbers"
        )
        parser.add_argument(
            "--second-number-column",
            metavar="H",
            help="heading of the column whose number is used where the first has none to call; "
            "empty for none",
        )
        parser.add_argument(
            "--delimiter", metavar="D", help="one character, or the word tab; CSV only"
        )
        parser.add_argument("--encoding", metavar="E", help="such as utf-8; CSV only")
        parser.add_argument("--sheet", metavar="S", help="name of the sheet; workbooks only")
        parser.add_argument(
            "--header-row",
            type=_header_row,
            metavar="R",
            help="the spreadsheet's number of the row with the headings; 0 if there are none",
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            imported = _import(options)
        except NotImported as problem:
            raise CommandError(str(problem), returncode=WRONG_INPUT) from None
        if options["json"]:
            seconds = round(time.monotonic() - started, 3)
            self.stdout.write(json.dumps(command_line.summary(imported, seconds)))
        else:
            self.stdout.write(f"List {imported.pk}: {imported.outcome}.")


def _header_row(text: str) -> int:
    """Return the number of a row, 0 for none. Raises ArgumentTypeError, which argparse reports."""
    row = whole_number(text)
    if row is None or row > LAST_HEADER_ROW:
        message = f"Enter a row from 1 to {LAST_HEADER_ROW:,}, or 0 if there are no headings."
        raise ArgumentTypeError(message)
    return row


def _import(options: Mapping[str, Any]) -> ContactList:
    path: Path = options["file"]
    client = _client(options["client"])
    try:
        with path.open("rb") as content:
            file = File(content, name=path.name)
            made = command_line.upload(client, options["name"], file)
    except OSError:
        message = "The file can't be opened. Check its path and permissions."
        raise NotImported(message) from None
    columns = options["number_column"], options["second_number_column"]
    command_line.import_now(made, _corrections(options), *columns)
    return made


def _client(dm_client_id: str) -> Client:
    found = Client.objects.select_related("partner_account").filter(dm_client_id=dm_client_id)[:2]
    if not found:
        message = "No client has this DM client ID."
        raise NotImported(message)
    if len(found) > 1:
        message = "Two clients have this DM client ID. Upload the list in the portal instead."
        raise NotImported(message)
    return found[0]


def _corrections(options: Mapping[str, Any]) -> dict[str, Any]:
    chosen: dict[str, Any] = {
        name: options[name] for name in ("delimiter", "encoding", "sheet") if options[name]
    }
    if chosen.get("delimiter", "").casefold() in {"tab", r"\t"}:
        chosen["delimiter"] = "\t"
    if options["header_row"] is not None:
        chosen["header_row"] = options["header_row"]
    return chosen
