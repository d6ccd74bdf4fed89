"""Nothing about the people on a list is in a log, in a message to the workers, or in an event."""

import base64
import io
import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
import time_machine
from celery import shared_task
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from campaigns.clients.models import Client, Event
from campaigns.contacts import tasks as contact_tasks
from campaigns.contacts.models import ContactList
from campaigns.drafts.form import form_data
from campaigns.drafts.models import Campaign
from campaigns.submissions import tasks as submission_tasks
from campaigns.submissions.models import Delivery, Submission
from portal import logs
from tests import people
from tests.drawn import Page
from tests.partner.sandbox import SandboxProcess

ROWS = (
    ("07700 900321", "Quillan Zephyrine", "Quillan", "Michaelmas"),
    ("+44 1632 960322", "Xanthe Oyelaran", "Xanthe", "Candlemas"),
    ("(020) 7946 0323", "Ysolde Pemberton", "Ysolde", "Lammastide"),
    ("07700 90032", "Thaddeus Wrongdigit", "Thaddeus", "Hocktide"),
    ("07700 900325 or 900326", "Isidora Twonumbers", "Isidora", "Plough Monday"),
    ("07700 900321", "Leopold Duplicate", "Leopold", "Whitsun"),
)
WORDS = {cell for row in ROWS for cell in row}
# The end of a number is the same in every way of writing it: national, with spaces, E.164.
DIGITS = {re.sub(r"\D", "", row[0])[-9:] for row in ROWS}
A_NUMBER = "07700 900999"


def revealed_by(text: str) -> set[str]:
    """Return which words and numbers of the list are in the text."""
    without_spaces = re.sub(r"[\s()+-]", "", text)
    return {word for word in WORDS if word in text} | {
        digits for digits in DIGITS if digits in without_spaces
    }


@pytest.fixture(params=[True, False], ids=["json", "plain"])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Everything that the configured logging would print, in both forms."""
    line = logs.configure(json=request.param)["formatters"]["line"]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=line["foreign_pre_chain"], processors=line["processors"]
        )
    )
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


@pytest.fixture
def messages() -> Iterator[Path]:
    """The embedded broker's folder, empty at first."""
    folder: Path = settings.BROKER_DIR / "messages"
    for old in folder.iterdir():
        old.unlink()
    yield folder
    for left in folder.iterdir():
        left.unlink()


def bodies(folder: Path) -> list[str]:
    """Return every message as it is stored, and the decoded body of each."""
    raw = [path.read_text() for path in folder.iterdir()]
    return raw + [base64.b64decode(json.loads(text)["body"]).decode() for text in raw]


class Walk:
    """A manager who uses the pages, and the workers' tasks, run one after another in this process."""

    def __init__(self, manager: User, client: Client) -> None:
        self.browser = Browser()
        self.browser.force_login(manager)
        self.client = client

    def upload(self, file: ContentFile[bytes]) -> ContactList:
        posted = {"client": self.client.pk, "file": file, "name": "Readings"}
        assert self.browser.post(reverse("contacts:upload"), posted).status_code == 302
        contacts = ContactList.objects.latest("pk")
        address = reverse("contacts:choose", args=[contacts.pk])
        self.browser.post(address, people.columns_as_shown(contacts))
        contact_tasks.import_list(contacts.pk)
        contacts.refresh_from_db()
        return contacts

    def send(self, contacts: ContactList, name: str) -> Delivery:
        data = form_data.as_data(people.content(self.client, contacts, name))
        posted = {field: data.getlist(field) for field in data}
        assert people.submit_in(self.browser, posted).status_code == 302
        submission_tasks.freeze(Submission.objects.latest("pk").pk)
        delivery = Delivery.objects.latest("pk")
        submission_tasks.deliver(delivery.pk)
        delivery.refresh_from_db()
        return delivery


@pytest.mark.django_db(transaction=True)
def test_an_import_and_deliveries_of_every_outcome_reveal_nothing_about_the_people(
    sandbox: SandboxProcess, manager: User, northgate: Client, log: io.StringIO, messages: Path
) -> None:
    walk = Walk(manager, northgate)
    contacts = walk.upload(people.csv_file(ROWS))
    assert (contacts.contact_count, contacts.refused_count) == (3, 3)
    states = {}
    for mode in ("normal", "refuse", "cut_before", "cut_after", "no_id", "server_error"):
        sandbox.behave(mode)
        states[mode] = walk.send(contacts, f"Campaign {mode}").state
    submission_tasks.sweep()
    contact_tasks.sweep()

    assert states["normal"] == "accepted"
    assert states["refuse"] == "refused"
    assert set(states.values()) == {"accepted", "refused", "needs_checking"}
    assert log.getvalue().count("delivered") == len(states)
    assert revealed_by(log.getvalue()) == set()
    assert len(bodies(messages)) >= 2 * (1 + 2 * len(states))
    assert revealed_by("\n".join(bodies(messages))) == set()
    assert Event.objects.count() > 20
    assert revealed_by("\n".join(Event.objects.values_list("sentence", flat=True))) == set()
    assert revealed_by(sandbox.log) == set()


@pytest.mark.django_db(transaction=True)
def test_a_test_call_reveals_neither_the_persons_number_nor_whose_values_are_said(
    sandbox: SandboxProcess, manager: User, northgate: Client, log: io.StringIO, messages: Path
) -> None:
    walk = Walk(manager, northgate)
    contacts = walk.upload(people.csv_file(ROWS[1:5]))
    draft = Campaign.start(manager, people.content(northgate, contacts))
    walk.browser.post(reverse("own_number"), {"number": ROWS[0][0]})
    walk.browser.post(reverse("own_number"), {"number": ROWS[3][0]})
    tomorrow = timezone.now() + timedelta(days=1)
    with time_machine.travel(tomorrow.replace(hour=10)):
        walk.browser.force_login(manager)
        page = Page.get(walk.browser, reverse("submissions:test_call", args=[draft.pk]))
        [button] = [each for each in page.buttons() if each.words.startswith("Call me now")]
        page.press(button.words)
        submission_tasks.deliver(Delivery.objects.get().pk)
    assert Delivery.objects.get().state == Delivery.State.ACCEPTED
    assert log.getvalue().count("delivered") == 1
    kept = [*Event.objects.values_list("sentence", flat=True), *bodies(messages), log.getvalue()]
    assert revealed_by("\n".join([*kept, sandbox.log])) == set()


@pytest.mark.django_db(transaction=True)
def test_a_file_without_headings_leaves_its_first_person_out_of_events_and_logs(
    manager: User, northgate: Client, log: io.StringIO, messages: Path
) -> None:
    """Its first row is taken for headings, and the page shows them; nothing else may."""
    lines = "\n".join("Quillan Zephyrine,Michaelmas,Candlemas" for _ in range(3))
    walk = Walk(manager, northgate)
    contacts = walk.upload(ContentFile(lines.encode(), "people.csv"))
    assert contacts.status == "choosing"
    page = walk.browser.get(reverse("contacts:choose", args=[contacts.pk]))
    assert "Quillan Zephyrine" in page.text
    kept = [*Event.objects.values_list("sentence", flat=True), *bodies(messages), log.getvalue()]
    assert revealed_by("\n".join(kept)) == set()


class TestAnExceptionThatNamesANumber:
    """A database's own text may quote a whole row."""

    def test_in_a_view_leaves_it_out_of_the_log(
        self, manager: User, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("portal.pages.frame_parts.home_panels", lambda _request: fail())
        browser = Browser(raise_request_exception=False)
        browser.force_login(manager)
        assert browser.get("/").status_code == 500
        assert_logged_without_text(log, "Internal Server Error")

    def test_in_a_task_leaves_it_out_of_the_log(self, log: io.StringIO) -> None:
        assert failing.apply().failed()
        assert_logged_without_text(log, "task failed")

    def test_in_what_follows_a_commit_leaves_it_out_of_the_log(
        self, transactional_db: None, log: io.StringIO
    ) -> None:
        """Django writes the text of such an exception into its own sentence."""
        transaction.on_commit(fail, robust=True)
        assert_logged_without_text(log, "on_commit")

    def test_logged_by_ourselves_leaves_it_out_of_the_log(self, log: io.StringIO) -> None:
        for logger in (structlog.get_logger("ours"), logging.getLogger("theirs")):
            try:
                fail()
            except IntegrityError:
                logger.exception("it failed")
        assert_logged_without_text(log, "it failed")


@shared_task
def failing() -> None:
    fail()


def fail() -> list[Any]:
    try:
        message = f'Key (number)=({A_NUMBER}) exists: Quillan\'s, "twice"'
        raise ValueError(message)
    except ValueError as cause:
        raise IntegrityError(*cause.args) from cause


def assert_logged_without_text(log: io.StringIO, said: str) -> None:
    """Assert that the log says what kind of error there was and where, but not its text."""
    text = log.getvalue()
    assert said in text
    assert "IntegrityError" in text
    assert Path(__file__).name in text
    assert A_NUMBER not in text
    assert "Quillan" not in text
