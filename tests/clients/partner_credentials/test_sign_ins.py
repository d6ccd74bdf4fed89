"""Sign-ins to the partner: which one is effective, and how its secret and token are kept."""

import io
from datetime import timedelta

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.core.serializers import serialize
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from campaigns.clients.models import Client, PartnerAccount, PartnerSignIn
from campaigns.clients.partner_credentials import encryption
from campaigns.partner import request_headers

Kind = PartnerSignIn.Kind
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
SECRET = "s3cret-of-a-test"


def keyed(owner: PartnerAccount | Client, secret: str = SECRET) -> PartnerSignIn:
    sign_in = PartnerSignIn(kind=Kind.OAUTH, oauth_client_id="portal")
    if isinstance(owner, Client):
        sign_in.client = owner
    else:
        sign_in.partner_account = owner
    sign_in.keep_secret(secret)
    sign_in.save()
    return sign_in


def fresh(sign_in: PartnerSignIn) -> PartnerSignIn:
    return PartnerSignIn.objects.get(pk=sign_in.pk)


class TestWhichIsEffective:
    def test_without_a_sign_in_no_credentials_are_needed(self, northgate: Client) -> None:
        assert northgate.effective_sign_in.kind == Kind.NONE

    def test_an_accounts_sign_in_is_effective_for_its_clients(self, northgate: Client) -> None:
        mine = keyed(northgate.partner_account)
        assert northgate.effective_sign_in == mine

    def test_a_clients_own_sign_in_takes_precedence_over_its_accounts(
        self, northgate: Client, harbour: Client
    ) -> None:
        shared = keyed(northgate.partner_account)
        own = keyed(northgate)
        assert northgate.effective_sign_in == own
        assert harbour.effective_sign_in == shared

    def test_a_sign_in_belongs_to_a_client_or_an_account_and_not_both(
        self, northgate: Client
    ) -> None:
        for owners in ({}, {"client": northgate, "partner_account": northgate.partner_account}):
            with pytest.raises(IntegrityError), transaction.atomic():
                PartnerSignIn.objects.create(**owners)


class TestTheSecret:
    def test_it_can_be_read_only_where_it_is_used(self, account: PartnerAccount) -> None:
        sign_in = fresh(keyed(account))
        sign_in.keep_token(
            request_headers.Token("t0ken-of-a-test", 3600), ahead=timedelta(minutes=10)
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM clients_partnersignin")
            row = str(cursor.fetchall())
        shown = [row, repr(sign_in), str(sign_in), serialize("json", [fresh(sign_in)])]
        shown += [repr(sign_in.token_request()), repr(request_headers.Token("t0ken-of-a-test"))]
        assert sign_in.open_secret() == SECRET
        for text in shown:
            assert SECRET not in text
            assert "t0ken" not in text

    def test_a_lost_key_is_reported_in_a_sentence(
        self, account: PartnerAccount, settings: Settings
    ) -> None:
        sign_in = keyed(account)
        for keys in ([], [NEW]):
            settings.ENCRYPTION_KEYS = keys
            with pytest.raises(encryption.NoKey, match="PORTAL_ENCRYPTION_KEYS") as lost:
                sign_in.open_secret()
            assert SECRET not in str(lost.value)
            assert sign_in.secret not in str(lost.value)
            assert len(str(lost.value)) <= 200

    def test_a_new_first_key_takes_over_and_the_old_key_can_be_removed(
        self, account: PartnerAccount, northgate: Client, settings: Settings
    ) -> None:
        settings.ENCRYPTION_KEYS = [OLD]
        both = keyed(account), keyed(northgate, "another")
        settings.ENCRYPTION_KEYS = [NEW, OLD]
        assert fresh(both[0]).open_secret() == SECRET
        output = io.StringIO()
        call_command("reencrypt_secrets", stdout=output)
        assert "first key: 2" in output.getvalue()
        settings.ENCRYPTION_KEYS = [NEW]
        assert [fresh(each).open_secret() for each in both] == [SECRET, "another"]

    def test_a_secret_that_no_key_decrypts_is_named_and_the_others_are_re_encrypted(
        self, account: PartnerAccount, northgate: Client, settings: Settings
    ) -> None:
        settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
        keyed(northgate)
        settings.ENCRYPTION_KEYS = [OLD]
        good = keyed(account)
        settings.ENCRYPTION_KEYS = [NEW, OLD]
        with pytest.raises(CommandError, match=r"the secret of: Northgate Energy\."):
            call_command("reencrypt_secrets", stdout=io.StringIO())
        settings.ENCRYPTION_KEYS = [NEW]
        assert fresh(good).open_secret() == SECRET

    def test_start_up_stops_if_a_secret_cannot_be_decrypted(
        self, account: PartnerAccount, settings: Settings
    ) -> None:
        def found() -> list[str | None]:
            return [each.id for each in run_checks(tags=["database"], databases=["default"])]

        settings.ENCRYPTION_KEYS = []
        assert "clients.E001" not in found(), "without secrets no key is needed"
        settings.ENCRYPTION_KEYS = [OLD]
        keyed(account)
        assert "clients.E001" not in found()
        for keys in ([], [NEW]):
            settings.ENCRYPTION_KEYS = keys
            assert "clients.E001" in found()


class TestTheToken:
    @pytest.mark.parametrize(
        ("life", "renewed_after"),
        [(3600, 3000), (1300, 700), (1000, 500), (60, 30), (1, 0.5)],
    )
    def test_it_is_renewed_a_whole_upload_before_it_expires_or_halfway_through_its_life(
        self, account: PartnerAccount, life: int, renewed_after: float
    ) -> None:
        sign_in = keyed(account)
        now = timezone.now()
        with time_machine.travel(now, tick=False):
            sign_in.keep_token(request_headers.Token("one", life), ahead=timedelta(seconds=600))
        kept = fresh(sign_in)
        end = now + timedelta(seconds=renewed_after)
        assert kept.kept_token(end - timedelta(milliseconds=1)) == "one"
        assert kept.kept_token(end) is None

    def test_a_token_without_an_expiry_is_used_once(self, account: PartnerAccount) -> None:
        sign_in = keyed(account)
        sign_in.keep_token(request_headers.Token("one"), ahead=timedelta(seconds=600))
        assert fresh(sign_in).kept_token(timezone.now()) is None

    def test_a_token_is_not_kept_if_the_credentials_changed_while_it_was_requested(
        self, account: PartnerAccount
    ) -> None:
        asked_with = keyed(account)
        changed = fresh(asked_with)
        changed.keep_secret("a newer one")
        changed.save()
        asked_with.keep_token(request_headers.Token("old", 3600), ahead=timedelta())
        assert fresh(changed).kept_token(timezone.now()) is None

    def test_a_new_secret_discards_the_token(self, account: PartnerAccount) -> None:
        sign_in = keyed(account)
        sign_in.keep_token(request_headers.Token("one", 3600), ahead=timedelta())
        again = fresh(sign_in)
        again.keep_secret("another")
        again.save()
        assert fresh(sign_in).kept_token(timezone.now()) is None

    def test_a_token_that_no_key_decrypts_is_requested_again(
        self, account: PartnerAccount, settings: Settings
    ) -> None:
        sign_in = keyed(account)
        sign_in.keep_token(request_headers.Token("one", 3600), ahead=timedelta())
        settings.ENCRYPTION_KEYS = [NEW]
        assert fresh(sign_in).kept_token(timezone.now()) is None
