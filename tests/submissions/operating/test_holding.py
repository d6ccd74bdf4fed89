"""While sending is held nothing is claimed or sent; restoring a database holds it automatically."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.clients.models import Client, Event
from campaigns.drafts.models import Campaign
from campaigns.submissions.delivering import journal, queueing
from campaigns.submissions.models import Delivery, Dispatch, Machine, Part, Submission, endings
from campaigns.submissions.operating import resume_sending
from campaigns.suppression.models import Suppression
from tests import people
from tests.partner.fault_server import answering
from tests.rollback import forgotten
from tests.submissions.partner import deliver_to, queued, says_yes

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "admin:submissions_dispatch_changelist"


@pytest.fixture
def claimed(delivery: Delivery) -> Delivery:
    assert delivery.claim()
    return delivery


@pytest.fixture
def browser(admin: User) -> Browser:
    browser = Browser()
    browser.force_login(admin)
    return browser


def send(delivery: Delivery) -> int:
    """Deliver as a worker would, and return how many connections reached the partner."""
    return len(deliver_to(says_yes, delivery).connections)


def resume(browser: Browser) -> str:
    """Press *Resume sending* on the page as it is drawn; return that page's text."""
    shown = browser.get(reverse(PAGE)).text
    [seen] = re.findall(r'name="hold_key" value="([0-9a-f]+)"', shown)
    browser.post(reverse(PAGE), {"release": "yes", "hold_key": seen})
    return shown


class TestHeld:
    @pytest.fixture(params=["the button", "the setting"])
    def held(self, request: pytest.FixtureRequest, settings: Settings, admin: User) -> None:
        if request.param == "the setting":
            settings.DISPATCH_HELD = True
        else:
            assert Dispatch.hold("Somebody wants to look.", admin)

    def test_nothing_is_queued(self, held: None, submission: Submission) -> None:
        queueing.sweep()
        assert not Delivery.objects.exists()

    def test_nothing_is_claimed_and_nothing_sent(self, delivery: Delivery, held: None) -> None:
        assert send(delivery) == 0
        assert delivery.state == "queued"

    def test_a_delivery_claimed_before_does_not_pass_the_fence(
        self, claimed: Delivery, held: None
    ) -> None:
        assert not claimed.pass_fence()

    def test_sending_resumes_once_an_administrator_has_released_it(
        self, held: None, submission: Submission, browser: Browser, admin: User
    ) -> None:
        queueing.sweep()
        resume(browser)
        queueing.sweep()
        delivery = Delivery.objects.get()
        assert send(delivery) == 1
        assert delivery.campaign_id == 41
        event = Event.objects.filter(sentence="Resumed sending.").get()
        assert event.actor == admin

    def test_every_page_says_so_and_only_an_administrator_is_led_to_the_button(
        self, held: None, browser: Browser, viewer: User
    ) -> None:
        other = Browser()
        other.force_login(viewer)
        for page in ("/", "/campaigns/"):
            assert reverse(PAGE) in browser.get(page).text
            shown = other.get(page).text
            assert "No campaigns are sent to the partner" in shown
            assert reverse(PAGE) not in shown

    @pytest.mark.machine_clock
    def test_a_delivery_that_waits_for_the_release_is_no_fault(
        self, delivery: Delivery, held: None, client: Browser
    ) -> None:
        Delivery.objects.update(queued_at=delivery.queued_at - timedelta(hours=1))
        assert client.get("/healthz").status_code == 200


class TestTheSetting:
    def test_once_released_it_holds_again_only_after_it_has_been_unset(
        self, settings: Settings, admin: User
    ) -> None:
        settings.DISPATCH_HELD = True
        assert Dispatch.is_held()
        assert Dispatch.release(admin, Dispatch.current().hold_key)
        queueing.sweep()
        assert not Dispatch.is_held()
        settings.DISPATCH_HELD = False
        queueing.sweep()
        settings.DISPATCH_HELD = True
        assert Dispatch.is_held()


class TestThePage:
    def test_holds_with_a_reason_which_everybody_reads(
        self, browser: Browser, admin: User, northgate: Client
    ) -> None:
        page = reverse(PAGE)
        assert browser.post(page, {"hold": "yes", "reason": " "}).status_code == 422
        assert not Dispatch.is_held()
        browser.post(page, {"hold": "yes", "reason": "The partner is ill."})
        shown = browser.get(page).text
        assert "The partner is ill." in browser.get("/").text
        assert "Resume sending" in shown
        assert Event.objects.get(sentence="Held all sending: The partner is ill.").actor == admin

    def test_says_when_somebody_was_quicker(self, browser: Browser, admin: User) -> None:
        Dispatch.hold("First.", admin)
        shown = browser.post(reverse(PAGE), {"hold": "yes", "reason": "Second."}, follow=True)
        assert "First." in shown.text
        assert "Second." in shown.text
        resume(browser)
        again = browser.post(reverse(PAGE), {"release": "yes"}, follow=True)
        assert "Sending was not resumed" in again.text

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_is_only_for_administrators(self, approver: User, admin: User, method: str) -> None:
        helper = User.objects.create_user("hal", is_staff=True)
        for person in (approver, helper):
            browser = Browser()
            browser.force_login(person)
            answer = getattr(browser, method)(reverse(PAGE), {"hold": "yes", "reason": "No."})
            assert answer.status_code in {302, 403}
        assert not Dispatch.is_held()


class TestARestoredDatabase:
    def test_that_has_forgotten_a_delivery_holds_everything(
        self, delivery: Delivery, second_submission: Submission, browser: Browser
    ) -> None:
        assert send(delivery) == 1
        Delivery.objects.all().delete()
        another = queued(second_submission)
        assert send(another) == 0
        assert another.state == "queued"
        assert "because a backup was restored" in browser.get("/").text
        page = browser.get(reverse(PAGE)).text
        assert "campaign ID 41" in page

    def test_that_still_has_it_queued_sends_it_no_second_time(self, delivery: Delivery) -> None:
        assert send(delivery) == 1
        Delivery.objects.update(state="queued", campaign_id=None, finished_at=None)
        assert send(delivery) == 0

    def test_that_gives_the_id_to_another_delivery_is_noticed(self, delivery: Delivery) -> None:
        assert send(delivery) == 1
        delivery.part.payload_sha256 = "0" * 64
        delivery.part.save()
        queueing.sweep()
        assert Dispatch.is_held()

    def test_that_forgot_an_older_delivery_and_knows_a_newer_one_holds_everything(
        self, delivery: Delivery, second_submission: Submission
    ) -> None:
        assert send(delivery) == 1
        newer = queued(second_submission)
        deliver_to(answering("201 Created", '{"id": 42}'), newer)
        assert newer.state == "accepted"
        Delivery.objects.filter(pk=delivery.pk).update(state="queued", campaign_id=None)
        queueing.sweep()
        assert Dispatch.is_held()

    def test_that_is_below_the_highest_number_seen_holds_everything(
        self, delivery: Delivery, second_submission: Submission
    ) -> None:
        """Another machine sent the delivery, so this one's journal has only its number."""
        queueing.sweep()
        Delivery.objects.all().delete()
        queueing.sweep()
        assert Dispatch.is_held()
        assert not Delivery.objects.exists()

    def test_that_forgot_an_answer_it_once_had_holds_everything(self, delivery: Delivery) -> None:
        assert send(delivery) == 1
        Delivery.objects.update(state="sending", campaign_id=None, answer_status=None)
        queueing.sweep()
        assert Dispatch.is_held()

    def test_once_resumed_is_not_held_for_the_same_again(
        self, delivery: Delivery, second_submission: Submission, browser: Browser
    ) -> None:
        assert send(delivery) == 1
        Delivery.objects.all().delete()
        queueing.sweep()
        resume(browser)
        queueing.sweep()
        assert not Dispatch.is_held()
        another = Delivery.objects.filter(part__submission=second_submission).get()
        assert send(another) == 1
        Delivery.objects.filter(pk=another.pk).update(state="queued", campaign_id=None)
        queueing.sweep()
        assert Dispatch.is_held()

    def test_one_that_knows_everything_holds_nothing(self, delivery: Delivery) -> None:
        assert send(delivery) == 1
        assert journal.read().entries
        queueing.sweep()
        assert not Dispatch.is_held()


class TestADatabaseThatWasRolledBack:
    """What the database lost was never sent, so no journal of sending has it."""

    @pytest.fixture(autouse=True)
    def backup(self, delivery: Delivery) -> None:
        queueing.sweep()

    def test_sends_nothing_that_was_undone(
        self, delivery: Delivery, submission: Submission, manager: User, browser: Browser
    ) -> None:
        with forgotten():
            assert endings.undo(submission, manager)
            queueing.queue_all_due()
        assert send(delivery) == 0
        assert delivery.state == "queued"
        assert "Campaigns that were undone since could be sent" in browser.get("/").text
        assert re.search(r"after \d\d:\d\d, .+ is lost", browser.get(reverse(PAGE)).text)

    def test_calls_nobody_who_was_suppressed(
        self, delivery: Delivery, northgate: Client, manager: User
    ) -> None:
        with forgotten():
            Suppression.add(manager, northgate, "+447700900001", "Asked not to be called.", None)
            queueing.queue_all_due()
        assert send(delivery) == 0
        assert delivery.state == "queued"

    def test_is_noticed_even_if_other_events_have_taken_the_ids(
        self, submission: Submission, manager: User
    ) -> None:
        with forgotten():
            lost = Event.record(submission, None, "Lost.", manager)
            queueing.sweep()
        Event.objects.bulk_create(
            [Event(pk=lost.pk + n, thing=submission, sentence="Later.") for n in range(3)]
        )
        queueing.sweep()
        assert Dispatch.is_held()

    def test_once_resumed_is_not_held_for_the_same_again(
        self, submission: Submission, manager: User, browser: Browser
    ) -> None:
        with forgotten():
            Event.record(submission, None, "Lost.", manager)
            queueing.sweep()
        queueing.sweep()
        assert Dispatch.is_held()
        resume(browser)
        queueing.sweep()
        assert not Dispatch.is_held()


class TestResuming:
    """After the database has forgotten something, resuming does exactly what the page lists."""

    @pytest.fixture
    def forgotten(self, delivery: Delivery) -> Submission:
        assert send(delivery) == 1
        submission = delivery.part.submission
        forget(submission)
        queueing.sweep()
        assert Dispatch.is_held()
        return submission

    def test_settles_from_the_journal_what_it_has_the_answer_to(
        self, forgotten: Submission, browser: Browser
    ) -> None:
        shown = resume(browser)
        assert forgotten.reference in shown
        assert "November" in shown
        assert "campaign ID 41" in shown
        queueing.sweep()
        forgotten.refresh_from_db()
        [delivery] = Delivery.objects.all()
        assert (forgotten.state, delivery.campaign_id) == ("submitted", 41)
        assert not Dispatch.is_held()
        told = Event.objects.filter(sentence__contains="The database had lost this").get()
        assert "ID 41" in told.sentence

    def test_leaves_to_a_person_what_has_no_answer_in_the_journal(
        self, delivery: Delivery, browser: Browser
    ) -> None:
        assert delivery.claim()
        journal.begin(delivery)
        forget(delivery.part.submission)
        queueing.sweep()
        shown = resume(browser)
        assert "Need checking" in shown
        assert delivery.part.submission.reference in shown
        queueing.sweep()
        assert [each.state for each in Delivery.objects.all()] == ["needs_checking"]
        assert not Dispatch.is_held()

    def test_names_what_the_database_has_lost_altogether(
        self, forgotten: Submission, browser: Browser
    ) -> None:
        Part.objects.all().delete()
        reference = forgotten.reference
        forgotten.delete()
        shown = resume(browser)
        assert "no longer in the database" in shown
        assert reference in shown
        assert "November" in shown
        queueing.sweep()
        assert not Dispatch.is_held()

    def test_holds_what_was_frozen_again_with_other_bytes(
        self, forgotten: Submission, browser: Browser
    ) -> None:
        """As after a restore to a time before the freeze, with a number suppressed since."""
        Part.objects.update(payload_sha256="0" * 64, payload_file="payloads/00/others")
        resume(browser)
        forgotten.refresh_from_db()
        assert "campaign ID 41" in forgotten.held_reason
        queueing.sweep()
        assert not Delivery.objects.exists()

    def test_sends_the_rest(
        self, forgotten: Submission, second_submission: Submission, browser: Browser
    ) -> None:
        shown = resume(browser)
        assert second_submission.reference in shown
        queueing.sweep()
        waiting = Delivery.objects.get(state="queued")
        assert waiting.part.submission == second_submission

    def test_does_not_plan_to_send_people_whom_the_partner_has_from_an_earlier_submission(
        self, forgotten: Submission, manager: User
    ) -> None:
        assert endings.undo(forgotten, manager)
        again = people.submitted(Campaign.objects.get(pk=forgotten.own_campaign.pk), manager)
        assert again.state == "scheduled"
        plan = resume_sending.plan()
        assert [each.submission for each in plan.recollections] == [forgotten]
        assert plan.sends == []

    def test_uses_the_notes_of_an_earlier_submission_where_the_journal_is_gone(
        self, forgotten: Submission, manager: User, browser: Browser, settings: Settings
    ) -> None:
        settings.JOURNAL_DIR = Path(settings.JOURNAL_DIR) / "new"
        Machine.objects.all().delete()
        assert endings.undo(forgotten, manager)
        again = people.submitted(Campaign.objects.get(pk=forgotten.own_campaign.pk), manager)
        assert forgotten.reference in resume(browser)
        queueing.sweep()
        waiting = Delivery.objects.filter(part__submission=again, state="queued")
        for delivery in waiting:
            assert send(delivery) == 0
        forgotten.refresh_from_db()
        assert [each.state for each in forgotten.parts.get().deliveries.all()] == ["needs_checking"]
        again.refresh_from_db()
        assert again.state == "returned"

    def test_is_held_again_for_what_an_earlier_submission_has_sent(
        self, forgotten: Submission, manager: User, admin: User, settings: Settings
    ) -> None:
        """Sending was resumed by somebody who was not shown it, on a machine without the journal."""
        settings.JOURNAL_DIR = Path(settings.JOURNAL_DIR) / "new"
        assert endings.undo(forgotten, manager)
        again = people.submitted(Campaign.objects.get(pk=forgotten.own_campaign.pk), manager)
        assert Dispatch.release(admin, Dispatch.current().hold_key)
        assert send(queued(again)) == 0
        assert Dispatch.is_held()

    def test_does_nothing_when_the_lists_have_changed(
        self, forgotten: Submission, browser: Browser, manager: User, northgate: Client
    ) -> None:
        shown = browser.get(reverse(PAGE)).text
        [seen] = re.findall(r'name="hold_key" value="([0-9a-f]+)"', shown)
        Part.objects.update(payload_sha256="0" * 64, payload_file="payloads/00/others")
        answer = browser.post(reverse(PAGE), {"release": "yes", "hold_key": seen}, follow=True)
        assert "Sending was not resumed" in answer.text
        assert Dispatch.is_held()

    def test_does_nothing_when_a_machine_has_fallen_silent(
        self, forgotten: Submission, browser: Browser
    ) -> None:
        """What is listed stays the same, but this machine's journal may have more by now."""
        shown = browser.get(reverse(PAGE)).text
        [seen] = re.findall(r'name="hold_key" value="([0-9a-f]+)"', shown)
        Machine.objects.update(looked_at=timezone.now() - timedelta(minutes=10))
        answer = browser.post(reverse(PAGE), {"release": "yes", "hold_key": seen}, follow=True)
        assert "Sending was not resumed" in answer.text
        assert "have not compared" in answer.text
        assert Dispatch.is_held()
        assert "campaign ID 41" in resume(browser)
        assert not Dispatch.is_held()

    def test_uses_what_other_machines_remember(
        self, forgotten: Submission, browser: Browser, settings: Settings, tmp_path: Path
    ) -> None:
        """The web server may be another machine than the one that sent it."""
        settings.JOURNAL_DIR = tmp_path / "another machine's"
        assert "campaign ID 41" in resume(browser)
        assert Delivery.objects.get().campaign_id == 41

    def test_warns_of_a_machine_that_has_not_compared_its_journal(
        self, forgotten: Submission, browser: Browser
    ) -> None:
        assert "have not compared" not in browser.get(reverse(PAGE)).text
        Machine.objects.update(looked_at=timezone.now() - timedelta(minutes=10))
        assert "have not compared" in browser.get(reverse(PAGE)).text


def forget(submission: Submission) -> None:
    """Set the database back to when the submission's parts were frozen."""
    Delivery.objects.filter(part__submission=submission).delete()
    Submission.objects.filter(pk=submission.pk).update(state="scheduled")
