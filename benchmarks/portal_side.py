"""The portal inside a run: one client with one manager, and what they have uploaded and submitted."""

import logging
import os
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
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("flush", interactive=False, verbosity=0)


def upload(path: Path) -> "ContactList":
    """Upload a file for a new client with a live account, where no fictional number may stand."""
    from django.contrib.auth.models import User
    from django.core.files.base import File

    from campaigns.contacts.models import ContactList

    manager = User.objects.create_user("manager")
    with path.open("rb") as file:
        return ContactList.upload(manager, _client(), "List", File(file, name=path.name))


def _client() -> "Client":
    from campaigns.clients.models import CallFlow, Cli, Client, PartnerAccount

    account = PartnerAccount.objects.create(
        name="Loopback", kind=PartnerAccount.Kind.LIVE, api_url="https://127.0.0.1:9"
    )
    client = Client.objects.create(name="Client", dm_client_id="TEST", partner_account=account)
    CallFlow.objects.create(client=client, partner_id=101, name="Reminder")
    Cli.objects.create(client=client, partner_id=11, number="020 7946 0999", description="Office")
    return client


def submit() -> "Submission":
    """Submit a campaign to the one list there is, its three further columns as parameters."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    from campaigns.clients.models import Client
    from campaigns.contacts.models import ContactList
    from campaigns.drafts import schedule
    from campaigns.drafts.content import DraftContent, Hours, Source
    from campaigns.drafts.models import Campaign, ParameterSource
    from campaigns.submissions.demo import story

    client, contact_list = Client.objects.get(), ContactList.objects.get()
    headings = enumerate(contact_list.headings[2:], start=1)
    day = timezone.localdate() + timedelta(days=7)
    content = DraftContent(
        client,
        name="Benchmark",
        call_flow=client.callflows.get(),
        cli=client.clis.get(),
        contact_lists=[contact_list],
        hours=Hours(day, time(9), time(17)),
        intervals=[30, None],
        parameters={n: Source(ParameterSource.Kind.COLUMN, heading) for n, heading in headings},
    )
    manager = User.objects.get()
    campaign = Campaign.start(manager, content)
    return story.submit_confirmed(campaign, manager, schedule.starts_at(content.hours, client.zone))
