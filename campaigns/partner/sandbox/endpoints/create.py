"""The handling of one create request, from its body to its row in the ledger and its answer."""

from datetime import datetime
from email.message import Message
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from campaigns.partner import wire
from campaigns.partner.sandbox.body import Body
from campaigns.partner.sandbox.endpoints import answers, validation
from campaigns.partner.sandbox.endpoints.answers import INSTEAD, SILENT, Answer
from campaigns.partner.sandbox.state.behaviour import Mode
from campaigns.partner.sandbox.state.ledger import Arrival, NameTakenError
from campaigns.partner.sandbox.state.sandbox import Sandbox

# [guess] No time zone is documented.
_PARTNER_ZONE = ZoneInfo("Europe/London")


def answer(sandbox: Sandbox, mode: Mode, headers: Message, body: Body) -> Answer | None:
    """Return the answer to send, or None if none is to be sent.

    When this returns, the ledger's row, and the campaign if one was created, are on disk.
    """
    client_id = headers.get(wire.CLIENT_HEADER)
    campaign = _campaign(body)
    arrival = _arrival(client_id, body, campaign)
    if not body.complete:
        sandbox.ledger.record(arrival, body.refusal)
        return answers.error(body.refusal, _FRAMING) if body.refusal else None
    if not sandbox.sign_in.admits(headers):
        mode = Mode.UNAUTHORISED
    if mode in INSTEAD:
        sandbox.ledger.record(arrival, INSTEAD[mode].status)
        return INSTEAD[mode]
    errors = _errors(sandbox, client_id, campaign)
    if not errors and campaign is not None:
        try:
            campaign_id = sandbox.ledger.create(
                arrival, answers.created_status(mode), played=campaign
            )
            return answers.created(mode, campaign, campaign_id)
        except NameTakenError:
            errors = {validation.FIELDS[wire.NAME]: ["is already used by another campaign"]}
    refusal = None if mode in SILENT else answers.refused(errors)
    sandbox.ledger.record(arrival, refusal.status if refusal else None)
    return refusal


_FRAMING = "The request needs a Content-Length of at most 512 MB, or chunked transfer."


def _campaign(body: Body) -> dict[str, Any] | None:
    """Return the JSON object in a complete body, or None if there is none."""
    try:
        value = orjson.loads(body.data) if body.complete else None
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def _arrival(client_id: str | None, body: Body, campaign: dict[str, Any] | None) -> Arrival:
    name = (campaign or {}).get(wire.NAME)
    numbers = (campaign or {}).get(wire.PHONE_NUMBERS)
    return Arrival(
        client_id=client_id,
        name=name if isinstance(name, str) else None,
        numbers=len(numbers) if isinstance(numbers, list) else None,
        complete=body.complete,
        body_bytes=len(body.data),
        body_sha256=body.sha256,
    )


def _errors(
    sandbox: Sandbox, client_id: str | None, campaign: dict[str, Any] | None
) -> validation.Errors:
    if not client_id:
        return {wire.CLIENT_HEADER: ["is required, as a header"]}
    lookups = sandbox.clients.of(client_id)
    if lookups is None:
        return {wire.CLIENT_HEADER: ["is not known"]}
    if campaign is None:
        return {"Body": ["must be a JSON object"]}
    now = datetime.now(_PARTNER_ZONE).replace(tzinfo=None)
    return validation.check(campaign, lookups, now)
