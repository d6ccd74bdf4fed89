"""A campaign is sent to a real sandbox, its clock goes on, it is read back, and the page says the same."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from campaigns.clients.models import Client, PartnerAccount
from campaigns.partner.codes import Outcome
from campaigns.results import counts, tasks
from campaigns.results.models import Call, CalledPerson, PartReading, Sms
from campaigns.submissions.models import CallingWindow, Submission
from tests.partner.sandbox import SandboxProcess
from tests.results import played
from tests.results.played import Book, campaign_of

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(person: User, submission: Submission, query: str = "") -> str:
    browser = Browser()
    browser.force_login(person)
    url = reverse("results:detail", args=[campaign_of(submission)])
    answer = browser.get(url + query)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_the_page_counts_what_the_sandboxs_own_book_has(
    sandbox: SandboxProcess, called: Submission, viewer: User
) -> None:
    now = datetime.fromisoformat(sandbox.clock()["now"]).astimezone(UTC)
    book = Book.of(called, now)
    assert book.people == book.called == 60
    assert 0 < book.reached < 60
    played.read_back(called)

    found = counts.of_parts(called.parts.values_list("pk", flat=True))
    assert (found.called, found.reached) == (book.called, book.reached)
    assert dict(found.outcomes) == dict(book.outcomes)
    assert dict(found.calls) == dict(book.calls)
    assert found.seconds == book.seconds
    assert sum(found.smss.values()) == book.smss > 0

    text = page_of(viewer, called)
    assert f"{book.reached} of 60 people reached" in text
    assert f"Not reached {60 - book.reached}" in text
    assert f"Minutes of calls {round(book.seconds / 60)}" in text
    for code, count in book.outcomes.items():
        words = Outcome.words_for(code)
        assert f"{words[0].upper()}{words[1:]} {count}" in text
    assert "Last read from the partner" in text


def test_halfway_some_are_still_to_be_called(
    sandbox: SandboxProcess, called: Submission, viewer: User
) -> None:
    start = called.windows.earliest("starts_at").starts_at
    sandbox.set_clock(start + timedelta(seconds=60))
    book = Book.of(called, start + timedelta(seconds=60))
    assert 0 < book.called < 60
    played.read_back(called)
    text = page_of(viewer, called)
    assert f"{book.reached} of 60 people reached" in text
    assert f"Still to call {60 - book.called}" in text
    assert CalledPerson.objects.filter(attempts=0).count() == 60 - book.called

    # Later, what is read replaces what was known.
    later = Book.of(called, played.after_all_calls(sandbox))
    played.read_back(called)
    assert f"{later.reached} of 60 people reached" in page_of(viewer, called)
    assert Call.objects.count() == sum(later.calls.values())


def test_several_parts_are_one_result(
    sandbox: SandboxProcess, readable: PartnerAccount, manager: User, northgate: Client
) -> None:
    Client.objects.filter(pk=northgate.pk).update(most_numbers=20)
    northgate.refresh_from_db()
    submission = played.sent(manager, northgate, 45)
    assert submission.parts.count() == 3
    book = Book.of(submission, played.after_all_calls(sandbox))
    played.read_back(submission)
    assert f"{book.reached} of 45 people reached" in page_of(manager, submission)


def test_the_export_has_everybody_with_the_words_of_the_page(
    called: Submission, viewer: User
) -> None:
    played.read_back(called)
    browser = Browser()
    browser.force_login(viewer)
    url = reverse("results:export_csv", args=[campaign_of(called)])
    text = b"".join(browser.get(url)).decode("utf-8-sig")
    exported = list(csv.DictReader(io.StringIO(text)))
    assert len(exported) == 60
    [first] = [row for row in exported if row["Number"].endswith("7700900007")]
    person = CalledPerson.objects.get(number="+447700900007")
    assert first["Name"] == "Person Number7"
    assert first["Last outcome"] == Outcome.words_for(person.outcome)
    assert int(first["Seconds"]) == person.seconds

    busy = b"".join(browser.get(url, {"outcome": "3"})).decode("utf-8-sig")
    kept = list(csv.DictReader(io.StringIO(busy)))
    assert len(kept) == CalledPerson.objects.filter(outcome=3).count() < 60
    excel = browser.get(reverse("results:export_excel", args=[campaign_of(called)]))
    assert b"".join(excel)[:2] == b"PK"
    refused = browser.get(url, {"outcome": "x"})
    assert refused.status_code == 302


def test_beat_reads_what_is_being_called_and_only_where_the_partner_allows_it(
    sandbox: SandboxProcess, called: Submission, account: PartnerAccount
) -> None:
    tasks.sweep()
    assert not PartReading.objects.exists(), "Nobody is being called yet."
    an_hour_ago = timezone.now() - timedelta(hours=1)
    CallingWindow.objects.filter(submission=called).update(
        starts_at=an_hour_ago, finishes_at=timezone.now() + timedelta(hours=1)
    )
    PartnerAccount.objects.update(reads_back=False)
    tasks.sweep()
    assert not PartReading.objects.exists()

    PartnerAccount.objects.update(reads_back=True)
    tasks.sweep()
    [reading] = played.readings(called)
    assert reading.rung_at
    assert not PartReading.objects.to_ring().exists(), "A message is on its way."
    tasks.read(reading.pk)
    reading.refresh_from_db()
    assert reading.finished_at
    assert reading.due_at
    assert timedelta() < reading.due_at - timezone.now() <= timedelta(minutes=5)
    assert Sms.objects.exists()


def test_a_part_that_is_not_due_or_not_allowed_is_not_asked_for(
    called: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    played.read_back(called)
    [reading] = played.readings(called)
    with played.questions(monkeypatch) as asked:
        tasks.read(reading.pk)
        PartnerAccount.objects.update(reads_back=False)
        played.read_back(called)
        assert asked == []
        PartnerAccount.objects.update(reads_back=True)
        played.read_back(called)
        assert asked
