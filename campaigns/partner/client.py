"""The HTTP calls to the partner: creating a voice campaign and requesting a token.

Only this module, `connection` and `reading.requests` import requests.

The caller learns how far the exchange came, because only that decides whether the partner can have taken
the campaign. The type of an exception does not decide it: a ReadTimeout can come before the first byte,
and an SSLError after the last.
"""

import math
import ssl
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http.client import HTTPException
from typing import BinaryIO

import requests
from urllib3.exceptions import HTTPError

from campaigns.partner import answer_parsing, wire
from campaigns.partner.connection import Limits, Line, single_session

BLOCK_BYTES = 64 * 1024
# Bytes that an answer may have beyond an echo of the request.
ANSWER_ALLOWANCE_BYTES = 1_000_000
# More than any token needs, with all other fields of its answer.
FORM_ANSWER_BYTES = 64 * 1024


class Phase(StrEnum):
    """The point that an exchange reached."""

    CONNECTING = "connecting"  # no byte of the body has left
    SENDING = "sending"  # some of the body has left, its last byte has not
    SENT = "sent"  # the last byte was handed over; no status line came back
    ANSWERED = "answered"  # a status line came back


class Failure(StrEnum):
    """The event that ended an exchange without an answer."""

    FENCE_LOST = "fence_lost"
    FENCE_FAILED = "fence_failed"
    CERTIFICATE = "certificate"
    DEADLINE = "deadline"
    PAYLOAD = "payload"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Exchange:
    phase: Phase
    bytes_sent: int
    bytes_total: int
    status: int | None = None
    answer: answer_parsing.Answer = field(default_factory=answer_parsing.Answer)
    failure: Failure | None = None
    # Seconds that the partner asks us to wait, from its header Retry-After.
    retry_after: int | None = None

    @property
    def whole_body_sent(self) -> bool:
        return self.bytes_sent == self.bytes_total


class FenceLost(Exception):
    """Raised by the caller's fence: this worker must not send."""


class FenceFailed(Exception):
    """Raised by the caller's fence: it is not known whether this worker may send, so it must not."""


def create_campaign(
    api_url: str,
    headers: Mapping[str, str],
    payload: BinaryIO,
    size: int,
    *,
    fence: Callable[[], None],
    limits: Limits,
    on_campaign_id: Callable[[int], None] | None = None,
) -> Exchange:
    """Post `size` bytes of `payload` once, and return how far the exchange came.

    Never raises because of the network. `fence` runs when the connection is up and before the first byte of
    the body leaves. If it raises FenceLost or FenceFailed, the connection is closed with nothing of the body
    sent. `on_campaign_id` is called when the partner's ID has come, while the rest of a long answer is still
    on its way.
    """
    with Line(limits) as line:
        body = _Body(payload, size, fence, line)
        try:
            with single_session(line) as session:
                url = api_url.rstrip("/") + wire.CREATE_PATH
                sent = {"Content-Type": "application/json", **headers}
                response = send(session, "POST", url, sent, limits, data=body)
                return _answered(response, body, on_campaign_id)
        except FenceLost:
            return body.ended(Failure.FENCE_LOST)
        except FenceFailed:
            return body.ended(Failure.FENCE_FAILED)
        except _PayloadShort:
            return body.ended(Failure.PAYLOAD)
        except (requests.RequestException, HTTPError, OSError, ValueError) as problem:
            return body.ended(failure_of(problem, line))


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """The answer to a form: the status and the first 64 KB of the body, or the failure."""

    status: int | None = None
    body: bytes = field(default=b"", repr=False)
    failure: Failure | None = None


def post_form(url: str, headers: Mapping[str, str], form: bytes, *, limits: Limits) -> FormAnswer:
    """Post a form once. Never raises because of the network."""
    with Line(limits) as line:
        try:
            with single_session(line) as session:
                sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
                response = send(session, "POST", url, sent, limits, data=form)
                return FormAnswer(response.status_code, _first(response, FORM_ANSWER_BYTES))
        except (requests.RequestException, HTTPError, OSError, ValueError) as problem:
            return FormAnswer(failure=failure_of(problem, line))


def send(
    session: requests.Session,
    method: str,
    url: str,
    headers: Mapping[str, str],
    limits: Limits,
    *,
    data: "bytes | _Body | None" = None,
    query: Mapping[str, str] | None = None,
) -> requests.Response:
    """Send one request and return the answer, of which only the headers have been read."""
    return session.request(
        method,
        url,
        params=query,
        data=data,
        headers={
            "Accept": "application/json",
            # A compressed answer could be any size.
            "Accept-Encoding": "identity",
            "Connection": "close",
            **headers,
        },
        timeout=(limits.connect, limits.deadline),
        allow_redirects=False,
        stream=True,
    )


def _first(response: requests.Response, most: int) -> bytes:
    kept = b""
    for block in blocks(response):
        kept += block
        if len(kept) >= most:
            break
    return kept[:most]


def _answered(
    response: requests.Response, body: "_Body", on_campaign_id: Callable[[int], None] | None
) -> Exchange:
    is_accepted = 200 <= response.status_code < 300 and body.handed == len(body)
    # Only the answer to a created campaign may be as long as an echo of it.
    echo_bytes = (
        body.handed + ANSWER_ALLOWANCE_BYTES if is_accepted else answer_parsing.EXCERPT_BYTES
    )
    answer = answer_parsing.read(
        blocks(response),
        most_bytes=echo_bytes,
        on_campaign_id=on_campaign_id if is_accepted else None,
    )
    return Exchange(
        Phase.ANSWERED,
        body.handed,
        len(body),
        response.status_code,
        answer,
        retry_after=retry_after(response),
    )


def retry_after(response: requests.Response) -> int | None:
    """Return the seconds of Retry-After, given as a number or as a date (RFC 9110, 10.2.3), or None."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return int(said[:9])
    try:
        wait = parsedate_to_datetime(said) - datetime.now(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0, math.ceil(wait.total_seconds()))


def blocks(response: requests.Response) -> Iterator[bytes]:
    """Yield blocks as they come. Raises OSError unless the answer is proven to have ended.

    Only a length or chunks prove it. A connection that was closed, by the partner or by our own deadline,
    looks the same after half an answer.
    """
    raw = response.raw
    has_proven_end = raw.chunked or raw.length_remaining is not None
    try:
        while block := raw.read1(BLOCK_BYTES, decode_content=True):
            yield block
    except (requests.RequestException, HTTPError, HTTPException, ValueError) as problem:
        message = "the answer broke off"
        raise OSError(message) from problem
    if not has_proven_end:
        message = "nothing says where the answer ends"
        raise OSError(message)


def failure_of(problem: BaseException, line: Line) -> Failure:
    """Return what ended an exchange, from the exception that it raised and its line."""
    # A receive may take as long as the deadline, so either of the two clocks may run out first.
    if line.expired or isinstance(problem, requests.ReadTimeout):
        return Failure.DEADLINE
    seen: BaseException | None = problem
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return Failure.CERTIFICATE
        reason = getattr(seen, "reason", None)
        inner = seen.args[0] if seen.args else None
        seen = next(
            (e for e in (reason, seen.__cause__, inner) if isinstance(e, BaseException)), None
        )
    return Failure.NETWORK


class _PayloadShort(Exception):
    """The payload ended, or could not be read, before the promised length."""


class _Body:
    """The body of the request. requests reads it when the headers are out, so the fence is called here.

    The last byte is returned in a block of its own, so that it is known whether it was handed over.
    """

    def __init__(self, payload: BinaryIO, size: int, fence: Callable[[], None], line: Line) -> None:
        self._payload = payload
        self._size = size
        self._fence = fence
        self._line = line
        self._begun = False
        self.handed = 0

    def __len__(self) -> int:
        return self._size

    def read(self, size: int = -1) -> bytes:
        if not self._begun:
            self._fence()
            self._begun = True
            self._line.patient()
        left = self._size - self.handed
        wanted = left if left <= 1 else min(left - 1, BLOCK_BYTES if size < 0 else size)
        try:
            block = self._payload.read(wanted)
        except (OSError, EOFError, zlib.error):
            raise _PayloadShort from None
        if len(block) < min(wanted, 1):
            raise _PayloadShort
        self.handed += len(block)
        return block

    def ended(self, failure: Failure) -> Exchange:
        """Return the exchange, which ended without an answer."""
        if not self.handed:
            phase = Phase.CONNECTING
        else:
            phase = Phase.SENT if self.handed == self._size else Phase.SENDING
        return Exchange(phase, self.handed, self._size, failure=failure)
