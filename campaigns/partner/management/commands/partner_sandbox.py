"""`manage.py partner_sandbox`: run the sandbox partner on the portal's port and ledger."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from campaigns.partner.sandbox import server


class Command(BaseCommand):
    help = "Run the sandbox partner: a stand-in for the partner's API, over real HTTP."
    # The sandbox does not use the portal's database and has to start without it.
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        server.add_options(parser)
        parser.set_defaults(port=settings.SANDBOX_PORT)
        parser.add_argument(
            "--ledger", type=Path, default=settings.SANDBOX_LEDGER, help="(default: %(default)s)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        names = ("port", "host", "timeout")
        sys.exit(server.serve(options["ledger"], **{name: options[name] for name in names}))
