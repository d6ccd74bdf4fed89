"""The outcome table: what an exchange means for its delivery."""

import pytest

from campaigns.partner.answer_parsing import Answer
from campaigns.partner.client import Exchange, Failure, Phase
from campaigns.submissions.answer_outcomes import Hold, State, judge

ACCEPTED, REFUSED = State.ACCEPTED, State.REFUSED
NEEDS_CHECKING, NOT_SENT = State.NEEDS_CHECKING, State.NOT_SENT


def ended(phase: Phase, sent: int, failure: Failure = Failure.NETWORK) -> Exchange:
    return Exchange(phase, sent, 100, failure=failure)


def answered(status: int, campaign_id: int | None = None, sent: int = 100) -> Exchange:
    return Exchange(Phase.ANSWERED, sent, 100, status, Answer(campaign_id))


@pytest.mark.parametrize(
    ("exchange", "state", "hold"),
    [
        (ended(Phase.CONNECTING, 0), NOT_SENT, Hold.NOTHING),
        (ended(Phase.CONNECTING, 0, Failure.DEADLINE), NOT_SENT, Hold.NOTHING),
        (ended(Phase.CONNECTING, 0, Failure.FENCE_LOST), NOT_SENT, Hold.NOTHING),
        (ended(Phase.CONNECTING, 0, Failure.CERTIFICATE), NOT_SENT, Hold.SUBMISSION),
        (ended(Phase.CONNECTING, 0, Failure.PAYLOAD), NOT_SENT, Hold.SUBMISSION),
        (ended(Phase.SENDING, 1), NEEDS_CHECKING, Hold.NOTHING),
        (ended(Phase.SENDING, 99, Failure.DEADLINE), NEEDS_CHECKING, Hold.NOTHING),
        (ended(Phase.SENDING, 50, Failure.PAYLOAD), NEEDS_CHECKING, Hold.NOTHING),
        (ended(Phase.SENT, 100), NEEDS_CHECKING, Hold.NOTHING),
        (ended(Phase.SENT, 100, Failure.DEADLINE), NEEDS_CHECKING, Hold.NOTHING),
        (ended(Phase.SENT, 100, Failure.CERTIFICATE), NEEDS_CHECKING, Hold.NOTHING),
        (answered(200, 7), ACCEPTED, Hold.NOTHING),
        (answered(201, 7), ACCEPTED, Hold.NOTHING),
        (answered(299, 7), ACCEPTED, Hold.NOTHING),
        (answered(201), NEEDS_CHECKING, Hold.NOTHING),
        (answered(204), NEEDS_CHECKING, Hold.NOTHING),
        (answered(201, 7, sent=50), NEEDS_CHECKING, Hold.NOTHING),
        *[(answered(code, 7), NEEDS_CHECKING, Hold.NOTHING) for code in (301, 302, 303, 307, 308)],
        *[
            (answered(code, 7), REFUSED, Hold.NOTHING)
            for code in (400, 404, 405, 411, 413, 414, 415, 422, 431)
        ],
        (answered(401), REFUSED, Hold.ACCOUNT),
        (answered(403), REFUSED, Hold.ACCOUNT),
        (answered(429), REFUSED, Hold.NOTHING),
        *[(answered(code, 7), NEEDS_CHECKING, Hold.NOTHING) for code in (408, 409, 425, 418, 499)],
        *[(answered(code, 7), NEEDS_CHECKING, Hold.NOTHING) for code in (500, 502, 503, 504, 599)],
        (answered(101), NEEDS_CHECKING, Hold.NOTHING),
        (answered(999), NEEDS_CHECKING, Hold.NOTHING),
    ],
)
def test_each_row_of_the_answer_outcomes(exchange: Exchange, state: State, hold: Hold) -> None:
    verdict = judge(exchange)
    assert (verdict.state, verdict.hold) == (state, hold)


@pytest.mark.parametrize("phase", [Phase.SENDING, Phase.SENT, Phase.ANSWERED])
@pytest.mark.parametrize("failure", list(Failure))
@pytest.mark.parametrize("sent", [1, 50, 100])
def test_what_has_sent_a_byte_is_never_called_not_sent(
    phase: Phase, failure: Failure, sent: int
) -> None:
    for status in (None, *range(100, 600)):
        exchange = Exchange(phase, sent, 100, status, Answer(), failure)
        assert judge(exchange).state is not NOT_SENT


def test_429_may_go_again_only_where_the_partner_confirmed_that_nothing_was_created() -> None:
    assert judge(answered(429), too_many_means_not_created=True).state is NOT_SENT


def test_a_doubt_says_how_much_was_handed_over() -> None:
    assert "50 of 100 bytes" in judge(ended(Phase.SENDING, 50)).reason
