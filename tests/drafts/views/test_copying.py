"""A new campaign that begins as a copy of an earlier one."""

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client, Role
from campaigns.drafts.models import Campaign
from tests import people

pytestmark = pytest.mark.django_db


def test_a_copy_has_everything_but_the_dates(
    client: Browser, manager: User, draft: Campaign
) -> None:
    client.force_login(manager)
    address = reverse("drafts:new") + f"?copy={draft.pk}"
    assert address in client.get(reverse("drafts:edit", args=[draft.pk])).content.decode()
    builder = client.get(address).context["builder"]
    assert builder.campaign["name"].value() == f"Copy of {draft.name}"
    assert builder.campaign["start_date"].value() == ""
    assert builder.runover == []
    before, copied = draft.content(), builder.campaign
    assert copied["start_time"].value() == f"{before.hours.start:%H:%M}"
    assert copied["call_flow"].value() == str(draft.call_flow_id)
    assert [str(found.pk) for found in before.contact_lists] == copied["contact_lists"].value()
    assert [form["source"].value() for form in builder.used_parameters if form["source"].value()]
    assert Campaign.objects.count() == 1


def test_a_copy_has_the_fallbacks(client: Browser, manager: User, draft: Campaign) -> None:
    draft.parameter_sources.filter(number=1).update(fallback="customer")
    client.force_login(manager)
    builder = client.get(reverse("drafts:new"), {"copy": draft.pk}).context["builder"]
    assert builder.parameters[0]["fallback"].value() == "customer"


def test_a_copy_of_a_strangers_campaign_is_not_offered(
    client: Browser, draft: Campaign, harbour: Client
) -> None:
    client.force_login(people.member("stella", harbour, Role.ACCOUNT_MANAGER))
    assert client.get(reverse("drafts:new"), {"copy": draft.pk}).status_code == 404
    assert client.get(reverse("drafts:new"), {"copy": "9" * 400}).status_code == 200


def test_the_name_of_a_copy_is_as_long_as_a_name_may_be(
    client: Browser, manager: User, draft: Campaign
) -> None:
    Campaign.objects.update(name="n" * 75)
    client.force_login(manager)
    builder = client.get(reverse("drafts:new"), {"copy": draft.pk}).context["builder"]
    assert len(builder.campaign["name"].value()) == 75
