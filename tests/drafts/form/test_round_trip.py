"""Every field of a draft on its way through form, content and model, back again, and to the partner.

A field that is added and forgotten at one of these places fails here.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, time
from typing import Any

import pytest
from django.contrib.auth.models import User

from campaigns.clients.models import CallFlow, Cli, Client
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign.content import Consent, DraftContent, Hours, SendAt, Source
from campaigns.drafts.form.builder import Builder
from campaigns.drafts.form.fields import CampaignForm
from campaigns.drafts.form.form_data import as_data, as_template, from_template
from campaigns.drafts.models import CallAttempt, Campaign, ParameterSource, RunoverDay
from campaigns.partner import wire
from campaigns.submissions.freezing.freeze import wire_campaign
from tests import people

pytestmark = pytest.mark.django_db

# Fields that the partner does not get as fields of the campaign, and why.
NOT_ON_THE_WIRE = {
    "client": "a header, and the account that it is sent to",
    "contact_lists": "the phone numbers, which tests of recipients look at",
    "precedence": "whose values the phone numbers have",
    "parameters": "the phone numbers' values",
    "unused": "says nothing",
    "send_at": "when the portal sends it",
    "purpose": "for whoever approves it",
    "consent": "for whoever approves it",
    "override_reason": "for whoever approves it",
}
# Columns of the model that are not content of the draft.
BOOKKEEPING = {
    "id", "status", "created_by", "form_token", "saved_by_form", "saved_by_edit", "created_at", "changed_at",
    "changed_by", "version", "was_submitted",
}  # fmt: skip
# Fields of one campaign only, or of the people on its lists, so no template has them.
NOT_IN_A_TEMPLATE = {"name", "contact_lists", "runover", "send_at", "override_reason"}


@pytest.fixture
def full_draft(manager: User, northgate: Client, contact_list: ContactList) -> DraftContent:
    """A draft in which no field has its default value."""
    other = people.contact_list(manager, northgate, name="Other")
    return DraftContent(
        client=northgate,
        name="December",
        call_flow=northgate.callflows.get(),
        cli=northgate.clis.get(),
        contact_lists=[contact_list, other],
        precedence="oldest",
        hours=Hours(date(2026, 12, 1), time(9, 5), time(12, 10)),
        runover=[Hours(date(2026, 12, 2), time(10, 15), time(13, 20)), Hours(date(2026, 12, 3))],
        intervals=[30, 120, None],
        answerphone=1,
        sms_on_busy=2,
        parameters={
            1: Source("column", "First name", "customer", "name"),
            2: Source("text", "soon"),
            9: Source("column", "Due date"),
        },
        unused=frozenset({3, 8}),
        send_at=SendAt(date(2026, 11, 30), time(16, 30)),
        purpose="marketing",
        consent=Consent("Form on the website", date(2026, 1, 2), "Northgate"),
        override_reason="They asked for it.",
    )


def test_no_field_of_the_full_draft_has_its_default(full_draft: DraftContent) -> None:
    nothing = DraftContent.blank(full_draft.client)
    for field in fields(DraftContent):
        if field.name != "client":
            assert getattr(full_draft, field.name) != getattr(nothing, field.name), field.name
    for part in (
        full_draft.hours,
        full_draft.runover[0],
        full_draft.send_at,
        full_draft.consent,
        full_draft.parameters[1],
    ):
        for field in fields(part):
            assert getattr(part, field.name) != field.default, field.name


def test_the_model_keeps_every_field(manager: User, full_draft: DraftContent) -> None:
    started = Campaign.start(manager, full_draft)
    assert Campaign.objects.get(pk=started.pk).content() == full_draft
    begun = Campaign.start(manager, DraftContent.blank(full_draft.client))
    begun.revise(manager, full_draft, begun.version)
    assert Campaign.objects.get(pk=begun.pk).content() == full_draft


def test_every_column_of_the_model_is_content_or_bookkeeping(
    manager: User, full_draft: DraftContent
) -> None:
    campaign = Campaign.objects.get(pk=Campaign.start(manager, full_draft).pk)
    for column in Campaign._meta.fields:
        if column.name not in BOOKKEEPING:
            assert getattr(campaign, column.name) not in {column.get_default(), None}, column.name
    rows: Mapping[type[Any], Any] = {
        RunoverDay: campaign.runover_days.first(),
        CallAttempt: campaign.call_attempts.first(),
        ParameterSource: campaign.parameter_sources.first(),
    }
    for model, row in rows.items():
        for column in model._meta.fields:
            assert getattr(row, column.name) not in {column.get_default(), None}, column.name


def test_the_form_posts_and_reads_every_field(manager: User, full_draft: DraftContent) -> None:
    builder = Builder(manager, as_data(full_draft), quiet=False)
    assert builder.is_valid(), builder.mends()
    assert builder.content() == full_draft
    posted = as_data(full_draft)
    lacking = [name for name in CampaignForm.base_fields if not posted.get(name)]
    assert lacking == []


def test_a_template_keeps_every_field_but_those_of_one_campaign(
    manager: User, full_draft: DraftContent
) -> None:
    data = from_template(full_draft.client, as_template(full_draft))
    builder = Builder(manager, data, quiet=False)
    assert builder.is_valid(), builder.mends()
    kept, nothing = builder.content(), DraftContent.blank(full_draft.client)
    for field in fields(DraftContent):
        name = field.name
        if name in NOT_IN_A_TEMPLATE:
            assert getattr(kept, name) == getattr(nothing, name), name
        elif name == "hours":
            assert kept.hours == replace(full_draft.hours, day=None)
        elif name == "consent":
            assert kept.consent == replace(full_draft.consent, day=None)
        else:
            assert getattr(kept, name) == getattr(full_draft, name), name


@pytest.fixture
def others(northgate: Client, harbour: Client) -> dict[str, Any]:
    """Another value for each field that the partner gets; `name` is passed beside the content."""
    return {
        "call_flow": CallFlow.objects.create(client=northgate, partner_id=999, name="Other"),
        "cli": Cli.objects.create(client=northgate, partner_id=999, number="020 7946 0998"),
        "hours": Hours(date(2026, 12, 1), time(9, 5), time(12, 11)),
        "runover": [Hours(date(2026, 12, 2), time(10, 15), time(13, 21))],
        "intervals": [30, 121, None],
        "answerphone": 2,
        "sms_on_busy": 1,
    }


def test_the_partner_gets_every_field_that_it_has_a_place_for(
    full_draft: DraftContent, others: dict[str, Any]
) -> None:
    sent = {field.name for field in fields(DraftContent)} - NOT_ON_THE_WIRE.keys() - {"name"}
    assert sent == others.keys()
    whole = replace(full_draft, runover=full_draft.runover[:1])
    before = wire.head(wire_campaign("Name", whole))
    assert before != wire.head(wire_campaign("Another name", whole))
    changed = {name: replace(whole, **{name: value}) for name, value in others.items()}
    heads = {name: wire.head(wire_campaign("Name", one)) for name, one in changed.items()}
    assert [name for name, head in heads.items() if head == before] == []
    # Each field has a place of its own.
    assert len({*heads.values(), before}) == len(heads) + 1
