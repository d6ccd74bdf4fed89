"""Signing in to a sandbox that requires it, over real sockets: what is sent, held and renewed."""

import logging
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.utils import timezone
from pytest_django import Settings

from campaigns.clients.models import Client, Event, PartnerAccount, PartnerSignIn
from campaigns.drafts.models import Campaign
from campaigns.submissions.delivering import deliver, queueing
from campaigns.submissions.models import Delivery, Submission
from tests import people
from tests.partner.fault_server import Connection, FaultServer
from tests.partner.sandbox import SandboxProcess
from tests.submissions.partner import queued

pytestmark = pytest.mark.django_db(transaction=True)

Kind = PartnerSignIn.Kind
SECRET = "s3cret+of/a=test"
KEY = "k3y-of-a-test"


def signs_in(owner: PartnerAccount | Client, kind: str, secret: str, **more: Any) -> PartnerSignIn:
    sign_in = PartnerSignIn(kind=kind, **more)
    setattr(sign_in, "client" if isinstance(owner, Client) else "partner_account", owner)
    sign_in.keep_secret(secret)
    sign_in.save()
    return sign_in


def by_token(
    owner: PartnerAccount | Client, url: str, secret: str = SECRET, **more: Any
) -> PartnerSignIn:
    return signs_in(owner, Kind.OAUTH, secret, token_url=url, oauth_client_id="portal", **more)


@pytest.fixture
def wants_token(sandbox: SandboxProcess, account: PartnerAccount) -> SandboxProcess:
    """A sandbox that requires tokens, which last an hour, and an account set up for it."""
    sandbox.want("oauth", client_id="portal", client_secret=SECRET)
    by_token(account, sandbox.token_url)
    return sandbox


def send(submission: Submission) -> Delivery:
    """Deliver the submission's part once, as a worker would."""
    delivery = queued(submission)
    deliver.deliver(Delivery.objects.get(pk=delivery.pk))
    submission.refresh_from_db()
    delivery.refresh_from_db()
    return delivery


def another(submission: Submission, name: str) -> Submission:
    contact_list = submission.own_campaign.contact_lists.get()
    draft = people.content(submission.client, contact_list, name)
    author = submission.submitted_by
    return people.submitted(Campaign.start(author, draft), author)


def statuses(sandbox: SandboxProcess) -> list[int | None]:
    return [row["answer_status"] for row in sandbox.token_requests()]


class TestEachKind:
    def test_no_sign_in(self, submission: Submission, sandbox: SandboxProcess) -> None:
        assert send(submission).state == Delivery.State.ACCEPTED

    @pytest.mark.parametrize("header", ["Authorization", "api-key", "X-Partner-Key"])
    def test_an_api_key(
        self, submission: Submission, sandbox: SandboxProcess, account: PartnerAccount, header: str
    ) -> None:
        sandbox.want("api_key", header=header, key=KEY)
        signs_in(account, Kind.API_KEY, KEY, key_header=header)
        assert send(submission).state == Delivery.State.ACCEPTED

    @pytest.mark.parametrize("place", PartnerSignIn.CredentialsIn.values)
    def test_a_token(
        self, submission: Submission, sandbox: SandboxProcess, account: PartnerAccount, place: str
    ) -> None:
        sandbox.want("oauth", client_id="portal", client_secret=SECRET)
        by_token(account, sandbox.token_url, credentials_in=place)
        assert send(submission).state == Delivery.State.ACCEPTED
        assert statuses(sandbox) == [200]

    def test_a_clients_own_in_place_of_its_accounts(
        self, submission: Submission, sandbox: SandboxProcess, account: PartnerAccount
    ) -> None:
        sandbox.want("api_key", key=KEY)
        signs_in(account, Kind.API_KEY, "another-key")
        signs_in(submission.client, Kind.API_KEY, KEY)
        assert send(submission).state == Delivery.State.ACCEPTED

    def test_a_netrc_file_does_not_replace_the_bearer_token(
        self,
        submission: Submission,
        wants_token: SandboxProcess,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Any,
    ) -> None:
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login somebody password secret\n")
        monkeypatch.setenv("NETRC", str(netrc))
        assert send(submission).state == Delivery.State.ACCEPTED


class TestRefused:
    def test_a_wrong_key_is_refused_and_holds_the_account(
        self, submission: Submission, sandbox: SandboxProcess, account: PartnerAccount
    ) -> None:
        sandbox.want("api_key", key=KEY)
        signs_in(account, Kind.API_KEY, "another-key")
        assert send(submission).state == Delivery.State.REFUSED
        account.refresh_from_db()
        assert "did not accept our sign-in" in account.held_reason
        assert [row["answer_status"] for row in sandbox.ledger()] == [401]

    def test_a_token_that_the_partner_does_not_take_is_not_used_again(
        self, submission: Submission, wants_token: SandboxProcess, account: PartnerAccount
    ) -> None:
        wants_token.behave("unauthorised")
        assert send(submission).state == Delivery.State.REFUSED
        assert PartnerSignIn.objects.get().token == ""
        PartnerAccount.objects.update(held_reason="")
        assert send(another(submission, "Once more")).state == Delivery.State.ACCEPTED
        assert statuses(wants_token) == [200, 200]

    def test_wrong_credentials_send_nothing_and_hold_the_account(
        self, submission: Submission, wants_token: SandboxProcess, account: PartnerAccount
    ) -> None:
        wants_token.want("oauth", client_id="portal", client_secret="changed")
        delivery = send(submission)
        assert delivery.state == Delivery.State.NOT_SENT
        account.refresh_from_db()
        assert account.held_reason == "The token URL did not accept the client ID and secret."
        assert wants_token.ledger() == []
        assert Delivery.queue(submission.parts.get()) is None

    def test_a_clients_own_wrong_credentials_hold_only_its_submission(
        self, submission: Submission, wants_token: SandboxProcess, account: PartnerAccount
    ) -> None:
        by_token(submission.client, wants_token.token_url, "wrong")
        assert send(submission).state == Delivery.State.NOT_SENT
        account.refresh_from_db()
        assert account.held_reason == ""
        assert "did not accept the client ID" in submission.held_reason


class TestATokenUrlThatFails:
    @pytest.mark.parametrize(
        ("mode", "reason"),
        [
            ("unavailable", "answered 503"),
            ("garbage", "no token that the portal can read"),
            ("hang", "did not answer in time"),
        ],
    )
    def test_nothing_is_sent_and_it_is_tried_again(
        self,
        submission: Submission,
        wants_token: SandboxProcess,
        account: PartnerAccount,
        settings: Settings,
        mode: str,
        reason: str,
    ) -> None:
        settings.PARTNER_TOKEN_TIMEOUT = 30 if mode != "hang" else 5
        wants_token.want("oauth", client_id="portal", client_secret=SECRET, token_mode=mode)
        delivery = send(submission)
        assert delivery.state == Delivery.State.NOT_SENT
        assert reason in delivery.reason
        account.refresh_from_db()
        assert (submission.held_reason, account.held_reason) == ("", "")
        assert wants_token.ledger() == []
        wants_token.want("oauth", client_id="portal", client_secret=SECRET)
        self.try_again(submission)
        assert submission.state == Submission.State.SUBMITTED

    def test_one_where_nobody_listens(
        self, submission: Submission, wants_token: SandboxProcess
    ) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            down = f"http://127.0.0.1:{unused.getsockname()[1]}/connect/token"
            PartnerSignIn.objects.update(token_url=down)
            assert "could not be reached" in send(submission).reason
        PartnerSignIn.objects.update(token_url=wants_token.token_url)
        self.try_again(submission)
        assert submission.state == Submission.State.SUBMITTED

    @pytest.mark.parametrize(
        ("status", "text", "held"),
        [
            ("400 Bad Request", '{"error": "invalid_scope"}', "does not know the scope"),
            ("400 Bad Request", '{"error": "invalid_client"}', "did not accept the client ID"),
            ("401 Unauthorized", "", "did not accept the client ID"),
            ("403 Forbidden", "<h1>No</h1>", "did not accept the client ID"),
            ("302 Found", "", "another address"),
            ("200 OK", '{"access_token": "t", "token_type": "mac"}', "a kind of token"),
            ("400 Bad Request", '{"error": "temporarily_unavailable"}', ""),
            ("404 Not Found", "", ""),
            ("429 Too Many Requests", "", ""),
            ("500 Oops", '{"error": "invalid_client"}', ""),
            ("200 OK", '{"access_token": "a\\nb", "token_type": "Bearer"}', ""),
            ("200 OK", "[" * 50_000, ""),
            ("200 OK", '{"access_token": "' + "t" * 100_000 + '"}', ""),
        ],
    )
    def test_what_waiting_may_fix_is_tried_again_and_the_rest_is_held(
        self,
        submission: Submission,
        wants_token: SandboxProcess,
        account: PartnerAccount,
        status: str,
        text: str,
        held: str,
    ) -> None:
        def script(connection: Connection) -> None:
            connection.read_all()
            connection.answer(status, text, more="Location: /elsewhere\r\n")

        with FaultServer(script) as endpoint:
            PartnerSignIn.objects.update(token_url=f"{endpoint.url}/token")
            assert send(submission).state == Delivery.State.NOT_SENT
        account.refresh_from_db()
        assert held in account.held_reason
        assert bool(held) == bool(account.held_reason)
        assert wants_token.ledger() == []
        assert len(endpoint.connections) == 1

    @staticmethod
    def try_again(submission: Submission) -> None:
        """Do what the sweeper does when the first wait is over."""
        Delivery.objects.update(finished_at=timezone.now() - timedelta(seconds=31))
        queueing.queue_due(submission)
        waiting = Delivery.objects.get(state=Delivery.State.QUEUED)
        deliver.deliver(waiting)
        submission.refresh_from_db()


class TestTheToken:
    def test_it_is_shared_until_shortly_before_it_expires_and_then_renewed(
        self, submission: Submission, wants_token: SandboxProcess
    ) -> None:
        now = timezone.now()
        sent = [another(submission, f"Campaign {n}") for n in range(3)]
        assert send(sent[0]).state == Delivery.State.ACCEPTED
        with time_machine.travel(now + timedelta(minutes=45)):
            assert send(sent[1]).state == Delivery.State.ACCEPTED
        assert statuses(wants_token) == [200]
        with time_machine.travel(now + timedelta(minutes=52)):
            assert send(sent[2]).state == Delivery.State.ACCEPTED
        assert statuses(wants_token) == [200, 200], "ten minutes before its end it is renewed"

    def test_one_that_soon_expires_is_requested_each_time(
        self, submission: Submission, wants_token: SandboxProcess
    ) -> None:
        """A token that lasts zero seconds is refused, which shows that the sandbox checks."""
        wants_token.want("oauth", client_id="portal", client_secret=SECRET, life_seconds=0)
        assert send(submission).state == Delivery.State.REFUSED
        PartnerAccount.objects.update(held_reason="")
        wants_token.want("oauth", client_id="portal", client_secret=SECRET, life_seconds=60)
        assert send(another(submission, "Another")).state == Delivery.State.ACCEPTED

    def test_two_workers_at_once_both_send_and_the_next_requests_no_token(
        self, submission: Submission, wants_token: SandboxProcess
    ) -> None:
        sent = [another(submission, f"Campaign {n}") for n in range(3)]
        together = threading.Barrier(2)

        def work(one: Submission) -> None:
            try:
                together.wait()
                send(one)
            finally:
                connections.close_all()

        workers = [threading.Thread(target=work, args=[one]) for one in sent[:2]]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert send(sent[2]).state == Delivery.State.ACCEPTED
        assert [row["answer_status"] for row in wants_token.ledger()] == [201] * 3
        assert statuses(wants_token) in ([200], [200, 200])

    def test_a_secret_changed_since_the_freeze_applies_at_once(
        self, submission: Submission, wants_token: SandboxProcess
    ) -> None:
        wants_token.want("oauth", client_id="portal", client_secret="a newer one")
        sign_in = PartnerSignIn.objects.get()
        sign_in.keep_secret("a newer one")
        sign_in.save()
        assert send(submission).state == Delivery.State.ACCEPTED


class TestOurOwnSettingIsWrong:
    """Nothing connects and a hold says why, whatever the row contains and whoever wrote it."""

    @pytest.mark.parametrize(
        ("changed", "reason"),
        [
            ({"token_url": "https://evil.example/token"}, "not allowed to send to evil.example"),
            ({"token_url": "http://user:word@127.0.0.1:9/token"}, "full address"),
            ({"token_url": ""}, "full address"),
            ({"oauth_client_id": ""}, "client ID"),
            ({"secret": ""}, "No secret is set"),
            ({"secret": "not a secret of ours"}, "PORTAL_ENCRYPTION_KEYS"),
            ({"kind": "api_key", "key_header": "Content-Length"}, "such as api-key"),
        ],
    )
    def test_a_sign_in_that_cannot_be_used(
        self,
        submission: Submission,
        wants_token: SandboxProcess,
        account: PartnerAccount,
        changed: dict[str, str],
        reason: str,
    ) -> None:
        PartnerSignIn.objects.update(**changed)
        assert send(submission).state == Delivery.State.NOT_SENT
        account.refresh_from_db()
        assert reason in account.held_reason
        assert (wants_token.ledger(), wants_token.token_requests()) == ([], [])

    @pytest.mark.parametrize(
        ("kind", "url"),
        [
            ("sandbox", "http://192.0.2.1"),
            ("sandbox", "http://user:word@127.0.0.1:{port}"),
            ("live", "https://127.0.0.1:{port}"),
            ("live", "https://api.example.com"),
        ],
    )
    def test_an_address_that_is_not_allowed(
        self,
        submission: Submission,
        sandbox: SandboxProcess,
        account: PartnerAccount,
        kind: str,
        url: str,
    ) -> None:
        people.move_partner(url.format(port=sandbox.port), kind)
        assert send(submission).state == Delivery.State.NOT_SENT
        account.refresh_from_db()
        assert account.held_reason
        assert sandbox.ledger() == []

    def test_a_lost_encryption_key_is_a_hold_and_no_crash(
        self,
        submission: Submission,
        wants_token: SandboxProcess,
        account: PartnerAccount,
        settings: Settings,
    ) -> None:
        settings.ENCRYPTION_KEYS = []
        assert send(submission).state == Delivery.State.NOT_SENT
        account.refresh_from_db()
        assert "PORTAL_ENCRYPTION_KEYS is not set" in account.held_reason


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


@pytest.mark.parametrize("right", [True, False])
def test_no_secret_and_no_token_is_in_a_log_an_event_or_the_sandboxs_page(
    submission: Submission,
    wants_token: SandboxProcess,
    everything_logged: pytest.LogCaptureFixture,
    right: bool,
) -> None:
    if not right:
        wants_token.want("oauth", client_id="portal", client_secret="changed")
    delivery = send(submission)
    assert delivery.state == (Delivery.State.ACCEPTED if right else Delivery.State.NOT_SENT)
    told = [everything_logged.text, wants_token.log, wants_token.http.get(wants_token.url).text]
    told += [event.sentence for event in Event.objects.all()]
    token = PartnerSignIn.objects.get().kept_token(timezone.now())
    assert bool(token) is right
    for text in told:
        assert SECRET not in text
        assert not token or token not in text
