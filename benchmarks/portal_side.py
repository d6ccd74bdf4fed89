"""The portal inside a run: one client with one manager, and what they have uploaded and submitted."""

import logging
import os
import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from campaigns.clients.models import Client
    from campaigns.contacts.models import ContactList
    from campaigns.submissions.models import Submission


def start(*, empty: bool = False) -> None:
    """Make the portal's models usable, on an empty database if that is asked for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    logging.disable(logging.WARNING)
    if empty:
        from django.conf import settings
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("flush", interactive=False, verbosity=0)
        # The journal has deliveries that the emptied database lacks, so sending would be held.
        shutil.rmtree(settings.JOURNAL_DIR, ignore_errors=True)


def upload(path: Path) -> "ContactList":
    """Upload a file for a new client with a live account, for which fictional numbers are refused."""
    from django.contrib.auth.models import User
    from django.core.files.base import File

    from campaigns.contacts.models import ContactList

    manager = User.objects.create_user("manager")
    with path.open("rb") as file:
        return ContactList.upload(manager, _client(), "List", File(file, name=path.name))


def imported_again(path: Path) -> "ContactList":
    """Import a file as another list of the existing client."""
    from django.contrib.auth.models import User
    from django.core.files.base import File

    from campaigns.clients.models import Client
    from campaigns.contacts.importing import pipeline
    from campaigns.contacts.models import ContactList

    with path.open("rb") as file:
        made = ContactList.upload(
            User.objects.get(), Client.objects.get(), "Again", File(file, name=path.name)
        )
    pipeline.run(made)
    made.refresh_from_db()
    return made


def lists_of_one(api_url: str, numbers: Iterable[str]) -> list["ContactList"]:
    """Import a list for each number, for a new sandbox client whose campaigns are due at once."""
    from django.contrib.auth.models import User
    from django.core.files.base import ContentFile

    from campaigns.clients.models import Client, PartnerAccount
    from campaigns.contacts.importing import pipeline
    from campaigns.contacts.models import ContactList

    manager, client = User.objects.create_user("manager"), _client()
    PartnerAccount.objects.update(kind=PartnerAccount.Kind.SANDBOX, api_url=api_url)
    Client.objects.update(undo_seconds=0)
    lists = []
    for number in numbers:
        file = ContentFile(f"Phone,Name\n{number},Amara Ahmed\n".encode(), name="one.csv")
        lists.append(ContactList.upload(manager, client, f"List {number}", file))
        pipeline.run(lists[-1])
        lists[-1].refresh_from_db()
    return lists


def lookups() -> dict[str, dict[str, list[int]]]:
    """Return the client's call flow and CLI as the sandbox takes them."""
    from campaigns.clients.models import CallFlow, Cli, Client

    return {
        Client.objects.get().dm_client_id: {
            "callflows": [*CallFlow.objects.values_list("partner_id", flat=True)],
            "clis": [*Cli.objects.values_list("partner_id", flat=True)],
        }
    }


def _client() -> "Client":
    from campaigns.clients.models import CallFlow, Cli, Client, PartnerAccount

    account = PartnerAccount.objects.create(
        name="Loopback", kind=PartnerAccount.Kind.LIVE, api_url="https://127.0.0.1:9"
    )
    client = Client.objects.create(name="Client", dm_client_id="TEST", partner_account=account)
    CallFlow.objects.create(client=client, partner_id=101, name="Reminder")
    Cli.objects.create(client=client, partner_id=11, number="020 7946 0999", description="Office")
    return client


def submit(contact_list: "ContactList | None" = None) -> "Submission":
    """Submit a campaign to the list, by default the only one; its further columns become parameters."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    from campaigns.clients.models import Client, Membership, Role
    from campaigns.contacts.models import ContactList
    from campaigns.drafts.campaign import schedule
    from campaigns.drafts.campaign.content import DraftContent, Hours, Source
    from campaigns.drafts.models import Campaign, ParameterSource
    from campaigns.submissions.demo import story

    client = Client.objects.get()
    contact_list = contact_list or ContactList.objects.get()
    headings = enumerate(contact_list.headings[2:], start=1)
    day = timezone.localdate() + timedelta(days=7)
    content = replace(
        DraftContent.blank(client),
        name="Benchmark",
        call_flow=client.callflows.get(),
        cli=client.clis.get(),
        contact_lists=[contact_list],
        hours=Hours(day, time(9), time(17)),
        intervals=[30, None],
        parameters={n: Source(ParameterSource.Kind.COLUMN, heading) for n, heading in headings},
    )
    manager = User.objects.get()
    role = {"role": Role.ACCOUNT_MANAGER}
    Membership.objects.get_or_create(user=manager, client=client, defaults=role)
    campaign = Campaign.start(manager, content)
    return story.submit_confirmed(campaign, manager, schedule.starts_at(content.hours, client.zone))
