"""Everything that sending depends on is frozen with the part: if any of it changes, nothing is sent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from typing import Any

import pytest
from django.contrib.auth.models import User

from campaigns.clients.models import (
    Approval,
    CallFlow,
    Cli,
    Client,
    Membership,
    PartnerAccount,
    Role,
)
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign import schedule
from campaigns.drafts.models import Campaign
from campaigns.submissions.approval.approve_or_return import approve
from campaigns.submissions.delivering import deliver, queueing
from campaigns.submissions.demo import story
from campaigns.submissions.freezing import freeze
from campaigns.submissions.models import Delivery, Part, Submission
from tests import people
from tests.partner.fault_server import FaultServer
from tests.submissions.partner import next_queued, says_yes

pytestmark = pytest.mark.django_db(transaction=True)

Kind = PartnerAccount.Kind


def other_account() -> None:
    other = PartnerAccount.objects.create(
        name="Other", kind=Kind.SANDBOX, api_url=PartnerAccount.objects.get().api_url
    )
    Client.objects.update(partner_account=other)


CHANGES: dict[str, tuple[Callable[[], object], str]] = {
    "another account": (other_account, "partner account"),
    "the account is live": (
        lambda: PartnerAccount.objects.update(kind=Kind.LIVE, api_url="https://api.example.com"),
        "account’s kind",
    ),
    "another address": (
        lambda: PartnerAccount.objects.update(api_url="http://127.0.0.1:9/"),
        "account’s address",
    ),
    "another CLI field": (
        lambda: PartnerAccount.objects.update(cli_field="defaultCli_Id"),
        "name of the CLI field",
    ),
    "no reference in names": (
        lambda: PartnerAccount.objects.update(reference_in_name=False),
        "use of the reference",
    ),
    "another DM client ID": (lambda: Client.objects.update(dm_client_id="OTHER"), "DM client ID"),
    "another call flow": (lambda: CallFlow.objects.update(partner_id=999), "call flow’s ID"),
    "another CLI": (lambda: Cli.objects.update(partner_id=999), "CLI’s ID"),
    "no call flow": (lambda: CallFlow.objects.update(is_active=False), "no longer available"),
    "no CLI": (lambda: Cli.objects.update(is_active=False), "no longer available"),
    "another time zone": (
        lambda: Client.objects.update(time_zone="America/New_York"),
        "time zone has changed from Europe/London to America/New_York",
    ),
    "fewer calling hours": (
        lambda: Client.objects.update(calling_from=time(11), calling_until=time(12)),
        "are now allowed from 11:00 to 12:00 only",
    ),
    "a later first hour": (
        lambda: Client.objects.update(calling_from=time(10)),
        "are now allowed from 10:00 to 20:00 only",
    ),
    "an earlier last hour": (
        lambda: Client.objects.update(calling_until=time(12)),
        "are now allowed from 08:00 to 12:00 only",
    ),
    "a country taken out": (
        lambda: Client.objects.update(further_countries="FR"),
        "A country was removed from those",
    ),
    "author left": (
        lambda: User.objects.filter(username="mina").update(is_active=False),
        "mina submitted this",
    ),
    "author removed": (
        lambda: Membership.objects.filter(user__username="mina").delete(),
        "mina submitted this",
    ),
    "author may only look": (
        lambda: Membership.objects.filter(user__username="mina").update(role=Role.VIEWER),
        "mina submitted this",
    ),
    "approver left": (
        lambda: User.objects.filter(username="alan").update(is_active=False),
        "alan approved this",
    ),
    "approver removed": (
        lambda: Membership.objects.filter(user__username="alan").delete(),
        "alan approved this",
    ),
    "approver may not approve": (
        lambda: Membership.objects.filter(user__username="alan").update(role=Role.ACCOUNT_MANAGER),
        "alan approved this",
    ),
}
# Settings of an account that may change after the freeze: its name, and what is checked elsewhere.
NOT_COMPARED = {
    "id",
    "name",
    "held_reason",
    "hold_number",
    "wait_until",
    "too_many_means_not_created",
    "reads_back",
}

# Settings of a client that may change after the freeze: what is checked before it, and what the dial
# plan assumes. The fence checks `lead_time_minutes` again.
NOT_KEPT = {
    "id",
    "name",
    "approval",
    "approval_above",
    "most_numbers",
    "undo_seconds",
    "second_person_above",
    "resend_above_percent",
    "assumed_lines",
    "assumed_call_seconds",
    "blocking_warnings",
    "lead_time_minutes",
}


@pytest.fixture
def approved(
    manager: User, approver: User, northgate: Client, contact_list: ContactList
) -> Submission:
    """A campaign that one person submitted and another approved, due now."""
    northgate.approval = Approval.ALWAYS
    northgate.further_countries = "IE FR"
    northgate.save()
    made = people.submitted(
        Campaign.start(manager, people.content(northgate, contact_list)), manager
    )
    assert approve(made, approver, made.payload_sha256)
    return made


def sent_after(submission: Submission, change: Callable[[], object]) -> FaultServer:
    """Queue it, change something, and deliver it as a worker would."""
    with FaultServer(says_yes) as partner:
        people.move_partner(partner.url)
        delivery = next_queued(submission)
        assert delivery
        change()
        deliver.deliver(Delivery.objects.get(pk=delivery.pk))
    submission.refresh_from_db()
    return partner


def test_with_nothing_changed_it_is_sent(approved: Submission) -> None:
    assert len(sent_after(approved, lambda: None).connections) == 1
    assert approved.state == Submission.State.SUBMITTED


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_holds_the_submission_unsent_and_says_what_changed(
    approved: Submission, what: str
) -> None:
    change, told = CHANGES[what]
    assert sent_after(approved, change).connections == []
    assert Delivery.objects.get().state == Delivery.State.NOT_SENT
    assert told in approved.held_reason


def test_every_setting_of_an_account_is_compared_or_known_not_to_matter() -> None:
    settings = {field.name for field in PartnerAccount._meta.concrete_fields} - NOT_COMPARED
    frozen = {field.name.removeprefix("account_") for field in Part._meta.concrete_fields}
    assert settings <= frozen


def test_every_setting_of_a_client_is_compared_or_known_not_to_matter(northgate: Client) -> None:
    settings = {field.name for field in Client._meta.concrete_fields} - NOT_KEPT
    frozen = {field.name for field in Part._meta.concrete_fields}
    kept = {name.replace("countries", "further_countries") for name in northgate.calling_rules}
    assert settings == kept | (settings & frozen)


@pytest.mark.parametrize(
    "change",
    [{"calling_from": time(7)}, {"calling_until": time(21)}, {"further_countries": "DE FR IE"}],
)
def test_rules_that_allow_more_hold_nothing(approved: Submission, change: dict[str, Any]) -> None:
    sent = sent_after(approved, lambda: Client.objects.update(**change))
    assert len(sent.connections) == 1


def test_a_reason_for_other_calling_hours_still_counts_at_the_delivery(
    manager: User, northgate: Client, contact_list: ContactList
) -> None:
    content = people.content(northgate, contact_list)
    early = replace(content, hours=replace(content.hours, start=time(7)), override_reason="Agreed.")
    submission = people.submitted(Campaign.start(manager, early), manager)
    assert len(sent_after(submission, lambda: None).connections) == 1


def test_a_submission_older_than_the_kept_rules_is_sent(approved: Submission) -> None:
    Submission.objects.update(client_rules={})
    zone = lambda: Client.objects.update(time_zone="Europe/Paris")  # noqa: E731
    assert len(sent_after(approved, zone).connections) == 1


def test_a_zone_that_changes_before_the_freeze_returns_it(manager: User, draft: Campaign) -> None:
    start = schedule.starts_at(draft.content().hours, draft.client.zone)
    submission = story.submit_confirmed(draft, manager, start)
    Client.objects.update(time_zone="America/New_York")
    with pytest.raises(freeze.CantFreeze) as refused:
        freeze.freeze(Submission.objects.get(pk=submission.pk))
    assert "time zone" in refused.value.sentence
    assert "submit it again" in refused.value.sentence


def test_it_is_sent_once_access_is_restored(approved: Submission, manager: User) -> None:
    members = Membership.objects.filter(user=manager)
    sent_after(approved, lambda: members.update(role=Role.VIEWER))
    members.update(role=Role.ACCOUNT_MANAGER)
    approved.release(manager, approved.hold_key)
    assert len(sent_after(approved, lambda: None).connections) == 1


def test_what_was_submitted_to_the_sandbox_is_not_frozen_for_a_live_account(
    manager: User, draft: Campaign
) -> None:
    """The account may change while the freeze waits in its queue."""
    start = schedule.starts_at(draft.content().hours, draft.client.zone)
    submission = story.submit_confirmed(draft, manager, start)
    PartnerAccount.objects.update(kind=Kind.LIVE, api_url="https://api.example.com")
    with pytest.raises(freeze.CantFreeze):
        freeze.freeze(Submission.objects.get(pk=submission.pk))
    assert not Part.objects.exists()
    queueing.sweep()
    assert not Delivery.objects.exists()
