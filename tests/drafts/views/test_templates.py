"""Templates: a campaign kept as a pattern for further ones of its client."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client, Event, Role
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign.content import Consent, DraftContent, Hours, SendAt, Source
from campaigns.drafts.form.form_data import as_template
from campaigns.drafts.models import Campaign, CampaignTemplate
from campaigns.drafts.models.template import NameTaken
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def full_draft(northgate: Client, contact_list: ContactList) -> DraftContent:
    """A draft with a value in every field."""
    return replace(
        people.content(northgate, contact_list),
        hours=Hours(date(2026, 12, 3), time(9), time(12)),
        runover=[Hours(date(2026, 12, 4), time(9), time(12))],
        intervals=[30, 120, None],
        answerphone=1,
        sms_on_busy=2,
        parameters={1: Source("column", "First name"), 2: Source("text", "soon")},
        send_at=SendAt(date(2026, 12, 2), time(15)),
        purpose="marketing",
        consent=Consent("Form on the website", date(2026, 1, 2), "Northgate"),
        override_reason="They asked for it.",
    )


@pytest.fixture
def template(manager: User, northgate: Client, full_draft: DraftContent) -> CampaignTemplate:
    return CampaignTemplate.keep(manager, northgate, "Usual", as_template(full_draft))


def new_from(browser: Browser, template: CampaignTemplate) -> Any:
    page = browser.get(reverse("drafts:new"), {"template": template.pk})
    assert page.status_code == 200
    return page


def saved_as_shown(browser: Browser, page: Any) -> DraftContent:
    """Save what a page's form begins with, and return what the draft says then."""
    browser.post(reverse("drafts:new"), page.context["start"].data)
    return Campaign.objects.get().content()


# Starting from a template


def test_a_template_holds_everything_but_the_fields_of_one_campaign(
    browser: Browser, template: CampaignTemplate, full_draft: DraftContent
) -> None:
    assert saved_as_shown(browser, new_from(browser, template)) == replace(
        full_draft,
        name="",
        contact_lists=[],
        hours=Hours(None, time(9), time(12)),
        runover=[],
        send_at=SendAt(),
        consent=Consent("Form on the website", None, "Northgate"),
        override_reason="",
    )


def test_a_template_of_a_barely_begun_draft_is_nearly_empty(
    browser: Browser, manager: User, northgate: Client
) -> None:
    kept = CampaignTemplate.keep(
        manager, northgate, "Bare", as_template(DraftContent.blank(northgate))
    )
    assert saved_as_shown(browser, new_from(browser, kept)) == replace(
        DraftContent.blank(northgate), contact_lists=[], runover=[], intervals=[]
    )


def test_the_page_says_where_it_starts_and_offers_the_others(
    browser: Browser, template: CampaignTemplate, harbour: Client, stranger: User
) -> None:
    theirs = CampaignTemplate.keep(stranger, harbour, "Rent", {})
    page = new_from(browser, template).text
    assert "starts from the template “Usual”" in page
    assert f'value="{template.pk}" selected' in page
    assert "Northgate Energy: Usual" in page
    assert theirs.name not in page
    assert "starts from the template" not in browser.get(reverse("drafts:new")).text


def test_a_posted_form_offers_no_other_start(browser: Browser, template: CampaignTemplate) -> None:
    assert "Start from" in browser.get(reverse("drafts:new")).text
    page = browser.post(reverse("drafts:new"), {"name": "No client yet"})
    assert page.status_code == 422
    assert "Start from" not in page.text


def test_without_templates_there_is_nothing_to_choose(browser: Browser) -> None:
    assert "Start from" not in browser.get(reverse("drafts:new")).text


def test_a_lookup_that_is_no_longer_offered_is_left_empty_and_named(
    browser: Browser, template: CampaignTemplate, northgate: Client, full_draft: DraftContent
) -> None:
    northgate.callflows.update(is_active=False)
    northgate.clis.update(is_active=False)
    page = new_from(browser, template)
    form = page.context["builder"].campaign
    assert (form["call_flow"].value(), form["cli"].value()) == ("", "")
    assert f"The template’s call flow, {full_draft.call_flow}, is no longer available." in page.text
    assert f"The template’s CLI, {full_draft.cli}, is no longer available." in page.text
    assert 'href="#id_call_flow"' in page.text
    kept = saved_as_shown(browser, page)
    assert (kept.call_flow, kept.cli, kept.parameters) == (None, None, full_draft.parameters)


def test_a_lookup_that_no_longer_exists_is_reported(
    browser: Browser, template: CampaignTemplate, northgate: Client
) -> None:
    northgate.callflows.all().delete()
    page = new_from(browser, template)
    assert "The template’s call flow is no longer available." in page.text
    shown = browser.get(reverse("drafts:template", args=[template.pk])).text
    assert "The template’s call flow is no longer available." in shown
    assert "No longer available" in shown


def test_a_template_does_not_change_with_its_campaign(
    browser: Browser, template: CampaignTemplate, draft: Campaign, manager: User
) -> None:
    before = template.fields
    draft.revise(manager, DraftContent.blank(draft.client), draft.version)
    template.refresh_from_db()
    assert template.fields == before


@pytest.mark.parametrize("key", ["", "x", "9" * 400])
def test_an_address_that_names_no_template_starts_empty(browser: Browser, key: str) -> None:
    page = browser.get(reverse("drafts:new"), {"template": key})
    assert page.status_code == 200
    assert page.context["start"].template is None


def test_a_template_is_there_only_for_those_who_may_use_it(
    client: Browser, template: CampaignTemplate, stranger: User, viewer: User, harbour: Client
) -> None:
    address = reverse("drafts:new") + f"?template={template.pk}"
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    people.join(viewer, harbour, Role.ACCOUNT_MANAGER)
    client.force_login(viewer)
    assert client.get(address).status_code == 403
    assert "Usual" not in client.get(reverse("drafts:new")).text


# Saving a campaign as a template


def keep(browser: Browser, campaign: Campaign, **posted: Any) -> Any:
    return browser.post(reverse("drafts:keep_template", args=[campaign.pk]), posted)


def test_a_campaign_is_kept_under_a_name(browser: Browser, draft: Campaign, manager: User) -> None:
    address = reverse("drafts:keep_template", args=[draft.pk])
    assert address in browser.get(reverse("drafts:edit", args=[draft.pk])).text
    assert f'value="{draft.name}"' in browser.get(address).text
    assert not CampaignTemplate.objects.exists()
    answer = keep(browser, draft, name="  Readings ")
    kept = CampaignTemplate.objects.get()
    assert answer.headers["Location"] == reverse("drafts:template", args=[kept.pk])
    assert (kept.name, kept.client, kept.made_by) == ("Readings", draft.client, manager)
    assert kept.fields == as_template(draft.content())
    events = [(event.actor, event.sentence) for event in Event.objects.about(kept)]
    assert events == [(manager, "Created the template “Readings”.")]


def test_a_submitted_campaign_can_be_kept_too(
    browser: Browser, draft: Campaign, manager: User
) -> None:
    people.submitted(draft, manager)
    keep(browser, draft, name="Sent")
    assert CampaignTemplate.objects.get().fields == as_template(draft.content())


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Give the template a name."),
        ("   ", "Give the template a name."),
        ("n" * 61, "The template name must be 60 characters or fewer."),
    ],
)
def test_an_invalid_name_is_reported_at_its_field(
    browser: Browser, draft: Campaign, template: CampaignTemplate, name: str, sentence: str
) -> None:
    shown = reverse("drafts:template", args=[template.pk])
    for page in (keep(browser, draft, name=name), browser.post(shown, {"name": name})):
        assert page.status_code == 422
        assert sentence in page.text
        assert 'aria-invalid="true"' in page.text
    assert CampaignTemplate.objects.get().name == "Usual"


def test_saving_over_one_of_the_same_name_asks_first(
    browser: Browser, draft: Campaign, template: CampaignTemplate
) -> None:
    before = template.fields
    page = keep(browser, draft, name="USUAL")
    assert page.status_code == 422
    assert "already has a template called “<bdi>Usual</bdi>”" in page.text
    template.refresh_from_db()
    assert template.fields == before

    keep(browser, draft, name="USUAL", replace=template.pk)
    template.refresh_from_db()
    assert template.fields == as_template(draft.content()) != before
    assert template.name == "Usual"
    assert Event.objects.about(template).last().sentence == "Replaced what the template keeps."  # type: ignore[union-attr]


def test_an_answer_about_one_template_replaces_no_other(
    browser: Browser, draft: Campaign, template: CampaignTemplate, manager: User
) -> None:
    other = CampaignTemplate.keep(manager, draft.client, "Other", {})
    assert keep(browser, draft, name="Usual", replace=other.pk).status_code == 422
    keep(browser, draft, name="Third", replace=other.pk)
    assert CampaignTemplate.objects.count() == 3
    other.refresh_from_db()
    assert other.fields == {}


def test_two_clients_may_use_one_name(
    browser: Browser, template: CampaignTemplate, harbour: Client, stranger: User
) -> None:
    CampaignTemplate.keep(stranger, harbour, "Usual", {})
    with pytest.raises(NameTaken) as taken:
        CampaignTemplate.keep(stranger, harbour, "usual", {})
    assert taken.value.other is not None
    assert taken.value.other.client == harbour


# The pages of templates


def test_the_list_has_the_templates_of_ones_own_clients(
    client: Browser, template: CampaignTemplate, viewer: User, harbour: Client, stranger: User
) -> None:
    CampaignTemplate.keep(stranger, harbour, "Rent", {})
    client.force_login(viewer)
    page = client.get(reverse("drafts:templates")).text
    assert "Usual" in page
    assert "Rent" not in page
    assert "New campaign" not in page


def test_an_empty_list_says_what_to_do(browser: Browser) -> None:
    page = browser.get(reverse("drafts:templates")).text
    assert "No templates yet" in page
    assert "Save as template" in page


def test_a_template_s_page_says_what_it_holds(
    client: Browser, template: CampaignTemplate, viewer: User, full_draft: DraftContent
) -> None:
    client.force_login(viewer)
    page = client.get(reverse("drafts:template", args=[template.pk]))
    assert dict(page.context["facts"]) == {
        "Purpose": "Marketing",
        "Call flow": str(full_draft.call_flow),
        "CLI": str(full_draft.cli),
        "Parameters": "1, 2",
        "Hours": "09:00 to 12:00",
        "Calls": "3 calls, with waits of 30 and 120 minutes",
        "Answerphone message": "On the first call",
        "SMS on busy": "On the last call",
    }
    assert "Delete…" not in page.text
    assert "Start a campaign from this template" not in page.text


def test_the_page_of_an_empty_template_says_what_is_not_chosen(
    browser: Browser, manager: User, northgate: Client
) -> None:
    kept = CampaignTemplate.keep(manager, northgate, "Bare", {})
    facts = dict(browser.get(reverse("drafts:template", args=[kept.pk])).context["facts"])
    assert facts["Call flow"] == facts["Hours"] == "Not chosen"
    assert facts["Calls"] == "1 call"
    assert facts["Parameters"] == "None"


def test_a_template_is_renamed(browser: Browser, template: CampaignTemplate) -> None:
    address = reverse("drafts:template", args=[template.pk])
    assert browser.post(address, {"name": "usual"}).status_code == 302
    template.refresh_from_db()
    assert template.name == "usual"
    sentence = "Renamed the template “Usual” to “usual”."
    assert Event.objects.about(template).last().sentence == sentence  # type: ignore[union-attr]
    count = Event.objects.count()
    browser.post(address, {"name": "usual"})
    assert Event.objects.count() == count


def test_a_template_is_not_renamed_to_the_name_of_another(
    browser: Browser, template: CampaignTemplate, manager: User
) -> None:
    other = CampaignTemplate.keep(manager, template.client, "Other", {})
    page = browser.post(reverse("drafts:template", args=[other.pk]), {"name": "USUAL"})
    assert page.status_code == 422
    assert "Northgate Energy already has a template with this name." in page.text
    assert "<h1>Other</h1>" in page.text
    other.refresh_from_db()
    assert other.name == "Other"


def test_deleting_asks_first_and_keeps_the_events(
    browser: Browser, template: CampaignTemplate, manager: User
) -> None:
    address = reverse("drafts:delete_template", args=[template.pk])
    assert "Delete “Usual”?" in browser.get(address).text
    assert CampaignTemplate.objects.exists()
    page = browser.post(address, follow=True)
    assert "The template “Usual” is deleted." in page.text
    assert not CampaignTemplate.objects.exists()
    assert Event.objects.last().sentence == "Deleted the template “Usual”."  # type: ignore[union-attr]
    CampaignTemplate.keep(manager, template.client, "Usual", {})
