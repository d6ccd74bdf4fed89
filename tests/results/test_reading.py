"""Reading page by page: killed midway, twice the same, two workers, and a partner that misbehaves."""

import io
import logging
from datetime import timedelta

import pytest
import structlog
from django.utils import timezone

from campaigns.clients.models import PartnerAccount, PartnerSignIn
from campaigns.partner.reading.errors import ReadError
from campaigns.partner.reading.rows import NumbersPage, ReadCall, ReadNumber
from campaigns.results import forgetting, tasks
from campaigns.results.models import Call, CalledPerson, PartReading, ReadingLost, Sms
from campaigns.results.models.account_turn import AccountTurn, turn_at
from campaigns.results.reading import keep_page, read_part
from campaigns.submissions.models import Delivery, Submission
from portal import logs
from tests.partner.sandbox import SandboxProcess
from tests.results import played

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """The end of a worker that can note nothing any more."""


def everything() -> list[object]:
    people = CalledPerson.objects.order_by("number").values_list(
        "number",
        "name",
        "partner_id",
        "is_reached",
        "outcome",
        "stage",
        "digits",
        "attempts",
        "seconds",
    )
    calls = Call.objects.order_by("person__number", "attempt").values_list(
        "person__number", "attempt", "started_at", "outcome", "seconds"
    )
    smss = Sms.objects.order_by("person__number").values_list("person__number", "status")
    return [list(people), list(calls), list(smss)]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_part, "NUMBERS_A_PAGE", 10)


@pytest.mark.usefixtures("small_pages")
def test_a_killed_worker_is_followed_by_one_that_goes_on_with_the_next_page(
    called: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed_at_three(reading: PartReading, token: str, page: NumbersPage) -> None:
        if page.number == 3:
            raise Killed
        keep_page.keep(reading, token, page)

    monkeypatch.setattr(read_part, "keep", killed_at_three)
    with pytest.raises(Killed):
        played.read_back(called)
    [reading] = played.readings(called)
    assert (reading.page, Call.objects.values("person").distinct().count()) == (3, 20)

    monkeypatch.setattr(read_part, "keep", keep_page.keep)
    tasks.read(reading.pk)
    assert Call.objects.values("person").distinct().count() == 20, "The first may still be alive."

    PartReading.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    with played.questions(monkeypatch) as asked:
        tasks.read(reading.pk)
    assert asked[0].endswith("/10/3")
    reading.refresh_from_db()
    assert reading.finished_at
    assert reading.page == 1
    halves = everything()
    played.read_back(called)
    assert everything() == halves
    assert len(halves[0]) == 60  # type: ignore[arg-type]


@pytest.mark.usefixtures("small_pages")
def test_a_long_reading_lets_other_work_go_first(called: Submission) -> None:
    PartReading.objects.create(part=called.parts.get(), due_at=timezone.now())
    [reading] = played.readings(called)
    slices = 0
    while read_part.read(PartReading.objects.get(pk=reading.pk), slice_seconds=0):
        slices += 1
    assert slices >= 5
    assert Call.objects.values("person").distinct().count() == 60


def test_the_same_page_twice_changes_nothing(called: Submission) -> None:
    played.read_back(called)
    before = everything()
    [reading] = played.readings(called)
    person = CalledPerson.objects.get(number="+447700900003")
    row = ReadNumber(
        person.partner_id or 0,
        person.number,
        "Another name",
        tuple(_as_read(call) for call in person.calls.all()),
        (),
    )
    person.smss.all().delete()
    before = everything()
    PartReading.objects.update(token="mine")
    for _ in range(2):
        keep_page.keep(reading, "mine", NumbersPage(1, (row,)))
    assert everything() == before
    assert CalledPerson.objects.get(number=person.number).name == "Person Number3"


def _as_read(call: Call) -> ReadCall:
    return ReadCall(
        call.started_at,
        None,
        call.outcome,
        call.stage,
        call.digits,
        call.price,
        call.is_transfer,
        call.attempt,
        call.seconds,
    )


def test_a_worker_that_lost_its_claim_writes_nothing(called: Submission) -> None:
    played.read_back(called)
    before = everything()
    [reading] = played.readings(called)
    row = ReadNumber(1, "+447700900003", "", (), ())
    with pytest.raises(ReadingLost):
        keep_page.keep(reading, "old", NumbersPage(1, (row,)))
    assert everything() == before


def test_an_unknown_code_and_a_call_without_times_are_kept(called: Submission) -> None:
    played.read_back(called)
    [reading] = played.readings(called)
    PartReading.objects.update(token="mine")
    odd = ReadCall(None, None, 27, 99, "x" * 500, None, None, None, -5)
    row = ReadNumber(1, "+447700900003", "", (odd, odd), ())
    keep_page.keep(reading, "mine", NumbersPage(1, (row,)))
    person = CalledPerson.objects.get(number="+447700900003")
    assert (person.outcome_words, person.stage_words) == ("code 27", "code 99")
    assert (person.attempts, person.seconds, len(person.digits)) == (2, 0, 40)


def test_a_number_that_was_not_sent_is_not_kept(called: Submission) -> None:
    played.read_back(called)
    [reading] = played.readings(called)
    PartReading.objects.update(token="mine")
    keep_page.keep(reading, "mine", NumbersPage(1, (ReadNumber(9, "+447700900999", "X", (), ()),)))
    reading.refresh_from_db()
    assert reading.unknown_count == 1
    assert CalledPerson.objects.count() == 60


def test_another_campaign_id_begins_anew(called: Submission) -> None:
    played.read_back(called)
    Delivery.objects.update(campaign_id=4_000)
    played.read_back(called)
    [reading] = played.readings(called)
    assert "does not know this campaign" in reading.problem
    assert CalledPerson.objects.count() == 60
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        ("server_error", "could not answer (status 500)"),
        ("too_many", "asks us to wait"),
        ("wrong_json", "could not be read"),
        ("half_page", "could not be reached"),
        ("vanished", "does not know this campaign"),
    ],
)
def test_a_failure_is_a_sentence_and_is_tried_again(
    sandbox: SandboxProcess, called: Submission, mode: str, sentence: str
) -> None:
    sandbox.behave_reading(mode, 10)
    played.read_back(called)
    [reading] = played.readings(called)
    assert sentence in reading.problem
    assert reading.failures == 1
    assert reading.due_at
    first = reading.due_at - timezone.now()
    assert first > timedelta()
    played.read_back(called)
    reading.refresh_from_db()
    assert reading.due_at
    assert reading.due_at - timezone.now() > first * 1.5

    sandbox.behave_reading("normal")
    played.read_back(called)
    reading.refresh_from_db()
    assert (reading.problem, reading.failures) == ("", 0)
    assert Call.objects.exists()


def test_a_refused_sign_in_forgets_the_token(
    sandbox: SandboxProcess, called: Submission, account: PartnerAccount
) -> None:
    sign_in = PartnerSignIn(
        partner_account=account,
        kind=PartnerSignIn.Kind.OAUTH,
        token_url=sandbox.token_url,
        oauth_client_id="portal",
    )
    sign_in.keep_secret("any-secret")
    sign_in.save()
    sandbox.want("oauth", client_id="portal", client_secret="any-secret")
    played.read_back(called)
    sign_in.refresh_from_db()
    assert Call.objects.exists()
    assert sign_in.token
    # The sandbox gives tokens of another client from now on, and takes the old ones no more.
    sandbox.want("api_key", header="api-key", key="another")
    played.read_back(called)
    [reading] = played.readings(called)
    assert "did not accept our sign-in (status 401)" in reading.problem
    assert reading.due_at
    assert reading.due_at - timezone.now() > timedelta(minutes=59)
    sign_in.refresh_from_db()
    assert sign_in.token == ""


def test_one_question_at_a_time_goes_to_an_account(called: Submission) -> None:
    account = called.client.partner_account_id
    with turn_at(account):
        with pytest.raises(ReadError, match="already reading"), turn_at(account, 0):
            pass
        AccountTurn.objects.update(until=timezone.now() - timedelta(seconds=1))
        with turn_at(account, 0):
            pass
    with turn_at(account, 0):
        pass


def test_a_moved_account_is_not_asked(called: Submission, monkeypatch: pytest.MonkeyPatch) -> None:
    called.parts.update(api_url="http://127.0.0.1:9")
    with played.questions(monkeypatch) as asked:
        played.read_back(called)
    assert asked == []
    assert played.readings(called)[0].problem == read_part.MOVED


@pytest.mark.parametrize("json", [True, False])
def test_no_number_or_name_is_in_a_log(
    sandbox: SandboxProcess, called: Submission, monkeypatch: pytest.MonkeyPatch, json: bool
) -> None:
    line = logs.configure(json=json)["formatters"]["line"]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=line["foreign_pre_chain"], processors=line["processors"]
        )
    )
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        played.read_back(called)
        sandbox.behave_reading("wrong_json", 10)
        played.read_back(called)
        sandbox.behave_reading("normal")
        monkeypatch.setattr(keep_page, "_replace", _fail_with_a_number)
        reading = PartReading.objects.get()
        PartReading.objects.update(due_at=timezone.now())
        assert tasks.read.apply((reading.pk,)).failed()
        forgetting.forget(called)
    finally:
        root.removeHandler(handler)
    assert "read results" in stream.getvalue()
    assert "could not be read" in stream.getvalue()
    for secret in ("90000", "Person Number"):
        assert secret not in stream.getvalue()
        assert secret not in sandbox.log
    reading.refresh_from_db()
    assert secret not in reading.problem


def _fail_with_a_number(*_: object) -> None:
    message = "Key (number)=(+447700900003) already exists."
    raise ValueError(message)
