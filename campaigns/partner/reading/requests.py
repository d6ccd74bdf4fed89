"""One question to the partner: a GET, sent again while that may help, with a bounded answer.

Reading changes nothing at the partner, so a question whose answer got lost may be asked again.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeAlias

import requests
from urllib3.exceptions import HTTPError

from campaigns.partner.client import Failure, blocks, failure_of, retry_after, send
from campaigns.partner.connection import Limits, Line, single_session
from campaigns.partner.reading.errors import ReadError

Headers: TypeAlias = Mapping[str, str] | Callable[[], Mapping[str, str]]
NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """The limits of one question. Seconds, bytes of one answer, and how often it is asked at most.

    `first_pause` is the wait before the second try; it doubles before each further one. A `Retry-After` up to
    `longest_pause` is waited for. A longer one ends the reading, and the error says how long it is.
    """

    exchange: Limits = field(default_factory=lambda: Limits(connect=10, deadline=60))
    answer_bytes: int = 16 * 1024 * 1024
    tries: int = 3
    first_pause: float = 1
    longest_pause: float = 60


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes = field(repr=False)
    retry_after: int | None


class _TooLarge(Exception):
    """The answer has more bytes than allowed."""


_TURNS: dict[str, Lock] = {}
_TURNS_LOCK = Lock()


def turn_at(api_url: str) -> AbstractContextManager[object]:
    """Return this process's lock for an API URL: one question at a time goes to it."""
    with _TURNS_LOCK:
        return _TURNS.setdefault(api_url, Lock())


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions to one API URL, one at a time.

    `headers` may be a function, asked before each try, because a token may expire during a long reading.
    `turn` gives the lock that is held while a question is on its way; waiting between tries does not hold it.
    """

    api_url: str
    headers: Headers
    limits: ReadLimits = field(default_factory=ReadLimits)
    pause: Callable[[float], None] = time.sleep
    turn: Callable[[], AbstractContextManager[object]] | None = None

    def ask(self, path: str, query: Mapping[str, str] | None = None) -> bytes | None:
        """Return the body of a 200 answer, or None for 404. Raises ReadError."""
        waits = self._waits()
        while True:
            problem = self._try(path, query)
            if not isinstance(problem, ReadError):
                return problem
            wait = next(waits, None)
            asked = problem.retry_after or 0
            if not problem.may_pass or wait is None or asked > self.limits.longest_pause:
                raise problem
            self.pause(max(wait, asked))

    def _waits(self) -> Iterator[float]:
        """Yield the seconds before each further try."""
        for turn in range(self.limits.tries - 1):
            yield min(self.limits.first_pause * 2**turn, self.limits.longest_pause)

    def _try(self, path: str, query: Mapping[str, str] | None) -> bytes | ReadError | None:
        headers = self.headers() if callable(self.headers) else self.headers
        with (
            self.turn() if self.turn else turn_at(self.api_url),
            Line(self.limits.exchange) as line,
        ):
            try:
                answer = self._get(line, path, query, headers)
            except _TooLarge:
                return ReadError("The partner’s answer is too large to read.", may_pass=False)
            except (requests.RequestException, HTTPError, OSError, ValueError) as problem:
                return _unreached(failure_of(problem, line))
        if answer.status == 200:
            return answer.body
        return None if answer.status == NOT_FOUND else _refused(answer)

    def _get(
        self, line: Line, path: str, query: Mapping[str, str] | None, headers: Mapping[str, str]
    ) -> _Answer:
        with single_session(line) as session:
            url = self.api_url.rstrip("/") + path
            response = send(session, "GET", url, headers, self.limits.exchange, query=query)
            is_found = response.status_code == 200
            body = self._body(response) if is_found else b""
            return _Answer(response.status_code, body, retry_after(response))

    def _body(self, response: requests.Response) -> bytes:
        body = bytearray()
        for block in blocks(response):
            body += block
            if len(body) > self.limits.answer_bytes:
                raise _TooLarge
        return bytes(body)


def _unreached(failure: Failure) -> ReadError:
    if failure is Failure.CERTIFICATE:
        return ReadError("The partner’s certificate is not trusted.", may_pass=False)
    if failure is Failure.DEADLINE:
        return ReadError("The partner did not answer in time.", may_pass=True)
    return ReadError("The partner could not be reached.", may_pass=True)


def _refused(answer: _Answer) -> ReadError:
    status = answer.status
    if status == 429:
        reason, may_pass = "The partner asks us to wait before we read more.", True
    elif status >= 500 or status == 408:
        reason, may_pass = f"The partner could not answer (status {status}).", True
    elif status in {401, 403}:
        reason, may_pass = f"The partner did not accept our sign-in (status {status}).", False
    elif 300 <= status < 400:
        reason, may_pass = (
            "The partner redirects to another address. Redirects are not followed.",
            False,
        )
    else:
        reason, may_pass = f"The partner refused to be read (status {status}).", False
    return ReadError(reason, may_pass=may_pass, retry_after=answer.retry_after, status=status)
