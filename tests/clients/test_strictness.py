"""In Django's admin: which warnings are blocking for a client, and whether lookups still stand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from campaigns.clients.models import CallFlow, Cli, Client, Event

LONG_AGO = timezone.now() - timedelta(days=400)


@pytest.fixture
def browser(admin: User) -> Browser:
    browser = Browser()
    browser.force_login(admin)
    return browser


def form_of(page: Any) -> dict[str, Any]:
    """Return what a browser posts of an admin page when nothing is changed."""
    form = page.context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value is not None}
    for inline in page.context["inline_admin_formsets"]:
        for hidden in inline.formset.management_form:
            data[hidden.html_name] = hidden.value()
        data[f"{inline.formset.prefix}-TOTAL_FORMS"] = 0
        data[f"{inline.formset.prefix}-INITIAL_FORMS"] = 0
    data.pop("members", None)
    return data


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        (["lists_are_recent", "name_is_unused"], ["lists_are_recent", "name_is_unused"]),
        ([], []),
        (["has_a_name"], None),
        (["nothing_known"], None),
    ],
)
def test_only_known_warnings_can_be_chosen_and_are_kept(
    browser: Browser, northgate: Client, chosen: list[str], kept: list[str] | None
) -> None:
    address = reverse("admin:clients_client_change", args=[northgate.pk])
    page = browser.get(address)
    assert "A contact list is older than 28 days" in page.text
    answer = browser.post(address, form_of(page) | {"blocking_warnings": chosen})
    assert answer.status_code == (200 if kept is None else 302)
    northgate.refresh_from_db()
    assert northgate.blocking_warnings == (kept or [])


def test_the_clients_page_says_what_is_blocking_and_how_old_its_lookups_are(
    client: Browser, viewer: User, northgate: Client
) -> None:
    client.force_login(viewer)
    address = reverse("clients:detail", args=[northgate.pk])
    assert "Never submitted with" not in client.get(address).text
    Client.objects.update(blocking_warnings=["name_is_unused", "gone"])
    CallFlow.objects.update(confirmed_at=datetime(2026, 1, 2, 12, tzinfo=UTC))
    Cli.objects.update(confirmed_at=datetime(2026, 1, 3, 12, tzinfo=UTC))
    page = " ".join(client.get(address).text.split())
    assert '<span class="d-block">The name is used already</span> </dd>' in page
    assert "confirmed 2 Jan 2026" in page
    assert "confirmed 3 Jan 2026" in page


@pytest.mark.parametrize("model", [CallFlow, Cli])
def test_lookups_are_confirmed_by_a_person_and_it_is_told(
    browser: Browser, admin: User, northgate: Client, harbour: Client, model: type[CallFlow | Cli]
) -> None:
    model.objects.update(confirmed_at=LONG_AGO)
    found = model.objects.get(client=northgate)
    browser.post(
        reverse(f"admin:clients_{model._meta.model_name}_changelist"),
        {"action": "confirm", "_selected_action": [found.pk]},
    )
    found.refresh_from_db()
    assert timezone.now() - found.confirmed_at < timedelta(minutes=10)
    assert model.objects.get(client=harbour).confirmed_at == LONG_AGO
    event = Event.objects.about(found).get()
    assert event.actor == admin
    assert str(found.partner_id) in event.sentence
    assert event.sentence.endswith("stands.")


@pytest.mark.parametrize(("partner_id", "is_confirmed"), [(11, False), (12, True)])
def test_whoever_types_another_id_has_it_from_the_partner(
    browser: Browser, northgate: Client, partner_id: int, is_confirmed: bool
) -> None:
    cli = northgate.clis.get()
    Cli.objects.filter(pk=cli.pk).update(confirmed_at=LONG_AGO, partner_id=11)
    address = reverse("admin:clients_cli_change", args=[cli.pk])
    data = form_of(browser.get(address)) | {"partner_id": partner_id, "description": "Other"}
    assert browser.post(address, data).status_code == 302
    cli.refresh_from_db()
    assert cli.description == "Other"
    assert (cli.confirmed_at > LONG_AGO) is is_confirmed
