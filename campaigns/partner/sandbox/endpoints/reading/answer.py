"""The handling of one reading request, from its path to its answer. It changes nothing."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from email.message import Message
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from campaigns.partner import wire
from campaigns.partner.sandbox.endpoints import answers
from campaigns.partner.sandbox.endpoints.answers import INSTEAD, Answer
from campaigns.partner.sandbox.endpoints.reading import rows, sieve
from campaigns.partner.sandbox.endpoints.reading.sieve import SieveError
from campaigns.partner.sandbox.state.behaviour import Mode, ReadingMode
from campaigns.partner.sandbox.state.clients import Lookups
from campaigns.partner.sandbox.state.sandbox import Sandbox

PAGE_SIZE = 10
# [public] The largest page of the partner's number storage.
MAX_PAGE_SIZE = 10_000
PREFIX = "/api/"

_NOT_FOUND = answers.json(404, {"message": "Not found"})
_INSTEAD = {
    ReadingMode.SERVER_ERROR: INSTEAD[Mode.SERVER_ERROR],
    ReadingMode.TOO_MANY: replace(INSTEAD[Mode.TOO_MANY], headers=(("Retry-After", "1"),)),
    ReadingMode.VANISHED: _NOT_FOUND,
}


class _Question:
    """One request of a known client who signed in."""

    def __init__(
        self, sandbox: Sandbox, mode: ReadingMode, client_id: str, lookups: Lookups, query: str
    ) -> None:
        self.sandbox = sandbox
        self.is_shifted = mode is ReadingMode.SHIFTED
        self.client_id = client_id
        self.lookups = lookups
        self.query = {name.lower(): value for name, value in parse_qsl(query)}
        self.now = sandbox.clock.now()


def answer(sandbox: Sandbox, mode: ReadingMode, headers: Message, target: str) -> Answer:
    """Return the answer to a GET. `target` is the request's path and query."""
    if not sandbox.sign_in.admits(headers):
        return INSTEAD[Mode.UNAUTHORISED]
    if mode in _INSTEAD:
        return _INSTEAD[mode]
    client_id = headers.get(wire.CLIENT_HEADER)
    lookups = sandbox.clients.of(client_id) if client_id else None
    if client_id is None or lookups is None:
        return answers.refused(
            {wire.CLIENT_HEADER: ["is required, as a header, and must be known"]}
        )
    parts = urlsplit(target)
    question = _Question(sandbox, mode, client_id, lookups, parts.query)
    found = _route(question, parts.path.rstrip("/"))
    return _spoilt(found, mode) if found.status == 200 else found


def _spoilt(found: Answer, mode: ReadingMode) -> Answer:
    half = len(found.body) // 2
    if mode is ReadingMode.HALF_PAGE:
        return replace(found, sent_bytes=half)
    return replace(found, body=found.body[:half]) if mode is ReadingMode.WRONG_JSON else found


def _route(question: _Question, path: str) -> Answer:
    for pattern, route in _ROUTES:
        if found := pattern.fullmatch(path):
            numbers = {name: int(value) for name, value in found.groupdict().items() if value}
            return route(question, numbers)
    return _NOT_FOUND


def _call_flows(question: _Question, _numbers: Mapping[str, int]) -> Answer:
    return answers.json(200, [rows.call_flow(each) for each in sorted(question.lookups.callflows)])


def _clis(question: _Question, _numbers: Mapping[str, int]) -> Answer:
    return answers.json(200, [rows.cli(each) for each in sorted(question.lookups.clis)])


def _campaigns(question: _Question, _numbers: Mapping[str, int]) -> Answer:
    return answers.json(200, _all(question))


def _all(question: _Question) -> list[dict[str, Any]]:
    accepted = question.sandbox.campaigns.of(question.client_id)
    return [rows.campaign(each, question.now) for each in accepted]


def _campaigns_page(question: _Question, _numbers: Mapping[str, int]) -> Answer:
    """Return a page of campaigns. [guess] `pageIndex` is the page's number, from 1."""
    page, size = _number(question, wire.PAGE, 1), _number(question, wire.PAGE_SIZE, PAGE_SIZE)
    if not (page and size and size <= MAX_PAGE_SIZE):
        return answers.refused({wire.PAGE: ["is not a page"]})
    try:
        found = sieve.filtered(_all(question), question.query.get(wire.FILTERS, ""))
        found = sieve.in_order(found, question.query.get(wire.SORTS, ""))
    except SieveError as problem:
        return answers.refused({wire.FILTERS: [str(problem)]})
    return answers.json(
        200,
        {
            wire.PAGE_INDEX: page,
            wire.TOTAL_PAGES: -(-len(found) // size),
            wire.TOTAL_RECORDS: len(found),
            wire.ITEMS: found[(page - 1) * size : page * size],
        },
    )


def _number(question: _Question, name: str, otherwise: int) -> int:
    """Return a whole number of the query, 0 if it is none."""
    value = question.query.get(name.lower(), str(otherwise))
    return int(value) if re.fullmatch("[0-9]{1,9}", value) else 0


def _campaign(question: _Question, numbers: Mapping[str, int]) -> Answer:
    accepted = question.sandbox.campaigns.one(question.client_id, numbers["id"])
    if accepted is None:
        return _NOT_FOUND
    return answers.json(200, rows.whole_campaign(accepted, question.now))


def _phone_numbers(question: _Question, numbers: Mapping[str, int]) -> Answer:
    page, size = numbers.get("page", 1), numbers.get("size", PAGE_SIZE)
    accepted = question.sandbox.campaigns.one(question.client_id, numbers["id"])
    if accepted is None:
        return _NOT_FOUND
    if not page or not 1 <= size <= MAX_PAGE_SIZE:
        return answers.refused({wire.PAGE: [f"is from 1 on, of at most {MAX_PAGE_SIZE} numbers"]})
    people = question.sandbox.campaigns.people(
        accepted, (page - 1) * size, size, is_reversed=question.is_shifted
    )
    plan = accepted.plan
    found = [rows.phone_number(accepted.id, plan, person, question.now) for person in people]
    return answers.json(200, found)


_Route: TypeAlias = Callable[[_Question, Mapping[str, int]], Answer]
_ID = rf"{wire.CAMPAIGNS_PATH}/(?P<id>[0-9]{{1,18}})"
_PAGES = (
    rf"{_ID}/{wire.PHONE_NUMBERS_SEGMENT}(?:(?:/(?P<size>[0-9]{{1,9}}))?/(?P<page>[0-9]{{1,9}}))?"
)
_ROUTES: tuple[tuple[re.Pattern[str], _Route], ...] = tuple(
    (re.compile(pattern.rstrip("/"), re.IGNORECASE), route)
    for pattern, route in (
        (wire.CALL_FLOWS_PATH, _call_flows),
        (wire.CLIS_PATH, _clis),
        (wire.CAMPAIGNS_PATH, _campaigns),
        (wire.CAMPAIGNS_PAGE_PATH, _campaigns_page),
        (_ID, _campaign),
        (_PAGES, _phone_numbers),
    )
)
