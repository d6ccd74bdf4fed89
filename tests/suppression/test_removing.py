"""Files of numbers that are cancelled while being read, or removed as a whole afterwards."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from campaigns.clients.models import Client, Event, Role
from campaigns.suppression import matching, tasks
from campaigns.suppression.loading import load
from campaigns.suppression.models import SuppressedNumber, Suppression, suppression
from campaigns.uploads.runs.import_run import ImportLost
from tests import people

pytestmark = pytest.mark.django_db(transaction=True)

Status = Suppression.Status
NUMBERS = [f"+447700900{n}" for n in range(101, 108)]
ANN, BEN, CHLOE = NUMBERS[:3]
WHY = "The wrong file."


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suppression, "REMOVED_AT_ONCE", 2)


def uploaded(actor: User, client: Client | None, *numbers: str) -> Suppression:
    content = "\n".join(("Phone", *numbers, "nobody")).encode()
    return Suppression.upload(actor, client, ContentFile(content, "register.csv"), "Asked.", None)


def loaded(actor: User, client: Client | None, *numbers: str) -> Suppression:
    made = uploaded(actor, client, *numbers)
    load.run(made)
    return again(made)


def again(made: Suppression) -> Suppression:
    return Suppression.objects.get(pk=made.pk)


def among(client: Client) -> set[str]:
    return matching.matcher(client).among(NUMBERS)


def sentences(made: Suppression) -> list[str]:
    return [event.sentence for event in Event.objects.about(made)]


def signed_in(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def remove(user: User, made: Suppression, reason: str = WHY) -> int:
    address = reverse("suppression:remove_all", args=[made.pk])
    return signed_in(user).post(address, {"reason": reason}).status_code


# Removed as a whole


def test_all_its_numbers_may_be_called_again_and_its_history_is_kept(
    manager: User, northgate: Client
) -> None:
    made = loaded(manager, northgate, *NUMBERS)
    assert remove(manager, made) == 302
    assert again(made).status == Status.REMOVING
    tasks.remove_suppression(made.pk)
    made = again(made)
    assert among(northgate) == set()
    assert (made.status, made.removed_count, made.still_count) == (Status.REMOVED, 7, 0)
    assert (made.row_count, made.number_count, made.refused_rows.count()) == (8, 7, 1)
    assert sentences(made)[-2:] == [
        f"Removed all its numbers from suppression: {WHY}",
        "7 numbers removed.",
    ]
    page = signed_in(manager).get(reverse("suppression:detail", args=[made.pk])).text
    assert "The numbers from this file have been removed" in page
    assert "7 numbers removed." in page
    assert "Remove these numbers" not in page


def test_numbers_of_another_entry_stay_suppressed_and_are_counted(
    manager: User, admin: User, northgate: Client, harbour: Client
) -> None:
    made = loaded(manager, northgate, *NUMBERS)
    loaded(manager, northgate, ANN, BEN)
    Suppression.add(manager, northgate, ANN, "Asked Northgate.", None)
    Suppression.add(admin, None, CHLOE, "National register.", None)
    Suppression.add(manager, harbour, NUMBERS[3], "Asked another client.", None)
    yesterday = timezone.localdate() - timedelta(days=1)
    Suppression.add(manager, northgate, NUMBERS[4], "Until yesterday.", yesterday)
    remove(manager, made)
    tasks.remove_suppression(made.pk)
    assert among(northgate) == {ANN, BEN, CHLOE}
    assert sentences(made)[-1] == "7 numbers removed; 3 of them stay suppressed by another entry."


@pytest.mark.parametrize("earlier_goes", [True, False])
def test_removing_one_of_two_files_with_the_same_numbers_frees_no_number(
    manager: User, northgate: Client, earlier_goes: bool
) -> None:
    files = [loaded(manager, northgate, ANN, BEN) for _ in range(2)]
    gone = files[0 if earlier_goes else 1]
    remove(manager, gone)
    tasks.remove_suppression(gone.pk)
    assert among(northgate) == {ANN, BEN}


def test_removing_a_file_for_all_clients_leaves_the_entries_of_one_client(
    manager: User, admin: User, northgate: Client, harbour: Client
) -> None:
    made = loaded(admin, None, ANN, BEN)
    Suppression.add(manager, northgate, ANN, "Asked Northgate.", None)
    remove(admin, made)
    tasks.remove_suppression(made.pk)
    assert (among(northgate), among(harbour)) == ({ANN}, set())
    assert sentences(made)[-1] == "2 numbers removed; 1 of them stays suppressed by another entry."


def test_after_a_worker_died_midway_the_next_counts_each_number_once(
    manager: User, northgate: Client
) -> None:
    made = loaded(manager, northgate, *NUMBERS)
    remove(manager, made)
    assert again(made).remove_some()
    assert len(among(northgate)) == 5
    assert not Suppression.objects.with_remains().exists(), "somebody may still be at it"
    Suppression.objects.update(progress_at=timezone.now() - timedelta(minutes=5))
    assert list(Suppression.objects.with_remains()) == [made]
    for _ in range(2):
        tasks.remove_suppression(made.pk)
    assert (again(made).status, again(made).removed_count) == (Status.REMOVED, 7)
    assert sentences(made).count("7 numbers removed.") == 1


def test_the_numbers_read_from_a_broken_file_can_be_removed(
    manager: User, northgate: Client
) -> None:
    made = uploaded(manager, northgate, *NUMBERS)
    token = made.claim_import()
    SuppressedNumber.objects.create(suppression=made, number=ANN, scope=northgate.pk)
    made.fail(token, "It broke.")
    assert again(made).number_count == 1
    remove(manager, made)
    tasks.remove_suppression(made.pk)
    assert (among(northgate), again(made).status) == (set(), Status.REMOVED)


@pytest.mark.parametrize(
    ("reason", "wanted"), [("", "Say why"), ("For 07700 900101", "Leave out the telephone number")]
)
def test_removing_needs_a_reason_without_a_number(
    manager: User, northgate: Client, reason: str, wanted: str
) -> None:
    made = loaded(manager, northgate, *NUMBERS)
    address = reverse("suppression:remove_all", args=[made.pk])
    page = signed_in(manager).post(address, {"reason": reason})
    assert page.status_code == 422
    assert wanted in page.text
    assert len(among(northgate)) == 7


@pytest.mark.parametrize(
    ("role", "is_staff", "for_client", "for_all"),
    [
        (Role.VIEWER, False, 403, 403),
        (Role.ACCOUNT_MANAGER, False, 302, 403),
        (None, True, 404, 302),
        (None, False, 404, 403),
    ],
)
@pytest.mark.parametrize("what", ["remove_all", "cancel"])
def test_who_may_remove_or_cancel_a_file(
    manager: User,
    admin: User,
    northgate: Client,
    role: Role | None,
    is_staff: bool,
    for_client: int,
    for_all: int,
    what: str,
) -> None:
    user = people.person("pat", is_admin=is_staff)
    if role:
        people.join(user, northgate, role)
    make = loaded if what == "remove_all" else uploaded
    for made, wanted in (
        (make(manager, northgate, ANN), for_client),
        (make(admin, None, BEN), for_all),
    ):
        before = made.status
        address = reverse(f"suppression:{what}", args=[made.pk])
        assert signed_in(user).post(address, {"reason": WHY}).status_code == wanted
        assert (again(made).status == before) == (wanted != 302)


def test_one_entry_is_removed_and_the_page_names_the_entries_that_remain(
    manager: User, admin: User, northgate: Client
) -> None:
    made = loaded(manager, northgate, ANN, BEN)
    typed = Suppression.add(manager, northgate, ANN, "Asked.", None)
    Suppression.add(admin, None, ANN, "National register.", None)
    address = reverse("suppression:remove", args=[typed.numbers.get().pk])
    page = signed_in(manager).get(address).text
    assert page.index("The number stays suppressed because of") < page.index("National register.")
    page = signed_in(manager).post(address, {"reason": "Asked to be called."}, follow=True).text
    assert "another entry still suppresses the number" in page
    assert SuppressedNumber.objects.filter(number=ANN).count() == 2
    sentence = "Removed a number from suppression: Asked to be called."
    assert (sentences(typed)[-1], sentence in sentences(made)) == (sentence, False)
    assert (again(typed).status, again(made).removed_count) == (Status.REMOVED, 0)


# Cancelled


def test_a_cancelled_load_leaves_nothing_behind(manager: User, northgate: Client) -> None:
    made = uploaded(manager, northgate, *NUMBERS)
    token = made.claim_import()
    SuppressedNumber.objects.create(suppression=made, number=ANN, scope=northgate.pk)
    page = signed_in(manager).post(reverse("suppression:cancel", args=[made.pk]), follow=True)
    assert "are being removed. They stay suppressed until this finishes" in page.text
    assert "900101" not in page.text
    with pytest.raises(ImportLost):
        made.report(token, 0.5)
    assert list(Suppression.objects.with_remains()) == [made]
    tasks.remove_suppression(made.pk)
    made = again(made)
    assert (made.status, bool(made.file), among(northgate)) == (Status.CANCELLED, False, set())
    assert not Suppression.objects.with_remains().exists()
    assert sentences(made)[-1] == "Cancelled the import."
    page = signed_in(manager).get(reverse("suppression:detail", args=[made.pk]))
    assert "No numbers from the file are suppressed, and the file was not kept." in page.text
    assert "hx-trigger" not in page.text


def test_a_worker_whose_load_is_cancelled_leaves_no_numbers(
    manager: User, northgate: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "BATCHES_IN_A_TRANSACTION", 1)
    made = uploaded(manager, northgate, *(f"07700 {900_000 + n % 1000}" for n in range(3000)))
    write, blocks = load._Load.write, iter(range(99))

    def cancelled_after_the_first(self: load._Load) -> None:
        write(self)
        if next(blocks) == 1:
            again(made).cancel(manager)

    monkeypatch.setattr(load._Load, "write", cancelled_after_the_first)
    load.run(made)
    assert again(made).status == Status.CANCELLED
    assert not SuppressedNumber.objects.exists()
    assert not again(made).refused_rows.exists()
    assert again(made).file == ""


def test_a_file_that_is_in_force_cannot_be_cancelled(manager: User, northgate: Client) -> None:
    made = loaded(manager, northgate, ANN)
    page = signed_in(manager).post(reverse("suppression:cancel", args=[made.pk]), follow=True)
    assert "The import ended before it could be cancelled." in page.text
    assert among(northgate) == {ANN}
