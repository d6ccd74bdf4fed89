"""Which sections of the builder are ready, as the page says beside the form."""

import re

from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign.content import DraftContent
from campaigns.drafts.form.builder import Builder
from campaigns.drafts.form.summary import SECTIONS, Section, is_in
from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight import Problem, Tier
from tests import people

LABELS = [label for _, label, _ in SECTIONS]


def ready(problems: list[Problem]) -> list[str]:
    return [section.label for section in Section.all_of(problems) if section.is_ready]


def test_a_problem_takes_the_tick_from_its_own_section() -> None:
    assert ready([Problem("cli", "Choose a CLI.")]) == [
        each for each in LABELS if each != "Call flow and CLI"
    ]


def test_a_warning_takes_no_tick() -> None:
    assert ready([Problem("cli", "Look at it.", tier=Tier.WARNING)]) == LABELS


def test_each_field_of_the_builder_is_in_one_section(
    manager: User, northgate: Client, contact_list: ContactList
) -> None:
    builder = Builder.of(manager, people.content(northgate, contact_list))
    names = {form[name].html_name for form in builder.forms() for name in form.fields}
    for name in names:
        assert sum(is_in(name, fields) for _, _, fields in SECTIONS) == 1, name


def sections(page: str) -> tuple[str, list[str]]:
    """Return the heading of the list of sections, and the names of those that are ready."""
    [part] = re.findall(r'<nav id="sections".*?</nav>', page, re.DOTALL)
    heading = re.findall(r"<h2[^>]*>([^<]*)</h2>", part)[0]
    return heading, re.findall(r'<li class="is-ready">\s*<a href="#[\w-]+">([^<]*)</a>', part)


def test_the_page_counts_them_and_each_leads_to_its_place(
    browser: Browser, manager: User, northgate: Client
) -> None:
    made = Campaign.start(manager, DraftContent.blank(northgate))
    page = browser.get(reverse("drafts:edit", args=[made.pk])).text
    heading, ticked = sections(page)
    assert heading == f"{len(ticked)} of {len(LABELS)} sections ready"
    assert "Answerphone and SMS" in ticked
    assert "Lists" not in ticked
    for anchor, _, _ in SECTIONS:
        assert f'id="{anchor}"' in page, anchor


def test_saving_by_itself_brings_them_up_to_date(
    browser: Browser, manager: User, northgate: Client
) -> None:
    made = Campaign.start(manager, DraftContent.blank(northgate))
    data = {"client": northgate.pk, "campaign": made.pk, "version": made.version, "edit": "1"}
    before, after = (
        sections(browser.post(reverse("drafts:autosave"), data | {"name": name}).text)[1]
        for name in ("", "Spring")
    )
    assert "Client and name" not in before
    assert "Client and name" in after
