"""The builder shows what one person of the lists hears and reads, with the form as it stands."""

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client
from campaigns.contacts.models import Contact, ContactList
from campaigns.drafts.content import DraftContent, Source
from campaigns.drafts.form_data import as_data
from campaigns.drafts.preview import Preview
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


@pytest.fixture
def content(northgate: Client, contact_list: ContactList) -> DraftContent:
    """A flow that says the first parameter, and texts the second."""
    northgate.callflows.update(script="Hello {Parameter1}.", sms_text="Due {Parameter2}")
    sources = {1: Source("column", "First name"), 2: Source("text", "in May")}
    return replace(people.content(northgate, contact_list), parameters=sources)


def drawn(browser: Browser, content: DraftContent, **posted: Any) -> Preview | None:
    data = as_data(content)
    form = {name: data.getlist(name) for name in data} | posted
    headers = {"HX-Request": "true", "HX-Target": "preview"}
    page = browser.post(reverse("drafts:redraw"), form, headers=headers)
    preview: Preview | None = page.context["builder"].preview
    return preview


def first_names(contact_list: ContactList) -> list[str]:
    column = contact_list.headings.index("First name")
    rows = Contact.objects.filter(contact_list=contact_list).order_by("pk")
    return [row.values[column] for row in rows]


@pytest.mark.parametrize(
    ("posted", "position"),
    [
        ({}, 1),
        ({"change": "person-next"}, 2),
        ({"person": "2", "change": "person-next"}, 3),
        ({"person": "3", "change": "person-next"}, 3),
        ({"person": "1", "change": "person-previous"}, 1),
        ({"person": "3", "change": "person-previous"}, 2),
        ({"person": "999999999"}, 3),
        ({"person": "9" * 400}, 1),
        ({"person": "-1"}, 1),
        ({"person": "x", "change": "person-sideways"}, 1),
    ],
)
def test_one_goes_from_person_to_person(
    browser: Browser,
    content: DraftContent,
    contact_list: ContactList,
    posted: dict[str, str],
    position: int,
) -> None:
    shown = drawn(browser, content, **posted)
    assert shown
    names = first_names(contact_list)
    assert (shown.position, shown.total) == (position, len(names))
    assert shown.heard == f"Hello {names[position - 1]}."
    assert "".join(piece.text for piece in shown.sms) == "Due in May"
    assert shown.has_next == (position < len(names))
    assert shown.has_previous == (position > 1)


def test_who_lacks_a_value_is_found_from_anywhere(
    browser: Browser, content: DraftContent, contact_list: ContactList
) -> None:
    column = contact_list.headings.index("First name")
    second = Contact.objects.filter(contact_list=contact_list).order_by("pk")[1]
    second.values[column] = ""
    second.save()
    for since in ("1", "2", "3"):
        shown = drawn(browser, content, person=since, change="person-lacking")
        assert shown
        assert shown.position == 2
        assert [piece.number for piece in shown.script if piece.is_missing] == [1]
        assert not shown.nobody_lacks


def test_a_fallback_stands_where_the_cell_is_empty_and_is_marked(
    browser: Browser, content: DraftContent, contact_list: ContactList
) -> None:
    column = contact_list.headings.index("First name")
    for contact, name in zip(
        Contact.objects.filter(contact_list=contact_list).order_by("pk"),
        ("", " ", "Chloe"),
        strict=True,
    ):
        contact.values[column] = name
        contact.save()
    sources = {**content.parameters, 1: Source("column", "First name", "customer")}
    said = replace(content, parameters=sources)
    pages = [drawn(browser, said, person=str(position)) for position in (1, 2, 3)]
    assert [page.heard for page in pages if page] == [
        "Hello customer.",
        "Hello customer.",
        "Hello Chloe.",
    ]
    marked = [[piece.text for piece in page.script if piece.is_fallback] for page in pages if page]
    assert marked == [["customer"], ["customer"], []]
    lacking = drawn(browser, said, person="3", change="person-lacking")
    assert lacking
    assert lacking.nobody_lacks


def test_it_is_said_where_nobody_lacks_a_value(browser: Browser, content: DraftContent) -> None:
    shown = drawn(browser, content, person="2", change="person-lacking")
    assert shown
    assert shown.nobody_lacks
    assert shown.position == 2


@pytest.mark.parametrize(
    "sources",
    [
        {1: Source("column", "First name")},
        {1: Source("column", "First name"), 2: Source("text", " ")},
        {1: Source("column", "Gone"), 2: Source("text", "in May")},
    ],
)
def test_everybody_lacks_what_no_source_says(
    browser: Browser, content: DraftContent, sources: dict[int, Source]
) -> None:
    lacking = replace(content, parameters=sources)
    shown = drawn(browser, lacking, person="2", change="person-lacking")
    assert shown
    assert shown.position == 3
    assert not shown.nobody_lacks


def test_several_lists_are_gone_through_one_after_another(
    browser: Browser,
    content: DraftContent,
    contact_list: ContactList,
    northgate: Client,
    manager: User,
) -> None:
    more = people.contact_list(manager, northgate, name="More")
    both = replace(content, contact_lists=[contact_list, more])
    shown = drawn(browser, both, person="3", change="person-next")
    assert shown
    assert (shown.position, shown.total) == (4, 6)
    assert shown.contact.contact_list == more


@pytest.mark.parametrize("change", [{"contact_lists": []}, {"call_flow": None}])
def test_nothing_is_shown_where_there_is_nobody_or_nothing(
    browser: Browser, content: DraftContent, change: dict[str, Any]
) -> None:
    assert drawn(browser, replace(content, **change)) is None


def test_a_flow_without_texts_shows_nothing(
    browser: Browser, content: DraftContent, northgate: Client
) -> None:
    northgate.callflows.update(script="", sms_text="")
    assert drawn(browser, content) is None
