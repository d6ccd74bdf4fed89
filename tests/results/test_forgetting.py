"""When a submission's people are forgotten, the counts stay and nobody comes back."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from campaigns.results import counts, forgetting
from campaigns.results.models import Call, CalledPerson, PartReading, ReadingLost, Sms
from campaigns.results.reading import due_parts, prepare
from campaigns.submissions.models import Submission
from tests.results import played
from tests.results.test_end_to_end import page_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_people_go_and_counts_stay(called: Submission, viewer: User) -> None:
    played.read_back(called)
    parts = list(called.parts.values_list("pk", flat=True))
    before = counts.of_parts(parts)
    shown = page_of(viewer, called)
    assert "+447700900003" in shown
    assert "Person Number3" in shown

    forgetting.forget(called)
    forgetting.forget(called)
    for model in (CalledPerson, Call, Sms):
        assert not model._default_manager.exists()
    assert counts.of_parts(parts) == before
    text = page_of(viewer, called)
    assert f"{before.reached} of 60 people reached" in text
    assert "numbers and names have been deleted" in text
    assert "7700900" not in text
    assert "Person Number" not in text
    kept = str(PartReading.objects.values_list("kept_counts", flat=True))
    assert "7700900" not in kept


def test_nothing_is_read_again(called: Submission, monkeypatch: pytest.MonkeyPatch) -> None:
    played.read_back(called)
    forgetting.forget(called)
    with played.questions(monkeypatch) as asked:
        played.read_back(called)
        assert due_parts.read_now(called.parts.all()) is None
    assert asked == []
    assert not CalledPerson.objects.exists()


def test_what_was_never_read_is_never_read(called: Submission) -> None:
    forgetting.forget(called)
    played.read_back(called)
    assert not CalledPerson.objects.exists()


def test_a_worker_in_the_middle_brings_nobody_back(called: Submission) -> None:
    reading = PartReading.objects.create(part=called.parts.get(), due_at=timezone.now())
    token = reading.claim()
    assert token
    forgetting.forget(called)
    with pytest.raises(ReadingLost):
        prepare.prepare(reading, token)
    assert not CalledPerson.objects.exists()


def test_long_entries_are_counted_without_their_digits(called: Submission) -> None:
    played.read_back(called)
    CalledPerson.objects.filter(number="+447700900003").update(
        digits="4929123412341234", attempts=1
    )
    forgetting.forget(called)
    kept = counts.of_parts(called.parts.values_list("pk", flat=True))
    assert kept.pressed["longer"] == 1
    assert "4929" not in str(PartReading.objects.get().kept_counts)
