"""No suppressed number is frozen, and none that is suppressed after the freeze is ever sent."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.clients.models import Client, Event
from campaigns.contacts.models import ContactList
from campaigns.drafts.models import Campaign
from campaigns.submissions import payload_files, tasks
from campaigns.submissions.delivering import deliver, queueing, suppressed_since
from campaigns.submissions.demo import story
from campaigns.submissions.models import Delivery, Submission
from campaigns.submissions.submitting.submit import submit
from campaigns.suppression.models import SuppressedNumber, Suppression
from tests import people
from tests.submissions.partner import send

pytestmark = pytest.mark.django_db(transaction=True)

State = Submission.State
AMARA, BEN, CHLOE = "+447700900101", "+441632960102", "+442079460103"


def suppress(actor: User, client: Client | None, *numbers: str) -> None:
    for number in numbers:
        Suppression.add(actor, client, number, "Asked not to be called.", None)


def submitted(actor: User, client: Client, *lists: ContactList) -> Submission:
    content = replace(people.content(client, lists[0], "May"), contact_lists=list(lists))
    return people.submitted(Campaign.start(actor, content), actor)


def frozen_numbers(submission: Submission) -> list[str]:
    return list(payload_files.numbers(submission.parts.get().payload_file))


# The freeze


@pytest.mark.parametrize("for_all", [False, True])
def test_the_freeze_leaves_out_suppressed_numbers_and_counts_them(
    manager: User, northgate: Client, contact_list: ContactList, for_all: bool
) -> None:
    suppress(manager, None if for_all else northgate, AMARA)
    submission = submitted(manager, northgate, contact_list)
    part = submission.parts.get()
    assert frozen_numbers(submission) == [BEN, CHLOE]
    assert (part.number_count, part.suppressed_count) == (2, 1)


def test_a_suppressed_number_on_two_lists_is_counted_once(
    manager: User, northgate: Client, contact_list: ContactList
) -> None:
    second = people.contact_list(manager, northgate, name="Second")
    suppress(manager, northgate, AMARA)
    part = submitted(manager, northgate, contact_list, second).parts.get()
    assert (part.number_count, part.suppressed_count, part.repeated_count) == (2, 1, 3)


def test_what_another_client_suppresses_or_has_ended_is_called(
    manager: User, northgate: Client, harbour: Client, contact_list: ContactList
) -> None:
    suppress(manager, harbour, AMARA)
    yesterday = timezone.localdate() - timedelta(days=1)
    Suppression.add(manager, northgate, BEN, "Until yesterday.", yesterday)
    assert frozen_numbers(submitted(manager, northgate, contact_list)) == [AMARA, BEN, CHLOE]


def test_when_nobody_is_left_the_draft_is_returned_with_the_reason(
    manager: User, draft: Campaign, northgate: Client
) -> None:
    suppress(manager, northgate, AMARA, BEN, CHLOE)
    submission = submit(draft, manager, timezone.now() + timedelta(days=7))
    tasks.freeze(submission.pk)
    submission.refresh_from_db()
    assert submission.state == State.RETURNED
    assert "Nobody is left to call: 3 numbers" in submission.decision
    assert Campaign.objects.get(pk=draft.pk).is_draft


def test_the_numbers_of_a_payload_are_read_back_as_they_were(submission: Submission) -> None:
    assert frozen_numbers(submission) == [AMARA, BEN, CHLOE]


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    ours=st.sets(st.sampled_from([AMARA, BEN, CHLOE])),
    everybodys=st.sets(st.sampled_from([AMARA, BEN, CHLOE]), max_size=2),
)
def test_no_suppressed_number_is_ever_in_a_frozen_payload(
    manager: User,
    northgate: Client,
    contact_list: ContactList,
    ours: set[str],
    everybodys: set[str],
) -> None:
    SuppressedNumber.objects.all().delete()
    suppress(manager, northgate, *ours)
    suppress(manager, None, *everybodys)
    draft = Campaign.start(manager, people.content(northgate, contact_list))
    submission = story.submit_confirmed(draft, manager, timezone.now() + timedelta(days=7))
    tasks.freeze(submission.pk)
    left = [number for number in (AMARA, BEN, CHLOE) if number not in ours | everybodys]
    parts = submission.parts.all()
    assert [number for part in parts for number in payload_files.numbers(part.payload_file)] == left


# Between the freeze and the delivery


@pytest.mark.parametrize("for_all", [False, True])
def test_a_number_suppressed_since_the_freeze_returns_the_submission_unsent(
    submission: Submission, manager: User, northgate: Client, for_all: bool
) -> None:
    suppress(manager, None if for_all else northgate, AMARA, CHLOE)
    partner, _ = send(submission)
    assert partner.connections == []
    assert submission.state == State.RETURNED
    assert submission.decision.startswith("2 of its numbers were suppressed")
    assert [one.state for one in Delivery.objects.all()] == [Delivery.State.NOT_SENT]
    assert Campaign.objects.get(pk=submission.own_campaign.pk).is_draft


@pytest.mark.parametrize("is_deleted", [False, True])
def test_suppressed_numbers_are_looked_for_on_the_submitted_lists_not_the_drafts(
    submission: Submission, manager: User, northgate: Client, *, is_deleted: bool
) -> None:
    """A late answer may bring back a submission whose draft has changed since."""
    rows = [("07700 900109", "Ida Ives", "Ida", "9 December")]
    [before] = submission.own_campaign.contact_lists.all()
    submission.own_campaign.contact_lists.set(
        [people.contact_list(manager, northgate, rows, "Other")]
    )
    suppress(manager, northgate, AMARA)
    if is_deleted:
        before.delete()
    partner, _ = send(submission)
    assert partner.connections == []
    assert submission.state == State.RETURNED


@pytest.mark.parametrize(("days", "count"), [(-1, 0), (0, 1), (1, 1)])
def test_the_check_before_sending_counts_an_entry_through_its_last_day(
    submission: Submission, manager: User, northgate: Client, days: int, count: int
) -> None:
    last = timezone.localdate() + timedelta(days=days)
    Suppression.add(manager, northgate, AMARA, "For a while.", last)
    assert suppressed_since.suppressed_since(submission.parts.get()) == count


def test_nothing_ever_sends_a_returned_submission(
    submission: Submission, manager: User, northgate: Client
) -> None:
    suppress(manager, northgate, AMARA)
    send(submission)
    submission.release(manager, submission.hold_key)
    for _ in range(3):
        queueing.sweep()
    assert not Delivery.objects.exclude(state=Delivery.State.NOT_SENT).exists()


def test_a_returned_campaign_is_submitted_again_without_the_number(
    submission: Submission, manager: User, northgate: Client
) -> None:
    suppress(manager, northgate, AMARA)
    send(submission)
    again = people.submitted(Campaign.objects.get(pk=submission.own_campaign.pk), manager)
    [connection] = send(again)[0].connections
    sent = [entry["number"] for entry in json.loads(connection.body)["phoneNumbers"]]
    assert sent == ["01632960102", "02079460103"]
    assert again.state == State.SUBMITTED


def test_without_the_check_at_the_claim_the_number_would_be_called(
    submission: Submission, manager: User, northgate: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: were the check not there, the tests above would fail."""
    monkeypatch.setattr(suppressed_since, "suppressed_since", lambda _: 0)
    suppress(manager, northgate, AMARA)
    [connection] = send(submission)[0].connections
    assert b"07700900101" in connection.body


def test_what_was_left_out_already_does_not_stop_the_delivery_when_it_is_suppressed_again(
    manager: User, northgate: Client, contact_list: ContactList
) -> None:
    suppress(manager, northgate, AMARA)
    submission = submitted(manager, northgate, contact_list)
    suppress(manager, northgate, AMARA)
    suppress(manager, None, AMARA)
    assert len(send(submission)[0].connections) == 1
    assert submission.state == State.SUBMITTED


def test_a_number_on_none_of_its_lists_does_not_stop_the_delivery(
    submission: Submission, manager: User, northgate: Client, harbour: Client
) -> None:
    suppress(manager, northgate, "+447700900999")
    suppress(manager, harbour, AMARA)
    assert len(send(submission)[0].connections) == 1


def test_a_submission_partly_at_the_partners_is_held_and_not_returned(
    submission: Submission, manager: User, northgate: Client
) -> None:
    send(submission)
    part = submission.parts.get()
    part.pk, part.position = None, 2
    part.save()
    Submission.objects.update(state=State.SENDING)
    suppress(manager, northgate, AMARA)
    delivery = Delivery.queue(part)
    assert delivery
    deliver.deliver(Delivery.objects.get(pk=delivery.pk))
    submission.refresh_from_db()
    assert "suppressed" in submission.held_reason
    assert submission.state == State.SENDING


def test_no_event_names_a_number(submission: Submission, manager: User, northgate: Client) -> None:
    suppress(manager, northgate, AMARA)
    send(submission)
    said = " ".join(Event.objects.values_list("sentence", flat=True))
    assert "1 of its numbers was suppressed" in said
    assert "900101" not in said
