"""Every row of the outcome table, by a partner that does it over a real socket."""

import pytest
from django.test import override_settings

from campaigns.clients.models import PartnerAccount
from campaigns.submissions.delivering import queueing
from campaigns.submissions.models import Submission
from tests.faults.databases import sqlite
from tests.faults.world import World

# What the partner does is the same whatever database the portal has.
pytestmark = pytest.mark.parametrize("place", [sqlite], indirect=True, ids=["sqlite"])

State = Submission.State
ACCEPTED, REFUSED, DOUBT, UNSENT = (
    State.SUBMITTED,
    State.REFUSED,
    State.NEEDS_CHECKING,
    State.SCHEDULED,
)
SHORT = {"PARTNER_CONNECT_TIMEOUT": 1, "PARTNER_DEADLINE": 4}

# What the partner does, what the submission becomes, and how many complete requests it has had.
BEFORE_THE_BODY = {
    "refused": UNSENT,
    "unanswered": UNSENT,
    "no-tls": UNSENT,
    "tls-reset": UNSENT,
    "untrusted": UNSENT,
}
BROKEN_OFF = {"reset-after-headers": 0, "reset-mid-body": 0, "close-after-last-byte": 1}
IN_DOUBT = [
    "created-then-close",
    "created-then-reset",
    "created-then-garbage",
    "created-then-half-a-status",
    "created-then-status-line",
    "created-then-half-an-answer",
    "created-no-id",
    "created-nothing",
    "created-html",
    "created-html-id",
    "created-negative-id",
    "created-endless",
    *[f"created-status-{code}" for code in (301, 302, 303, 307, 308)],
    *[f"created-status-{code}" for code in (408, 409, 421, 425, 500, 502, 503, 504)],
]
TLS_IN_DOUBT = [
    "created-then-bare-socket",
    "created-then-reset",
    "created-then-half-a-status",
    "created-no-id",
]
NEVER_ENDING = ["created-then-hang", "created-then-drip"]
YES = [
    "created",
    "created-200",
    "created-text",
    "created-bare",
    "created-quoted",
    "created-echo",
    "created-chunked",
    "created-continued",
    "created-after-2",
]
NO = [f"status-{code}" for code in (400, 404, 405, 411, 413, 414, 415, 422, 429, 431)]
HELD = ["status-401", "status-403"]

ROWS = [
    *[(name, "plain", state, 0) for name, state in BEFORE_THE_BODY.items()],
    *[(name, "plain", DOUBT, complete) for name, complete in BROKEN_OFF.items()],
    *[(name, "plain", DOUBT, 1) for name in IN_DOUBT],
    *[(name, "tls", DOUBT, 1) for name in TLS_IN_DOUBT],
    *[(name, "plain", DOUBT, 1) for name in NEVER_ENDING],
    *[(name, "plain", ACCEPTED, 1) for name in YES],
    ("created", "tls", ACCEPTED, 1),
    *[(name, "plain", REFUSED, 1) for name in (*NO, *HELD)],
]


# Statuses of which another one in the same row is tried by day.
AT_NIGHT = {
    *[f"created-status-{code}" for code in (302, 303, 307, 308, 408, 421, 425, 502, 504)],
    *[f"status-{code}" for code in (405, 411, 414, 415, 431)],
}


@pytest.mark.parametrize(
    ("manners", "over", "state", "complete"),
    [
        pytest.param(
            *row,
            id=f"{row[0]}-{row[1]}",
            marks=[pytest.mark.nightly] if row[0] in AT_NIGHT else [],
        )
        for row in ROWS
    ],
)
def test_each_row_leads_to_its_state_and_never_to_a_second_request(
    world: World, manners: str, over: str, state: str, complete: int
) -> None:
    world.frozen()
    world.manners(manners, over)
    limits = SHORT if manners in {*NEVER_ENDING, "unanswered"} else {}
    with override_settings(**limits):
        world.deliver()
        assert (world.states(), world.complete()) == ([state], complete)
        world.check()
        world.redeliver()
    assert (world.states(), world.complete()) == ([state], complete)
    world.manners("created")
    queueing.sweep()
    world.redeliver()
    goes_again = state == UNSENT and manners != "untrusted"
    assert world.states() == [ACCEPTED if goes_again else state]
    assert world.complete() == complete + goes_again
    world.check(at_rest=True)


def test_a_reset_before_the_first_byte_of_the_answer_is_never_called_more_than_a_doubt(
    world: World,
) -> None:
    """Whether the headers had left by then is the network's business, so either is right."""
    world.frozen()
    world.manners("reset-at-once")
    world.deliver()
    assert world.states()[0] in {UNSENT, DOUBT}
    world.check_and_heal()


def test_the_id_of_another_campaign_is_no_id(world: World) -> None:
    world.frozen()
    world.deliver()
    world.frozen()
    world.manners("created-other-id")
    world.deliver()
    assert world.states() == [ACCEPTED, DOUBT]
    world.check_and_heal()


@pytest.mark.parametrize("manners", HELD)
def test_a_refused_sign_in_stops_all_that_goes_to_the_account(world: World, manners: str) -> None:
    world.frozen()
    world.frozen()
    world.manners(manners)
    world.deliver()
    assert world.complete() == 1
    assert PartnerAccount.objects.get().held_reason
    world.check_and_heal()
    assert sorted(world.states()) == [REFUSED, UNSENT]
