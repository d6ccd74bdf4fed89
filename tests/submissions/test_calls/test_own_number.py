"""A person's own number: checked as any, theirs alone, and removed when they like."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client, Event, PartnerAccount
from campaigns.submissions.models import OwnNumber
from campaigns.submissions.models.own_number import masked
from tests.drawn import Page
from tests.submissions.test_calls.calling import OWN

pytestmark = pytest.mark.django_db


def page(browser: Browser) -> Page:
    return Page.get(browser, reverse("own_number"))


def test_it_is_saved_shown_to_its_owner_changed_and_removed(
    browser: Browser, manager: User, approver: User
) -> None:
    page(browser).press("Save your number", number="(07700) 900-777")
    assert OwnNumber.objects.get().number == OWN
    shown = page(browser)
    assert 'value="07700900777"' in shown.html
    shown.press("Save your number", number="07700 900778")
    assert OwnNumber.objects.get(person=manager).number == "+447700900778"
    browser.force_login(approver)
    assert "900778" not in page(browser).html
    assert not page(browser).offers("Remove your number")
    browser.force_login(manager)
    page(browser).press("Remove your number")
    assert not OwnNumber.objects.exists()


def test_the_name_in_the_frame_leads_to_it(browser: Browser, manager: User) -> None:
    home = Page.get(browser, "/")
    assert home.follow(f"{manager.username} , your number").status_code == 200
    link, at_the_foot = (each for each in home.links() if each.url == reverse("own_number"))
    assert at_the_foot.words == "Your number"
    assert link.words == f"{manager.username} , your number"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter your number."),
        ("Mina", "This is not a telephone number. Enter it in digits."),
        ("07700 90077", "This number has too few or too many digits."),
        ("0870 123 4567", "Enter another one."),
        ("07700 900777, 07700 900778", "This is more than one number. Enter one."),
        ("+33 1 23 45 67 89", "None of your clients calls this country."),
        ("999", "This is an emergency number or short code."),
    ],
)
def test_what_is_no_number_to_call_is_refused(browser: Browser, typed: str, sentence: str) -> None:
    answer = page(browser).press("Save your number", number=typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not OwnNumber.objects.exists()


def test_a_country_that_one_of_the_persons_clients_calls_is_taken(
    browser: Browser, northgate: Client
) -> None:
    Client.objects.update(further_countries="FR")
    assert page(browser).press("Save your number", number="+33 1 23 45 67 89").status_code == 302
    assert OwnNumber.objects.get().masked == "••• 789"


def test_a_fictional_number_is_refused_where_all_clients_are_live(
    browser: Browser, account: PartnerAccount
) -> None:
    PartnerAccount.objects.update(kind="live", api_url="https://partner.example")
    answer = page(browser).press("Save your number", number="07700 900777")
    assert "This fictional number is reserved for films and tests." in answer.text


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:1"]
)
def test_it_leads_back_to_pages_of_the_portal_only(browser: Browser, back: str) -> None:
    posted = {"number": "07700 900777", "back": back}
    answer = browser.post(reverse("own_number"), posted)
    assert answer.headers["Location"] == reverse("own_number")


def test_a_masked_number_has_its_last_three_digits_only() -> None:
    assert masked(OWN) == masked("07700900777") == "••• 777"


def test_to_save_the_same_number_again_is_no_change(browser: Browser, manager: User) -> None:
    OwnNumber.keep(manager, OWN)
    before = OwnNumber.objects.get().changed_at
    page(browser).press("Save your number", number="07700 900777")
    assert OwnNumber.objects.get().changed_at == before


@pytest.mark.parametrize("remove", [{}, {"remove": "yes"}])
def test_what_is_posted_after_the_session_has_ended_is_not_kept_for_the_next_person(
    browser: Browser, remove: dict[str, str]
) -> None:
    """The next person at the browser would save it as theirs."""
    site, url = "http://testserver", reverse("own_number")
    sent_from = {"origin": site, "referer": f"{site}{url}"}
    answer = Browser().post(url, {"number": "07700 900777", **remove}, headers=sent_from)
    assert answer.status_code == 302
    signing_in = urlsplit(answer.headers["Location"])
    assert signing_in.path == reverse("account_login")
    assert parse_qs(signing_in.query) == {"next": [url]}


def test_no_name_of_the_row_has_the_number(manager: User) -> None:
    OwnNumber.keep(manager, OWN)
    assert "777" not in str(OwnNumber.objects.get())


def test_each_change_is_recorded_without_the_number(browser: Browser, manager: User) -> None:
    before = set(Event.objects.values_list("pk", flat=True))
    page(browser).press("Save your number", number="07700 900777")
    page(browser).press("Remove your number")
    browser.post(reverse("own_number"), {"remove": "yes"})
    told = Event.objects.exclude(pk__in=before).order_by("pk")
    assert [(event.sentence, event.actor, event.client) for event in told] == [
        ("Saved their own number for test calls.", manager, None),
        ("Removed their own number.", manager, None),
    ]
