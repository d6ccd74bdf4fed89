"""A campaign's way through the pages, run as a process of its own: `python -m tests.walk submit`.

It uses whatever database and broker its environment names, and waits for workers that are processes
too. Each command prints one line of JSON. Without a command it takes one from each line of its input, a
JSON list of words, until the input ends: starting Django anew for each would take longer than the command.
"""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import django
from django.conf import settings
from django.db import connections
from django.urls import reverse
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.core.files.base import File
    from django.http import HttpResponse
    from django.test import Client as Browser

    from campaigns.clients.models import Client
    from campaigns.contacts.models import ContactList
    from campaigns.drafts.campaign.content import DraftContent

SECONDS = 100


def submit(undo_seconds: str = "0") -> dict[str, Any]:
    """Sign in a new client's manager, upload a list, fill in the form and submit it."""
    from django.db import connection

    from tests import people

    manager, client = _newcomers()
    client.undo_seconds = int(undo_seconds)
    client.save()
    contacts = _upload(manager, client, people.csv_file(people.ROWS))
    review = _post(manager, "submissions:review_new", people.content(client, contacts))
    return {
        "submission": _submitted(manager, _pk(review)),
        "contacts": contacts.contact_count,
        "refused": contacts.refused_count,
        "database": connection.vendor,
        "broker": settings.CELERY_BROKER_URL.partition(":")[0],
    }


def draft() -> dict[str, Any]:
    """Make a new client's complete draft."""
    from campaigns.drafts.models import Campaign
    from tests import people

    manager, client = _newcomers()
    contacts = _upload(manager, client, people.csv_file(people.ROWS))
    return {"draft": Campaign.start(manager, people.content(client, contacts)).pk}


def submit_draft(draft: str) -> dict[str, Any]:
    """Submit a draft from a process that has not used a broker, and return how long the page took."""
    from campaigns.drafts.models import Campaign

    campaign = Campaign.objects.get(pk=draft)
    _browser(campaign.created_by).get(reverse("submissions:review", args=[campaign.pk]))
    began = time.monotonic()
    submission = _submitted(campaign.created_by, campaign.pk)
    return {"submission": submission, "seconds": time.monotonic() - began}


def oddities() -> dict[str, Any]:
    """Do what SQLite accepts and PostgreSQL would refuse: long texts, and a NUL in an answer."""
    from django.core.files.base import ContentFile

    from campaigns.drafts.campaign.content import DraftContent, Source
    from campaigns.drafts.models import Campaign
    from campaigns.partner import answer_parsing
    from campaigns.partner.client import Exchange, Phase
    from campaigns.submissions.answer_outcomes import judge
    from campaigns.submissions.models import Delivery
    from tests import people

    manager, client = _newcomers()
    titles = ",".join(f"{letter * 60}" for letter in "abcdefgh")
    hopeless = _upload(manager, client, ContentFile(f"{titles}\n{titles}\n".encode(), "x.csv"))

    heading = "h" * 400
    wide = ContentFile(f"Phone,{heading}\n07700 900101,x\n".encode(), "wide.csv")
    contacts = _upload(manager, client, wide)
    column = {1: Source("column", heading)}
    saved = _post(
        manager, "drafts:new", replace(DraftContent.blank(client), name="Wide", parameters=column)
    )

    campaign = Campaign.start(manager, people.content(client, contacts, "Odd answer"))
    delivery = Delivery.queue(people.submitted(campaign, manager).parts.get())
    assert delivery
    assert delivery.claim()
    assert delivery.pass_fence()
    answer = answer_parsing.read([b"\0Campaign with campaign ID=987654"], most_bytes=1000)
    exchange = Exchange(Phase.ANSWERED, 5, 5, 201, answer)
    delivery.settle(judge(exchange), exchange)
    return {
        "no_number_column": hopeless.status,
        "column_offered": saved.status_code == 302,
        "campaign_id": _fresh(delivery).campaign_id,
    }


def wait(submission: str, state: str) -> dict[str, Any]:
    """Wait until the submission has this state, and return its deliveries' outcomes."""
    from campaigns.submissions.models import Delivery, Submission

    found = Submission.objects.get(pk=submission)
    _until(lambda: _fresh(found).state == state)
    deliveries = Delivery.objects.filter(part__submission=found)
    return {"deliveries": list(deliveries.values("state", "campaign_id", "reason"))}


def wait_delivery(submission: str, state: str) -> dict[str, Any]:
    """Wait until the submission has one delivery, in this state."""
    from campaigns.submissions.models import Delivery

    deliveries = Delivery.objects.filter(part__submission=int(submission))
    _until(lambda: [delivery.state for delivery in deliveries.all()] == [state])
    return {"delivery": deliveries.get().pk}


def wait_health(status: str, problem: str = "") -> dict[str, Any]:
    """Wait until /healthz answers with this status and names the problem."""
    from django.test import Client as Browser

    def answered() -> bool:
        answer = Browser().get("/healthz")
        return answer.status_code == int(status) and problem in answer.content.decode()

    _until(answered)
    return {"healthz": int(status)}


def wait_swept(times: str = "1") -> dict[str, Any]:
    """Wait until so many sweeps that began after now have ended."""
    from campaigns.submissions.models import Heartbeat

    swept = Heartbeat.objects.filter(name=Heartbeat.SWEEPER)
    for _ in range(int(times) + 1):
        before = timezone.now()
        _until(lambda: swept.filter(at__gt=before).exists())  # noqa: B023
    return {"swept": True}


def _newcomers() -> tuple[User, Client]:
    """Make a client that the sandbox knows, and its manager."""
    from campaigns.clients.models import Client, PartnerAccount, Role
    from campaigns.partner.sandbox import remote
    from tests import people

    account, _ = PartnerAccount.objects.get_or_create(
        name="Sandbox", kind=PartnerAccount.Kind.SANDBOX, api_url=settings.SANDBOX_URL
    )
    number = Client.objects.count() + 1
    client = people.client(account, f"Client {number}", f"TEST-{number}", call_flow=number, cli=1)
    remote.set_clients(settings.SANDBOX_URL, people.lookups())
    return people.member(f"manager-{number}", client, Role.ACCOUNT_MANAGER), client


def _upload(manager: User, client: Client, file: File[bytes]) -> ContactList:
    """Upload a file, import it as the page proposes, and wait until a worker has read it."""
    from campaigns.contacts.models import ContactList
    from tests import people

    posted = {"client": client.pk, "file": file, "name": "Readings"}
    contacts = ContactList.objects.get(
        pk=_pk(_browser(manager).post(reverse("contacts:upload"), posted))
    )
    address = reverse("contacts:choose", args=[contacts.pk])
    _browser(manager).post(address, people.columns_as_shown(contacts))
    _until(lambda: not _fresh(contacts).is_under_way)
    return contacts


def _post(manager: User, address: str, content: DraftContent) -> HttpResponse:
    """Post the builder's form, filled in with `content`."""
    from campaigns.drafts.form import form_data

    data = form_data.as_data(content)
    posted = {name: data.getlist(name) for name in data}
    return cast("HttpResponse", _browser(manager).post(reverse(address), posted))


def _submitted(manager: User, draft: int) -> int:
    """Press the review's button, and return the submission's id."""
    from campaigns.drafts.models import Campaign
    from tests import people

    posted = people.reviewed(Campaign.objects.get(pk=draft))
    return _pk(_browser(manager).post(reverse("submissions:submit", args=[draft]), posted))


def _browser(person: User) -> Browser:
    from django.test import Client as Browser

    browser = Browser()
    browser.force_login(person)
    return browser


def _pk(answer: Any) -> int:
    """Return the first id in the address that a form led to."""
    assert answer.status_code == 302, answer.content.decode()
    return int(next(filter(str.isdigit, answer.headers["Location"].split("/"))))


def _fresh(thing: Any) -> Any:
    thing.refresh_from_db()
    return thing


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, "It did not come in time."
        time.sleep(0.1)


COMMANDS: dict[str, Callable[..., dict[str, Any]]] = {
    "submit": submit,
    "draft": draft,
    "submit_draft": submit_draft,
    "oddities": oddities,
    "wait": wait,
    "wait_delivery": wait_delivery,
    "wait_health": wait_health,
    "wait_swept": wait_swept,
}


def run(command: str, *words: str) -> None:
    """Run one command, and print what it found or the error that ended it."""
    try:
        found = COMMANDS[command](*words)
    except Exception:
        found = {"error": traceback.format_exc()}
    finally:
        # Between two commands, the server at the other end may have been ended or frozen.
        connections.close_all()
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    django.setup()
    if sys.argv[1:]:
        run(*sys.argv[1:])
    else:
        for line in sys.stdin:
            run(*json.loads(line))
