"""One client's campaigns at a partner with bad manners, and what people and workers do with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import requests.adapters
from django.contrib.auth.models import User
from django.db import transaction
from django.http import QueryDict
from django.test import override_settings
from django.utils import timezone

from campaigns.clients.models import Approval, Client, PartnerAccount, Role
from campaigns.drafts.campaign import schedule
from campaigns.drafts.models import Campaign
from campaigns.submissions import enqueue, tasks
from campaigns.submissions.delivering import queueing
from campaigns.submissions.demo import story
from campaigns.submissions.doubts import settlement
from campaigns.submissions.doubts.settle_form import CREATED, NOT_CREATED, SettleForm
from campaigns.submissions.models import Delivery, Dispatch, Submission, states
from campaigns.submissions.models.delivery.guards import RETRY_AFTER
from tests import people
from tests.faults.invariants import Breach, breaches
from tests.faults.killing import Action, Crash, killed
from tests.faults.partner import FaultPartner, Row
from tests.faults.tally import TALLY

# Nothing has to wait here: whatever is taken for dead has died before the sweeper looks.
AT_ONCE = {"DELIVERY_DEAD_AFTER": 0, "SETTLE_AFTER": 0, "PARTNER_CONNECT_TIMEOUT": 20}
# More than a part may be tried by itself.
ROUNDS = 12


@contextmanager
def hurried(partner: FaultPartner) -> Iterator[None]:
    """Retry at once, call dead at once, and trust the fault partner's certificate."""
    certificate = partner.addresses["certificate"]
    with (
        override_settings(**AT_ONCE),
        mock.patch.object(queueing, "RETRY_AFTER", (0,) * len(RETRY_AFTER)),
        mock.patch.object(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", certificate),
    ):
        yield


class World:
    """Make it once for a database; every test and every example gets campaigns of its own."""

    def __init__(self, partner: FaultPartner) -> None:
        self.partner = partner
        self.account = PartnerAccount.objects.create(
            name="Faults",
            kind=PartnerAccount.Kind.SANDBOX,
            api_url=partner.url("created"),
        )
        self.manager = people.person("maya")
        self.approver = people.person("abel")
        self._names = self._clients = 0
        self.new_client()
        self._submitted_before = self._before = 0

    # Between one test and the next

    def new_client(self) -> None:
        """Make a client that has no campaigns yet. The cost of submitting grows with those it has."""
        self._clients += 1
        name = f"TEST-FAULTS-{self._clients}"
        self.client = people.client(self.account, name, name, call_flow=1, cli=1)
        people.join(self.manager, self.client, Role.ACCOUNT_MANAGER)
        people.join(self.approver, self.client, Role.APPROVER)
        self.contacts = people.contact_list(self.manager, self.client)

    @contextmanager
    def fresh(self, *, counted: bool = True) -> Iterator["World"]:
        """Begin with no submissions and a partner that behaves; count at the end what came of it."""
        self.manners("created")
        self.ask_for_approval(Approval.NEVER)
        self.ask_two_people_above(1000)
        PartnerAccount.objects.update(held_reason="")
        Dispatch.objects.update(held_reason="", released_at=timezone.now())
        self._submitted_before = self._newest_submission()
        self._before = self.partner.last()
        yield self
        if counted:
            TALLY.count(self.rows(), self.submissions, self.breaches(at_rest=True))
        self.end_all()

    def end_all(self) -> None:
        """Leave nothing for the next test's sweeper, such as what waits for a held account."""
        mine = [submission.pk for submission in self.submissions]
        still_open = Submission.objects.filter(pk__in=mine, state__in=states.OPEN)
        still_open.update(state=Submission.State.UNDONE)
        moving = [Delivery.State.QUEUED, Delivery.State.CLAIMED, Delivery.State.SENDING]
        for delivery in self.deliveries(state__in=moving):
            Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.NOT_SENT)

    @staticmethod
    def _newest_submission() -> int:
        newest = Submission.objects.order_by("pk").last()
        return newest.pk if newest else 0

    @property
    def submissions(self) -> list[Submission]:
        """Return this test's submissions, as they are now, oldest first."""
        found = Submission.objects.filter(pk__gt=self._submitted_before).order_by("pk")
        return list(found.select_related("client__partner_account", "campaign"))

    # People and the partner

    def manners(self, manners: str, over: str = "plain") -> None:
        people.move_partner(self.partner.url(manners, over))

    def draft(self) -> Campaign:
        self._names += 1
        content = people.content(self.client, self.contacts, f"Faults {self._names}")
        return Campaign.start(self.manager, content)

    def submit(self, draft: Campaign) -> Submission:
        """Submit a draft as the page does, in one transaction, and confirm what it asks."""
        start = schedule.starts_at(draft.content().hours, self.client.zone)
        with transaction.atomic():
            submission = story.submit_confirmed(draft, self.manager, start)
            enqueue.freeze(submission.pk)
        return submission

    def submitted(self) -> Submission:
        return self.submit(self.draft())

    def frozen(self) -> Submission:
        """Submit a campaign, freeze it and queue its first delivery."""
        submission = self.submitted()
        self.freeze(submission)
        return submission

    def freeze(self, submission: Submission) -> None:
        """Do what the worker does with a submission, however often it is rung for."""
        tasks.freeze(submission.pk)

    def ask_for_approval(self, approval: Approval = Approval.ALWAYS) -> None:
        Client.objects.filter(pk=self.client.pk).update(approval=approval)

    def ask_two_people_above(self, numbers: int) -> None:
        Client.objects.filter(pk=self.client.pk).update(second_person_above=numbers)

    def answer(
        self, delivery: Delivery, actor: User, answer: str, campaign_id: str | int = ""
    ) -> bool:
        """Settle a doubt as the page does. False: the page would show why it can't be."""
        said = QueryDict(mutable=True)
        said.update({"answer": answer, "campaign_id": str(campaign_id), "note": "Asked."})
        said["delivery"] = delivery.answer_key
        form = SettleForm(said)
        return settlement.settle(form, delivery.part, actor)

    def answer_truly(self, delivery: Delivery, actor: User) -> bool:
        """Ask the partner, and answer what it says."""
        name = delivery.part.wire_name
        ids = [row.campaign_id for row in self.rows() if row.name == name and row.campaign_id]
        if ids:
            return self.answer(delivery, actor, CREATED, ids[0])
        return self.answer(delivery, actor, NOT_CREATED)

    # Workers

    def killed(self, action: Action, crash: Crash) -> bool:
        """Run the action in a process of its own, killed by the crash; False if that never came."""
        was_killed = killed(action, crash)
        self.partner.wait_until_quiet()
        return was_killed

    def deliveries(self, **narrowed: Any) -> list[Delivery]:
        mine = Delivery.objects.filter(part__submission__gt=self._submitted_before)
        return list(mine.filter(**narrowed).order_by("pk"))

    def deliver(self) -> None:
        """Do what the workers do with everything queued."""
        for delivery in self.deliveries(state=Delivery.State.QUEUED):
            tasks.deliver(delivery.pk)

    def redeliver(self, times: int = 3) -> None:
        """Give every message to a worker again, whatever became of it."""
        for _ in range(times):
            for delivery in self.deliveries():
                tasks.deliver(delivery.pk)

    def heal(self) -> None:
        """Give the portal a partner that behaves, a sweeper, workers, and time."""
        self.manners("created")
        for _ in range(ROUNDS):
            for submission in self.submissions:
                if submission.state == Submission.State.PREPARING and not submission.held_reason:
                    tasks.freeze(submission.pk)
            queueing.sweep()
            self.deliver()
            if not self.breaches(at_rest=True):
                return
        self.check(at_rest=True)

    def breaches(self, *, at_rest: bool = False) -> list[Breach]:
        return breaches(self.rows(), self.submissions, at_rest=at_rest)

    def check(self, *, at_rest: bool = False) -> None:
        found = self.breaches(at_rest=at_rest)
        assert not found, "\n".join(map(str, found))

    def check_and_heal(self) -> None:
        """Sweep, deliver every message three times more, and look; then again at rest."""
        self.check()
        queueing.sweep()
        self.redeliver()
        self.check()
        self.heal()

    def states(self) -> list[str]:
        return [submission.state for submission in self.submissions]

    def rows(self) -> list[Row]:
        """Return what the partner has had in this test."""
        return self.partner.rows(self._before)

    def complete_rows(self) -> list[Row]:
        return [row for row in self.rows() if row.complete]

    def complete(self) -> int:
        return len(self.complete_rows())
