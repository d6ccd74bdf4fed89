"""Authentication at the partner: the headers of a request, and the tokens that some of them need.

The partner's page for partners names only the `clientId` header. [public] Its page on authentication
gives partners OAuth 2.0 client credentials, and direct clients an API key, as a bearer token or in the
header `api-key`.
"""

import base64
import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote_plus

from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error

from campaigns.partner import client, wire
from campaigns.partner.client import Failure
from campaigns.partner.connection import Limits

BEARER_HEADER = "Authorization"
DEFAULT_SCOPE = "CoreAPI"
# Valid headers: the name by RFC 9110, section 5.6.2; the value in visible ASCII.
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")
HEADER_VALUE = re.compile(r"[\x21-\x7e]{1,4096}")
# A token is used for at most so many seconds, whatever the endpoint says.
LONGEST_LIFE_SECONDS = 24 * 60 * 60


class Kind(StrEnum):
    """The ways to authenticate at the partner."""

    NONE = "none"
    API_KEY = "api_key"
    OAUTH = "oauth"


class CredentialsIn(StrEnum):
    """The part of a token request that carries client id and secret (RFC 6749, section 2.3.1)."""

    HEADER = "header"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """The data that a token endpoint asks for. The secret is left out of the object's `repr`."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = DEFAULT_SCOPE
    credentials_in: CredentialsIn = CredentialsIn.HEADER


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token and its life in seconds, 0 if the endpoint doesn't say."""

    value: str = field(repr=False)
    life_seconds: int = 0


class TokenError(Exception):
    """No token was given. The text is the portal's own sentence, without a word of the endpoint's."""

    def __init__(self, reason: str, *, may_pass: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        # Whether trying again later may help. Otherwise a person has to change a setting.
        self.may_pass = may_pass


def headers(dm_client_id: str) -> dict[str, str]:
    """Return the only header that the partner's page names: the DM ID of the client."""
    return {wire.CLIENT_HEADER: dm_client_id}


def key_header(name: str, key: str) -> dict[str, str]:
    """Return the header of an API key: a bearer token if the header is Authorization, else the bare key."""
    if name.lower() == BEARER_HEADER.lower():
        return bearer(key)
    return {name: key}


def bearer(token: str) -> dict[str, str]:
    return {BEARER_HEADER: f"Bearer {token}"}


def fetch_token(asked: TokenRequest, *, limits: Limits) -> Token:
    """Request a token once, with client credentials. Raises only TokenError."""
    grant = BackendApplicationClient(asked.client_id)
    sent: dict[str, str] = {}
    if asked.credentials_in is CredentialsIn.HEADER:
        sent["Authorization"] = _basic(asked.client_id, asked.client_secret)
        body = grant.prepare_request_body(scope=asked.scope)
    else:
        body = grant.prepare_request_body(
            scope=asked.scope, include_client_id=True, client_secret=asked.client_secret
        )
    answer = client.post_form(asked.url, sent, str(body).encode(), limits=limits)
    if answer.status is None:
        raise _unreached(answer.failure)
    if answer.status != 200:
        raise _refused(answer.status, _error_code(answer.body))
    return _token(grant, answer.body)


def _basic(client_id: str, secret: str) -> str:
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def _unreached(failure: Failure | None) -> TokenError:
    if failure is Failure.CERTIFICATE:
        return TokenError("The certificate of the token URL is not trusted.", may_pass=False)
    if failure is Failure.DEADLINE:
        return TokenError("The token URL did not answer in time.", may_pass=True)
    return TokenError("The token URL could not be reached.", may_pass=True)


# Error codes of RFC 6749, section 5.2, for which waiting does not help.
_WHY_REFUSED = {
    "invalid_client": "The token URL did not accept the client ID and secret.",
    "unauthorized_client": "The token URL does not allow this client ID to ask for a token.",
    "unsupported_grant_type": "The token URL does not give tokens for client credentials.",
    "invalid_scope": "The token URL does not know the scope.",
    "invalid_grant": "The token URL did not accept the client ID and secret.",
    "invalid_request": "The token URL did not understand the request.",
}


def _refused(status: int, code: str) -> TokenError:
    if status < 500 and code in _WHY_REFUSED:
        return TokenError(_WHY_REFUSED[code], may_pass=False)
    if status in {401, 403}:
        return TokenError(_WHY_REFUSED["invalid_client"], may_pass=False)
    if 300 <= status < 400:
        reason = "The token URL redirects to another address. Redirects are not followed."
        return TokenError(reason, may_pass=False)
    return TokenError(f"The token URL answered {status} and gave no token.", may_pass=True)


def _error_code(body: bytes) -> str:
    """Return the `error` of an OAuth answer, or "" if there is none of the usual form."""
    found = re.search(rb'"error"\s*:\s*"([a-z_]{1,40})"', body)
    return found.group(1).decode() if found else ""


def _token(grant: BackendApplicationClient, body: bytes) -> Token:
    garbage = TokenError("The token URL gave no token that the portal can read.", may_pass=True)
    try:
        # No scope is passed for comparison: a partner that grants less answers later requests with 403.
        said = grant.parse_request_body_response(body.decode())
        value, kind = said["access_token"], said.get("token_type", "Bearer")
        life = min(max(0, int(said.get("expires_in") or 0)), LONGEST_LIFE_SECONDS)
    except OAuth2Error as problem:
        if problem.error in _WHY_REFUSED:
            raise _refused(400, problem.error) from None
        raise garbage from None
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise garbage from None
    if not (isinstance(value, str) and HEADER_VALUE.fullmatch(value)):
        raise garbage
    if not (isinstance(kind, str) and kind.lower() == "bearer"):
        reason = "The token URL gave a kind of token that the portal does not know."
        raise TokenError(reason, may_pass=False)
    return Token(value, life)
