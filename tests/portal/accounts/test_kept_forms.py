"""A form posted after its session has ended: what was typed is offered again after sign-in."""

import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client
from campaigns.contacts.models import ContactList
from campaigns.drafts.form.form_data import as_data
from campaigns.drafts.models import Campaign
from campaigns.submissions.models import Submission
from campaigns.suppression.models import SuppressedNumber
from tests import people

OURS = {"Origin": "http://testserver", "Referer": "http://testserver/suppression/add/"}
PASSWORD = "fictional-password"


@pytest.fixture
def mina(manager: User) -> User:
    manager.set_password(PASSWORD)
    manager.save()
    return manager


@pytest.fixture
def typed(northgate: Client) -> dict[str, Any]:
    reason = 'Asked "not" <to> be called'
    return {"scope": str(northgate.pk), "number": "07700 900123", "reason": reason, "until": ""}


def hidden(page: str, name: str) -> str:
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def sign_in(browser: Browser, page: str, password: str = PASSWORD) -> Any:
    data = {"login": "mina", "password": password, "kept": hidden(page, "kept")}
    return browser.post(reverse("account_login"), data | {"next": hidden(page, "next")})


def send_again(browser: Browser, page: str) -> Any:
    """Press *Send it again*: post what the page holds to where its form leads."""
    form = page.partition("<main")[2]
    action = re.search(r'<form method="post" action="([^"]+)"', form)
    assert action
    names = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    data: dict[str, list[str]] = {}
    for name, value in names:
        data.setdefault(name, []).append(html.unescape(value))
    return browser.post(action[1], data, headers=OURS)


def test_what_was_typed_is_offered_after_sign_in_and_sent_again(
    mina: User, typed: dict[str, Any]
) -> None:
    browser = Browser()
    asked = browser.post(reverse("suppression:add"), typed, headers=OURS)
    assert asked.status_code == 403
    assert "What you typed is kept." in asked.text
    wrong = sign_in(browser, asked.text, "not the password")
    offered = sign_in(browser, wrong.text)
    assert "Asked &quot;not&quot; &lt;to&gt; be called" in offered.text
    assert not SuppressedNumber.objects.exists()
    assert send_again(browser, offered.text).status_code == 302
    assert SuppressedNumber.objects.get().suppression.reason == typed["reason"]


def test_a_draft_is_saved_whichever_button_was_pressed(mina: User, draft: Campaign) -> None:
    browser = Browser()
    data = as_data(draft.content())
    address = reverse("drafts:edit", args=[draft.pk])
    posted = {name: data.getlist(name) for name in data}
    posted |= {"version": [str(draft.version)], "name": ["Typed"], "kept_at": [address]}
    asked = browser.post(reverse("submissions:review", args=[draft.pk]), posted, headers=OURS)
    offered = sign_in(browser, asked.text)
    assert send_again(browser, offered.text).headers["Location"] == address
    draft.refresh_from_db()
    assert draft.name == "Typed"
    assert not Submission.objects.exists()


@pytest.mark.parametrize("origin", ["", "null", "https://elsewhere.example", "http://testserver:1"])
def test_another_site_fills_in_nothing(mina: User, typed: dict[str, Any], origin: str) -> None:
    address = reverse("suppression:add")
    asked = Browser().post(address, typed, headers={"Origin": origin})
    assert asked.status_code == 302
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(mina)
    refused = strict.post(address, typed, headers={"Origin": origin})
    assert refused.status_code == 403
    assert typed["number"] not in refused.text


def test_what_the_portal_has_not_kept_itself_is_not_offered(mina: User) -> None:
    data = {"login": "mina", "password": PASSWORD, "kept": '{"action": "/", "fields": {}}'}
    assert Browser().post(reverse("account_login"), data).status_code == 302


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_a_form_whose_token_or_cookie_is_gone_is_offered_again(
    mina: User, typed: dict[str, Any], is_signed_in: bool
) -> None:
    browser = Browser(enforce_csrf_checks=True)
    if is_signed_in:
        browser.force_login(mina)
    refused = browser.post(reverse("suppression:add"), typed, headers=OURS)
    assert refused.status_code == 403
    assert not SuppressedNumber.objects.exists()
    token = refused.context["csrf_token"]
    if not is_signed_in:
        assert hidden(refused.text, "kept")
        return
    assert hidden(refused.text, "number") == typed["number"]
    again = browser.post(
        reverse("suppression:add"), typed | {"csrfmiddlewaretoken": token}, headers=OURS
    )
    assert again.status_code == 302
    assert SuppressedNumber.objects.exists()


def test_a_button_without_anything_typed_leads_back_to_its_page(
    mina: User, submission: Submission
) -> None:
    page = reverse("submissions:detail", args=[submission.pk])
    ours = OURS | {"Referer": f"http://testserver{page}?part=2"}
    approve = reverse("submissions:approve", args=[submission.pk])
    asked = Browser().post(approve, {"sha256": submission.payload_sha256}, headers=ours)
    assert asked.headers["Location"] == f"{reverse('account_login')}?next={page}%3Fpart%3D2"


def test_a_chosen_file_is_asked_for_again_and_the_rest_is_kept(
    mina: User, northgate: Client
) -> None:
    browser = Browser()
    posted = {"client": northgate.pk, "name": "Typed", "file": people.csv_file(people.ROWS)}
    asked = browser.post(reverse("contacts:upload"), posted, headers=OURS)
    offered = sign_in(browser, asked.text)
    assert "You will be asked to choose the file again." in offered.text
    form = send_again(browser, offered.text)
    assert form.status_code == 422
    assert 'value="Typed"' in form.text
    assert not ContactList.objects.exists()


def test_secrets_and_whatever_is_too_long_are_not_carried_through_a_page(
    mina: User, typed: dict[str, Any], admin: User
) -> None:
    for data in (typed | {"password": "x"}, typed | {"reason": "x" * 300_000}):
        assert Browser().post(reverse("suppression:add"), data, headers=OURS).status_code == 302
    add = reverse("admin:clients_client_add")
    assert Browser().post(add, {"name": "Typed"}, headers=OURS).status_code == 302
    strict = Browser(enforce_csrf_checks=True)
    refused = strict.post(
        reverse("account_login"), {"login": "mina", "password": PASSWORD}, headers=OURS
    )
    assert refused.status_code == 403
    assert PASSWORD not in refused.text


def test_a_background_request_leads_to_sign_in_as_usual(mina: User, draft: Campaign) -> None:
    headers = {"HX-Request": "true"}
    answer = Browser().post(reverse("drafts:autosave"), {"name": "Typed"}, headers=OURS | headers)
    assert answer.headers["HX-Redirect"].startswith(reverse("account_login"))
