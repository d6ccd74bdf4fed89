"""Random sequences of what people, workers, the partner and kill -9 do; checked after each step."""

from contextlib import ExitStack, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from django.contrib.auth.models import User
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from campaigns.clients.models import Approval, PartnerAccount
from campaigns.drafts.models import Campaign, DraftLocked
from campaigns.submissions import tasks
from campaigns.submissions.approval.approve_or_return import TooLate, approve, return_to_author
from campaigns.submissions.delivering import queueing
from campaigns.submissions.doubts.settle_form import NOT_CREATED
from campaigns.submissions.models import Delivery, Submission, endings
from tests.faults import points
from tests.faults.killing import Action, At, AtStatement
from tests.faults.stopping import race, stopped_at_the_latest, with_room_for
from tests.faults.tally import EXAMPLES, SEED, TALLY
from tests.faults.world import World

STEPS = 25
MOST = 6

# Without the ID of the campaign before: where nobody knows that one's ID, it can't be seen through.
MANNERS = [
    *["created"] * 4,
    "created-text",
    "created-no-id",
    "created-html",
    "created-then-close",
    "created-then-reset",
    "created-then-half-an-answer",
    "created-status-503",
    "reset-after-headers",
    "reset-mid-body",
    "close-after-last-byte",
    "status-307",
    "status-400",
    "status-401",
    "status-429",
    "status-500",
    "refused",
    "no-tls",
    "untrusted",
]
which = st.integers(0, MOST - 1)
kth = st.integers(1, 50)
chance = st.booleans()


HAS_ITS_ANSWER = next(at for at in points.DELIVER if at.label == "before the final write")


class Ways(RuleBasedStateMachine):
    """Everything that may come between a draft and its end, in any order."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self._fresh = ExitStack()
        # With the client and the journal of all examples before, each would take longer than the last.
        folder = self._fresh.enter_context(TemporaryDirectory())
        self._fresh.enter_context(override_settings(JOURNAL_DIR=Path(folder) / "journal"))
        self.world.new_client()
        self._fresh.enter_context(self.world.fresh())

    # People

    @initialize()
    def submit_the_first(self) -> None:
        self.world.frozen()

    @precondition(lambda self: len(self.world.submissions) < MOST)
    @rule(is_frozen=chance)
    def submit(self, is_frozen: bool) -> None:
        submission = self.world.submitted()
        if is_frozen:
            tasks.freeze(submission.pk)

    @rule(which=which)
    def submit_again(self, which: int) -> None:
        """Press the button twice, or mend a draft that came back and submit it anew."""
        if submission := self._one(which):
            campaign = Campaign.objects.get(pk=submission.own_campaign.pk)
            was_open = campaign.is_draft
            try:
                self.world.submit(campaign)
            except DraftLocked:
                assert not was_open
            else:
                assert was_open

    @rule(which=which, soon=chance)
    def give_up(self, which: int, soon: bool) -> None:
        """Undo one, or let its start come too near."""
        submission = self._one(which)
        if submission and soon:
            near = timezone.now() + timedelta(minutes=1)
            Submission.objects.filter(pk=submission.pk).update(starts_at=near)
        elif submission:
            endings.undo(submission, self.world.manager)

    @rule(always=chance)
    def ask_for_approval(self, always: bool) -> None:
        self.world.ask_for_approval(Approval.ALWAYS if always else Approval.NEVER)

    @rule(which=which, yes=chance)
    def decide(self, which: int, yes: bool) -> None:
        if submission := self._one(which):
            if yes:
                try:
                    approve(submission, self.world.approver, submission.payload_sha256)
                except TooLate:
                    endings.expire(submission)
            else:
                return_to_author(submission, self.world.approver, "Mend it.")

    @rule(which=which, second=chance)
    def answer_from_an_older_page(self, which: int, second: bool) -> None:
        """Say of a try that has come to nothing that it was not created; another one may be in doubt."""
        past = self.world.deliveries(state__in=Delivery.CAME_TO_NOTHING)
        for delivery in past[which : which + 1]:
            before = self.world.deliveries()
            self.world.answer(delivery, self._person(second), NOT_CREATED)
            states = [each.state for each in self.world.deliveries()]
            assert delivery.is_in_doubt or states == [each.state for each in before]

    @rule(which=which, second=chance)
    def settle(self, which: int, second: bool) -> None:
        if delivery := self._doubt(which):
            self.world.answer_truly(delivery, self._person(second))

    @rule(two=chance)
    def ask_two_people(self, two: bool) -> None:
        self.world.ask_two_people_above(0 if two else 1000)

    @rule(which=which)
    def release(self, which: int) -> None:
        """Let go on what is held, the account too."""
        PartnerAccount.objects.update(held_reason="")
        if (submission := self._one(which)) and submission.held_reason:
            submission.release(self.world.manager, submission.hold_key)
            submission.refresh_from_db()
            queueing.go_on(submission)

    # The partner, the sweeper and the workers

    @rule()
    def sweep(self) -> None:
        queueing.sweep()

    @rule(which=which)
    def freeze(self, which: int) -> None:
        if submission := self._one(which):
            tasks.freeze(submission.pk)

    @rule(manners=st.sampled_from(MANNERS))
    def deliver(self, manners: str) -> None:
        self._have_something_queued()
        self.world.manners(manners)
        self.world.deliver()

    @rule(manners=st.sampled_from(MANNERS), is_settled=chance)
    def deliver_late(self, manners: str, is_settled: bool) -> None:
        """Let a worker stand still with its answer until a sweeper, and maybe a person, have been."""
        self._have_something_queued()
        self.world.manners(manners)
        with stopped_at_the_latest(self.world.deliver, HAS_ITS_ANSWER) as worker:
            queueing.sweep()
            if is_settled and (delivery := self._doubt(0)):
                self.world.answer_truly(delivery, self.world.manager)
            worker.wake()

    @rule(which=which, most_bytes=st.integers(0, 400))
    def freeze_on_a_full_disk(self, which: int, most_bytes: int) -> None:
        if submission := self._one(which):
            race([with_room_for(most_bytes, partial(tasks.freeze, submission.pk))])
            TALLY.faults += 1

    @rule()
    def redeliver(self) -> None:
        self.world.redeliver(1)

    # Kills

    @rule(k=kth, manners=st.sampled_from(MANNERS))
    def kill_a_delivery(self, k: int, manners: str) -> None:
        self._have_something_queued()
        self.world.manners(manners)
        self.world.killed(self.world.deliver, AtStatement(k))

    @rule(point=st.sampled_from(points.DELIVER))
    def kill_a_delivery_at(self, point: At) -> None:
        self._have_something_queued()
        self.world.manners("created")
        self.world.killed(self.world.deliver, point)

    @rule(k=kth)
    def kill_a_sweep(self, k: int) -> None:
        self.world.killed(tasks.sweep, AtStatement(k))

    @rule(k=kth, which=which, second=chance)
    def kill_a_person(self, k: int, which: int, second: bool) -> None:
        """Their request, that is."""
        if action := self._action_of_a_person(which, second):
            self.world.killed(action, AtStatement(k))

    def _action_of_a_person(self, which: int, second: bool) -> Action | None:
        person = self._person(second)
        if delivery := self._doubt(which):
            return lambda: self.world.answer_truly(delivery, person)
        if submission := self._one(which):
            if submission.state == Submission.State.AWAITING_APPROVAL:
                return lambda: self._approve(submission)
            return lambda: endings.undo(submission, person)
        return None

    def _approve(self, submission: Submission) -> None:
        with suppress(TooLate):
            approve(submission, self.world.approver, submission.payload_sha256)

    # What holds at every moment

    @invariant()
    def nothing_is_broken(self) -> None:
        self.world.check()

    def teardown(self) -> None:
        try:
            self.world.heal()
        finally:
            self._fresh.close()

    def _have_something_queued(self) -> None:
        """Spend the steps on what can go wrong."""
        queued = self.world.deliveries(state=Delivery.State.QUEUED)
        if not queued and len(self.world.submissions) < MOST:
            self.world.frozen()

    def _person(self, second: bool) -> User:
        return self.world.approver if second else self.world.manager

    def _one(self, which: int) -> Submission | None:
        return next(iter(self.world.submissions[which:]), None)

    def _doubt(self, which: int) -> Delivery | None:
        doubts = self.world.deliveries(state=Delivery.State.NEEDS_CHECKING)
        return next(iter(doubts[which:]), None)


def test_random_sequences_break_nothing(place: World) -> None:
    ways = seed(SEED)(type("WaysHere", (Ways,), {"world": place}))
    run(
        ways,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
            print_blob=True,
        ),
    )
