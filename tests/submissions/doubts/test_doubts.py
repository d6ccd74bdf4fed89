"""E-mails and banners about what needs checking: who gets them, when, how often, and what they say."""

import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.backends import locmem
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.clients.models import Client, Membership, Role
from campaigns.submissions.doubts import reminders
from campaigns.submissions.models import Delivery, DoubtMail, Submission
from tests import people
from tests.submissions.partner import queued

pytestmark = pytest.mark.django_db(transaction=True)

HOURS = ((0.0, 1), (0.5, 0), (1.0, 1), (2.0, 0), (4.0, 1), (30.0, 0))


@pytest.fixture(autouse=True)
def addresses(manager: User, approver: User, viewer: User, stranger: User, admin: User) -> None:
    for person in (manager, approver, viewer, stranger, admin):
        person.email = f"{person.username}@example.com"
        person.save()


@pytest.fixture
def doubt(submission: Submission) -> Delivery:
    delivery = queued(submission)
    assert delivery.claim()
    assert delivery.pass_fence()
    assert delivery.doubt("The worker died while it was sending.")
    return delivery


def written() -> list[str]:
    """Return the addresses of all e-mails sent since the last call."""
    found = sorted(address for message in mail.outbox for address in message.to)
    mail.outbox.clear()
    return found


BOTH = ["alan@example.com", "mina@example.com"]


def test_author_and_approver_get_a_mail_at_once_after_one_hour_and_after_four(
    doubt: Delivery,
) -> None:
    since = doubt.finished_at
    assert since
    for hours, times in HOURS:
        with time_machine.travel(since + timedelta(hours=hours, seconds=1), tick=False):
            reminders.write()
            reminders.write()
        assert written() == BOTH * times, hours


def test_missed_mails_are_made_up_for_by_one_and_not_by_three(doubt: Delivery) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=9), tick=False):
        reminders.write()
        reminders.write()
    assert written() == BOTH


def test_once_the_doubt_is_settled_nobody_gets_a_mail(doubt: Delivery, approver: User) -> None:
    reminders.write()
    written()
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert doubt.was_created(approver, 41)
        reminders.write()
    assert written() == []


def test_who_edited_the_draft_is_an_author_and_who_lost_access_is_not(
    doubt: Delivery, northgate: Client, viewer: User, manager: User
) -> None:
    doubt.part.submission.own_campaign.editors.add(viewer)
    Membership.objects.filter(user=manager).delete()
    reminders.write()
    assert written() == ["alan@example.com", "vera@example.com"]


def test_an_approver_of_another_client_gets_nothing(doubt: Delivery, harbour: Client) -> None:
    Membership.objects.filter(client=harbour).update(role=Role.APPROVER)
    reminders.write()
    assert written() == BOTH


def test_who_has_no_address_or_is_not_active_is_left_out(doubt: Delivery, approver: User) -> None:
    User.objects.filter(username="mina").update(email="")
    User.objects.filter(pk=approver.pk).update(is_active=False)
    reminders.write()
    assert written() == []


def test_the_mail_says_what_is_known_and_leads_to_the_page_and_names_no_number(
    doubt: Delivery, settings: Settings, manager: User
) -> None:
    settings.PUBLIC_URL = "https://portal.example.com/"
    reminders.write()
    [message] = [one for one in mail.outbox if one.to == [manager.email]]
    submission = doubt.part.submission
    text = message.body
    assert message.subject == f"Needs checking: {submission}"
    assert f"https://portal.example.com/submissions/{submission.pk}/\n" in text
    for known in (submission.name, "Northgate Energy", doubt.reason, doubt.part.wire_name):
        assert known in text
    for number, name, first, due in people.ROWS[:3]:
        assert number[-6:] not in text
        assert not any(value in text for value in (name, first, due))
    assert "last reminder" not in text
    assert "&" not in text


def test_the_last_mail_says_that_it_is_the_last(doubt: Delivery) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=5), tick=False):
        reminders.write()
    assert all("last reminder" in message.body for message in mail.outbox)
    assert all(message.subject.startswith("Still needs") for message in mail.outbox)


class TestAMailServerThat:
    def test_is_away_is_tried_again_later(self, doubt: Delivery, settings: Settings) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        reminders.write()
        assert not DoubtMail.objects.exists()
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        reminders.write()
        assert written() == BOTH

    def test_refuses_one_address_gets_the_others(
        self, doubt: Delivery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        send = locmem.EmailBackend.send_messages

        def refuse(self: locmem.EmailBackend, messages: list[mail.EmailMessage]) -> int:
            if messages[0].to == ["mina@example.com"]:
                raise smtplib.SMTPRecipientsRefused({})
            return send(self, messages)

        monkeypatch.setattr(locmem.EmailBackend, "send_messages", refuse)
        reminders.write()
        reminders.write()
        assert written() == ["alan@example.com"]
        assert DoubtMail.objects.get(sent_at=None).person.username == "mina"

    def test_breaks_off_ends_the_round_and_nobody_gets_it_twice(
        self, doubt: Delivery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def break_off(*_: object) -> int:
            raise smtplib.SMTPServerDisconnected

        with monkeypatch.context() as broken:
            broken.setattr(locmem.EmailBackend, "send_messages", break_off)
            reminders.write()
        assert DoubtMail.objects.count() == 1
        reminders.write()
        assert len(written()) == 1


class TestTheBanner:
    @pytest.mark.parametrize(
        ("username", "is_shown"),
        [("mina", True), ("alan", True), ("vera", False), ("sol", False), ("ada", False)],
    )
    def test_is_for_authors_and_approvers_on_every_page_but_home_which_has_a_panel(
        self, doubt: Delivery, username: str, is_shown: bool
    ) -> None:
        browser = Browser()
        browser.force_login(User.objects.get(username=username))
        link = f'class="alert-link" href="/submissions/{doubt.part.submission_id}/"'
        for page in ("/campaigns/", "/suppression/"):
            shown = " ".join(browser.get(page).text.split())
            assert (link in shown) is is_shown, page
        home = browser.get("/").text
        assert link not in " ".join(home.split())
        panel = home.partition('aria-labelledby="needs-me"')[2].partition("</section>")[0]
        assert (f'href="/submissions/{doubt.part.submission_id}/"' in panel) is is_shown

    def test_disappears_once_it_is_settled(self, doubt: Delivery, approver: User) -> None:
        browser = Browser()
        browser.force_login(approver)
        assert "<strong>Needs checking:</strong>" in browser.get("/campaigns/").text
        with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
            assert doubt.was_created(approver, 41)
        assert "<strong>Needs checking:</strong>" not in browser.get("/campaigns/").text
