"""The sandbox's answers, correct and faulty."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from campaigns.partner import wire
from campaigns.partner.sandbox.state.behaviour import Mode

TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body and its type. `headers` are any further headers.

    With `sent_bytes` only so much of the body is sent, and then the connection is closed.
    """

    status: int
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    sent_bytes: int | None = None


def json(status: int, value: object, *headers: tuple[str, str]) -> Answer:
    return Answer(status, orjson.dumps(value), headers=headers)


def error(status: int, sentence: str, **more: object) -> Answer:
    """Return an error of the sandbox's own pages, which the partner does not have."""
    return json(status, {"error": sentence, **more})


def refused(errors: Mapping[str, list[str]]) -> Answer:
    """Return a refusal. [public] The partner's other endpoints report errors in this form."""
    return json(400, {"errors": errors})


# The answers of these modes to any complete request, valid or not. The bodies are a [guess].
INSTEAD = {
    Mode.REFUSE: refused({"CallFlow_Id": ["is not active"]}),
    # [public] The partner's other form of errors, [guess] with paths into the body, an unknown field,
    # and a text that quotes one of Ofcom's numbers for drama.
    Mode.REFUSE_FIELDS: json(
        400,
        {
            "startDate": ["must be a working day"],
            "RunoverDays[0].StartTime": ["is before your hours"],
            "phoneNumbers[3].number": ["07700900123 can't be reached"],
            "creditLimit": ["would be exceeded"],
        },
    ),
    Mode.UNAUTHORISED: json(401, {"message": "Unauthorized"}, ("WWW-Authenticate", "Bearer")),
    Mode.TOO_MANY: json(429, {"message": "Too many requests"}),
    Mode.SERVER_ERROR: json(500, {"message": "An error has occurred"}),
    Mode.UNAVAILABLE: json(503, {"message": "Service unavailable"}),
    # Redirects to the create address: a client that follows it adds a second request to the ledger.
    Mode.REDIRECT: Answer(307, headers=(("Location", f"{wire.CREATE_PATH}?redirected=1"),)),
}

SILENT = {Mode.HANG, Mode.CUT_BEFORE, Mode.CUT_AFTER}


def created_status(mode: Mode) -> int | None:
    """Return the status of `created`. The ledger needs it before the id is known."""
    if mode in SILENT:
        return None
    return 200 if mode in {Mode.BARE_ID, Mode.QUOTED_ID} else 201


def created(mode: Mode, campaign: Mapping[str, Any], campaign_id: int) -> Answer | None:
    """Return the answer to a created campaign, or None if the mode sends none.

    [public] 201 with the campaign echoed and an integer id. The partner's page breaks off at "Campaign with
    campaign ID", which the text mode completes.
    """
    status = created_status(mode)
    if status is None:
        return None
    match mode:
        case Mode.TEXT:
            text = f"Campaign with campaign ID={campaign_id}"
            return Answer(status, text.encode(), TEXT)
        case Mode.BARE_ID:
            return json(status, campaign_id)
        case Mode.QUOTED_ID:
            return json(status, str(campaign_id))
        case Mode.NO_ID:
            return json(status, {key: value for key, value in campaign.items() if key != "id"})
        case _:
            return json(status, {**campaign, "id": campaign_id})
