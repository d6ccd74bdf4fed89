"""What an exchange with the partner means for the row of its delivery.

An answer that comes late is also compared with what a person had decided before.
"""

from typing import Any

from django.contrib.auth.models import User

from campaigns.partner.client import Exchange
from campaigns.submissions.answer_outcomes import State, Verdict
from campaigns.submissions.models.states import DeliveryState

# The longest name that is put in a sentence, so that the sentence fits the column that it is stored in.
LONGEST_NAME = 100


def columns(exchange: Exchange) -> dict[str, Any]:
    """Return the columns that are stored of every exchange, whatever its outcome."""
    return {
        "bytes_sent": exchange.bytes_sent,
        "answer_status": exchange.status,
        "answer_excerpt": exchange.answer.excerpt,
        "answer_errors": exchange.answer.errors,
        "answered_id": exchange.answer.campaign_id,
    }


def event(verdict: Verdict, exchange: Exchange) -> str:
    if verdict.state is State.ACCEPTED:
        return f"The partner created the campaign: ID {exchange.answer.campaign_id}."
    return f"{DeliveryState(verdict.state.value).label}: {verdict.reason}"


def states_before(
    verdict: Verdict, exchange: Exchange, known_status: int | None
) -> list[DeliveryState]:
    """Return the states of a delivery that this outcome may follow.

    A late answer may end a doubt, but no decision. A delivery of which something was sent can be queued
    or claimed only in a database that has lost what came after. `known_status` is the HTTP status of the
    answer that is stored already, if any.
    """
    if verdict.state is State.NOT_SENT:
        # An answer that proves that nothing was created, as a 429 may, also ends a doubt.
        is_proof = exchange.status is not None
        doubt = [DeliveryState.NEEDS_CHECKING] * is_proof
        return [DeliveryState.CLAIMED, DeliveryState.SENDING, *doubt]
    before = [DeliveryState.QUEUED, DeliveryState.CLAIMED, DeliveryState.SENDING]
    if verdict.state is State.NEEDS_CHECKING:
        # An answer that does not settle the doubt is still worth storing, but only the first one.
        is_news = exchange.status is not None and known_status is None
        return [*before, *[DeliveryState.NEEDS_CHECKING] * is_news]
    return [*before, DeliveryState.NEEDS_CHECKING]


def contradicts(verdict: Verdict, exchange: Exchange, decided_id: int | None) -> bool:
    """Return whether the partner's answer and a person's decision can't both be true.

    `decided_id` is the campaign ID that the person gave, None if the person said that it was not created.
    """
    given = exchange.answer.campaign_id
    if decided_id is None:
        return given is not None or 200 <= (exchange.status or 0) < 300
    if verdict.state in {State.REFUSED, State.NOT_SENT}:
        return True
    return given is not None and given != decided_id


def partner_said(status: int | None, campaign_id: int | None) -> str:
    """Return what the partner answered, as the end of a sentence."""
    if campaign_id is not None:
        return f"the partner gave the campaign ID {campaign_id}"
    if status and 200 <= status < 300:
        return "the partner accepted it, but we couldn’t read a campaign ID"
    if status and 400 <= status < 500:
        return f"the partner refused it ({status})"
    return f"the partner answered {status}"


def person_said(person: User | None, campaign_id: int | None) -> str:
    """Return what a person decided, as the beginning of a sentence."""
    name = (person.get_full_name() or person.get_username())[:LONGEST_NAME] if person else "Someone"
    if campaign_id is None:
        return f"{name} said that it was not created"
    return f"{name} gave the campaign ID {campaign_id}"
