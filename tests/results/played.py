"""A campaign that was sent to a real sandbox, and what the sandbox's own book says of its calls."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from campaigns.clients.models import Client, PartnerAccount
from campaigns.drafts.models import Campaign
from campaigns.partner import wire
from campaigns.partner.reading import requests
from campaigns.partner.sandbox.play.lives import Life, whole
from campaigns.partner.sandbox.play.plan import Plan
from campaigns.results import tasks
from campaigns.results.models import PartReading
from campaigns.submissions import payload_files
from campaigns.submissions.delivering import deliver
from campaigns.submissions.models import Delivery, Part, Submission
from tests import people
from tests.partner.sandbox import SandboxProcess
from tests.submissions.partner import next_queued

MONTH = timedelta(days=31)


def rows(count: int) -> list[tuple[str, str, str, str]]:
    return [(f"07700 900{n:03}", f"Person Number{n}", f"P{n}", "1 May") for n in range(count)]


def sent(manager: User, client: Client, count: int, name: str = "Played") -> Submission:
    """Submit a campaign of fictional people, and deliver all its parts to the sandbox."""
    contacts = people.contact_list(manager, client, rows(count), f"List of {name}")
    draft = Campaign.start(manager, people.content(client, contacts, name))
    submission = people.submitted(draft, manager)
    while delivery := next_queued(submission):
        deliver.deliver(Delivery.objects.get(pk=delivery.pk))
    submission.refresh_from_db()
    return submission


def read_back(submission: Submission) -> None:
    """Read all its parts, as the workers do once a person asks for it."""
    for part in submission.parts.all():
        reading, _ = PartReading.objects.get_or_create(part=part)
        PartReading.objects.filter(pk=reading.pk).update(due_at=datetime.now(UTC))
        tasks.read(reading.pk)


def allow(account: PartnerAccount) -> None:
    account.reads_back = True
    account.save()


def readings(submission: Submission) -> list[PartReading]:
    return list(PartReading.objects.filter(part__submission=submission).order_by("part"))


def campaign_of(submission: Submission) -> int:
    campaign = submission.campaign_id
    assert campaign
    return campaign


@dataclass
class Book:
    """What came of a submission's calls by the sandbox's own reckoning at a moment."""

    people: int = 0
    called: int = 0
    reached: int = 0
    seconds: int = 0
    outcomes: Counter[int] = field(default_factory=Counter)
    calls: Counter[tuple[int, int]] = field(default_factory=Counter)
    smss: int = 0

    @classmethod
    def of(cls, submission: Submission, now: datetime) -> "Book":
        book = cls()
        for part in submission.parts.all():
            for life in lives(part):
                book._add(life.until(now.timestamp()))
        return book

    def _add(self, life: Life) -> None:
        self.people += 1
        self.smss += len(life.smss)
        for call in life.calls:
            self.calls[call.attempt, int(call.ended.outcome)] += 1
            self.seconds += call.ended.seconds
        if life.calls:
            last = int(life.calls[-1].ended.outcome)
            self.called += 1
            self.reached += last == 1
            self.outcomes[last] += 1


def lives(part: Part) -> Iterator[Life]:
    with payload_files.open_payload(part.payload_file) as file:
        body: dict[str, Any] = json.load(file)
    plan = Plan.read(body)
    campaign_id = part.deliveries.get().campaign_id
    assert campaign_id
    for position, entry in enumerate(body[wire.PHONE_NUMBERS]):
        yield whole(plan, campaign_id, position, entry[wire.NUMBER])


def after_all_calls(sandbox: SandboxProcess) -> datetime:
    """Set the sandbox's clock to when every call is over, and return it."""
    now = datetime.now(UTC) + MONTH
    sandbox.set_clock(now)
    return now


@contextmanager
def questions(monkeypatch: Any) -> Iterator[list[str]]:
    """Return a list that fills with the paths asked for."""
    asked: list[str] = []
    real = requests.Questions.ask

    def ask(self: requests.Questions, path: str, query: Any = None) -> bytes | None:
        asked.append(path)
        return real(self, path, query)

    monkeypatch.setattr(requests.Questions, "ask", ask)
    yield asked
    monkeypatch.setattr(requests.Questions, "ask", real)
