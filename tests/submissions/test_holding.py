"""While sending is held nothing is claimed and nothing is sent; a restored database holds it by itself."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse
from pytest_django.fixtures import Settings

from campaigns.clients.models import Client, Event
from campaigns.submissions import dispatch, journal
from campaigns.submissions.models import Delivery, Dispatch, Submission
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


class TestHeld:
    @pytest.fixture(params=["the button", "the setting"])
    def held(self, request: pytest.FixtureRequest, settings: Settings, admin: User) -> None:
        if request.param == "the setting":
            settings.DISPATCH_HELD = True
        else:
            assert Dispatch.hold("Somebody wants to look.", admin)

    def test_nothing_is_queued(self, held: None, submission: Submission) -> None:
        dispatch.sweep()
        assert not Delivery.objects.exists()

    def test_nothing_is_claimed_and_nothing_sent(self, delivery: Delivery, held: None) -> None:
        assert send(delivery) == 0
        assert delivery.state == "queued"

    def test_what_is_claimed_already_loses_its_fence(self, claimed: Delivery, held: None) -> None:
        assert not claimed.pass_fence()

    def test_it_goes_on_once_an_administrator_has_released_it(
        self, held: None, submission: Submission, browser: Browser, admin: User
    ) -> None:
        dispatch.sweep()
        browser.post(reverse(PAGE), {"release": "yes", "hold_key": Dispatch.current().hold_key})
        dispatch.sweep()
        delivery = Delivery.objects.get()
        assert send(delivery) == 1
        assert delivery.campaign_id == 41
        event = Event.objects.filter(sentence="Let sending go on.").get()
        assert event.actor == admin

    def test_every_page_says_so_and_only_an_administrator_is_led_to_the_button(
        self, held: None, browser: Browser, viewer: User
    ) -> None:
        other = Browser()
        other.force_login(viewer)
        for page in ("/", "/campaigns/"):
            assert reverse(PAGE) in browser.get(page).text
            shown = other.get(page).text
            assert "no campaign is sent to the partner" in shown
            assert reverse(PAGE) not in shown

    def test_a_worker_that_is_waited_for_is_no_fault(
        self, delivery: Delivery, held: None, client: Browser
    ) -> None:
        Delivery.objects.update(queued_at=delivery.queued_at - timedelta(hours=1))
        assert client.get("/healthz").status_code == 200


class TestTheSetting:
    def test_once_released_it_holds_again_only_when_it_is_set_anew(
        self, settings: Settings, admin: User
    ) -> None:
        settings.DISPATCH_HELD = True
        assert Dispatch.is_held()
        assert Dispatch.release(admin, Dispatch.current().hold_key)
        dispatch.sweep()
        assert not Dispatch.is_held()
        settings.DISPATCH_HELD = False
        dispatch.sweep()
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
        assert "Let sending go on" in shown
        assert Event.objects.get(sentence="Held all sending: The partner is ill.").actor == admin

    def test_says_when_somebody_was_quicker(self, browser: Browser, admin: User) -> None:
        Dispatch.hold("First.", admin)
        shown = browser.post(reverse(PAGE), {"hold": "yes", "reason": "Second."}, follow=True)
        assert "First." in shown.text
        assert "Second." in shown.text
        browser.post(reverse(PAGE), {"release": "yes", "hold_key": Dispatch.current().hold_key})
        again = browser.post(
            reverse(PAGE), {"release": "yes", "hold_key": Dispatch.current().hold_key}, follow=True
        )
        assert "Nothing was released" in again.text

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_is_an_administrators_only(self, approver: User, admin: User, method: str) -> None:
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
        assert "as after a backup was restored" in browser.get("/").text
        page = browser.get(reverse(PAGE)).text
        assert "<td>41</td>" in page

    def test_that_still_has_it_queued_sends_it_no_second_time(self, delivery: Delivery) -> None:
        assert send(delivery) == 1
        Delivery.objects.update(state="queued", campaign_id=None, finished_at=None)
        assert send(delivery) == 0

    def test_that_gives_the_id_to_another_delivery_is_noticed(self, delivery: Delivery) -> None:
        assert send(delivery) == 1
        delivery.part.payload_sha256 = "0" * 64
        delivery.part.save()
        dispatch.sweep()
        assert Dispatch.is_held()

    def test_once_released_is_not_held_for_the_same_again(
        self, delivery: Delivery, second_submission: Submission, admin: User
    ) -> None:
        assert send(delivery) == 1
        Delivery.objects.all().delete()
        dispatch.sweep()
        assert Dispatch.release(admin, Dispatch.current().hold_key)
        dispatch.sweep()
        assert not Dispatch.is_held()
        another = Delivery.objects.filter(part__submission=second_submission).get()
        assert send(another) == 1
        Delivery.objects.filter(pk=another.pk).delete()
        dispatch.sweep()
        assert Dispatch.is_held()

    def test_one_that_knows_everything_holds_nothing(self, delivery: Delivery) -> None:
        assert send(delivery) == 1
        assert journal.newest()
        dispatch.sweep()
        assert not Dispatch.is_held()
