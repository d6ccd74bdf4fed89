"""Changes in the administration: each records an event, or can't be made there."""

from typing import Any

import pytest
from django.contrib import admin as administration
from django.contrib.auth.models import User
from django.db import models
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.admin.recorded_changes import RecordsChanges
from campaigns.clients.models import CallFlow, Cli, Client, Event, Membership, PartnerAccount
from campaigns.submissions.models import Dispatch

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client: Browser, admin: User) -> Browser:
    client.force_login(admin)
    return client


def changed(browser: Browser, thing: models.Model, **changes: Any) -> Any:
    """Post the thing's page of the administration as it is shown, with these changes."""
    meta = thing._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[thing.pk])
    page = browser.get(address)
    data: dict[str, Any] = {}
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if isinstance(value, bool):
                value = "on" if value else None
            if value is not None:
                data[bound.html_name] = value
    answer = browser.post(address, data | changes)
    assert answer.status_code == 302, answer.context["errors"]
    return answer


def recorded(thing: models.Model) -> list[tuple[str, str]]:
    events = Event.objects.about(thing)
    return [(str(event.actor), event.sentence) for event in events]


def test_a_changed_client_setting_is_recorded_with_its_old_and_new_value(
    browser: Browser, northgate: Client
) -> None:
    changed(browser, northgate, lead_time_minutes="20", approval="always")
    assert recorded(northgate) == [
        ("ada", "Changed “lead time minutes” of the client Northgate Energy from “10” to “20”."),
        ("ada", "Changed “approval” of the client Northgate Energy from “Never” to “Always”."),
    ]


def test_access_that_is_changed_or_removed_is_recorded(
    browser: Browser, northgate: Client, manager: User
) -> None:
    prefix = "membership_set-0"
    changed(browser, northgate, **{f"{prefix}-role": "3"})
    changed(browser, northgate, **{f"{prefix}-DELETE": "on"})
    assert not Membership.objects.exists()
    assert [sentence for _, sentence in recorded(northgate)] == [
        "Changed it to the access of mina: Approver.",
        "Removed the access of mina: Approver.",
    ]


def test_a_changed_account_address_is_recorded(browser: Browser, account: PartnerAccount) -> None:
    changed(browser, account, api_url="http://127.0.0.1:8")
    [(actor, sentence)] = recorded(account)
    assert actor == "ada"
    assert "“API URL” of the partner account Sandbox from “http://127.0.0.1:9” to" in sentence


def test_a_lookup_stays_with_its_client_and_its_number_is_not_recorded(
    browser: Browser, northgate: Client, harbour: Client
) -> None:
    cli = northgate.clis.get()
    changed(browser, cli, client=str(harbour.pk), number="020 7946 0998", is_active="")
    cli.refresh_from_db()
    assert cli.client == northgate
    sentences = [sentence for _, sentence in recorded(cli)]
    assert len(sentences) == 2
    assert not any("7946" in sentence for sentence in sentences)


def test_the_deactivation_of_a_user_is_recorded(browser: Browser, manager: User) -> None:
    address = reverse("admin:auth_user_change", args=[manager.pk])
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "10:00"}
    answer = browser.post(address, {"username": "mina", **joined})
    assert answer.status_code == 302
    assert ("ada", "Changed “active” of the user mina from “True” to “False”.") in recorded(manager)


def test_a_deletion_is_recorded(browser: Browser, northgate: Client) -> None:
    flow = CallFlow.objects.create(client=northgate, partner_id=555, name="Unused")
    browser.post(reverse("admin:clients_callflow_delete", args=[flow.pk]), {"post": "yes"})
    assert not CallFlow.objects.filter(pk=flow.pk).exists()
    sentences = Event.objects.filter(client=northgate).values_list("sentence", flat=True)
    assert list(sentences) == ["Deleted the call flow 555."]


@pytest.mark.parametrize("what", ["1/change/", "add/", "1/delete/", "1/history/"])
def test_all_sending_is_held_and_resumed_on_its_own_page_only(
    browser: Browser, admin: User, what: str
) -> None:
    assert Dispatch.hold("Somebody wants to check.", admin)
    events = Event.objects.count()
    address = f"/admin/submissions/dispatch/{what}"
    assert browser.get(address).status_code == 404
    assert browser.post(address, {"held_reason": "", "post": "yes"}).status_code == 404
    assert Dispatch.is_held()
    assert Event.objects.count() == events


def test_every_page_of_the_administration_records_its_changes_or_makes_none() -> None:
    """Every newly registered model needs the same choice. A person's own e-mail addresses need no event."""
    plain = {
        model.__name__
        for model, page in administration.site._registry.items()
        if not isinstance(page, RecordsChanges)
    }
    assert plain == {"Dispatch", "EmailAddress", "Event"}


@pytest.mark.parametrize("name", ["Readings 07700 900101", "Ann, +44 7700 900101"])
def test_names_with_a_telephone_number_are_refused(
    browser: Browser, northgate: Client, name: str
) -> None:
    things: list[tuple[models.Model, str]] = [
        (northgate, "name"),
        (northgate.partner_account, "name"),
        (northgate.callflows.get(), "name"),
        (Cli.objects.get(client=northgate), "description"),
    ]
    for thing, field in things:
        with pytest.raises(AssertionError):
            changed(browser, thing, **{field: name})
        thing.refresh_from_db()
        assert getattr(thing, field) != name
