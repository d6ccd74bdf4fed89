"""What keeps a test call from being made is said in a sentence, and nothing is lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from campaigns.clients.models import CallFlowParameter, Cli, Client, PartnerAccount
from campaigns.contacts.models import Contact
from campaigns.drafts.campaign import schedule
from campaigns.drafts.models import Campaign
from campaigns.submissions.models import Dispatch, OwnNumber, Submission
from campaigns.submissions.test_calls.make import Blocked, make
from campaigns.submissions.test_calls.planned import Planned
from campaigns.suppression.models import Suppression
from tests import people
from tests.submissions.test_calls.calling import OWN, ask, page_of, plain, press

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own", "script")]


def _revise(draft: Campaign, **changes: object) -> None:
    draft.revise(draft.created_by, replace(draft.content(), **changes), draft.version)  # type: ignore[arg-type]


def _no_call_flow(draft: Campaign) -> None:
    _revise(draft, call_flow=None)


def _no_cli(draft: Campaign) -> None:
    _revise(draft, cli=None)


def _cli_gone(draft: Campaign) -> None:
    Cli.objects.update(is_active=False)


def _no_list(draft: Campaign) -> None:
    _revise(draft, contact_lists=[])


def _no_parameter(draft: Campaign) -> None:
    CallFlowParameter.objects.update(is_required=True)
    _revise(draft, parameters={})


def _suppressed(draft: Campaign) -> None:
    Suppression.add(draft.created_by, draft.client, OWN, "Asked.", None)


def _foreign(draft: Campaign) -> None:
    OwnNumber.objects.update(number="+33123456789")


def _fictional(draft: Campaign) -> None:
    PartnerAccount.objects.update(kind="live", api_url="https://partner.example")


def _account_held(draft: Campaign) -> None:
    draft.client.partner_account.hold("Refused the sign-in.")


def _sending_held(draft: Campaign) -> None:
    Dispatch.hold("Asked to.")


def _told_to_wait(draft: Campaign) -> None:
    PartnerAccount.objects.update(wait_until=timezone.now() + timedelta(minutes=5))


def _closed(draft: Campaign) -> None:
    Client.objects.update(calling_from=time(12))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_no_call_flow, "Choose a call flow."),
        (_no_cli, "Choose a CLI."),
        (_cli_gone, "This CLI is no longer available for this client."),
        (_no_list, "There is nobody whose values can be said."),
        (_no_parameter, "The call flow needs “First name”: choose where it comes from."),
        (_suppressed, "Your number is suppressed for Northgate Energy, so it is not called."),
        (_foreign, "It belongs to a country that this client does not call."),
        (_fictional, "It is a fictional number, reserved for films and tests."),
        (_account_held, "Nothing is sent to Sandbox at the moment."),
        (_sending_held, "All sending is on hold, so no test call can be made."),
        (_told_to_wait, "The partner asked us to wait before we send more."),
        (_closed, "Calls for Northgate Energy are only allowed from 12:00 to 20:00"),
    ],
)
def test_it_is_said_before_and_checked_again_when_the_button_is_pressed(
    browser: Browser, draft: Campaign, change: Callable[[Campaign], None], sentence: str
) -> None:
    page = page_of(browser, draft)
    change(draft)
    late = press(page)
    assert late.status_code in {409, 422}
    for shown in (plain(late.text), plain(page_of(browser, draft).html)):
        assert "You can’t make a test call now" in shown
        assert sentence in shown
        assert "Call me now" not in shown
    assert not Submission.with_test_calls.exists()
    assert Campaign.objects.get(pk=draft.pk).is_draft


def test_a_number_on_a_chosen_list_is_not_tried(
    browser: Browser, draft: Campaign, manager: User, northgate: Client
) -> None:
    """The campaign calls that person, who may be anybody."""
    page = page_of(browser, draft)
    ask(browser, draft)
    contact = Contact.objects.get(contact_list=draft.contact_lists.get(), name="Ben Brown")
    contact.number = OWN
    contact.save()
    said = (
        "Your number is on a contact list of this campaign, so the campaign will call you anyway."
    )
    late = press(page)
    assert late.status_code == 422
    for shown in (plain(late.text), plain(page_of(browser, draft).html)):
        assert said in shown
    people.contact_list(manager, northgate, [("07700 900778", "Di", "Di", "9 May")], "Not chosen")
    Contact.objects.filter(pk=contact.pk).update(number="+447700900102")
    Contact.objects.filter(contact_list__name="Not chosen").update(number=OWN)
    assert said not in plain(page_of(browser, draft).html)


def test_after_a_test_call_another_number_waits_for_a_day(
    browser: Browser, draft: Campaign, manager: User, clock: time_machine.Traveller
) -> None:
    made = ask(browser, draft)
    clock.shift(timedelta(minutes=30))
    OwnNumber.keep(manager, OWN)
    assert page_of(browser, draft).offers("Call me now on ••• 777")
    OwnNumber.keep(manager, "+447700900778")
    page = page_of(browser, draft)
    again = schedule.named(made.submitted_at + timedelta(days=1), schedule.UK)
    assert "You changed your number after a test call." in plain(page.html)
    assert f"You can make the next test call after {again}." in plain(page.html)
    assert "Call me now" not in page.html
    OwnNumber.remove(manager)
    OwnNumber.keep(manager, "+447700900779")
    assert "Call me now" not in page_of(browser, draft).html
    clock.shift(timedelta(hours=23, minutes=31))
    # The session has ended meanwhile.
    browser.force_login(manager)
    ask(browser, draft)


def test_a_number_that_is_changed_before_the_button_is_pressed_is_not_called(
    browser: Browser, draft: Campaign, manager: User
) -> None:
    ask(browser, draft)
    OwnNumber.keep(manager, "+447700900778")
    draft.refresh_from_db()
    planned = Planned(draft, manager, OwnNumber.of(manager), 1, timezone.now())
    with pytest.raises(Blocked):
        make(draft, manager, 1, planned.digest, "a-token")
    assert Submission.with_test_calls.count() == 1


def test_what_only_the_campaign_needs_keeps_nobody_from_a_test_call(
    browser: Browser, draft: Campaign
) -> None:
    _revise(draft, name="", hours=replace(draft.content().hours, day=None), intervals=[None, None])
    page = page_of(browser, draft)
    assert press(page).status_code == 302
    assert Submission.with_test_calls.get().name == "Test: Untitled campaign"


def test_of_a_submitted_campaign_no_test_call_is_made(browser: Browser, draft: Campaign) -> None:
    page = page_of(browser, draft)
    Campaign.objects.update(status=Campaign.Status.SUBMITTED)
    answer = press(page)
    assert answer.headers["Location"] == reverse("drafts:edit", args=[draft.pk])
    assert not Submission.with_test_calls.exists()
