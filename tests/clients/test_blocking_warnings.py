"""Client settings in Django's admin: blocking warnings, confirmed lookups, and the texts of call flows."""

from datetime import UTC, datetime, timedelta
from html import unescape
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
    """Return what a browser posts for an admin page on which nothing is changed."""
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
        (["list-old", "name-used"], ["list-old", "name-used"]),
        ([], []),
        (["name-missing"], None),
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
    assert "Warnings that block submission" not in client.get(address).text
    Client.objects.update(blocking_warnings=["name-used", "gone"])
    CallFlow.objects.update(confirmed_at=datetime(2026, 1, 2, 12, tzinfo=UTC))
    Cli.objects.update(confirmed_at=datetime(2026, 1, 3, 12, tzinfo=UTC))
    page = " ".join(client.get(address).text.split())
    assert '<span class="d-block">The name is already used</span> </dd>' in page
    assert "confirmed 2 Jan 2026" in page
    assert "confirmed 3 Jan 2026" in page


@pytest.mark.parametrize("model", [CallFlow, Cli])
def test_a_person_confirms_lookups_and_the_event_is_recorded(
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
    assert event.sentence.endswith("is still right.")


@pytest.mark.parametrize(("partner_id", "is_confirmed"), [(11, False), (12, True)])
def test_typing_another_partner_id_confirms_it(
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


# The fields of a call flow and a CLI


def call_flow_form(page: Any, *numbers: int, **changes: str) -> dict[str, Any]:
    """Return what a browser posts with rows for these parameters in place of the previous rows."""
    data = form_of(page) | changes | {"parameters-TOTAL_FORMS": len(numbers)}
    for row, number in enumerate(numbers):
        prefix = f"parameters-{row}-"
        data |= {f"{prefix}number": number, f"{prefix}label": "Label", f"{prefix}max_length": 100}
    return data


@pytest.fixture
def flow(northgate: Client) -> CallFlow:
    """A call flow without any parameter row."""
    flow = northgate.callflows.get()
    flow.parameters.all().delete()
    return flow


@pytest.mark.parametrize(
    ("script", "numbers", "refusal"),
    [
        ("Hello {Parameter1}.", [1], ""),
        ("Hello.", [], ""),
        ("Hello {Parameter1}.", [1, 2], ""),
        (
            "Hello {Parameter1}.",
            [],
            "The script or SMS text uses {Parameter1}. Add a row with number 1 here.",
        ),
        ("{Parameter1} {Parameter3} {Parameter2}", [1], "Add a row with number 2 and 3 here."),
        ("Hello {Parameter 1}.", [1], "Write {Parameter1} instead of “{Parameter 1}”."),
        (
            "Hello {Parameter12}.",
            [1],
            "“{Parameter12}” is not a parameter. Write {Parameter1} to {Parameter9}.",
        ),
        ("Hello {name}.", [1], "“{name}” is not a parameter."),
    ],
)
@pytest.mark.parametrize("field", ["script", "sms_text"])
def test_a_text_with_an_unknown_parameter_or_one_without_a_row_is_refused(
    browser: Browser, flow: CallFlow, field: str, script: str, numbers: list[int], refusal: str
) -> None:
    address = reverse("admin:clients_callflow_change", args=[flow.pk])
    texts = {"script": "", "sms_text": ""} | {field: script}
    answer = browser.post(address, call_flow_form(browser.get(address), *numbers, **texts))
    assert answer.status_code == (200 if refusal else 302)
    assert refusal in unescape(answer.text)
    flow.refresh_from_db()
    assert (getattr(flow, field) == script) is not bool(refusal)


def test_the_row_of_a_parameter_that_a_text_uses_cannot_be_deleted(
    browser: Browser, flow: CallFlow
) -> None:
    row = flow.parameters.create(number=2, label="Due date")
    address = reverse("admin:clients_callflow_change", args=[flow.pk])
    data = call_flow_form(browser.get(address), 2, script="", sms_text="{Parameter2}")
    data |= {"parameters-INITIAL_FORMS": 1, "parameters-0-id": row.pk, "parameters-0-DELETE": "on"}
    data["parameters-0-call_flow"] = flow.pk
    assert "Add a row with number 2 here." in browser.post(address, data).text
    assert flow.parameters.exists()


@pytest.mark.parametrize(
    ("number", "is_right"),
    [
        ("020 7946 0999", True), ("+44 20 7946 0999", True), ("01632 960100", True),
        ("(0800) 001 1234", True),
        ("+1 212 555 0100", True), ("Northgate", False), ("n/a", False), ("12", False),
        ("020 7946 0999 x", False),
        ("-", False), ("+", False),
    ],
)  # fmt: skip
def test_a_cli_is_a_telephone_number(
    browser: Browser, northgate: Client, number: str, is_right: bool
) -> None:
    cli = northgate.clis.get()
    address = reverse("admin:clients_cli_change", args=[cli.pk])
    answer = browser.post(address, form_of(browser.get(address)) | {"number": number})
    assert answer.status_code == (302 if is_right else 200)
    sentence = "This is not a telephone number. Write it like 020 7946 0999 or +44 20 7946 0999."
    assert (sentence in answer.text) is not is_right
