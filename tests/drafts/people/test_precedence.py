"""One number on several lists: the page says which list's row is used, and a person can choose it."""

import re
from dataclasses import replace
from importlib import import_module

import orjson
import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client
from campaigns.contacts.models import ContactList
from campaigns.drafts import preflight
from campaigns.drafts.campaign.content import DraftContent, Source
from campaigns.drafts.form.form_data import as_data
from campaigns.drafts.models import Campaign
from campaigns.drafts.people import overlaps
from campaigns.submissions import payload_files
from tests import people
from tests.drafts.conftest import NOW

pytestmark = pytest.mark.django_db

MIGRATION = import_module("campaigns.drafts.migrations.0005_lost_lists_and_precedence")


def is_offered(page: str) -> bool:
    found = re.search(r'<div id="precedence"([^>]*)>', page)
    assert found
    return "hidden" not in found[1]


@pytest.fixture
def newer(manager: User, northgate: Client, contact_list: ContactList) -> ContactList:
    """A second list, with Amara under another date, Ben unchanged, and one further person."""
    rows = [
        ("07700 900101", "Amara Ahmed", "Amara", "30 January"),
        people.ROWS[1],
        ("07700 900190", "Zoe", "Zoe", "1 May"),
    ]
    return people.contact_list(manager, northgate, rows, "January")


@pytest.fixture
def both(complete: DraftContent, contact_list: ContactList, newer: ContactList) -> DraftContent:
    return replace(complete, contact_lists=[contact_list, newer])


def heard_by_amara(manager: User, content: DraftContent) -> list[str]:
    """Return the frozen values for the number of Amara, who is on both lists."""
    fresh = people.content(content.client, content.contact_lists[0])
    content = replace(content, hours=fresh.hours, runover=fresh.runover)
    submission = people.submitted(Campaign.start(manager, content), manager)
    entries = payload_files.entries(submission.parts.get().payload_file)
    [amara] = [one for entry in entries if (one := orjson.loads(entry))["number"] == "07700900101"]
    return [row["value"] for row in amara["parameters"]]


@pytest.mark.parametrize(
    ("precedence", "heard"), [("newest", "30 January"), ("oldest", "1 December")]
)
def test_the_chosen_list_decides_what_is_sent_and_shown(
    browser: Browser, manager: User, both: DraftContent, precedence: str, heard: str
) -> None:
    said = replace(both, precedence=precedence)
    assert heard_by_amara(manager, said) == ["Amara", heard]
    assert said.call_flow
    said.call_flow.script = "{Parameter1}, {Parameter2}"
    said.call_flow.save()
    shown = (
        browser.post(reverse("drafts:redraw"), as_data(said) | {"person": "1"})
        .context["builder"]
        .preview
    )
    assert shown.heard == f"Amara, {heard}"


def test_the_newest_list_wins_unless_somebody_chooses(both: DraftContent) -> None:
    assert DraftContent.blank(both.client).precedence == "newest"
    assert [found.name for found in both.lists_by_precedence] == ["January", "Readings"]


def difference_warnings(said: DraftContent) -> list[str]:
    return [p.sentence for p in preflight.check(said, NOW) if p.rule == "lists-differ"]


def test_a_warning_says_how_many_differ_and_which_list_is_used(both: DraftContent) -> None:
    assert difference_warnings(both) == [
        "1 number is on several lists with different names or values. The newest list is used: "
        "“January” comes first. You can change this below the lists."
    ]
    [sentence] = difference_warnings(replace(both, precedence="oldest"))
    assert "The oldest list is used: “Readings” comes first." in sentence
    # There is no difference if no parameter uses the column that differs.
    assert difference_warnings(replace(both, parameters={1: Source("column", "First name")})) == []


def test_lists_without_a_number_in_common_are_not_compared(
    complete: DraftContent, manager: User, northgate: Client, contact_list: ContactList
) -> None:
    other = people.contact_list(manager, northgate, [("07700 900190", "Zoe", "Zoe", "1 May")])
    assert difference_warnings(replace(complete, contact_lists=[contact_list, other])) == []


@pytest.mark.parametrize(
    ("row", "differ"),
    [
        (("07700 900101", "Amara Ahmed", "Amara", "1 December"), 0),
        (("07700 900101", "Amara\u200b Ahmed ", " Amara", "1 December"), 0),
        (("07700 900101", "Amara Ahmed", "Amara", ""), 1),
        (("07700 900101", "Somebody Else", "Amara", "1 December"), 1),
    ],
)
def test_lists_differ_only_in_what_would_be_sent(
    complete: DraftContent,
    manager: User,
    northgate: Client,
    contact_list: ContactList,
    row: tuple[str, ...],
    differ: int,
) -> None:
    other = people.contact_list(manager, northgate, [row], "Other")
    assert overlaps.count([contact_list, other], complete.parameters) == differ


def test_the_choice_is_offered_where_there_are_several_lists(
    browser: Browser, both: DraftContent, contact_list: ContactList
) -> None:
    page = browser.post(reverse("drafts:redraw"), as_data(both) | {}).text
    assert is_offered(page)
    page = browser.post(
        reverse("drafts:redraw"), as_data(replace(both, contact_lists=[contact_list])) | {}
    ).text
    assert not is_offered(page)


def test_campaigns_from_before_the_choice_keep_the_oldest(
    manager: User, both: DraftContent, contact_list: ContactList
) -> None:
    two = Campaign.start(manager, both)
    one = Campaign.start(manager, replace(both, contact_lists=[contact_list]))
    MIGRATION.keep_oldest(apps, connection.schema_editor())
    kept = dict(Campaign.objects.values_list("pk", "precedence"))
    assert kept == {two.pk: "oldest", one.pk: "newest"}
