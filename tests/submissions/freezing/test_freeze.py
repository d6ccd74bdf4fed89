"""Freezing: the exact bytes, hashed and kept once, before anything is sent."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import OperationalError
from django.utils import timezone

from campaigns.clients.models import Client, PartnerAccount
from campaigns.contacts.models import Contact, ContactList
from campaigns.drafts.campaign import schedule
from campaigns.drafts.campaign.content import DraftContent, Source
from campaigns.drafts.models import Campaign
from campaigns.submissions import payload_files, tasks
from campaigns.submissions.delivering import queueing
from campaigns.submissions.freezing import freeze
from campaigns.submissions.models import Delivery, Part, Submission
from campaigns.submissions.submitting.submit import submit
from tests import people
from tests.submissions.enqueued import enqueued

pytestmark = pytest.mark.django_db(transaction=True)


def submitted(actor: User, content: DraftContent) -> Submission:
    start = schedule.starts_at(content.hours, content.client.zone)
    return submit(Campaign.start(actor, content), actor, start)


def frozen_body(submission: Submission) -> Any:
    with payload_files.open_payload(submission.parts.get().payload_file) as payload:
        return json.loads(payload.read())


def test_the_row_keeps_hash_bytes_and_count_of_what_is_in_the_file(submission: Submission) -> None:
    part = submission.parts.get()
    with payload_files.open_payload(part.payload_file) as payload:
        body = payload.read()
    assert part.payload_sha256 == hashlib.sha256(body).hexdigest()
    assert part.payload_bytes == len(body)
    assert part.number_count == len(json.loads(body)["phoneNumbers"]) == 3
    assert payload_files.open_whole(part.payload_file, part.payload_sha256, part.payload_bytes)


def test_freezing_twice_changes_nothing(submission: Submission) -> None:
    before = list(Part.objects.values())
    assert not freeze.freeze(Submission.objects.get(pk=submission.pk))
    assert list(Part.objects.values()) == before


def test_two_workers_that_freeze_at_once_leave_one_part(
    manager: User, northgate: Client, contact_list: ContactList
) -> None:
    made = submitted(manager, people.content(northgate, contact_list))
    first, second = (Submission.objects.get(pk=made.pk) for _ in range(2))
    assert freeze.freeze(first)
    assert not freeze.freeze(second)
    assert Part.objects.count() == 1


def test_a_number_on_two_lists_is_called_once_and_counted(
    manager: User, northgate: Client, contact_list: ContactList
) -> None:
    rows = [("07700 900101", "Amara A.", "A", "9 May"), ("07700 900109", "Ina", "Ina", "9 May")]
    other = people.contact_list(manager, northgate, rows, "Other")
    said = people.content(northgate, contact_list)
    made = submitted(manager, replace(said, contact_lists=[contact_list, other]))
    freeze.freeze(made)
    part = made.parts.get()
    assert (part.number_count, part.repeated_count) == (4, 1)
    numbers = [entry["number"] for entry in frozen_body(made)["phoneNumbers"]]
    # The newest list comes first, and a number on several lists is taken from its row there.
    assert numbers == ["07700900101", "07700900109", "01632960102", "02079460103"]


def test_parameters_come_from_columns_and_fixed_texts_and_empty_cells_are_left_out(
    manager: User, northgate: Client
) -> None:
    rows = [("07700 900101", "Amara", "Amara", ""), ("07700 900102", "Ben", "", "2 May")]
    contacts = people.contact_list(manager, northgate, rows)
    sources = {
        9: Source("text", "bye"),
        2: Source("column", "Due date"),
        1: Source("column", "First name"),
    }
    made = submitted(manager, replace(people.content(northgate, contacts), parameters=sources))
    freeze.freeze(made)
    amara, ben = frozen_body(made)["phoneNumbers"]
    assert amara["parameters"] == [
        {"value": "Amara", "parameter": 1},
        {"value": "bye", "parameter": 9},
    ]
    assert ben["parameters"] == [
        {"value": "2 May", "parameter": 2},
        {"value": "bye", "parameter": 9},
    ]


def test_people_are_in_the_order_of_the_file(manager: User, northgate: Client) -> None:
    rows = [(f"07700 {900_999 - n}", f"P{n}", "P", "1 May") for n in range(900)]
    contacts = people.contact_list(manager, northgate, rows)
    made = submitted(manager, people.content(northgate, contacts))
    freeze.freeze(made)
    names = [entry["name"] for entry in frozen_body(made)["phoneNumbers"]]
    assert names == [f"P{n}" for n in range(900)]


def test_the_same_bytes_are_kept_in_one_file(northgate: Client) -> None:
    first, second = payload_files.store([b"[1,", b"2]"]), payload_files.store([b"[1,2]"])
    assert first == second


def test_the_name_sent_is_never_longer_than_the_partner_takes(
    manager: User, northgate: Client, contact_list: ContactList
) -> None:
    said = replace(people.content(northgate, contact_list), name="x" * 75)
    made = submitted(manager, said)
    freeze.freeze(made)
    assert len(frozen_body(made)["name"]) <= 100
    assert frozen_body(made)["name"].endswith(f"[{made.reference}]")


def test_when_nobody_is_left_it_is_returned_and_nothing_is_queued(
    manager: User, northgate: Client, contact_list: ContactList
) -> None:
    made = submitted(manager, people.content(northgate, contact_list))
    Contact.objects.all().delete()
    tasks.freeze(made.pk)
    made.refresh_from_db()
    assert made.state == Submission.State.RETURNED
    assert made.decision == "There is nobody to call on its contact lists."
    assert not Delivery.objects.exists()


def test_a_freeze_that_fails_holds_the_submission_and_can_be_resumed(
    manager: User,
    northgate: Client,
    contact_list: ContactList,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = submitted(manager, people.content(northgate, contact_list))
    with monkeypatch.context() as broken:
        broken.setattr(payload_files, "store", lambda _blocks: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tasks.freeze(made.pk)
    made.refresh_from_db()
    assert "could not prepare" in made.held_reason
    made.release(manager, made.hold_key)
    enqueued_ids = enqueued(monkeypatch, tasks.freeze)
    queueing.go_on(made)
    assert enqueued_ids == [made.pk]


def test_a_freeze_whose_database_fails_is_tried_again_and_at_last_left_to_a_person(
    manager: User,
    northgate: Client,
    contact_list: ContactList,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = submitted(manager, people.content(northgate, contact_list))

    def locked(*_: object) -> bool:
        raise OperationalError

    with monkeypatch.context() as broken:
        broken.setattr(freeze, "keep", locked)
        tasks.freeze(made.pk)
    made.refresh_from_db()
    assert (made.state, made.held_reason) == ("preparing", "")
    with monkeypatch.context() as broken, time_machine.travel(timezone.now() + timedelta(hours=1)):
        broken.setattr(freeze, "keep", locked)
        tasks.freeze(made.pk)
    made.refresh_from_db()
    assert "database failed" in made.held_reason
    made.release(manager, made.hold_key)
    tasks.freeze(made.pk)
    made.refresh_from_db()
    assert made.state == "scheduled"


def test_a_freeze_whose_task_was_lost_is_enqueued_again(
    manager: User, northgate: Client, contact_list: ContactList, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = submitted(manager, people.content(northgate, contact_list))
    enqueued_ids = enqueued(monkeypatch, tasks.freeze)
    queueing.sweep()
    assert enqueued_ids == [], "not before it is late"
    Submission.objects.update(state_at="2020-01-01T00:00Z")
    queueing.sweep()
    assert enqueued_ids == [made.pk]


def test_another_field_for_the_cli_is_sent_where_the_account_says_so(
    manager: User, northgate: Client, contact_list: ContactList
) -> None:
    PartnerAccount.objects.update(cli_field="defaultCli_Id")
    made = submitted(manager, people.content(Client.objects.get(pk=northgate.pk), contact_list))
    freeze.freeze(made)
    assert frozen_body(made)["defaultCli_Id"] == 11
