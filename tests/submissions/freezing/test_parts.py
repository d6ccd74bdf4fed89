"""A large submission goes out as several campaigns, one after another, each at most once."""

import html
import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from campaigns.clients.models import Approval, Client, Event, PartnerAccount
from campaigns.contacts.models import ContactList
from campaigns.drafts.models import Campaign
from campaigns.submissions import payload_files, tasks
from campaigns.submissions.approval.approve_or_return import NotWhatWasSeen, approve
from campaigns.submissions.delivering import deliver, queueing
from campaigns.submissions.freezing import freeze
from campaigns.submissions.models import Delivery, Submission, endings
from campaigns.submissions.models.states import read_off
from campaigns.submissions.submitting.submit import submit
from campaigns.suppression.models import Suppression
from tests import people
from tests.partner.fault_server import FaultServer
from tests.submissions.enqueued import enqueued
from tests.submissions.partner import Partner, next_queued, send_all

pytestmark = pytest.mark.django_db(transaction=True)

State = Submission.State
NUMBERS = [f"+447700900{n}" for n in range(101, 106)]


def states(submission: Submission) -> list[str | None]:
    return submission.parts.all().delivery_states()


def bodies(submission: Submission) -> list[Any]:
    found = []
    for part in submission.parts.all():
        with payload_files.open_payload(part.payload_file) as payload:
            found.append(json.loads(payload.read()))
    return found


# The freeze


def test_each_part_has_its_own_name_numbers_and_hash(large: Submission) -> None:
    parts = list(large.parts.all())
    assert [part.wire_name for part in parts] == [
        f"November ({position} of 3) [{large.reference}]" for position in (1, 2, 3)
    ]
    assert [part.number_count for part in parts] == [2, 2, 1]
    assert [body["name"] for body in bodies(large)] == [part.wire_name for part in parts]
    assert [
        number for part in parts for number in payload_files.numbers(part.payload_file)
    ] == NUMBERS
    for part in parts:
        assert payload_files.open_whole(part.payload_file, part.payload_sha256, part.payload_bytes)


def test_all_parts_are_alike_except_for_name_and_people(large: Submission) -> None:
    heads = [
        {name: value for name, value in body.items() if name not in {"name", "phoneNumbers"}}
        for body in bodies(large)
    ]
    assert heads[0] == heads[1] == heads[2]


def test_without_the_reference_the_name_still_has_the_part(
    manager: User, northgate: Client, five: ContactList
) -> None:
    PartnerAccount.objects.update(reference_in_name=False)
    draft = Campaign.start(manager, people.content(northgate, five, "May"))
    made = people.submitted(Campaign.objects.get(pk=draft.pk), manager)
    assert [part.wire_name for part in made.parts.all()] == [
        "May (1 of 3)",
        "May (2 of 3)",
        "May (3 of 3)",
    ]


def test_no_part_is_longer_than_a_request_may_be(
    manager: User, northgate: Client, settings: Any
) -> None:
    settings.MOST_REQUEST_BYTES = 2_000
    rows = [(f"07700 900{n}", "Person " + "x" * (n % 50), "P", "1 May") for n in range(100, 200)]
    contacts = people.contact_list(manager, northgate, rows)
    draft = Campaign.start(manager, people.content(northgate, contacts, "é" * 75))
    parts = list(people.submitted(draft, manager).parts.all())
    assert sum(part.number_count for part in parts) == 100
    assert max(part.payload_bytes for part in parts) <= 2_000
    # Each is full, except for the room that the longest name and one more person may need.
    assert min(part.payload_bytes for part in parts[:-1]) > 1_700
    assert max(len(part.wire_name) for part in parts) <= 100


def test_the_longest_name_has_room_for_the_highest_part_number() -> None:
    longest = Submission(name="x" * 75, reference="ABC234")
    most = freeze.MOST_PARTS
    assert len(freeze.wire_name(longest, most, most, with_reference=True)) <= 100


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"MOST_REQUEST_BYTES": 450}, "longer than the partner accepts"),
        ({"MOST_PARTS": 2}, "This would be sent as 3 campaigns"),
    ],
)
def test_what_can_not_be_split_is_returned_to_its_author(
    manager: User,
    northgate: Client,
    five: ContactList,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    limits: dict[str, int],
    sentence: str,
) -> None:
    settings.MOST_REQUEST_BYTES = limits.get("MOST_REQUEST_BYTES", settings.MOST_REQUEST_BYTES)
    monkeypatch.setattr(freeze, "MOST_PARTS", limits.get("MOST_PARTS", 999))
    draft = Campaign.start(manager, people.content(northgate, five))
    made = submit(draft, manager, timezone.now() + timedelta(days=7))
    tasks.freeze(made.pk)
    made.refresh_from_db()
    assert made.state == State.RETURNED
    assert sentence in made.decision


def test_what_was_left_out_is_counted_once(
    manager: User, northgate: Client, five: ContactList
) -> None:
    Suppression.add(manager, northgate, NUMBERS[4], "Asked not to be called.", None)
    draft = Campaign.start(manager, people.content(northgate, five))
    made = people.submitted(draft, manager)
    assert made.parts.count() == 2
    assert made.parts.all().left_out() == {
        "repeated_count": 0,
        "already_sent_count": 0,
        "suppressed_count": 1,
    }


def test_the_approver_approves_one_hash_over_all_parts(
    manager: User, approver: User, northgate: Client, five: ContactList
) -> None:
    Client.objects.update(approval=Approval.ALWAYS)
    draft = Campaign.start(manager, people.content(northgate, five))
    made = people.submitted(Campaign.objects.get(pk=draft.pk), manager)
    whole = made.payload_sha256
    for part in made.parts.all():
        assert part.payload_sha256 != whole
        with pytest.raises(NotWhatWasSeen):
            approve(made, approver, part.payload_sha256)
    last = made.parts.get(position=3)
    kept, last.payload_sha256 = last.payload_sha256, "0" * 64
    last.save()
    with pytest.raises(NotWhatWasSeen):
        approve(made, approver, whole)
    last.payload_sha256 = kept
    last.save()
    assert approve(made, approver, whole)


# The deliveries


def test_the_parts_are_sent_one_after_another_each_once(large: Submission) -> None:
    partner = send_all(large, 41, 42, 43)
    assert partner.numbers() == [["101", "102"], ["103", "104"], ["105"]]
    assert large.state == State.SUBMITTED
    assert large.campaign_ids == [41, 42, 43]
    for _ in range(3):
        queueing.sweep()
    assert Delivery.objects.count() == 3
    sentences = list(Event.objects.about(large).values_list("sentence", flat=True))
    assert "Part 2 of 3: The partner created the campaign: ID 42." in sentences


def test_only_one_part_is_queued_at_a_time(large: Submission) -> None:
    for _ in range(3):
        queueing.queue_all_due()
    assert [delivery.part.position for delivery in Delivery.objects.all()] == [1]
    assert states(large) == [Delivery.State.QUEUED, None, None]


def test_an_accepted_part_enqueues_the_next_at_once(
    large: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    enqueued_ids = enqueued(monkeypatch, tasks.deliver)
    with FaultServer(Partner(41)) as server:
        people.move_partner(server.url)
        queueing.queue_all_due()
        tasks.deliver(enqueued_ids[0])
    assert Delivery.objects.get(pk=enqueued_ids[1]).part.position == 2


@pytest.mark.parametrize(
    ("answers", "state", "parts"),
    [
        (["400 Bad"], State.REFUSED, ["refused", None, None]),
        ([41, "400 Bad"], State.PARTLY_SUBMITTED, ["accepted", "refused", None]),
        ([None], State.NEEDS_CHECKING, ["needs_checking", None, None]),
        ([41, "500 Oops"], State.NEEDS_CHECKING, ["accepted", "needs_checking", None]),
        # An ID that another part already has does not count.
        ([41, 41], State.NEEDS_CHECKING, ["accepted", "needs_checking", None]),
    ],
)
def test_a_part_refused_or_in_doubt_stops_those_after_it(
    large: Submission, answers: list[int | str | None], state: str, parts: list[str | None]
) -> None:
    partner = send_all(large, *answers)
    assert large.state == state
    assert states(large) == parts
    assert len(partner.bodies) == len(answers)


def test_after_a_doubt_is_settled_the_rest_is_sent(
    large: Submission, manager: User, settings: Any
) -> None:
    settings.SETTLE_AFTER = 0
    send_all(large, 41, None)
    assert Delivery.objects.get(part__position=2).was_created(manager, 42, "Asked.")
    partner = send_all(large, 43)
    assert partner.numbers() == [["105"]]
    assert (large.state, large.campaign_ids) == (State.SUBMITTED, [41, 42, 43])


def test_a_part_that_was_not_created_is_sent_again_before_those_after_it(
    large: Submission, manager: User, settings: Any
) -> None:
    settings.SETTLE_AFTER = 0
    send_all(large, 41, None)
    assert Delivery.objects.get(part__position=2).was_not_created(manager, "Asked.")
    assert send_all(large, 42, 43).numbers() == [["103", "104"], ["105"]]
    assert large.state == State.SUBMITTED


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        ([None, None], State.SCHEDULED),
        (["not_sent", None], State.SCHEDULED),
        (["accepted", None], State.SENDING),
        (["accepted", "queued"], State.SENDING),
        (["accepted", "claimed"], State.SENDING),
        (["accepted", "accepted"], State.SUBMITTED),
        (["accepted", "refused"], State.PARTLY_SUBMITTED),
        (["refused", "sending"], State.SENDING),
        (["refused", "needs_checking"], State.NEEDS_CHECKING),
        (["sending", "needs_checking"], State.NEEDS_CHECKING),
        (["accepted", "released"], State.SENDING),
    ],
)
def test_the_state_of_a_submission_is_read_off_its_parts(
    parts: list[str | None], state: str
) -> None:
    assert read_off(parts) == state


# What stops the rest after the first part


def starts_soon() -> None:
    Submission.objects.update(starts_at=timezone.now() + timedelta(minutes=2))


def test_a_start_that_got_too_close_expires_the_rest_and_never_sends_it(large: Submission) -> None:
    partner = send_all(large, 41, between=starts_soon)
    assert len(partner.bodies) == 1
    assert large.state == State.PARTLY_SUBMITTED
    assert states(large)[0] == Delivery.State.ACCEPTED
    assert Campaign.objects.get(pk=large.own_campaign.pk).is_draft


def test_a_start_that_got_too_close_at_the_claim_expires_the_rest(large: Submission) -> None:
    partner = Partner(41)
    with FaultServer(partner) as server:
        people.move_partner(server.url)
        first = next_queued(large)
        assert first
        deliver.deliver(first)
        second = next_queued(large)
        assert second
        starts_soon()
        deliver.deliver(Delivery.objects.get(pk=second.pk))
    large.refresh_from_db()
    assert (len(partner.bodies), large.state) == (1, State.PARTLY_SUBMITTED)
    assert states(large) == ["accepted", "not_sent", None]


@pytest.mark.parametrize("state", ["claimed", "sending", "needs_checking"])
def test_nothing_expires_while_a_part_is_on_its_way_or_in_doubt(
    large: Submission, state: str
) -> None:
    part = large.parts.get(position=1)
    Delivery.objects.create(part=part, partner_account=part.partner_account, state=state)
    Submission.objects.update(state=State.SENDING)
    starts_soon()
    assert not endings.expire(Submission.objects.get(pk=large.pk))
    queueing.queue_all_due()
    assert Submission.objects.get(pk=large.pk).state == State.SENDING


def test_a_number_suppressed_between_parts_holds_the_rest_until_a_person_cancels_it(
    large: Submission, manager: User, northgate: Client, client: Browser
) -> None:
    def suppress() -> None:
        Suppression.add(manager, northgate, NUMBERS[2], "Asked not to be called.", None)

    partner = send_all(large, 41, between=suppress)
    assert len(partner.bodies) == 1
    assert large.state == State.SENDING
    assert large.held_reason.startswith("1 of its numbers was suppressed")
    client.force_login(manager)
    page = client.get(reverse("submissions:detail", args=[large.pk])).text
    assert "The partner has 1 of 3 parts: 2 numbers are called." in " ".join(page.split())
    assert "Cancel the rest" in page
    seen = {"hold_key": large.hold_key}
    client.post(reverse("submissions:stop", args=[large.pk]), seen)
    large.refresh_from_db()
    assert (large.state, large.held_reason) == (State.PARTLY_SUBMITTED, "")
    page = client.get(reverse("submissions:detail", args=[large.pk])).text
    assert "1 of its numbers was suppressed" in page
    assert "The draft is open again for the rest" in page
    again = people.submitted(Campaign.objects.get(pk=large.own_campaign.pk), manager)
    assert send_all(again, 42, 43).numbers() == [["104", "105"]]


def test_what_is_not_held_or_has_a_part_on_its_way_can_not_be_cancelled(
    large: Submission, manager: User
) -> None:
    assert not endings.stop(large, manager, large.hold_key)
    send_all(large, 41, None)
    large.hold("Wait.")
    assert not endings.stop(large, manager, large.hold_key)
    large.refresh_from_db()
    assert large.state == State.NEEDS_CHECKING


# The page


def test_the_page_shows_every_part_in_a_row_and_the_chosen_one_in_full(
    large: Submission, manager: User, client: Browser
) -> None:
    send_all(large, 41, "400 Bad")
    client.force_login(manager)
    address = reverse("submissions:detail", args=[large.pk])
    page = " ".join(client.get(address).text.split())
    for text in ("1 of 3", "2 of 3", "3 of 3", ">41<", "Accepted", "Refused", "Not sent"):
        assert text in page
    assert "Part 2 of 3:" in page
    assert "2 numbers are called. Nobody else is called." in page
    assert "What was sent: part 1 of 3" in page
    assert "07700900101" in page
    second = client.get(address, {"part": "2"}).text
    assert "What was sent: part 2 of 3" in second
    assert "07700900103" in second
    for strange in ("9", "x", ""):
        assert "part 1 of 3" in client.get(address, {"part": strange}).text


def test_every_doubt_can_be_settled_and_what_waits_says_so(
    large: Submission, manager: User, client: Browser, settings: Any
) -> None:
    settings.SETTLE_AFTER = 0
    send_all(large, 41, None)
    client.force_login(manager)
    page = client.get(reverse("submissions:detail", args=[large.pk])).text
    assert f"November (2 of 3) [{large.reference}]" in page
    assert page.count("Waiting for its turn") == 1
    assert page.count("Campaign was not created") == 1
    settled = reverse("submissions:settle", args=[large.pk, 2])
    asked = Delivery.objects.latest("pk").pk
    said = {"answer": "created", "note": "Asked.", "delivery": asked}
    refused = client.post(settled, said | {"campaign_id": "41"})
    assert "has the ID 41" in refused.text
    client.post(settled, said | {"campaign_id": "42"})
    large.refresh_from_db()
    assert large.campaign_ids == [41, 42]


def test_every_payload_can_be_downloaded_and_the_list_names_the_first_ids(
    large: Submission, manager: User, northgate: Client, client: Browser
) -> None:
    send_all(large, 41, 42, 43)
    client.force_login(manager)
    for position, numbers in ((1, 2), (2, 2), (3, 1)):
        address = reverse("submissions:payload", args=[large.pk, position])
        body = json.loads(b"".join(client.get(address).streaming_content))  # type: ignore[attr-defined]
        assert len(body["phoneNumbers"]) == numbers
    assert "41, 42, 43" in client.get(reverse("submissions:list")).text
    Client.objects.filter(pk=northgate.pk).update(most_numbers=1)
    draft = Campaign.objects.get(pk=large.own_campaign.pk)
    copy = Campaign.start(manager, draft.content())
    longer = people.submitted(Campaign.objects.get(pk=copy.pk), manager)
    send_all(longer, 51, 52, 53, 54, 55)
    assert "51, 52, 53 and 2 more" in client.get(reverse("submissions:list")).text


def test_what_was_sent_keeps_the_names_that_the_lookups_had(
    client: Browser, submission: Submission, manager: User, northgate: Client
) -> None:
    client.force_login(manager)
    northgate.callflows.update(name="Renamed since")
    northgate.clis.update(description="Renamed since")
    shown = client.get(f"/submissions/{submission.pk}/").text
    [part] = submission.parts.all()
    assert part.call_flow_named in html.unescape(shown)
    assert part.cli_named in html.unescape(shown)
    assert "Renamed since" not in shown


def test_a_part_frozen_before_the_names_were_kept_says_them_as_they_are_now(
    client: Browser, submission: Submission, manager: User, northgate: Client
) -> None:
    client.force_login(manager)
    submission.parts.update(call_flow_named="", cli_named="")
    northgate.callflows.update(name="Renamed since")
    assert "Renamed since" in client.get(f"/submissions/{submission.pk}/").text
