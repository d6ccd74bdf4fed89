"""`manage.py demo`: clients, people, lists, drafts and submissions to look at, in fictional numbers."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.clients.models import Client, PartnerAccount
from campaigns.partner.sandbox import remote
from campaigns.submissions.demo import people, story

PASSWORD_FILE = "demo_password"  # noqa: S105  a file's name
START_SECONDS = 30


class Command(BaseCommand):
    help = "Load demo data into an empty portal, and print the demo sign-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--only-if-empty",
            action="store_true",
            help="do nothing, and say nothing, where there are clients already",
        )

    def handle(self, *_args: Any, only_if_empty: bool, **_options: Any) -> None:
        if PartnerAccount.objects.filter(kind=PartnerAccount.Kind.LIVE).exists():
            if only_if_empty:
                return
            message = "There is a live partner account here: demo data and its sign-ins stay out."
            raise CommandError(message)
        if not (Client.objects.exists() or User.objects.exists()):
            self.stdout.write("Loading demo data: uploading lists, sending campaigns ...")
            self.stdout.flush()
            self._load()
        elif not only_if_empty:
            message = "There are clients or people here already: demo data needs an empty portal."
            raise CommandError(message)
        self._print_sign_ins()

    def _load(self) -> None:
        password = os.environ.get("PORTAL_DEMO_PASSWORD") or secrets.token_urlsafe(9)
        _password_file().write_text(password)
        _password_file().chmod(0o600)
        with running_sandbox():
            story.load(people.settle_in(password))

    def _print_sign_ins(self) -> None:
        if not _password_file().is_file() or not User.objects.filter(username="manager").exists():
            return
        names = ", ".join(people.USERNAMES)
        self.stdout.write(f"\n  Demo sign-ins: {names}")
        self.stdout.write(f"  Password:      {_password_file().read_text()} (the same for all)")


def _password_file() -> Any:
    return settings.DATA_DIR / PASSWORD_FILE


@contextmanager
def running_sandbox() -> Iterator[None]:
    """Use the sandbox that is running. If there is none, run one on the same ledger until the end."""
    if remote.is_up(settings.SANDBOX_URL):
        yield
        return
    command = [sys.executable, "manage.py", "partner_sandbox", "--port", str(settings.SANDBOX_PORT)]
    process = subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


def _wait_for(process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while not remote.is_up(settings.SANDBOX_URL):
        if process.poll() is not None or time.monotonic() > end:
            message = f"The sandbox partner did not start on port {settings.SANDBOX_PORT}."
            raise CommandError(message)
        time.sleep(0.1)
