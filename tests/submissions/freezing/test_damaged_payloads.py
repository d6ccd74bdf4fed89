"""A payload's file that is cut short, empty, changed or gone: never trusted, and never a 500."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Approval, Client
from campaigns.contacts.models import ContactList
from campaigns.drafts.models import Campaign
from campaigns.submissions import payload_files, tasks
from campaigns.submissions.approval import examples
from campaigns.submissions.delivering import deliver, suppressed_since
from campaigns.submissions.freezing import already_sent
from campaigns.submissions.models import Delivery, Submission
from portal.files import WholeFiles
from tests import people
from tests.full_disk import only_room_for, room_for

pytestmark = pytest.mark.django_db(transaction=True)

BLOCKS = [b'{"name":"x","phoneNumbers":[', b'{"number":"07700900101"}', b"]}"]


def gone(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def empty_inside(path: Path) -> None:
    path.write_bytes(gzip.compress(b""))


def half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def without_its_end(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def no_gzip(path: Path) -> None:
    path.write_bytes(b"x" * 200)


def other_json(path: Path) -> None:
    path.write_bytes(gzip.compress(b'{"phoneNumbers":7}'))


DAMAGES = [gone, empty, empty_inside, half, without_its_end, no_gzip, other_json]
damaging = pytest.mark.parametrize("damage", DAMAGES)
Damage = Callable[[Path], None]


def path_of(submission: Submission) -> Path:
    return Path(default_storage.path(submission.parts.get().payload_file))


@damaging
def test_its_pages_say_so_and_offer_what_helps(
    submission: Submission, manager: User, damage: Damage
) -> None:
    damage(path_of(submission))
    browser = Browser()
    browser.force_login(manager)
    page = browser.get(reverse("submissions:detail", args=[submission.pk]))
    assert page.status_code == 200
    if damage is not without_its_end:
        # This page reads only the beginning of the file.
        assert "damaged or missing" in page.text
    assert "Undo submission" in page.text
    download = browser.get(reverse("submissions:payload", args=[submission.pk, 1]), follow=True)
    assert payload_files.DAMAGED in download.text


@damaging
def test_it_can_not_be_approved_and_can_be_returned(
    manager: User, approver: User, northgate: Client, contact_list: ContactList, damage: Damage
) -> None:
    northgate.approval = Approval.ALWAYS
    northgate.save()
    campaign = Campaign.start(manager, people.content(northgate, contact_list))
    submission = people.submitted(campaign, manager)
    sha256 = submission.payload_sha256
    damage(path_of(submission))
    browser = Browser()
    browser.force_login(approver)
    page = browser.get(reverse("submissions:detail", args=[submission.pk]))
    assert "can’t approve this campaign" in page.text
    assert ">Approve</button>" not in page.text
    assert "Return to author" in page.text
    browser.post(reverse("submissions:approve", args=[submission.pk]), {"sha256": sha256})
    submission.refresh_from_db()
    assert submission.state == Submission.State.AWAITING_APPROVAL
    browser.post(reverse("submissions:return", args=[submission.pk]), {"reason": "Damaged."})
    submission.refresh_from_db()
    assert submission.state == Submission.State.RETURNED


@damaging
def test_it_is_not_sent_and_held_until_it_is_there_again(
    submission: Submission, damage: Damage
) -> None:
    damage(path_of(submission))
    delivery = Delivery.queue(submission.parts.get())
    assert delivery
    deliver.deliver(delivery)
    delivery.refresh_from_db()
    submission.refresh_from_db()
    assert delivery.state == Delivery.State.NOT_SENT
    assert submission.held_reason == payload_files.DAMAGED


def test_damage_found_by_the_last_check_of_suppression_holds_it_too(
    submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(_part: object) -> int:
        raise payload_files.Damaged

    monkeypatch.setattr(suppressed_since, "suppressed_since", damaged)
    delivery = Delivery.queue(submission.parts.get())
    assert delivery
    deliver.deliver(delivery)
    submission.refresh_from_db()
    assert submission.held_reason == payload_files.DAMAGED


@damaging
def test_every_way_of_reading_it_says_damaged(submission: Submission, damage: Damage) -> None:
    name = submission.parts.get().payload_file
    damage(path_of(submission))
    if damage is not other_json:
        # That file is whole in itself; only its hash is wrong.
        with pytest.raises(payload_files.Damaged):
            list(payload_files.numbers(name))
    with pytest.raises(payload_files.Damaged):
        list(payload_files.entries(name))
    assert not submission.parts.get().is_whole
    assert examples.of(submission) == []


@damaging
def test_who_is_at_the_partner_already_is_never_guessed(
    submission: Submission, monkeypatch: pytest.MonkeyPatch, damage: Damage
) -> None:
    """Anybody who was overlooked would be called twice."""
    monkeypatch.setattr(already_sent, "parts_sent", lambda _campaign: submission.parts.all())
    damage(path_of(submission))
    Submission.objects.update(state=Submission.State.PREPARING)
    tasks.freeze(submission.pk)
    submission.refresh_from_db()
    assert submission.state == Submission.State.PREPARING
    assert submission.held_reason == tasks.UNKNOWN_WHO_IS_LEFT


@damaging
def test_a_damaged_file_under_its_final_name_is_written_again(damage: Damage) -> None:
    first = payload_files.store(BLOCKS)
    damage(Path(default_storage.path(first.name)))
    again = payload_files.store(BLOCKS)
    assert again == first
    assert payload_files.open_whole(again.name, again.sha256, again.size)


def test_at_every_byte_of_a_full_disk_nothing_is_kept_and_later_all_is() -> None:
    whole = payload_files.store(BLOCKS)
    size = Path(default_storage.path(whole.name)).stat().st_size
    default_storage.delete(whole.name)
    for most_bytes in range(size):
        with room_for(most_bytes), pytest.raises(OSError, match="too large"):
            payload_files.store(BLOCKS)
        assert not default_storage.exists(whole.name), most_bytes
    assert payload_files.store(BLOCKS) == whole
    assert payload_files.open_whole(whole.name, whole.sha256, whole.size)


def test_a_freeze_on_a_full_disk_is_tried_again_by_itself(
    manager: User, northgate: Client, contact_list: ContactList, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = Campaign.start(manager, people.content(northgate, contact_list))
    submission = people.submitted(campaign, manager)
    path_of(submission).unlink()
    submission.parts.all().delete()
    Submission.objects.filter(pk=submission.pk).update(state=Submission.State.PREPARING)
    with monkeypatch.context() as cramped:
        only_room_for(20, cramped, WholeFiles, "_save")
        tasks.freeze(submission.pk)
    submission.refresh_from_db()
    assert (submission.state, submission.held_reason) == (Submission.State.PREPARING, "")
    assert not submission.parts.exists()
    tasks.freeze(submission.pk)
    assert submission.parts.get().is_whole
