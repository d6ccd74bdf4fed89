"""A draft with the partner's sample values is sent as the partner's sample body, to the letter."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone

from campaigns.clients.models import CallFlowParameter, Client, PartnerAccount, Role
from campaigns.contacts.importing import pipeline
from campaigns.contacts.models import ContactList
from campaigns.drafts import preflight
from campaigns.drafts.campaign import schedule
from campaigns.drafts.campaign.content import DraftContent, Hours, Source
from campaigns.drafts.models import Campaign, Occasion
from campaigns.submissions.freezing import freeze
from campaigns.submissions.models import Delivery
from campaigns.submissions.submitting.submit import submit
from tests import people
from tests.partner.fault_server import Connection
from tests.partner.sample import SAMPLE
from tests.submissions import partner as partners

# The upload closes the database's connection, which a test inside a transaction would not survive.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def before_the_samples_date() -> Iterator[None]:
    with time_machine.travel(datetime(2025, 9, 1, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def client(account: PartnerAccount) -> Client:
    made = people.client(account, "Sample", "SAMPLE-1", call_flow=1, cli=1)
    # The sample has a single parameter, and not for everybody: Dave has none.
    CallFlowParameter.objects.filter(number=2).delete()
    made.callflows.update(sms_text="{Parameter1}")
    return made


def content(client: Client, actor: User) -> DraftContent:
    """Return the sample's values as a person would enter them."""
    file = ContentFile(
        b"Number,Name,Text\n07722123456,ben,testing\n07722734716,Dave,\n", "sample.csv"
    )
    contact_list = ContactList.upload(actor, client, "Sample", file)
    pipeline.run(contact_list)
    contact_list.refresh_from_db()
    return replace(
        DraftContent.blank(client),
        name="Test Campaign",
        call_flow=client.callflows.get(),
        cli=client.clis.get(),
        contact_lists=[contact_list],
        hours=Hours(date(2025, 10, 1), time(9), time(12)),
        runover=[Hours(date(2025, 10, 2), time(9), time(12))],
        intervals=[15, 60, 120],
        answerphone=Occasion.NEVER,
        sms_on_busy=Occasion.FIRST_CALL,
        parameters={1: Source("column", "Text")},
    )


def send(client: Client, actor: User) -> tuple[Connection, Delivery]:
    """Check, submit, freeze and deliver; return what the partner was sent, and the delivery."""
    people.join(actor, client, Role.ACCOUNT_MANAGER)
    said = content(client, actor)
    problems = preflight.check(said, timezone.now())
    assert preflight.of_tier(preflight.Tier.BLOCKING, problems) == []
    campaign = Campaign.start(actor, said)
    start = schedule.starts_at(said.hours, client.zone)
    submission = submit(campaign, actor, start)
    freeze.freeze(submission)
    partner, delivery = partners.send(submission)
    return partner.connections[0], delivery


def test_the_sample_is_sent_key_for_key_with_the_clients_header(
    client: Client, manager: User
) -> None:
    PartnerAccount.objects.update(reference_in_name=False)
    client.partner_account.refresh_from_db()
    connection, delivery = send(client, manager)
    assert json.loads(connection.body) == SAMPLE
    assert "\r\nclientId: SAMPLE-1\r\n" in connection.head.decode() + "\r\n"
    assert (delivery.state, delivery.campaign_id) == (Delivery.State.ACCEPTED, 41)


def test_by_default_the_reference_ends_the_name_and_nothing_else_differs(
    client: Client, manager: User
) -> None:
    connection, delivery = send(client, manager)
    reference = delivery.part.submission.reference
    assert json.loads(connection.body) == SAMPLE | {"name": f"Test Campaign [{reference}]"}
