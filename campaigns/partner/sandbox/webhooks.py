"""The sending of webhooks: what the clock has passed since the last ones, in order, faults on request.

[public] One POST for each call and for each change of an SMS, without a signature. [guess] It is sent once,
whatever the answer.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import orjson

from campaigns.partner import wire
from campaigns.partner.sandbox.play.events import CallEvent, SmsEvent, Timeline, events
from campaigns.partner.sandbox.play.lives import whole
from campaigns.partner.sandbox.state.behaviour import WebhookMode
from campaigns.partner.sandbox.state.campaigns import Accepted, Person
from campaigns.partner.sandbox.state.sandbox import Sandbox
from campaigns.partner.sandbox.state.webhook_addresses import Webhook

TICK_SECONDS = 0.2
TIMEOUT_SECONDS = 10
# Events of one campaign between two records of how far the sending has come.
MOST_AT_ONCE = 500


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any) -> None:
        """Return None: a webhook is not sent on."""


_OPENER = build_opener(ProxyHandler({}), _NoRedirects())


def start(sandbox: Sandbox) -> None:
    """Send from now on, in a thread that ends with the process."""
    threading.Thread(target=Sender(sandbox).run, daemon=True).start()


class Sender:
    """The sender of one sandbox. It is used by one thread."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._timelines: dict[int, Timeline] = {}
        # What is kept back: the machine's time from which it may go, the address, the body.
        self._late: list[tuple[float, str, bytes]] = []
        self._behind: list[tuple[str, bytes]] = []

    def run(self) -> None:
        while True:
            # The file is locked by another process: what is due now is due at the next turn too.
            with suppress(sqlite3.OperationalError):
                self.send_due()
            time.sleep(TICK_SECONDS)

    def send_due(self) -> None:
        """Send everything that the clock has passed."""
        for webhook in self._sandbox.webhook_addresses.all():
            now = self._sandbox.clock.now()
            if now > webhook.sent_until:
                self._send(webhook, now)
        for late in [each for each in self._late if each[0] <= time.monotonic()]:
            self._late.remove(late)
            _post(*late[1:])

    def _send(self, webhook: Webhook, now: float) -> None:
        """Send what one client has to be told, up to `now` or to the first few hundred events."""
        campaigns = self._sandbox.campaigns.of(webhook.client_id)
        for campaign in campaigns:
            now = self._timeline(campaign).at_most(webhook.sent_until, now, MOST_AT_ONCE)
        for body in self._bodies(webhook, campaigns, now):
            self._treat(webhook.url, body)
        self._sandbox.webhook_addresses.sent(webhook, now)

    def _bodies(self, webhook: Webhook, campaigns: list[Accepted], now: float) -> list[bytes]:
        """Return the webhooks' bodies in the order of what they tell."""
        found = [
            (event.moment, orjson.dumps(_body(campaign, person, event)))
            for campaign in campaigns
            for person, event in self._events(campaign, webhook.sent_until, now)
        ]
        return [body for _, body in sorted(found)]

    def _events(
        self, campaign: Accepted, after: float, until: float
    ) -> Iterator[tuple[Person, CallEvent | SmsEvent]]:
        plan = campaign.plan
        for position in sorted(self._timeline(campaign).between(after, until)):
            for person in self._sandbox.campaigns.people(campaign, position, 1):
                life = whole(plan, campaign.id, position, person.number)
                for event in events(life):
                    if after < event.moment <= until:
                        yield person, event

    def _timeline(self, campaign: Accepted) -> Timeline:
        if campaign.id not in self._timelines:
            numbers = self._sandbox.campaigns.numbers(campaign.id)
            self._timelines[campaign.id] = Timeline.of(campaign.plan, campaign.id, numbers)
        return self._timelines[campaign.id]

    def _treat(self, url: str, body: bytes) -> None:
        mode, wait = self._sandbox.webhook_turns.take()
        if mode is WebhookMode.LOST:
            return
        if mode is WebhookMode.LATE:
            self._late.append((time.monotonic() + wait, url, body))
            return
        if mode is WebhookMode.OUT_OF_ORDER:
            self._behind.append((url, body))
            return
        for _ in range(2 if mode is WebhookMode.DOUBLED else 1):
            _post(url, body)
        behind, self._behind = self._behind, []
        for kept in behind:
            _post(*kept)


def _post(url: str, body: bytes) -> None:
    request = Request(url, data=body, headers={"Content-Type": "application/json"})  # noqa: S310
    # A refusal and an address where nobody listens are the same to the sender.
    with suppress(OSError, ValueError, HTTPException):
        _OPENER.open(request, timeout=TIMEOUT_SECONDS).close()


def _body(campaign: Accepted, person: Person, event: CallEvent | SmsEvent) -> dict[str, Any]:
    own = _call(campaign, event) if isinstance(event, CallEvent) else _sms(person, event)
    kind = wire.CALL_WEBHOOK if isinstance(event, CallEvent) else wire.SMS_WEBHOOK
    name = campaign.client_id
    # [public] An integer; the sandbox's own clients may have a text.
    client_id = int(name) if name.isascii() and name.isdigit() else name
    data = {wire.WEBHOOK_CLIENT_ID: client_id, wire.WEBHOOK_PHONE_NUMBER: person.number, **own}
    return {wire.WEBHOOK_TYPE: kind, wire.WEBHOOK_DATA: data}


def _call(campaign: Accepted, event: CallEvent) -> Mapping[str, Any]:
    ended = event.call.ended
    return {
        wire.WEBHOOK_OUTCOME: int(ended.outcome),
        wire.STAGE: int(ended.stage),
        wire.START_TIME: _utc(event.call.start),
        wire.END_TIME: _utc(event.call.end),
        wire.USER_INPUT: ended.digits or None,
        wire.WEBHOOK_CAMPAIGN_ID: str(campaign.id),
    }


def _sms(person: Person, event: SmsEvent) -> Mapping[str, Any]:
    return {
        wire.WEBHOOK_ID: person.id * 10 + event.place,
        wire.WEBHOOK_PHONE_NUMBER_ID: str(person.id),
        wire.WEBHOOK_PARTS: 1,
        wire.WEBHOOK_CREATED: _utc(event.sms.sent_at),
        wire.WEBHOOK_UPDATED: _utc(event.moment),
        wire.PRICE: event.sms.price,
        wire.WEBHOOK_STATUS: int(event.status),
    }


def _utc(moment: float) -> str:
    at = datetime.fromtimestamp(moment, UTC).replace(tzinfo=None)
    return at.isoformat(timespec="milliseconds") + "Z"
