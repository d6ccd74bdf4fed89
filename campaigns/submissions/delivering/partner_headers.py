"""The headers of a request to the partner, including those that prove who we are.

The destination is also checked here for the last time: nothing connects to a host that the settings do
not allow. A problem of the partner account holds the account. A problem of the client's own sign-in holds
only the submission.
"""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import connections
from django.utils import timezone

from campaigns.clients.models import PartnerSignIn
from campaigns.clients.partner_credentials import encryption
from campaigns.partner import request_headers
from campaigns.partner.connection import Limits
from campaigns.submissions.answer_outcomes import Hold
from campaigns.submissions.models import Delivery

log = structlog.get_logger(__name__)


class NotSignedIn(Exception):
    """The partner can't be asked.

    `reason` is a sentence for people; `hold` is what has to be held.
    """

    def __init__(self, reason: str, hold: Hold) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hold = hold


def headers(delivery: Delivery) -> dict[str, str]:
    """Return the headers to send with the delivery. Raises NotSignedIn. May ask the token URL."""
    account = delivery.partner_account
    if refusal := account.refusal_of(account.api_url):
        raise NotSignedIn(refusal, Hold.ACCOUNT)
    sign_in = delivery.part.submission.client.effective_sign_in
    hold = Hold.ACCOUNT if sign_in.is_the_accounts else Hold.SUBMISSION
    for problem in sign_in.problems(account).values():
        raise NotSignedIn(problem, hold)
    try:
        proof = _proof(sign_in)
    except encryption.NoKey as problem:
        raise NotSignedIn(str(problem), hold) from None
    except request_headers.TokenError as problem:
        log.warning("no token", sign_in=sign_in.pk, may_pass=problem.may_pass)
        raise NotSignedIn(problem.reason, Hold.NOTHING if problem.may_pass else hold) from None
    return request_headers.headers(delivery.part.dm_client_id) | proof


def was_refused(delivery: Delivery) -> None:
    """Forget the token that the partner did not accept, so that the next request asks for a new one."""
    delivery.part.submission.client.effective_sign_in.forget_token()


def _proof(sign_in: PartnerSignIn) -> dict[str, str]:
    if sign_in.kind == PartnerSignIn.Kind.API_KEY:
        return request_headers.key_header(sign_in.key_header, sign_in.open_secret())
    if sign_in.kind == PartnerSignIn.Kind.OAUTH:
        return request_headers.bearer(sign_in.kept_token(timezone.now()) or _new_token(sign_in))
    return {}


def _new_token(sign_in: PartnerSignIn) -> str:
    asked = sign_in.token_request()
    # Hold no database connection while the token endpoint may take long.
    connections.close_all()
    # The exchange with the partner needs its own time, so this takes half of the rest of the task's
    # limit at most.
    spare = (settings.DELIVERY_TASK_LIMIT - settings.PARTNER_DEADLINE) / 2
    deadline = min(settings.PARTNER_TOKEN_TIMEOUT, spare)
    token = request_headers.fetch_token(
        asked, limits=Limits(settings.PARTNER_CONNECT_TIMEOUT, deadline)
    )
    # The token has to last for a whole upload, since the partner may check it only after the last byte.
    sign_in.keep_token(token, ahead=timedelta(seconds=settings.PARTNER_DEADLINE))
    log.info("got a token", sign_in=sign_in.pk, life_seconds=token.life_seconds)
    return token.value
