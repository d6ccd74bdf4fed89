"""Every hold stops what has not been sent yet, and releasing one clears no other."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse
from pytest_django.fixtures import Settings

from campaigns.clients.models import Client, Event, PartnerAccount
from campaigns.submissions.delivering import queueing, suppressed_since
from campaigns.submissions.models import Delivery, Dispatch, Part, Submission
from campaigns.submissions.models.dispatch_switch import FORGOTTEN
from tests.submissions.partner import deliver_to, queued, says_yes

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "Somebody wants to check."
OTHER = "The partner’s certificate is not trusted."


def hold_everything() -> None:
    Dispatch.hold(REASON)


def hold_the_account() -> None:
    PartnerAccount.objects.get().hold(REASON)


def hold_the_submission() -> None:
    Submission.objects.get().hold(REASON)


def move_to_another_account() -> None:
    other = PartnerAccount.objects.create(name="Other", kind="sandbox", api_url="http://127.0.0.1")
    Client.objects.update(partner_account=other)


def end_the_submission() -> None:
    """End it as a person or another worker would, even though its delivery is claimed."""
    Submission.objects.update(state=Submission.State.RETURNED)


STOPS = [
    hold_everything,
    hold_the_account,
    hold_the_submission,
    move_to_another_account,
    end_the_submission,
]


def just_before_the_fence(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Call `act` once everything has been checked, before the connection is made."""
    look = suppressed_since.suppressed_since

    def look_and_act(part: Part) -> int:
        found = look(part)
        act()
        return found

    monkeypatch.setattr(suppressed_since, "suppressed_since", look_and_act)


class TestBetweenClaimAndFence:
    @pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.__name__)
    def test_nothing_is_sent(
        self,
        submission: Submission,
        monkeypatch: pytest.MonkeyPatch,
        stop: Callable[[], None],
    ) -> None:
        delivery = queued(submission)
        just_before_the_fence(monkeypatch, stop)
        partner = deliver_to(says_yes, delivery)
        assert len(partner.connections) == 1
        assert partner.connections[0].body == b""
        assert (delivery.state, delivery.bytes_sent) == (Delivery.State.NOT_SENT, 0)

    def test_it_is_sent_where_nothing_stops_it(
        self, submission: Submission, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        delivery = queued(submission)
        just_before_the_fence(monkeypatch, lambda: None)
        deliver_to(says_yes, delivery)
        assert delivery.state == Delivery.State.ACCEPTED

    def test_it_is_sent_once_the_hold_is_released(
        self, submission: Submission, monkeypatch: pytest.MonkeyPatch, manager: User
    ) -> None:
        delivery = queued(submission)
        with monkeypatch.context() as patched:
            just_before_the_fence(patched, hold_the_submission)
            deliver_to(says_yes, delivery)
        queueing.sweep()
        assert not Delivery.objects.filter(state=Delivery.State.QUEUED).exists()
        submission.refresh_from_db()
        assert submission.release(manager, submission.hold_key)
        queueing.sweep()
        again = Delivery.objects.get(state=Delivery.State.QUEUED)
        deliver_to(says_yes, again)
        assert again.state == Delivery.State.ACCEPTED


def drawn_key(page: Any) -> str:
    """Return what the page posts to say which hold it showed."""
    found = re.search(r'name="hold_key"\s+value="([^"]*)"', page.text)
    assert found
    return found[1]


class TestAHoldThatThePageNeverShowed:
    @pytest.fixture
    def held(self, submission: Submission) -> Submission:
        submission.hold(REASON)
        return submission

    @pytest.fixture
    def browser(self, client: Browser, manager: User) -> Browser:
        client.force_login(manager)
        return client

    @pytest.mark.parametrize("button", ["release", "stop"])
    def test_of_a_submission_stays(self, browser: Browser, held: Submission, button: str) -> None:
        page = reverse("submissions:detail", args=[held.pk])
        old_key = drawn_key(browser.get(page))
        held.hold(OTHER)
        address = reverse(f"submissions:{button}", args=[held.pk])
        shown = browser.post(address, {"hold_key": old_key}, follow=True)
        held.refresh_from_db()
        assert REASON in held.held_reason
        assert OTHER in held.held_reason
        assert held.state == Submission.State.SCHEDULED
        assert not Delivery.objects.exists()
        assert "has changed since you opened the page" in shown.text
        assert REASON in shown.text
        assert OTHER in shown.text
        browser.post(address, {"hold_key": drawn_key(shown)})
        held.refresh_from_db()
        assert held.held_reason == ""

    def test_stays_where_the_same_reason_held_it_again(
        self, held: Submission, manager: User
    ) -> None:
        old_key = held.hold_key
        assert held.release(manager, old_key)
        held.hold(REASON)
        assert not held.release(manager, old_key)

    @pytest.mark.parametrize("key", ["", "x", "-1", "1.0"])
    def test_stays_without_a_key(self, browser: Browser, held: Submission, key: str) -> None:
        browser.post(reverse("submissions:release", args=[held.pk]), {"hold_key": key})
        held.refresh_from_db()
        assert held.held_reason == REASON

    def test_the_same_reason_twice_is_one_hold(self, held: Submission) -> None:
        held.hold(REASON)
        assert held.held_reason == REASON
        assert Event.objects.about(held).filter(sentence=f"Held: {REASON}").count() == 1

    def test_a_reason_that_is_part_of_another_is_a_hold_of_its_own(self, held: Submission) -> None:
        old_key = held.hold_key
        for part_of_it in (REASON[:-1], REASON.split(maxsplit=1)[0]):
            held.hold(part_of_it)
            assert held.held_reason.splitlines()[0] == part_of_it
        assert held.hold_key != old_key

    def test_a_reason_of_several_lines_is_one_reason(self, held: Submission) -> None:
        for _ in range(2):
            held.hold("One line.\r\nAnother line.")
        assert held.held_reason == f"One line. Another line.\n{REASON}"

    def test_no_reason_is_lost_or_added_again_however_many_there_are(
        self, held: Submission
    ) -> None:
        reasons = [f"{number} {'long ' * 60}".strip() for number in range(5)]
        for reason in (*reasons, *reasons):
            held.hold(reason)
        held.refresh_from_db()
        assert held.held_reason.splitlines() == [*reversed(reasons), REASON]

    def test_of_all_sending_stays_known_as_a_restore_whatever_else_holds_it(self) -> None:
        Dispatch.hold(FORGOTTEN)
        for number in range(5):
            Dispatch.hold(f"{number} {'long ' * 60}")
        assert Dispatch.may_have_forgotten()

    def test_of_all_sending_stays(self, client: Browser, admin: User, settings: Settings) -> None:
        client.force_login(admin)
        page = reverse("admin:submissions_dispatch_changelist")
        Dispatch.hold(REASON)
        keys = [drawn_key(client.get(page))]
        Dispatch.hold(OTHER)
        keys.append(drawn_key(client.get(page)))
        settings.DISPATCH_HELD = True
        for key in keys:
            shown = client.post(page, {"release": "yes", "hold_key": key}, follow=True)
            assert "Sending was not resumed" in shown.text
            assert Dispatch.is_held()
        for reason in (REASON, OTHER, "PORTAL_DISPATCH"):
            assert reason in shown.text
        client.post(page, {"release": "yes", "hold_key": drawn_key(shown)})
        assert not Dispatch.is_held()


class TestAPartnerAccountInTheAdministration:
    @pytest.fixture
    def page(self, account: PartnerAccount) -> str:
        return reverse("admin:clients_partneraccount_change", args=[account.pk])

    @pytest.fixture
    def browser(self, client: Browser, admin: User) -> Browser:
        client.force_login(admin)
        return client

    @staticmethod
    def posted(browser: Browser, page: str, **changed: str) -> dict[str, Any]:
        """Return what the page posts as it is drawn now, with some of its fields changed."""
        form = browser.get(page).context["adminform"].form
        values = {name: form[name].value() for name in form.fields}
        values |= {f"sign_in-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
        return {name: "" if value is None else value for name, value in values.items()} | changed

    def test_an_old_page_clears_no_hold_and_loses_nothing_typed(
        self, browser: Browser, page: str, account: PartnerAccount
    ) -> None:
        posted = self.posted(browser, page, name="Renamed")
        account.hold(REASON)
        shown = browser.post(page, posted)
        assert "was held after you opened the page" in shown.text
        assert REASON in shown.text
        assert "Renamed" in shown.text
        account.refresh_from_db()
        assert (account.held_reason, account.name) == (REASON, "Sandbox")
        form = shown.context["adminform"].form
        again = posted | {name: form[name].value() for name in ("hold_key", "held_reason")}
        assert browser.post(page, again).status_code == 302
        account.refresh_from_db()
        assert (account.held_reason, account.name) == (REASON, "Renamed")

    def test_an_old_page_of_a_hold_clears_no_later_one(
        self, browser: Browser, page: str, account: PartnerAccount
    ) -> None:
        account.hold(REASON)
        posted = self.posted(browser, page, held_reason="")
        account.hold(OTHER)
        browser.post(page, posted)
        account.refresh_from_db()
        assert account.held_reason == f"{OTHER}\n{REASON}"

    def test_a_page_that_shows_the_hold_clears_it(
        self, browser: Browser, page: str, account: PartnerAccount, admin: User
    ) -> None:
        account.hold(REASON)
        assert browser.post(page, self.posted(browser, page, held_reason="")).status_code == 302
        account.refresh_from_db()
        assert account.held_reason == ""
        assert Event.objects.about(account).latest("pk").actor == admin

    def test_a_hold_typed_there_has_a_key_of_its_own(
        self, browser: Browser, page: str, account: PartnerAccount
    ) -> None:
        old = self.posted(browser, page)
        browser.post(page, self.posted(browser, page, held_reason=REASON))
        browser.post(page, old)
        account.refresh_from_db()
        assert account.held_reason == REASON

    def test_a_page_saved_as_it_is_drawn_changes_no_hold(
        self, browser: Browser, page: str, account: PartnerAccount
    ) -> None:
        account.hold(REASON)
        account.hold(OTHER)
        posted = self.posted(browser, page, name="Renamed")
        posted["held_reason"] = posted["held_reason"].replace("\n", "\r\n")
        assert browser.post(page, posted).status_code == 302
        held, key = account.held_reason, account.hold_key
        account.refresh_from_db()
        assert (account.held_reason, account.hold_key, account.name) == (held, key, "Renamed")
        assert "go on" not in Event.objects.about(account).latest("pk").sentence
        assert not Event.objects.about(account).filter(
            actor__isnull=False, sentence__contains="Held"
        )

    def test_a_page_with_part_of_a_hold_typed_keeps_both(
        self, browser: Browser, page: str, account: PartnerAccount
    ) -> None:
        posted = self.posted(browser, page, held_reason=REASON.split(maxsplit=1)[0])
        account.hold(REASON)
        shown = browser.post(page, posted)
        drawn = shown.context["adminform"].form["held_reason"].value()
        assert drawn.splitlines() == [REASON, REASON.split(maxsplit=1)[0]]

    def test_a_very_long_hold_is_kept_whole(
        self, browser: Browser, page: str, account: PartnerAccount
    ) -> None:
        reason = "Why it is held. " * 100
        assert browser.post(page, self.posted(browser, page, held_reason=reason)).status_code == 302
        account.refresh_from_db()
        assert account.held_reason == reason.strip()
        assert len(Event.objects.about(account).latest("pk").sentence) == 500
