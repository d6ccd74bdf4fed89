"""Campaigns and phone numbers as JSON objects, spelled as the partner's pages spell them."""

from datetime import UTC, datetime
from typing import Any

import orjson

from campaigns.partner import wire
from campaigns.partner.sandbox.endpoints.validation import OTHER_CLI_ID
from campaigns.partner.sandbox.play import lives
from campaigns.partner.sandbox.play.lives import PlayedCall, PlayedSms
from campaigns.partner.sandbox.play.plan import ZONE, Plan
from campaigns.partner.sandbox.play.progress import status_at
from campaigns.partner.sandbox.state.campaigns import Accepted, Person


def call_flow(identifier: int) -> dict[str, Any]:
    return {wire.ID: identifier, wire.NAME: f"Call flow {identifier}"}


def cli(identifier: int) -> dict[str, Any]:
    """Return a CLI with one of Ofcom's numbers for drama."""
    number = f"01632960{identifier % 1000:03}"
    return {wire.ID: identifier, wire.NUMBER: number, wire.DESCRIPTION: f"CLI {identifier}"}


def campaign(accepted: Accepted, now: float) -> dict[str, Any]:
    """Return one row of the list of campaigns. [guess] `callCount` is how many numbers it has."""
    body = accepted.body
    return {
        wire.ID: accepted.id,
        wire.NAME: body[wire.NAME],
        wire.START_DATE: body[wire.START_DATE],
        wire.READ_START_TIME: body[wire.START_TIME],
        wire.READ_FINISH_TIME: body[wire.FINISH_TIME],
        wire.TYPE: 0,
        wire.READ_CALL_FLOW_ID: body[wire.CALL_FLOW_ID],
        wire.CAMPAIGN_STATUS: int(status_at(accepted.plan, now)),
        wire.CALL_COUNT: accepted.people,
        wire.READ_CLI_ID: body.get(wire.CLI_ID, body.get(OTHER_CLI_ID)),
    }


def whole_campaign(accepted: Accepted, now: float) -> dict[str, Any]:
    """Return one campaign with its call attempts and run-over days. It has no numbers."""
    one_attempt = [{wire.INTERVAL: 0, wire.ATTEMPT_NUMBER: 1}]
    return campaign(accepted, now) | {
        wire.ATTEMPTS: accepted.body.get(wire.ATTEMPTS) or one_attempt,
        wire.READ_RUNOVER_DAYS: accepted.body.get(wire.RUNOVER_DAYS) or [],
    }


def phone_number(accepted_id: int, plan: Plan, person: Person, now: float) -> dict[str, Any]:
    """Return a number with what has come of it by `now`, in seconds since 1970."""
    life = lives.whole(plan, accepted_id, person.position, person.number).until(now)
    return {
        wire.ID: person.id,
        wire.NUMBER: person.number,
        wire.RECIPIENT_NAME: person.name,
        wire.PARAMETERS: orjson.loads(person.parameters) if person.parameters else [],
        wire.CALLS: [_call(call) for call in life.calls],
        wire.SMSS: [_sms(sms, now) for sms in life.smss],
    }


def _call(call: PlayedCall) -> dict[str, Any]:
    ended = call.ended
    return {
        wire.START_TIME: _wall_clock(call.start),
        wire.END_TIME: _wall_clock(call.end),
        wire.STAGE: int(ended.stage),
        wire.OUTCOME: int(ended.outcome),
        wire.USER_INPUT: ended.digits or None,
        wire.PRICE: ended.price,
        wire.IS_TRANSFER: ended.is_transfer,
        wire.ATTEMPT_NUMBER: call.attempt,
        wire.SECONDS: ended.seconds,
    }


def _sms(sms: PlayedSms, now: float) -> dict[str, Any]:
    """Return an SMS. [public] Sender and message may be null, as they are for one that was sent."""
    return {
        wire.STATUS: int(sms.status_at(now)),
        wire.PRICE: sms.price,
        wire.SMS_PARTS: 1,
        wire.RECEIVED: _wall_clock(sms.sent_at),
        wire.SENDER: None,
        wire.MESSAGE: None,
    }


def _wall_clock(moment: float) -> str:
    """Return a time without a zone. [guess] It is UK wall clock."""
    wall = datetime.fromtimestamp(moment, UTC).astimezone(ZONE).replace(tzinfo=None)
    return wall.isoformat(timespec="milliseconds")
