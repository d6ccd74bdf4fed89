"""The outcome table: what each exchange with the partner means for its delivery, and nothing else.

One rule is behind all rows: a delivery may be sent again automatically only if it is proved that no byte
of its body left. The only exception is a 429 from a partner that has confirmed that it then creates
nothing. A verdict depends on the phase that the exchange reached, never on the name of an exception.
"""

from dataclasses import dataclass
from enum import StrEnum

from campaigns.partner.client import Exchange, Failure, Phase


class State(StrEnum):
    """The states in which an exchange can leave its delivery."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NEEDS_CHECKING = "needs_checking"
    NOT_SENT = "not_sent"


class Hold(StrEnum):
    """The thing that must send nothing more until a person has checked it."""

    NOTHING = ""
    SUBMISSION = "submission"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of an exchange.

    `reason` is a sentence for people. It contains nothing that the partner or the network said.
    """

    state: State
    reason: str
    hold: Hold = Hold.NOTHING


PORTAL_FAILED = Verdict(
    State.NOT_SENT, "The portal’s database or disk failed just before sending. Nothing was sent."
)
CREATED = Verdict(State.ACCEPTED, "The partner created the campaign.")
REFUSALS = frozenset({400, 401, 403, 404, 405, 411, 413, 414, 415, 422, 431})
_WHY_REFUSED = {
    401: "The partner did not accept our sign-in.",
    403: "The partner does not allow us to do this.",
    404: "The partner doesn’t recognise the address. Check the account’s API URL.",
    413: "The partner says the request is too large.",
}


def judge(exchange: Exchange, *, too_many_means_not_created: bool = False) -> Verdict:
    """Return the outcome of an exchange.

    `too_many_means_not_created` is for a partner that has confirmed that its 429 means "not created".
    """
    if exchange.phase is Phase.ANSWERED:
        return _answered(exchange, too_many_means_not_created=too_many_means_not_created)
    if exchange.phase is Phase.CONNECTING:
        return _never_left(exchange.failure)
    sent = f"{exchange.bytes_sent:,} of {exchange.bytes_total:,} bytes"
    if exchange.phase is Phase.SENDING:
        return Verdict(State.NEEDS_CHECKING, f"The connection broke after {sent} were sent.")
    why = (
        "no answer came in time" if exchange.failure is Failure.DEADLINE else "the connection ended"
    )
    return Verdict(State.NEEDS_CHECKING, f"The whole campaign was sent, then {why}.")


def _never_left(failure: Failure | None) -> Verdict:
    if failure is Failure.CERTIFICATE:
        return Verdict(State.NOT_SENT, "The partner’s certificate is not trusted.", Hold.SUBMISSION)
    if failure is Failure.PAYLOAD:
        return Verdict(State.NOT_SENT, "The prepared file can’t be read.", Hold.SUBMISSION)
    if failure is Failure.FENCE_LOST:
        return Verdict(State.NOT_SENT, "It was held or stopped before anything was sent.")
    if failure is Failure.FENCE_FAILED:
        return PORTAL_FAILED
    return Verdict(State.NOT_SENT, "The partner could not be reached.")


def _answered(exchange: Exchange, *, too_many_means_not_created: bool) -> Verdict:
    status = exchange.status or 0
    if 200 <= status < 300:
        return _accepted(exchange)
    if status in REFUSALS:
        hold = Hold.ACCOUNT if status in {401, 403} else Hold.NOTHING
        reason = _WHY_REFUSED.get(status, "The partner refused the campaign.")
        return Verdict(State.REFUSED, reason, hold)
    if status == 429:
        if too_many_means_not_created:
            return Verdict(State.NOT_SENT, "The partner asked us to send more slowly.")
        return Verdict(State.REFUSED, "The partner says we are sending too much at a time.")
    if 300 <= status < 400:
        return Verdict(
            State.NEEDS_CHECKING,
            "The partner redirected us to another address. We don’t follow redirects.",
        )
    return Verdict(
        State.NEEDS_CHECKING,
        f"The partner answered {status}, which doesn’t say whether it created the campaign.",
    )


def _accepted(exchange: Exchange) -> Verdict:
    if not exchange.whole_body_sent:
        return Verdict(
            State.NEEDS_CHECKING, "The partner accepted it before it had the whole campaign."
        )
    if exchange.answer.campaign_id is None:
        return Verdict(
            State.NEEDS_CHECKING, "The partner accepted it, but we couldn’t read a campaign ID."
        )
    return CREATED
