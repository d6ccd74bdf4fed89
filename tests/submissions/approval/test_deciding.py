"""What an approver is shown: the counts, what is no longer valid, and what people will hear."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from campaigns.clients.models import Approval, CallFlow, Client, Event
from campaigns.contacts.models import Contact
from campaigns.drafts.campaign.content import Source
from campaigns.drafts.models import Campaign
from campaigns.drafts.spoken.script import Piece
from campaigns.partner import wire
from campaigns.partner.wire import Recipient
from campaigns.submissions.approval import examples
from campaigns.submissions.approval.decision import decision
from campaigns.submissions.models import Submission, endings
from campaigns.suppression.models import Suppression
from tests import people
from tests.partner import test_wire

ROWS = (
    ("07700 900101", "Amara Ahmed", "Amara", "1 December"),
    ("07700 900102", "Ben Brown", "Ben", "2 December"),
    ("07700 900103", "Chloe <Clarke>", "Chloe", ""),
    ("07700 900104", "Dev Davies", "Dev", "4 December"),
)
SCRIPT = "Hello {Parameter1}, due on {Parameter2}."


@pytest.fixture
def asking(manager: User, northgate: Client) -> Submission:
    """A submission that waits for approval; one of its four people has no due date."""
    northgate.approval = Approval.ALWAYS
    northgate.save()
    CallFlow.objects.update(script=SCRIPT, sms_text="Due on {Parameter2}.")
    contacts = people.contact_list(manager, northgate, ROWS)
    made = people.submitted(Campaign.start(manager, people.content(northgate, contacts)), manager)
    return Submission.objects.get(pk=made.pk)


texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.just('{"number":"07",')
recipients = st.builds(
    Recipient,
    number=st.integers(0, 999).map("+447700900{:03}".format),
    name=texts,
    parameters=st.dictionaries(st.integers(1, 9), texts, max_size=4),
)


@given(st.lists(recipients, max_size=12), st.integers(1, 40))
def test_the_entries_of_a_body_are_what_was_written(people: list[Recipient], size: int) -> None:
    campaign = test_wire.campaign(name='{"number":"07700900001"},')
    body = test_wire.body_of(wire.head(campaign), people)
    blocks = [body[start : start + size] for start in range(0, len(body), size)]
    written = wire.entries(people)
    assert list(wire.entries_in(blocks)) == written
    for entry, person in zip(written, people, strict=True):
        assert all(wire.says(entry, [n]) == (n in person.parameters) for n in range(1, 10))


@pytest.mark.django_db
def test_first_last_and_one_who_lacks_a_value_come_from_the_frozen_bytes(
    asking: Submission,
) -> None:
    Contact.objects.update(name="Somebody else", values=["", "", "Nobody", "never"])
    shown = examples.of(asking)
    assert [(each.who, each.number, each.name) for each in shown] == [
        ("First person", "07700900101", "Amara Ahmed"),
        ("Last person", "07700900104", "Dev Davies"),
        ("Lacks a value", "07700900103", "Chloe <Clarke>"),
    ]
    assert shown[2].script == [
        Piece("Hello "),
        Piece("Chloe", 1),
        Piece(", due on "),
        Piece("", 2),
        Piece("."),
    ]
    assert shown[1].sms == [Piece("Due on "), Piece("4 December", 2), Piece(".")]


@pytest.mark.django_db
def test_without_a_script_or_with_damaged_bytes_there_are_no_examples(asking: Submission) -> None:
    file = asking.parts.get().payload_file
    default_storage.delete(file)
    assert examples.of(asking) == []
    CallFlow.objects.update(script="", sms_text="")
    assert examples.of(Submission.objects.get(pk=asking.pk)) == []


@pytest.mark.django_db
def test_what_is_no_longer_valid_is_shown(asking: Submission) -> None:
    found = decision(asking)
    assert found
    assert (found.numbers, found.problems) == (4, [])
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        late = decision(asking)
    assert late
    assert [problem.sentence for problem in late.problems] == [
        "This is in the past (Europe/London time)."
    ]


@pytest.mark.django_db
def test_the_approver_sees_everything_and_the_history_has_no_number(
    client: Browser, approver: User, manager: User, northgate: Client, asking: Submission
) -> None:
    other = replace(
        asking.own_campaign.content(), name="Again", parameters={1: Source("text", "you")}
    )
    second = people.submitted(Campaign.start(manager, other), manager)
    client.force_login(approver)
    page = client.get(reverse("submissions:detail", args=[second.pk]))
    said = " ".join(page.text.split())
    assert "100 % of these people (4 of 4)" in said
    assert "mina confirmed that these people should be called again." in said
    assert "<mark>you</mark>" in said
    assert '<mark class="missing">nothing for parameter 2</mark>' in said
    assert "What will be sent" in said
    told = " ".join(Event.objects.values_list("sentence", flat=True))
    assert "900" not in told.replace("9:00", "")


@pytest.mark.django_db
def test_what_was_left_out_is_counted_beside_what_is_called(
    manager: User, northgate: Client, asking: Submission
) -> None:
    endings.undo(asking, manager)
    Suppression.add(manager, northgate, "+447700900101", "Asked.", None)
    again = people.submitted(Campaign.objects.get(pk=asking.own_campaign.pk), manager)
    found = decision(Submission.objects.get(pk=again.pk))
    assert found
    assert (found.numbers, found.suppressed, found.repeated) == (3, 1, 0)
    endings.undo(again, manager)
    assert decision(Submission.objects.get(pk=again.pk)) is None
