"""Helpers that deliver to a scripted partner, or to one that answers from a list."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from campaigns.submissions.delivering import deliver, queueing
from campaigns.submissions.models import Delivery, Submission
from tests import people
from tests.partner.fault_server import Connection, FaultServer, Script, answering

says_yes = answering("201 Created", '{"id": 41, "name": "07700 900101"}')


def silent(connection: Connection) -> None:
    """Read the whole campaign, then hang up without an answer."""
    connection.read_all()


def queued(submission: Submission) -> Delivery:
    """Queue the submission's only part."""
    delivery = Delivery.queue(submission.parts.get())
    assert delivery
    return delivery


def deliver_by_id(delivery: Delivery) -> None:
    """Deliver as a worker does, which knows only the delivery's id."""
    deliver.deliver(Delivery.objects.get(pk=delivery.pk))


def deliver_to(script: Script, delivery: Delivery) -> FaultServer:
    """Deliver as a worker would, to a partner with this script."""
    with FaultServer(script) as partner:
        people.move_partner(partner.url)
        deliver_by_id(delivery)
    delivery.refresh_from_db()
    return partner


def send(submission: Submission, script: Script = says_yes) -> tuple[FaultServer, Delivery]:
    """Queue the submission's only part and deliver it to a partner with this script."""
    delivery = queued(submission)
    partner = deliver_to(script, delivery)
    submission.refresh_from_db()
    return partner, delivery


class Partner:
    """A partner that answers each request in turn as `answers` says.

    A number is the campaign ID of a success, a text is the status line of an answer without a body,
    and None hangs up after the last byte.
    """

    def __init__(self, *answers: int | str | None) -> None:
        self._answers = list(answers)
        self.bodies: list[Any] = []

    def __call__(self, connection: Connection) -> None:
        connection.read_all()
        self.bodies.append(json.loads(connection.body))
        answer = self._answers.pop(0)
        if isinstance(answer, int):
            connection.answer("201 Created", json.dumps({"id": answer}))
        elif answer:
            connection.answer(answer)

    def numbers(self) -> list[list[str]]:
        return [[entry["number"][-3:] for entry in body["phoneNumbers"]] for body in self.bodies]


def send_all(
    submission: Submission, *answers: int | str | None, between: Callable[[], None] | None = None
) -> Partner:
    """Queue what is due and deliver it, until nothing is due.

    `between` is called once, after the first delivery.
    """
    partner = Partner(*answers)
    with ExitStack() as stack:
        people.move_partner(stack.enter_context(FaultServer(partner)).url)
        while delivery := next_queued(submission):
            deliver.deliver(delivery)
            if between:
                between()
                between = None
    submission.refresh_from_db()
    return partner


def next_queued(submission: Submission) -> Delivery | None:
    queueing.queue_all_due()
    queued = Delivery.objects.filter(part__submission=submission, state=Delivery.State.QUEUED)
    return queued.first()
