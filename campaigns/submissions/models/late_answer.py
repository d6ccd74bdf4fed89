"""Compare an answer of the partner that came late with what a person had decided before."""

from django.contrib.auth.models import User

from campaigns.partner.client import Exchange
from campaigns.submissions.outcome_table import State, Verdict

# The longest name that is put in a sentence, so that the sentence fits the column that it is stored in.
LONGEST_NAME = 100


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
